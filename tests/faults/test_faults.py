"""One file for each fault a person can make in a claim file, and beside it what the person is told.

`NAME.yaml` is the file; `NAME.problems` is the command that takes it in, and every line it prints. Where the command
names two files, the second is `NAME.2.yaml`. In a file `<key 2>` stands for the hash of revision 2 of a record of the
ledger the faults are tried on (bridge_ledger.py), `<edition>` for that of its article's text.
"""

from __future__ import annotations

import ast
import importlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tiers import quick_only

import claimledger
from claimledger.errors import Problem
from claimledger.messages import message_table
from claimledger.vocabulary import Subject

bridge_ledger = importlib.import_module("tests.faults.bridge_ledger")

HERE = Path(__file__).parent
PACKAGE = Path(claimledger.__file__).parent
FAULTS = sorted(path.stem for path in HERE.glob("*.problems"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger the faults are tried on, once."""
    root: Path = tmp_path_factory.mktemp("made")
    bridge_ledger.make_ledger(root)
    return root


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Any:  # noqa: ANN401  its type is that of a module loaded by name
    """Give a copy of the ledger."""
    shutil.copytree(made, tmp_path / "ledger")
    return bridge_ledger.Ledger(tmp_path / "ledger")


def parts_of(fault: str) -> tuple[str, str]:
    """Return the command and what it prints."""
    command, _, printed = (HERE / f"{fault}.problems").read_text(encoding="utf-8").partition("\n")
    return command.removeprefix("$ "), printed


def tried(fault: str, ledger: Any) -> list[Problem]:  # noqa: ANN401
    """Put a fault's files where its command wants them, and run it."""
    command, _ = parts_of(fault)
    paths = [word for word in command.split() if word.startswith("claims/")]
    for number, path in enumerate(paths, start=1):
        source = HERE / f"{fault}{'' if number == 1 else f'.{number}'}.yaml"
        ledger.write(path.removeprefix("claims/"), bridge_ledger.with_hashes(source.read_bytes(), ledger))
    problems: list[Problem] = bridge_ledger.run(ledger, command)
    return problems


@pytest.mark.parametrize("fault", quick_only(FAULTS, *FAULTS[::5]))
def test_a_fault_is_told_in_these_words(fault: str, ledger: Any) -> None:  # noqa: ANN401
    before = ledger.drafts()
    printed = "".join(f"{problem}\n" for problem in tried(fault, ledger))
    assert printed == parts_of(fault)[1]
    assert printed, "a fault file must hold a fault"
    assert ledger.drafts() == before


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_problems_of_a_file_come_in_the_order_of_its_lines(fault: str) -> None:
    _, printed = parts_of(fault)
    places = [line.split(": ")[0].rpartition(":")[::2] for line in printed.splitlines()]
    for file in dict.fromkeys(file for file, _ in places):
        lines = [int(line) for other, line in places if other == file and line.isdigit()]
        assert lines == sorted(lines)


def test_every_file_is_one_that_is_tried() -> None:
    assert {path.name.split(".")[0] for path in HERE.glob("*.yaml")} == set(FAULTS)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_is_shown_the_inside_of_the_program(fault: str) -> None:
    _, printed = parts_of(fault)
    for inside in ("pydantic", "Traceback", "Error", "Input should", "(?:", "[a-z", "^", "\\d", "FrozenMap", "None"):
        assert inside not in printed


Make = Callable[[Any], Path]
TOLL = "hanbit-bridge/night-toll-900-won-nt7w.yaml"
NAME = f"claims/{TOLL}"


def _link_outside(ledger: Any) -> Path:  # noqa: ANN401
    outside = ledger.places.root / "elsewhere.yaml"
    outside.write_bytes((HERE / "unknown-article.yaml").read_bytes())
    path: Path = ledger.file(TOLL)
    path.symlink_to(outside)
    return path


def _folder_linked_outside(ledger: Any) -> Path:  # noqa: ANN401
    outside = ledger.places.root / "elsewhere"
    outside.mkdir()
    (outside / "article.yaml").write_bytes((HERE / "unknown-field-in-article.yaml").read_bytes())
    ledger.file("old-pier").symlink_to(outside)
    path: Path = ledger.file("old-pier/article.yaml")
    return path


def _file_outside(ledger: Any) -> Path:  # noqa: ANN401
    path: Path = ledger.places.root / "night-toll-900-won-nt7w.yaml"
    path.write_text("claim_id: a\n", encoding="utf-8")
    return path


def _circle_of_links(ledger: Any) -> Path:  # noqa: ANN401
    path: Path = ledger.file(TOLL)
    path.symlink_to(path)
    return path


def _folder(ledger: Any) -> Path:  # noqa: ANN401
    path: Path = ledger.file(TOLL)
    path.mkdir()
    return path


def _writes(text: str) -> Make:
    def write(ledger: Any) -> Path:  # noqa: ANN401
        path: Path = ledger.write(TOLL, text)
        return path

    return write


ALIAS_BOMB = "a0: &a0 [통행료]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)  # fmt: skip
TOO_LARGE = "The file is larger than 262,144 bytes, the limit for a record. Shorten it. [file-too-large]"
TOO_DEEP = "The file is nested more than 20 levels deep. Put a text with brackets in quotes. [nested-too-deep]"
OUTSIDE = (
    "The file is outside the claims folder, or is a link that leads out of it. "
    "Move it into the claims folder. [outside-folder]"
)
MADE: dict[str, tuple[Make, str]] = {
    "a link to a file outside": (_link_outside, f"{NAME}: {OUTSIDE}"),
    "a folder that is a link outside": (_folder_linked_outside, f"claims/old-pier/article.yaml: {OUTSIDE}"),
    "a file outside": (_file_outside, f"night-toll-900-won-nt7w.yaml: {OUTSIDE}"),
    "a folder": (_folder, f"{NAME}: There is no such file. Give the name of a claim file. [not-a-file]"),
    "a file of 10 MB": (_writes("statement:\n  ko: 가\n" * 500_000), f"{NAME}: {TOO_LARGE}"),
    "256 KiB of brackets": (_writes("topics: " + "[" * 262_000), f"{NAME}:1: {TOO_DEEP}"),
    "256 KiB of dashes": (_writes("- " * 131_000), f"{NAME}:1: The file is a list, not a record."),
    "256 KiB of maps": (_writes("{a: " * 65_000), f"{NAME}:1: {TOO_DEEP}"),
    "256 KiB of names": (_writes("? " * 131_000), f"{NAME}:1: The name of a field is missing here."),
}


@pytest.mark.slow
@pytest.mark.parametrize("made_fault", MADE)
def test_what_is_too_large_or_elsewhere_is_told_at_once(made_fault: str, ledger: Any) -> None:  # noqa: ANN401
    make, expected = MADE[made_fault]
    _, (problem,) = ledger.record(bridge_ledger.edit(), [make(ledger)])
    assert str(problem).startswith(expected)


def test_a_circle_of_links_is_no_file(ledger: Any) -> None:  # noqa: ANN401
    _, (problem,) = ledger.record(bridge_ledger.edit(), [_circle_of_links(ledger)])
    assert problem.code == "not-a-file"


def test_an_alias_bomb_is_refused_before_it_is_built(ledger: Any) -> None:  # noqa: ANN401
    _, problems = ledger.record(bridge_ledger.edit(), [ledger.write(TOLL, ALIAS_BOMB)])
    assert len([problem for problem in problems if problem.code == "anchor"]) == 12 + 11 * 9


def test_a_record_that_does_not_fit_into_the_log_is_told_when_it_is_recorded(ledger: Any) -> None:  # noqa: ANN401
    text = bridge_ledger.COST.replace("hb2k", "nt7w") + f"note:\n  en: {'a' * 9000}\n  ko: {'가' * 19_999}\n"
    path = ledger.write("hanbit-bridge/bridge-costs-2t-won-nt7w.yaml", text)
    _, (problem,) = ledger.record(bridge_ledger.edit(), [path])
    assert str(problem) == (
        "claims/hanbit-bridge/bridge-costs-2t-won-nt7w.yaml: The record has 69,379 bytes. The limit is 64,496. "
        "Shorten its texts. [record-too-large]"
    )


def test_a_text_that_is_too_long_is_told_its_length(ledger: Any) -> None:  # noqa: ANN401
    text = bridge_ledger.COST.replace("hb2k", "nt7w") + f"note:\n  ko: {'가' * 20_001}\n"
    path = ledger.write("hanbit-bridge/bridge-costs-2t-won-nt7w.yaml", text)
    _, (problem,) = ledger.record(bridge_ledger.edit(), [path])
    assert (problem.code, problem.field) == ("text-too-long", "note.ko")
    assert problem.sentence == "The text has 20,001 characters. The limit is 20,000."


TOLD_ELSEWHERE = {
    "file-too-large", "outside-folder", "not-a-file", "record-too-large",  # above: their files are made
    "unpublished-article", "unpublished-claim", "unpublished-document",  # publishing says it: test_desk.py
    "name-changed", "unknown-claim", "wrong-value",  # no claim file can hold them: test_edits.py, test_text_form.py
    "not-listed", "not-in-order", "correction-without-note",  # no file can ask for them: test_revision_rules.py
    "not-your-account",  # a claim file is nobody's account: test_workflow_other_actions.py
    "reason-needed", "second-person-needed", "open-findings", "not-the-assignee", "assign-to-yourself",
    "evidence-needed", "role-needed", "not-now", "reworded-without-correction",  # test_revision_rules.py
    "verdict-called-changed",  # test_revision_rules.py
    "evidence-gone-without-correction", "withdrawal-changes-record", "few-independent-documents",
    "withdrawal-waits", "draft-waits", "not-yours-to-discard",  # test_workflow_table.py
}  # fmt: skip
CODES = frozenset(key.partition("/")[0] for key in message_table())
MODULES = (
    "scalars.py", "models/articles.py", "models/claims.py", "models/revisions.py", "workflow/revision_rules.py",
    "workflow/table.py",
    "ledger/yaml_source.py", "ledger/validation.py", "ledger/text_form.py", "ledger/printing.py",
    "newsroom/edit_input.py", "newsroom/drafting.py", "newsroom/withheld_excerpts.py",
)  # fmt: skip


def codes_in(module: str) -> Iterator[str]:
    """Yield the code of each problem or fault that a module or package makes, read from its source."""
    place = PACKAGE / module
    for file in [place] if place.is_file() else sorted(place.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _codes_of(node.value)


def _codes_of(text: str) -> Iterator[str]:
    """Yield the code that a text is, or those that an f-string with this beginning may be."""
    code, slash, _ = text.partition("/")
    if code in CODES and ("-" in code or slash or code in {"comment", "anchor", "tag"}):
        yield code
    elif re.fullmatch("[a-z]+-", text):
        yield from (one for one in CODES if one.startswith(text) and one.removeprefix(text) in {*Subject})


@pytest.mark.slow
def test_every_code_has_a_fault_file() -> None:
    made = {code for module in MODULES for code in codes_in(module)}
    assert len(made) > 60  # the modules were found
    told = {line.rpartition("[")[2].rstrip("]") for fault in FAULTS for line in parts_of(fault)[1].splitlines()}
    assert made - told == TOLD_ELSEWHERE
    assert told <= made

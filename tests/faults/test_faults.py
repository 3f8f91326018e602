"""One file for each mistake a person can make in a claim file, with the messages that it causes.

`NAME.yaml` is the file. `NAME.problems` has the command that reads it, and every line that the command prints. If the
command names two files, the second is `NAME.2.yaml`. In a file, `<key 2>` means the hash of revision 2 of a record of
the test ledger (bridge_ledger.py), and `<edition>` the hash of its article's text.
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
    """Make the test ledger once per module."""
    root: Path = tmp_path_factory.mktemp("made")
    bridge_ledger.make_ledger(root)
    return root


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Any:  # noqa: ANN401  its type is that of a module loaded by name
    """Return a copy of the test ledger."""
    shutil.copytree(made, tmp_path / "ledger")
    return bridge_ledger.Ledger(tmp_path / "ledger")


def command_and_output(fault: str) -> tuple[str, str]:
    """Return the command of a fault and the lines it prints."""
    command, _, printed = (HERE / f"{fault}.problems").read_text(encoding="utf-8").partition("\n")
    return command.removeprefix("$ "), printed


def run_fault(fault: str, ledger: Any) -> list[Problem]:  # noqa: ANN401
    """Copy a fault's files to the paths in its command, run the command and return the problems."""
    command, _ = command_and_output(fault)
    paths = [word for word in command.split() if word.startswith("claims/")]
    for number, path in enumerate(paths, start=1):
        source = HERE / f"{fault}{'' if number == 1 else f'.{number}'}.yaml"
        ledger.write(path.removeprefix("claims/"), bridge_ledger.with_hashes(source.read_bytes(), ledger))
    problems: list[Problem] = bridge_ledger.run(ledger, command)
    return problems


@pytest.mark.parametrize("fault", quick_only(FAULTS, *FAULTS[::5]))
def test_each_fault_file_prints_its_expected_problems(fault: str, ledger: Any) -> None:  # noqa: ANN401
    before = ledger.drafts()
    printed = "".join(f"{problem}\n" for problem in run_fault(fault, ledger))
    assert printed == command_and_output(fault)[1]
    assert printed, "a fault file must have a fault"
    assert ledger.drafts() == before


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_problems_of_a_file_come_in_the_order_of_its_lines(fault: str) -> None:
    _, printed = command_and_output(fault)
    places = [line.split(": ")[0].rpartition(":")[::2] for line in printed.splitlines()]
    for file in dict.fromkeys(file for file, _ in places):
        lines = [int(line) for other, line in places if other == file and line.isdigit()]
        assert lines == sorted(lines)


def test_every_yaml_file_belongs_to_a_fault() -> None:
    assert {path.name.split(".")[0] for path in HERE.glob("*.yaml")} == set(FAULTS)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_messages_show_no_program_internals(fault: str) -> None:
    _, printed = command_and_output(fault)
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


def _file_with_text(text: str) -> Make:
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
    "a file of 10 MB": (_file_with_text("statement:\n  ko: 가\n" * 500_000), f"{NAME}: {TOO_LARGE}"),
    "256 KiB of brackets": (_file_with_text("topics: " + "[" * 262_000), f"{NAME}:1: {TOO_DEEP}"),
    "256 KiB of dashes": (_file_with_text("- " * 131_000), f"{NAME}:1: The file is a list, not a record."),
    "256 KiB of maps": (_file_with_text("{a: " * 65_000), f"{NAME}:1: {TOO_DEEP}"),
    "256 KiB of names": (_file_with_text("? " * 131_000), f"{NAME}:1: The name of a field is missing here."),
}


@pytest.mark.slow
@pytest.mark.parametrize("made_fault", MADE)
def test_oversized_or_misplaced_file_gives_one_problem(made_fault: str, ledger: Any) -> None:  # noqa: ANN401
    make, expected = MADE[made_fault]
    _, (problem,) = ledger.record(bridge_ledger.edit(), [make(ledger)])
    assert str(problem).startswith(expected)


def test_circular_link_is_not_a_file(ledger: Any) -> None:  # noqa: ANN401
    _, (problem,) = ledger.record(bridge_ledger.edit(), [_circle_of_links(ledger)])
    assert problem.code == "not-a-file"


def test_an_alias_bomb_is_refused_before_it_is_built(ledger: Any) -> None:  # noqa: ANN401
    _, problems = ledger.record(bridge_ledger.edit(), [ledger.write(TOLL, ALIAS_BOMB)])
    assert len([problem for problem in problems if problem.code == "anchor"]) == 12 + 11 * 9


def test_recording_refuses_a_record_too_large_for_the_log(ledger: Any) -> None:  # noqa: ANN401
    text = bridge_ledger.COST.replace("hb2k", "nt7w") + f"note:\n  en: {'a' * 9000}\n  ko: {'가' * 19_999}\n"
    path = ledger.write("hanbit-bridge/bridge-costs-2t-won-nt7w.yaml", text)
    _, (problem,) = ledger.record(bridge_ledger.edit(), [path])
    assert str(problem) == (
        "claims/hanbit-bridge/bridge-costs-2t-won-nt7w.yaml: The record has 69,379 bytes. The limit is 64,496. "
        "Shorten its texts. [record-too-large]"
    )


def test_message_gives_the_length_of_a_too_long_text(ledger: Any) -> None:  # noqa: ANN401
    text = bridge_ledger.COST.replace("hb2k", "nt7w") + f"note:\n  ko: {'가' * 20_001}\n"
    path = ledger.write("hanbit-bridge/bridge-costs-2t-won-nt7w.yaml", text)
    _, (problem,) = ledger.record(bridge_ledger.edit(), [path])
    assert (problem.code, problem.field) == ("text-too-long", "note.ko")
    assert problem.sentence == "The text has 20,001 characters. The limit is 20,000."


CODES_TESTED_ELSEWHERE = {
    "file-too-large", "outside-folder", "not-a-file", "record-too-large",  # above: their files are generated
    "unpublished-article", "unpublished-claim", "unpublished-document",  # reported by publishing: test_desk.py
    "name-changed", "unknown-claim", "wrong-value",  # impossible in a claim file: test_edits.py, test_text_form.py
    "not-listed", "not-in-order", "correction-without-note",  # no file can request them: test_revision_rules.py
    "unreadable-body",  # of a damaged log: test_damages.py
    "not-your-account",  # not about claim files: test_workflow_other_actions.py
    "reason-needed", "second-person-needed", "open-findings", "not-the-assignee", "assign-to-yourself",
    "evidence-needed", "role-needed", "not-now", "reworded-without-correction",  # test_revision_rules.py
    "verdict-called-changed",  # test_revision_rules.py
    "evidence-gone-without-correction", "withdrawal-changes-record", "few-independent-documents",
    "withdrawal-waits", "draft-waits", "not-yours-to-discard",  # test_workflow_table.py
    "machine-wording-language", "search-without-place", "mirror-of-itself",  # test_format_one.py
}  # fmt: skip
CODES = frozenset(key.partition("/")[0] for key in message_table())
MODULES = (
    "scalars.py", "models/articles.py", "models/claims.py", "models/revisions.py", "workflow/revision_rules.py",
    "workflow/table.py",
    "ledger/yaml_source.py", "ledger/validation.py", "ledger/text_form.py", "ledger/printing.py",
    "newsroom/edit_input.py", "newsroom/drafting.py", "newsroom/withheld_excerpts.py",
)  # fmt: skip


def codes_in(module: str) -> Iterator[str]:
    """Yield the problem codes that a module or package uses, read from its source."""
    place = PACKAGE / module
    for file in [place] if place.is_file() else sorted(place.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _codes_in_text(node.value)


def _codes_in_text(text: str) -> Iterator[str]:
    """Yield the code in a text, or the codes that an f-string with this beginning can give."""
    code, slash, _ = text.partition("/")
    if code in CODES and ("-" in code or slash or code in {"comment", "anchor", "tag"}):
        yield code
    elif re.fullmatch("[a-z]+-", text):
        yield from (one for one in CODES if one.startswith(text) and one.removeprefix(text) in {*Subject})


@pytest.mark.slow
def test_every_code_has_a_fault_file() -> None:
    made = {code for module in MODULES for code in codes_in(module)}
    assert len(made) > 60  # the modules were found
    shown_codes = {
        line.rpartition("[")[2].rstrip("]") for fault in FAULTS for line in command_and_output(fault)[1].splitlines()
    }
    assert made - shown_codes == CODES_TESTED_ELSEWHERE
    assert shown_codes <= made

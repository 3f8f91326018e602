"""Printing the text form: the files follow from the log, and a person's edit is never overwritten."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimledger.ledger import log, printing
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Appearance, Revision

bridge_ledger = importlib.import_module("tests.faults.bridge_ledger")

COST = "hanbit-bridge/bridge-costs-2t-won-hb2k.yaml"
LANES = "hanbit-bridge/bridge-has-six-lanes-sx6l.yaml"
OPENING = "hanbit-bridge/bridge-opens-in-2027-op27.yaml"


@pytest.fixture(scope="module")
def printed_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger whose files are all unedited."""
    root: Path = tmp_path_factory.mktemp("made")
    ledger = bridge_ledger.make_ledger(root)
    ledger.file(LANES).unlink()
    printing.print_text_form(ledger.places)
    return root


@pytest.fixture
def ledger(printed_ledger: Path, tmp_path: Path) -> Any:  # noqa: ANN401  its type is that of a module loaded by name
    """Return a copy of the printed ledger."""
    shutil.copytree(printed_ledger, tmp_path / "ledger")
    return bridge_ledger.Ledger(tmp_path / "ledger")


def text_form_files(places: LedgerPaths) -> dict[str, bytes]:
    """Return the content of every file of the text form, by relative path."""
    paths = sorted(places.claims.rglob("*.yaml"))
    return {path.relative_to(places.claims).as_posix(): path.read_bytes() for path in paths}


def relative_names(paths: tuple[Path, ...], places: LedgerPaths) -> list[str]:
    """Return paths relative to the claims folder."""
    return [path.relative_to(places.claims).as_posix() for path in paths]


def test_unchanged_files_are_not_rewritten(ledger: Any) -> None:  # noqa: ANN401
    assert printing.print_text_form(ledger.places) == printing.PrintResult((), ())


def test_deleted_files_are_printed_again_byte_for_byte(ledger: Any) -> None:  # noqa: ANN401
    before = text_form_files(ledger.places)
    for name in before:
        ledger.file(name).unlink()
    printed = printing.print_text_form(ledger.places)
    assert text_form_files(ledger.places) == before
    assert sorted(relative_names(printed.written, ledger.places)) == sorted(before)


def test_all_folders_except_the_log_can_be_restored(ledger: Any) -> None:  # noqa: ANN401
    before = text_form_files(ledger.places)
    for folder in ("hanbit-bridge", "river-tunnel", "documents"):
        shutil.rmtree(ledger.file(folder))
    printing.print_text_form(ledger.places)
    assert text_form_files(ledger.places) == before


def test_log_gives_the_same_files_elsewhere(ledger: Any, tmp_path: Path) -> None:  # noqa: ANN401
    shutil.copytree(ledger.places.log, tmp_path / "other" / "claims" / "log")
    printing.print_text_form(LedgerPaths(tmp_path / "other"))
    assert text_form_files(LedgerPaths(tmp_path / "other")) == text_form_files(ledger.places)


def test_unedited_outdated_file_is_updated(ledger: Any) -> None:  # noqa: ANN401
    stale = ledger.file(COST).read_bytes()
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    assert ledger.record(bridge_ledger.edit(kind="update"), [ledger.file(COST)])[1] == []
    ledger.publish(["bridge-costs-2t-won-hb2k"])
    fresh = ledger.file(COST).read_bytes()
    ledger.write(COST, stale)
    assert relative_names(printing.print_text_form(ledger.places).written, ledger.places) == [COST]
    assert ledger.file(COST).read_bytes() == fresh


def test_published_edit_is_printed_with_its_new_base(ledger: Any) -> None:  # noqa: ANN401
    old = ledger.hash_of("bridge-costs-2t-won-hb2k", 2)
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    ledger.record(bridge_ledger.edit(kind="update"), [ledger.file(COST)])
    printed = ledger.publish(["bridge-costs-2t-won-hb2k"])
    assert printed.edited == ()
    assert f"base: {old}" not in ledger.file(COST).read_text(encoding="utf-8")
    assert "2조원쯤이다" in ledger.file(COST).read_text(encoding="utf-8")


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "line ends of Windows": lambda content: content.replace(b"\n", b"\r\n"),
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "flow style": lambda content: content.replace(b"topics:\n- bridges", b"topics: [bridges]"),
    "a quoted text": lambda content: content.replace(b": narration", b": 'narration'"),
    "no base": lambda content: content.partition(b"\n")[2],
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_different_notation_is_not_an_edit(spelling: str, ledger: Any) -> None:  # noqa: ANN401
    plain = ledger.file(COST).read_bytes()
    ledger.write(COST, SPELLINGS[spelling](plain))
    assert ledger.file(COST).read_bytes() != plain
    assert printing.print_text_form(ledger.places).edited == ()
    assert ledger.file(COST).read_bytes() == plain


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "another text": lambda content: content.replace("약 2조원이다".encode(), "2조원쯤이다".encode()),
    "more digits of the same amount": lambda content: content.replace(b"'2000000000000'", b"'2000000000000.0'"),
    "a field taken away": lambda content: content.replace(b"  comparator: about\n", b""),
    "a comment": lambda content: content + "# 확인할 것\n".encode(),
    "what cannot be read": lambda content: content + b"\tx",
    "another encoding": lambda content: content.decode().encode("cp949"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edited_file_is_kept_and_reported(edit: str, ledger: Any) -> None:  # noqa: ANN401
    edited = EDITS[edit](ledger.file(COST).read_bytes())
    ledger.write(COST, edited)
    printed = printing.print_text_form(ledger.places)
    assert (printed.written, relative_names(printed.edited, ledger.places)) == ((), [COST])
    assert ledger.file(COST).read_bytes() == edited


def test_edit_back_to_an_older_revision_is_an_edit(ledger: Any) -> None:  # noqa: ANN401
    ledger.replace(COST, "약 2조원이다", "2조원이다")
    assert relative_names(printing.print_text_form(ledger.places).edited, ledger.places) == [COST]


def test_linked_folder_outside_is_not_written(ledger: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "outside").mkdir()
    shutil.rmtree(ledger.file("hanbit-bridge"))
    ledger.file("hanbit-bridge").symlink_to(tmp_path / "outside")
    printed = printing.print_text_form(ledger.places)
    assert list((tmp_path / "outside").iterdir()) == []
    assert len(printed.edited) == 4


def test_linked_file_outside_is_kept(ledger: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "outside.yaml").write_bytes(b"claim_id: x\n")
    ledger.file(COST).unlink()
    ledger.file(COST).symlink_to(tmp_path / "outside.yaml")
    assert relative_names(printing.print_text_form(ledger.places).edited, ledger.places) == [COST]
    assert (tmp_path / "outside.yaml").read_bytes() == b"claim_id: x\n"


def test_newest_records_keep_the_order_of_first_publication(ledger: Any) -> None:  # noqa: ANN401
    entries = list(log.read_log(ledger.places.log))
    heads = printing.newest_records(entries)
    first = dict.fromkeys((body.subject, body.key) for body in map(read_revision, entries))
    assert [(revision.subject, revision.key) for _, revision in heads] == list(first)
    revisions = {(revision.key, revision.revision) for _, revision in heads}
    assert ("bridge-costs-2t-won-hb2k", 2) in revisions
    assert ("bridge-costs-2t-won-hb2k", 1) not in revisions


def read_revision(entry: log.LogEntry) -> Revision:
    """Return the revision of a log entry."""
    return Revision.model_validate_json(entry.body)


def test_claim_file_keeps_passages_in_order_of_publication(ledger: Any) -> None:  # noqa: ANN401
    ledger.publish()  # lee's draft: a second passage
    key = f"bridge-has-six-lanes-sx6l@{bridge_ledger.EDITION[:12]}"
    first = ledger.file(LANES).read_text(encoding="utf-8")
    ledger.replace(LANES, "exact: 6개", "exact: 6개\n    prefix: ' '")
    assert ledger.record(bridge_ledger.edit(kind="update"), [ledger.file(LANES)])[1] == []
    ledger.publish([key])
    now = ledger.file(LANES).read_text(encoding="utf-8")
    assert now.index("exact: 6개") < now.index("exact: 차로는")
    assert now == first.replace("exact: 6개", "exact: 6개\n    prefix: ' '").replace(
        ledger.hash_of(key, 1), ledger.hash_of(key, 2)
    )


def test_passage_without_a_public_claim_has_no_file(ledger: Any) -> None:  # noqa: ANN401
    heads = printing.newest_records(log.read_log(ledger.places.log))
    passages = [head for head in heads if isinstance(head[1].record, Appearance)]
    assert len(passages) == 3
    assert list(printing.printed_files(passages, ledger.places)) == []


def test_empty_log_prints_nothing(tmp_path: Path) -> None:
    assert printing.print_text_form(LedgerPaths(tmp_path)) == printing.PrintResult((), ())

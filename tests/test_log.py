"""The files of the log, and docs/log.md, which explains how to verify them without claimledger."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimledger.errors import LogDamaged
from claimledger.checks import log_checks
from claimledger.ledger import files, log
from claimledger.ledger.canonical import MAX_BODY, leaf_sha256, merkle_root
from claimledger.models import Revision

made_ledger = importlib.import_module("tests.made_ledger")

VERIFIER = Path(__file__).parent.parent / "claimledger" / "verify_log.py"
PAGE = (Path(__file__).parent.parent / "docs" / "log.md").read_text(encoding="utf-8")


def make_bodies(count: int) -> list[bytes]:
    return [f'{{"number":{number},"text":"한빛 {number}"}}'.encode() for number in range(1, count + 1)]


def code_block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


@given(cuts=st.lists(st.integers(0, 700), max_size=5), count=st.integers(0, 700))
@settings(strategies.few, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_log_does_not_depend_on_the_size_of_appends(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], count: int
) -> None:
    folder = tmp_path_factory.mktemp("ledger") / "claims" / "log"
    bodies = make_bodies(count)
    bounds = sorted({0, count, *(cut for cut in cuts if cut < count)})
    for start, end in pairwise(bounds):
        log.append_bodies(folder, bodies[start:end], first=start + 1)
    assert list(log.read_bodies(folder)) == bodies
    assert log.newest_body(folder) == (count, bodies[-1] if bodies else b"")
    names = [f"{index:06d}.jsonl" for index in range((count + 255) // 256)]
    assert sorted(path.name for path in folder.glob("*")) == names


def test_entries_have_number_hash_and_bytes(tmp_path: Path) -> None:
    bodies = make_bodies(300)
    log.append_bodies(tmp_path, iter(bodies), first=1)
    entries = list(log.read_log(tmp_path))
    assert [entry.number for entry in entries] == [*range(1, 301)]
    assert [entry.body for entry in entries] == bodies
    assert [entry.sha256 for entry in entries] == [leaf_sha256(body).hex() for body in bodies]


def test_append_rewrites_no_full_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    replace = Path.replace
    written: list[str] = []

    def record_replacement(part: Path, target: Path) -> Path:
        written.append(target.name)
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", record_replacement)
    log.append_bodies(tmp_path, make_bodies(800)[600:], first=601)
    assert written == ["000002.jsonl", "000003.jsonl"]
    assert list(log.read_bodies(tmp_path)) == make_bodies(800)


@given(count=st.integers(0, 700), number=st.integers(0, 800))
@settings(strategies.few, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_log_read_from_any_entry_is_the_rest_of_the_log(
    tmp_path_factory: pytest.TempPathFactory, count: int, number: int
) -> None:
    folder = tmp_path_factory.mktemp("ledger") / "claims" / "log"
    log.append_bodies(folder, make_bodies(count), first=1)
    entries = list(log.read_log(folder))
    assert list(log.read_log_after(folder, number)) == entries[number:]
    if 1 <= number <= count:
        assert log.body_at(folder, number) == entries[number - 1].body
    else:
        with pytest.raises(IndexError, match=f"no body {number}"):
            log.body_at(folder, number)


def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the name of every file that is read whole is added."""
    read_bytes, opened = Path.read_bytes, list[str]()

    def record_reading(path: Path) -> bytes:
        opened.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", record_reading)
    return opened


@pytest.mark.parametrize(("number", "names"), [
    (599, ["000002.jsonl"]), (600, ["000002.jsonl"]), (512, ["000002.jsonl"]), (768, []),
    (511, ["000001.jsonl", "000002.jsonl"]), (256, ["000001.jsonl", "000002.jsonl"]),
])  # fmt: skip
def test_end_of_the_log_is_read_without_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, names: list[str]
) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    opened = opened_files(monkeypatch)
    assert len(list(log.read_log_after(tmp_path, number))) == max(600 - number, 0)
    assert opened == names


def test_one_entry_is_read_from_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    opened = opened_files(monkeypatch)
    assert log.body_at(tmp_path, 257) == make_bodies(257)[-1]
    assert log.newest_body(tmp_path) == (600, make_bodies(600)[-1])
    assert opened == ["000001.jsonl", "000002.jsonl"]


@given(count=st.integers(0, 1_100), near=st.integers(0, 1_500))
@settings(strategies.few, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_newest_entry_is_found_from_any_place(tmp_path_factory: pytest.TempPathFactory, count: int, near: int) -> None:
    folder = tmp_path_factory.mktemp("ledger") / "claims" / "log"
    log.append_bodies(folder, make_bodies(count), first=1)
    assert log.newest_body(folder, near) == log.newest_body(folder)


def test_folder_is_not_listed_near_the_newest_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    monkeypatch.setattr(os, "listdir", None)
    for near in (1, 600, 601, 900):
        assert log.newest_body(tmp_path, near) == (600, make_bodies(600)[-1])


def test_missing_log_is_an_empty_log(tmp_path: Path) -> None:
    assert list(log.read_log(tmp_path / "nothing")) == list(log.read_log_after(tmp_path / "nothing", 0)) == []
    log.append_bodies(tmp_path / "nothing", [], first=1)
    assert not (tmp_path / "nothing").exists()


Damage = Callable[[Path], object]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "cut line": (lambda folder: cut(folder / "000002.jsonl", -3), r"000002\.jsonl:88: The last line is cut short"),
    "cut line in a full file": (lambda folder: cut(folder / "000000.jsonl", -3), r"000000\.jsonl:256: .* cut short"),
    "no line end": (lambda folder: cut(folder / "000002.jsonl", -1), r"000002\.jsonl:88: The last line is cut short"),
    "empty file": (lambda folder: (folder / "000002.jsonl").write_bytes(b""), r"000002\.jsonl:1: The file has 0"),
    "empty line": (lambda folder: replace(folder / "000001.jsonl", b"\n", b"\n\n"), r"has 257 entries instead of 256"),
    "empty line at the end": (lambda folder: append(folder / "000002.jsonl", b"\n"), r":89: .*not an entry.* 0 bytes"),
    "line cut out": (lambda folder: replace(folder / "000001.jsonl", make_bodies(300)[-1] + b"\n", b""), "255 entries"),
    "line too long": (lambda folder: append(folder / "000002.jsonl", b"x" * 65_536 + b"\n"), r":89: .* 65,536 bytes"),
    "missing file": (lambda folder: (folder / "000001.jsonl").unlink(), r"000001\.jsonl:1: The file is missing"),
    "missing first file": (lambda folder: (folder / "000000.jsonl").unlink(), r"000000\.jsonl:1: The file is missing"),
    "foreign file": (lambda folder: (folder / "notes.jsonl").write_bytes(b"{}\n"), r"notes\.jsonl:1: .* not belong"),
    "copied file": (
        lambda folder: (folder / "000001 (1).jsonl").write_bytes(b"{}\n"), r"000001 \(1\)\.jsonl:1: .* not belong",
    ),
}  # fmt: skip


def cut(path: Path, end: int) -> None:
    path.write_bytes(path.read_bytes()[:end])


def append(path: Path, more: bytes) -> None:
    path.write_bytes(path.read_bytes() + more)


def replace(path: Path, old: bytes, new: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(("damage", "sentence"), list(DAMAGES.values()), ids=DAMAGES)
def test_damaged_file_is_named_with_its_line(tmp_path: Path, damage: Damage, sentence: str) -> None:
    folder = tmp_path / "claims" / "log"
    log.append_bodies(folder, make_bodies(600), first=1)
    damage(folder)
    with pytest.raises(LogDamaged, match=sentence):
        list(log.read_log(folder))
    with pytest.raises(LogDamaged, match=sentence):
        list(log.read_log_after(folder, 0))
    found = [problem for problem in log_checks.check_log(folder).problems if problem.code == "unreadable-log"]
    assert any(re.search(sentence, str(problem)) for problem in found), found
    assert all(problem.file.startswith("claims/log/") for problem in found)


@pytest.mark.parametrize("number", [256, 300, 511])
@pytest.mark.parametrize("damage", sorted(DAMAGES.keys() - {"cut line in a full file", "missing first file"}))
def test_log_is_not_read_past_damage_after_a_known_entry(tmp_path: Path, damage: str, number: int) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    DAMAGES[damage][0](tmp_path)
    with pytest.raises(LogDamaged, match=DAMAGES[damage][1]):
        list(log.read_log_after(tmp_path, number))


@pytest.mark.parametrize(("damage", "number"), [
    ("cut line", 600), ("empty file", 600), ("cut line in a full file", 1), ("line cut out", 300), ("empty line", 257),
])  # fmt: skip
def test_no_entry_is_read_from_a_damaged_file(tmp_path: Path, damage: str, number: int) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    DAMAGES[damage][0](tmp_path)
    with pytest.raises(LogDamaged, match=DAMAGES[damage][1]):
        log.body_at(tmp_path, number)


@pytest.mark.parametrize("damage", ["cut line", "empty file", "foreign file", "line too long"])
def test_newest_body_is_not_read_from_a_damaged_file(tmp_path: Path, damage: str) -> None:
    log.append_bodies(tmp_path, make_bodies(600), first=1)
    DAMAGES[damage][0](tmp_path)
    with pytest.raises(LogDamaged, match=DAMAGES[damage][1]):
        log.newest_body(tmp_path)


def test_body_may_be_as_long_as_an_entry_of_tlog_tiles(tmp_path: Path) -> None:
    log.append_bodies(tmp_path, [b"x" * MAX_BODY], first=1)
    assert [len(body) for body in log.read_bodies(tmp_path)] == [65_535]


def test_files_are_replaced_in_order_until_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace
    placed: list[str] = []

    def fails_at_the_third(part: Path, target: Path) -> Path:
        if len(placed) == 2:
            raise OSError("the disk is gone")
        placed.append(target.name)
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", fails_at_the_third)
    with pytest.raises(OSError, match="the disk is gone"):
        files.replace_all((tmp_path / "new" / f"{number}.yaml", b"new") for number in range(9))
    assert placed == ["0.yaml", "1.yaml"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == placed


def test_file_open_on_windows_is_replaced_once_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace
    refusals = [PermissionError("in use"), PermissionError("in use")]

    def refuses_twice(part: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(part, target)

    monkeypatch.setattr(files, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(Path, "replace", refuses_twice)
    files.replace_bytes(tmp_path / "a.yaml", b"new")
    assert (tmp_path / "a.yaml").read_bytes() == b"new"
    refusals += [PermissionError("in use")] * (files.REPLACE_ATTEMPTS + 1)
    with pytest.raises(PermissionError):
        files.replace_bytes(tmp_path / "a.yaml", b"newer")
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.slow
def test_many_files_are_all_written(tmp_path: Path) -> None:
    contents = {tmp_path / f"{number % 7}" / f"{number}.yaml": f"값: {number}".encode() for number in range(200)}
    files.replace_all(contents.items())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == contents


def test_envelope_fields_are_revision_fields() -> None:
    assert {*log.Envelope.__struct_fields__} <= {*Revision.model_fields}


def test_unreadable_envelopes_give_a_reason() -> None:
    good = made_ledger.made_entries()[0].body
    bodies = [good, b"{", b"\xff", b"[" * 5000, b"", b"null", good.replace(b'"format":1', b'"format":"1"')]
    envelope, *reasons = log.decode_envelopes(bodies)
    assert isinstance(envelope, log.Envelope)
    assert all(isinstance(reason, str) and reason for reason in reasons)


def test_example_in_the_docs_is_a_valid_log(tmp_path: Path) -> None:
    folder = tmp_path / "claims" / "log"
    files.replace_bytes(folder / "000000.jsonl", code_block("jsonl").encode())
    assert log_checks.check_log(folder).problems == log_checks.check_records(folder).problems == ()
    hashes = [entry.sha256 for entry in log.read_log(folder)]
    assert f"hashes to `{hashes[0][:8]}…`, which the second" in PAGE
    assert f"the second hashes to `{hashes[1][:8]}…`" in PAGE
    assert f"this log is `{merkle_root(map(bytes.fromhex, hashes)).hex()}`" in PAGE


def run_verifier(folder: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-S", "-I", "-X", "utf8", str(VERIFIER), str(folder)]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


@pytest.mark.slow
def test_verifier_of_the_docs_agrees_with_the_check(tmp_path: Path) -> None:
    done = run_verifier(made_ledger.write_log(tmp_path))
    found = re.match(r"([0-9]+) entries, tree hash ([0-9a-f]{64})\.", done.stdout)
    assert found, done.stderr
    count, root = found.groups()
    assert f"{count} revisions" in (scope := log_checks.check_log(tmp_path / "claims" / "log").scope)
    assert scope.endswith(root)


@pytest.mark.slow
@pytest.mark.parametrize(("old", "new", "message"), [
    (b'"number":7', b'"number":8', "entries were cut, swapped or inserted"),
    (b"about 40% more", b"about 45% more", "the chain is broken"),
    (b'"approver":"sora"', b'"approver":"haru"', "an author approved it"),
    (b"2031-04-10T09:03", b"2031-04-11T09:03", "its time is before"),
    (b'"format":1', b'"format":2', "newer than this verifier"),
    (b',"format"', b', "format"', "not in the canonical form"),
])  # fmt: skip
def test_verifier_of_the_docs_finds_the_same_damage(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    folder = made_ledger.write_log(tmp_path)
    replace(folder / "000000.jsonl", old, new)
    assert message in run_verifier(folder).stdout
    assert log_checks.check_log(folder).problems or log_checks.check_records(folder).problems

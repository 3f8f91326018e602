"""Updates of ledger.db in place: refusals that change nothing, builds from nothing, and words that leave no trace."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ledger_rows import assert_same, contents, file_contents
from made_ledger import (
    ARTICLE, HERALD, HERALD_EDITION, HERALD_TEXT, JOBS, PRICE, RIVAL, SPEED, YEARBOOK, LogMaker,
    appearance, made_entries, write_texts,
)  # fmt: skip
from tiers import quick_only

from claimledger.consistency import exchange_rates
from claimledger.ledger.canonical import leaf_sha256
from claimledger.ledger.log import LogEntry, append_bodies
from claimledger.publishing import ledger_db
from claimledger.publishing.apply import LogSources, apply
from claimledger.publishing.ledger_db import RevisionUnusable

LOG = made_entries()
KNOWN, NEXT = LOG[:14], LOG[14:]
"""A part of the log, and the rest: its first entry is the second version of a claim."""
LATER = "2031-04-30T00:00:00.000Z"


def changed(entry: LogEntry, /, **fields: object) -> LogEntry:
    """Return an entry with other fields and the hash of its new body."""
    body = msgspec.json.encode({**msgspec.json.decode(entry.body), **fields}, order="sorted")
    return LogEntry(entry.number, leaf_sha256(body).hex(), body)


def with_body(body: bytes) -> LogEntry:
    return LogEntry(15, leaf_sha256(body).hex(), body)


def apply_to(connection: sqlite3.Connection, entries: Sequence[LogEntry]) -> None:
    """Apply entries in one transaction, which is rolled back if one is refused."""
    connection.execute("BEGIN")
    try:
        apply(connection, entries, LogSources(lambda number: LOG[number - 1].body))
    except RevisionUnusable:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entries", "number", "what"),
    [
        (NEXT[1:], 15, "It calls itself number 16"),
        ([NEXT[0]._replace(sha256="0" * 64)], 15, "Its hash is not the one it is entered under"),
        ([changed(NEXT[0], recorded_at="2030-01-01T00:00:00.000Z")], 15, "recorded at 2030-01-01"),
        ([with_body(b"{")], 15, "It is no revision"),
        ([with_body(b"\xff")], 15, "It is no revision"),
        ([with_body(b'{"number":15}')], 15, "missing required field"),
        ([changed(NEXT[0], record={**SPEED, "topics": []})], 15, "It is no revision: record.topics"),
        ([changed(NEXT[0], approver="haru")], 15, "'approver' must not be one of 'authors'"),
        ([changed(NEXT[0], subject="rumour")], 15, "no records of the sort 'rumour'"),
        ([changed(NEXT[0], prev="0" * 64)], 15, "does not name the hash of the version before it"),
        ([changed(NEXT[0], revision=3)], 15, "version 3 stands where 2 is due"),
        ([with_body(changed(LOG[2], number=15, recorded_at=LATER).body)], 15, "version 1 stands where 2 is due"),
        ([changed(NEXT[0], key="a-claim-unknown-zzzz")], 15, "version 2 stands where 1 is due"),
        ([changed(KNOWN[-1], reason="Another one."), *NEXT], 14, "another entry under this number"),
        ([NEXT[0], changed(NEXT[1], prev="0" * 64)], 16, "does not name the hash of the version before it"),
    ],
)
def test_unusable_entry_changes_nothing(entries: Sequence[LogEntry], number: int, what: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        apply_to(connection, KNOWN)
        before = contents(connection)
        with pytest.raises(RevisionUnusable, match=f"Entry {number} of the log: .*{what}") as refusal:
            apply_to(connection, entries)
        assert refusal.value.number == number
        assert_same(contents(connection), before)
        apply_to(connection, LOG)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            apply_to(fresh, LOG)
            assert_same(contents(connection), contents(fresh))


def write_log(folder: Path, entries: Sequence[LogEntry]) -> Path:
    """Write a log in place of the one that is there."""
    log = folder / "claims" / "log"
    shutil.rmtree(log, ignore_errors=True)
    append_bodies(log, [entry.body for entry in entries], first=1)
    return log


def assert_current(path: Path, entries: Sequence[LogEntry], texts: Path | None = None) -> None:
    assert ledger_db.find_differences(path, entries, texts) == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Bring a ledger to `KNOWN` in two steps, so that it is in WAL mode."""
    path = tmp_path / "ledger.db"
    for count in (6, len(KNOWN)):
        assert ledger_db.update_ledger_db(path, write_log(tmp_path, LOG[:count]))
    return path


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (with_body(b"{"), "It is no revision"),
        (changed(NEXT[0], prev="0" * 64), "does not name the hash"),
        (changed(NEXT[0], recorded_at="2030-01-01T00:00:00.000Z"), "the one before it"),
        (changed(NEXT[0], number=16), "It calls itself number 16"),
    ],
)
def test_file_stays_as_it_was_if_an_entry_is_unusable(path: Path, bad: LogEntry, what: str) -> None:
    before = file_contents(path)
    log = write_log(path.parent, [*KNOWN, bad, *NEXT[1:]])
    for _ in range(2):
        with pytest.raises(RevisionUnusable, match=what):
            ledger_db.update_ledger_db(path, log)
        assert_same(file_contents(path), before)
    assert ledger_db.update_ledger_db(path, write_log(path.parent, LOG))
    assert_current(path, LOG)


def other_end() -> list[LogEntry]:
    """Return a log whose newest entries differ from `KNOWN`."""
    log = LogMaker()
    for record in (ARTICLE, HERALD, SPEED, JOBS, PRICE):
        log.add(record)
    for number in range(6, 20):
        log.add({**PRICE, "topics": ["prices", f"topic-{number}"]}, "update")
    return log.entries


@pytest.mark.parametrize("count", quick_only([len(KNOWN), len(KNOWN) + 3, 5], 5))
def test_file_of_another_log_is_built_from_nothing(path: Path, count: int) -> None:
    entries = other_end()[:count]
    assert ledger_db.update_ledger_db(path, write_log(path.parent, entries))
    assert_current(path, entries)
    assert not ledger_db.update_ledger_db(path, path.parent / "claims" / "log")


@pytest.mark.slow
def test_file_with_another_format_or_rates_is_built_from_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, builds = write_log(path.parent, KNOWN), list[Path]()
    build = ledger_db.build_ledger_db

    def counted_build(*given: Any, **said: Any) -> ledger_db.About:  # noqa: ANN401  as build_ledger_db
        builds.append(path)
        return build(*given, **said)

    monkeypatch.setattr(ledger_db, "build_ledger_db", counted_build)
    assert not ledger_db.update_ledger_db(path, log)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE about SET value = '10' WHERE name = 'format'")
    assert ledger_db.update_ledger_db(path, log)
    assert len(builds) == 1
    assert_current(path, KNOWN)
    monkeypatch.setattr(exchange_rates, "rate_table_hash", lambda: "0123456789abcdef")
    assert ledger_db.update_ledger_db(path, log)
    assert not ledger_db.update_ledger_db(path, log)
    assert_current(path, KNOWN)


def test_ordinary_changes_build_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """New records of every kind, new versions and withdrawals are applied; no word is taken away."""
    path = tmp_path / "ledger.db"
    ledger_db.update_ledger_db(path, write_log(tmp_path, LOG[:1]))
    monkeypatch.setattr(ledger_db, "build_ledger_db", None)
    for count in range(2, 20):
        assert ledger_db.update_ledger_db(path, write_log(tmp_path, LOG[:count])), count
    monkeypatch.undo()
    assert_current(path, LOG[:19])


def test_new_article_that_forbids_its_passages_builds_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was not public, so it takes no word away; most articles are such."""
    log = LogMaker()
    log.entries += KNOWN
    log.add({**ARTICLE, "article_id": "harbour-monthly-2031-05", "editions": []}, recorded_at=LATER)
    with monkeypatch.context() as patch:
        patch.setattr(ledger_db, "build_ledger_db", None)
        assert ledger_db.update_ledger_db(path, write_log(path.parent, log.entries))
    assert_current(path, log.entries)


# Words that may no longer be shown

SECRET = "Zyxwvut"
"""A word that only hidden values contain; the search index has it in small letters."""
TEXT_WORD = "nobody  drives"
"""Words of the text that may be published."""
QUOTE = {"exact": SECRET.ljust(12, "."), "prefix": f"{SECRET} "}
RIVAL_QUOTE = appearance(RIVAL, HERALD_EDITION, 7, QUOTE)
FREE = {**HERALD["rights"], "may_publish_text": False}
FORBIDDEN = {**FREE, "may_hold_text": False}
DISMISSED = [{"position": {"start": 0, "end": 12}, "quote": QUOTE, "reason": {"en": "No figure."}}]
EDITION = {"edition_sha256": HERALD_EDITION, "length": len(HERALD_TEXT)}
HIDDEN = {"exact": {"length": 12, "sha256": sha256(b"twelve signs").hexdigest()}}
Versions = Sequence[tuple[Mapping[str, Any], str]]
HIDING: Mapping[str, tuple[Versions, Versions]] = {
    "redacted claim": (
        [({**SPEED, "statement": {"en": f"{SECRET} cranes."}}, "listed"), (SPEED, "update")], [(SPEED, "redaction")],
    ),
    "redacted appearance": (
        [(RIVAL, "listed"), (RIVAL_QUOTE, "listed")], [({**RIVAL_QUOTE, "quote": HIDDEN}, "redaction")],
    ),
    "redacted document": (
        [({**YEARBOOK, "title": {"en": SECRET}}, "listed")], [(YEARBOOK, "redaction")],
    ),
    "redacted article": (
        [({**ARTICLE, "section": {"en": SECRET}}, "update")], [(ARTICLE, "redaction")],
    ),
    "passages forbidden": (
        [(RIVAL, "listed"), (RIVAL_QUOTE, "listed")], [({**HERALD, "rights": FORBIDDEN}, "update")],
    ),
    "excluded passages forbidden": (
        [({**HERALD, "editions": [{**EDITION, "dismissed": DISMISSED}]}, "update")],
        [({**HERALD, "rights": FORBIDDEN}, "update")],
    ),
    "text forbidden": ([], [({**HERALD, "rights": FREE}, "update")]),
}  # fmt: skip
"""Ways to hide words: the versions with the word, and those that hide it."""


def secret_log(versions: Sequence[Versions]) -> list[LogEntry]:
    log = LogMaker()
    for record in (ARTICLE, HERALD, JOBS, PRICE):
        log.add(record)
    for record, kind in (one for some in versions for one in some):
        log.add(record, kind)
    return log.entries


def words_in_files(folder: Path, word: str) -> list[str]:
    """Return the files of a ledger with a word, in any letters."""
    small = word.lower().encode()
    return [file.name for file in sorted(folder.glob("ledger.db*")) if small in file.read_bytes().lower()]


@pytest.fixture(autouse=True)
def _keep_deleted_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite leave what is deleted in unused pages: some of its builds fill these with zeros."""
    settings = (*ledger_db._CHANGE_SETTINGS, "secure_delete = OFF")
    monkeypatch.setattr(ledger_db, "_CHANGE_SETTINGS", settings)


@pytest.fixture(params=quick_only(HIDING, "redacted claim"))
def hidden(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path, Callable[[], bool], str]:
    """Bring a ledger with a word to the log before the word is hidden; return also how to hide it."""
    shown, hiding = HIDING[request.param]
    path, texts = tmp_path / "ledger.db", write_texts(tmp_path)
    for entries in (secret_log([])[:3], secret_log([shown])):
        ledger_db.update_ledger_db(path, write_log(tmp_path, entries), texts)
    word = TEXT_WORD if request.param == "text forbidden" else SECRET
    assert words_in_files(tmp_path, word)

    def hide() -> bool:
        entries = secret_log([shown, hiding])
        is_changed = ledger_db.update_ledger_db(path, write_log(tmp_path, entries), texts)
        assert_current(path, entries, texts)
        return is_changed

    return tmp_path, path, hide, word


def count_word(connection: sqlite3.Connection, word: str) -> int:
    """Return how many rows show a word."""
    return sum(word.encode() in row for rows in contents(connection).values() for row in rows)


Hidden = tuple[Path, Path, Callable[[], bool], str]


def test_hidden_words_leave_no_byte_in_the_file(hidden: Hidden) -> None:
    folder, _, hide, word = hidden
    assert hide()
    assert words_in_files(folder, word) == []
    assert not hide()


@pytest.mark.slow
def test_open_readers_see_the_new_content_and_the_words_are_gone(hidden: Hidden) -> None:
    folder, path, hide, word = hidden
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader:
        before = reader.execute("SELECT max(number) FROM revision").fetchone()
        assert hide()
        assert reader.execute("SELECT max(number) FROM revision").fetchone() > before
        assert count_word(reader, word) == 0
        assert words_in_files(folder, word) == []


@pytest.mark.slow
def test_reader_in_a_transaction_delays_only_the_end_of_the_words(
    hidden: Hidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path, hide, word = hidden
    monkeypatch.setattr(ledger_db, "_WAIT_SECONDS", 0.5)  # for a reader who stays longer than any wait
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT max(number) FROM revision").fetchone()
        assert hide()
        assert reader.execute("SELECT max(number) FROM revision").fetchone() == before
        reader.execute("COMMIT")
        assert reader.execute("SELECT max(number) FROM revision").fetchone() > before
        assert count_word(reader, word) == 0
        assert not hide()
        assert words_in_files(folder, word) == []


def test_text_whose_file_is_gone_leaves_no_byte(tmp_path: Path) -> None:
    path, texts, entries = tmp_path / "ledger.db", write_texts(tmp_path), secret_log([])
    for count in (3, 4):
        ledger_db.update_ledger_db(path, write_log(tmp_path, entries[:count]), texts)
    assert words_in_files(tmp_path, TEXT_WORD)
    shutil.rmtree(texts)
    assert ledger_db.update_ledger_db(path, tmp_path / "claims" / "log", texts, compares_texts=True)
    assert words_in_files(tmp_path, TEXT_WORD) == []
    assert_current(path, entries, texts)

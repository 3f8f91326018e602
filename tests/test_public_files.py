"""Publishing prints only the files of the published records, and leaves the folder as a complete printing would."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import newsroom
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger import desk
from claimledger.desk import publish_steps
from claimledger.ledger import files
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.content_store import content_path, storing_contents
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.printing import PrintResult
from claimledger.newsroom import article_texts, public_files
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.vocabulary import RevisionKind, Subject

desk_ledger = importlib.import_module("tests.desk_ledger")

TEXTS = ("한빛시 예산, 첫 판", "한빛시 예산, 둘째 판", "다른 글")
CONTENTS = (b"a budget", b"a report")
PUBLISHABLE = {"may_hold_text": True, "may_publish_text": True}


def content_sha256(text: str | bytes) -> str:
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def article(number: int, texts: Iterable[int] = (0,), *, is_public: bool = True) -> dict[str, Any]:
    """Return an article with editions, whose rights allow its text to be published or only to be stored."""
    found = desk_ledger.ARTICLE
    rights = found["rights"] | (PUBLISHABLE if is_public else {"may_hold_text": True})
    editions = [{"edition_sha256": content_sha256(TEXTS[text]), "length": len(TEXTS[text])} for text in texts]
    return {**found, "article_id": f"article-{number}", "rights": rights, "editions": editions}


def document(number: int, content: int | None) -> dict[str, Any]:
    """Return a document with or without shared bytes."""
    found = newsroom.document(f"budget-{number}-a2b3")
    if content is None:
        return found
    rights = {"holder": {"en": "City"}, "statement": {"en": "Free to copy."}, "may_hold_text": True}
    return found | {"captured": "full", "content_sha256": content_sha256(CONTENTS[content]), "rights": rights}


def claim(number: int, percent: int) -> dict[str, Any]:
    return {**desk_ledger.claim(number, percent=percent), "article_id": "article-0"}


def passage(number: int, start: int) -> dict[str, Any]:
    position = {"start": start, "end": start + 12}
    changed = {"article_id": "article-0", "edition_sha256": content_sha256(TEXTS[0]), "position": position}
    return {**desk_ledger.appearance(number), **changed}


def publish(places: LedgerPaths, *records: dict[str, Any], kind: str = "update") -> None:
    """Publish a version of each record, without the files; the desk stores the texts."""
    with desk_ledger.opened(places) as store:
        drafts = [_draft(store, record, kind) for record in records]
        desk_ledger.publish_directly(store, drafts, "sora", now=desk_ledger.later(5))


def _draft(store: DeskStore, record: dict[str, Any], kind: str) -> Draft:
    if "document_id" in record:
        key, subject = record["document_id"], Subject.DOCUMENT
    else:
        made = desk_ledger.draft(record)
        key, subject = made.key, made.subject
    head = store.head(subject, key)
    listed = RevisionKind.LISTED if head is None else RevisionKind(kind)
    return Draft(subject, key, head.sha256 if head else None, listed, ("haru",), "고쳤다.", encode_body(record))


def store_texts(places: LedgerPaths) -> None:
    with desk_ledger.opened(places) as store, store.writing() as connection:
        for text in TEXTS:
            now = desk_ledger.NOW
            article_texts.store_text(connection, "article-0", text.encode(), origin="a", author="haru", now=now)
    with storing_contents(places.private_evidence, CONTENTS):
        pass


def print_changed(places: LedgerPaths) -> PrintResult:
    with desk_ledger.opened(places) as store, store.writing():
        return public_files.print_changed(places, store)


def claims_folder(places: LedgerPaths) -> dict[str, bytes]:
    """Return the content of each file of the claims folder, without the log."""
    found = (path for path in places.claims.rglob("*") if path.is_file() and path.parent != places.log)
    return {path.relative_to(places.claims).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a ledger with two articles, a document and five claims, whose files are printed."""
    found = LedgerPaths(tmp_path / "ledger")
    found.root.mkdir()
    publish(found, article(0), article(1), document(0, 0), *(claim(number, 7) for number in range(5)))
    store_texts(found)
    print_changed(found)
    return found


def watch_files(monkeypatch: pytest.MonkeyPatch, places: LedgerPaths) -> tuple[list[str], list[str]]:
    """Return the names of the files below claims/ that are read and written from now on, without the log."""
    read, written = list[str](), list[str]()
    read_bytes, replace_all = Path.read_bytes, files.replace_all

    def record_reading(path: Path) -> bytes:
        if path.parent != places.log and path.is_relative_to(places.claims):
            read.append(path.name)
        return read_bytes(path)

    def record_writing(contents: Iterable[tuple[Path, bytes]], *, syncs_each: bool = False) -> None:
        found = list(contents)
        written.extend(path.name for path, _ in found)
        replace_all(found, syncs_each=syncs_each)

    monkeypatch.setattr(Path, "read_bytes", record_reading)
    monkeypatch.setattr(files, "replace_all", record_writing)
    return read, written


def test_only_files_of_published_records_are_read_and_written(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(places, claim(3, 9))
    publish(places, passage(4, 40))
    read, written = watch_files(monkeypatch, places)
    printed = print_changed(places)
    names = [f"{claim(number, 7)['claim_id']}.yaml" for number in (3, 4)]
    assert sorted(written) == names == sorted(path.name for path in printed.written)
    assert {*read} == {*names}
    assert print_changed(places) == PrintResult((), ())


def test_first_printing_of_a_store_is_complete(tmp_path: Path, places: LedgerPaths) -> None:
    shutil.copytree(places.log, tmp_path / "clone" / "claims" / "log")
    clone = LedgerPaths(tmp_path / "clone")
    print_changed(clone)
    expected = {name: content for name, content in claims_folder(places).items() if name.endswith(".yaml")}
    assert claims_folder(clone) == expected


def test_publication_after_an_unprinted_one_prints_both(places: LedgerPaths) -> None:
    publish(places, claim(1, 9))  # and the process is killed
    publish(places, claim(2, 9))
    names = [path.name for path in print_changed(places).written]
    assert names == [f"{claim(number, 7)['claim_id']}.yaml" for number in (1, 2)]


def test_failed_printing_is_done_again(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(places, claim(1, 9), claim(2, 9))

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(files, "_write", fail)
        with pytest.raises(OSError, match="the disk is gone"):
            print_changed(places)
    assert len(print_changed(places).written) == 2


def test_edit_of_a_published_claim_is_kept_and_reported(places: LedgerPaths) -> None:
    path = places.claims / "article-0" / f"{claim(1, 7)['claim_id']}.yaml"
    other = places.claims / "article-0" / f"{claim(2, 7)['claim_id']}.yaml"
    for edited in (path, other):
        newsroom.edit(edited, "Oh Dasom", "Oh Dasoom")
    before = path.read_bytes(), other.read_bytes()
    publish(places, claim(1, 9))
    assert print_changed(places) == PrintResult((), (path,))
    assert (path.read_bytes(), other.read_bytes()) == before
    with desk_ledger.opened(places) as store, store.writing():
        assert {*public_files.print_all(places, store).edited} == {path, other}


@pytest.mark.parametrize("change", [
    lambda content: content,
    lambda content: content.replace(b"about 7%", b"about 9%"),
    lambda content: content.replace(b"\n", b"\r\n"),
], ids=["unchanged", "the published edit", "other line ends"])  # fmt: skip
def test_file_without_an_edit_of_its_own_is_replaced(places: LedgerPaths, change: Callable[[bytes], bytes]) -> None:
    path = places.claims / "article-0" / f"{claim(1, 7)['claim_id']}.yaml"
    path.write_bytes(change(path.read_bytes()))
    newer = claim(1, 7)
    newer["statement"]["en"] = newer["statement"]["en"].replace("7", "9")
    publish(places, newer)
    assert print_changed(places) == PrintResult((path,), ())


def test_text_is_removed_unless_another_article_shares_it(places: LedgerPaths) -> None:
    text = content_path(places.shared_texts, content_sha256(TEXTS[0]))
    assert text.read_bytes() == TEXTS[0].encode()
    publish(places, article(0, is_public=False))
    assert print_changed(places).removed == ()
    publish(places, article(1, is_public=False))
    assert print_changed(places).removed == (text,)
    assert not text.exists()


def test_bytes_are_removed_unless_another_document_shares_them(places: LedgerPaths) -> None:
    shared = content_path(places.shared_evidence, content_sha256(CONTENTS[0]))
    publish(places, document(1, 0), document(0, None))
    assert print_changed(places).removed == ()
    assert shared.read_bytes() == CONTENTS[0]
    publish(places, document(1, None))
    assert print_changed(places).removed == (shared,)


def test_removal_that_a_kill_prevented_is_done_by_the_next_publication(places: LedgerPaths) -> None:
    publish(places, article(0, is_public=False), article(1, is_public=False))
    publish(places, claim(0, 9))
    assert [path.name for path in print_changed(places).removed] == [content_sha256(TEXTS[0])]


def test_text_stored_after_its_article_is_published_with_the_next_record(places: LedgerPaths) -> None:
    late = "늦게 받은 글"
    found = article(2) | {"editions": [{"edition_sha256": content_sha256(late), "length": len(late)}]}
    publish(places, found)
    assert [path.name for path in print_changed(places).written] == ["article.yaml"]
    with desk_ledger.opened(places) as store, store.writing() as connection:
        now = desk_ledger.NOW
        article_texts.store_text(connection, "article-2", late.encode(), origin="a", author="haru", now=now)
    publish(places, claim(0, 9))
    assert content_sha256(late) in [path.name for path in print_changed(places).written]


@pytest.mark.parametrize("sql", public_files._NAMING_SQL.values(), ids=["document", "article"])
def test_records_that_name_a_content_are_found_by_an_index(places: LedgerPaths, sql: str) -> None:
    with desk_ledger.opened(places) as store:
        plan = store.connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("0" * 64,)).fetchall()
    assert all("USING INDEX publication_" in step[3] for step in plan if "publication" in step[3]), plan


RECORDS = st.one_of(
    st.builds(claim, st.integers(0, 2), st.integers(1, 9)),
    st.builds(passage, st.integers(0, 1), st.integers(0, 9)),
    st.builds(document, st.integers(0, 1), st.sampled_from([None, 0, 1])),
    st.builds(article, st.integers(0, 2), st.sampled_from([(0,), (0, 1), (0, 2), (2,)]), is_public=st.booleans()),
)
ACTS = st.lists(st.tuples(st.lists(RECORDS, min_size=1, max_size=3), st.sampled_from(["", "print", "withdraw"])))


@pytest.mark.slow
@given(acts=ACTS)
@settings(strategies.few)
def test_files_equal_those_of_a_complete_printing(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[list[dict[str, Any]], str]]
) -> None:
    """A printing follows any number of publications of any records."""
    places = LedgerPaths(tmp_path_factory.mktemp("ledger"))
    publish(places, article(0), article(1, (2,)), document(0, 0), claim(0, 7), passage(0, 3))
    store_texts(places)
    print_changed(places)
    for records, step in [*acts, ([claim(2, 3)], "print")]:
        distinct = {
            encode_body({name: one[name] for name in sorted(one) if name.endswith("_id")}): one for one in records
        }
        publish(places, *distinct.values(), kind="withdrawal" if step == "withdraw" else "update")
        if step == "print":
            print_changed(places)
    with desk_ledger.opened(places) as store, store.writing():
        assert public_files.print_all(places, store) == PrintResult((), ())


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a crash is tried in a forked process")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_publishing_killed_at_any_moment_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = importlib.import_module("tests.test_crash")
    monkeypatch.setattr(os, "fsync", lambda _: None)  # the process stops, the machine does not
    monkeypatch.setattr(publish_steps, "build_ledger", lambda *_, **__: False)
    clock = newsroom.Clock()
    before = newsroom.published(tmp_path / "before", clock)
    path = before.claims / newsroom.ARTICLE_ID / f"{newsroom.CARGO}.yaml"
    newsroom.edit(path, "about 1.2 million", "some 1.2 million")
    desk.record(before, [path], newsroom.FIRST)
    path.unlink()
    newsroom.edit(before.claims / newsroom.ARTICLE_ID / f"{newsroom.GROWTH}.yaml", "remarks", "words")
    desk.record(before, [], newsroom.FIRST)

    def publish_claim(places: LedgerPaths, claim_id: str = newsroom.CARGO) -> None:
        desk.publish(places, newsroom.actor("editor"), [claim_id], clock=clock)

    moment = 1
    while crash.stops_at(publish_claim, places := crash.copy_ledger(before, tmp_path / "stopped"), moment):
        publish_claim(places, newsroom.GROWTH)
        if desk.lookups.open_drafts(places):
            publish_claim(places)
        with desk_ledger.opened(places) as store, store.writing():
            assert public_files.print_all(places, store).written == (), moment
        moment += 1
    assert moment > 10

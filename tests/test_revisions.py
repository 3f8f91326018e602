"""Publishing drafts as revisions: the body of a revision, and the refusals before anything is committed."""

from __future__ import annotations

import importlib
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from direct_publishing import publish_directly

from claimledger.errors import (
    BodyTooLarge, ClaimChangedMeanwhile, ClockBehind, LogsDisagree, ProblemsFound, SecondEditorRequired,
)  # fmt: skip
from claimledger.accounts import people
from claimledger.newsroom import publication
from claimledger.ledger.canonical import MAX_BODY, encode_body, leaf_sha256
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.log_synchronization import bodies_after
from claimledger.newsroom.publication import DraftChangedMeanwhile, random_nonces
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import Revision
from claimledger.vocabulary import RevisionKind

desk_ledger = importlib.import_module("tests.desk_ledger")


@pytest.fixture(scope="module")
def shared_ledger(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_desk(tmp_path_factory.mktemp("made") / "ledger")
    return ledger


@pytest.fixture
def places(shared_ledger: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(shutil.copytree(shared_ledger.root, tmp_path / "ledger"))


@pytest.fixture
def store(places: LedgerPaths) -> Iterator[DeskStore]:
    with desk_ledger.opened(places) as opened:
        yield opened


def publish_and_read(store: DeskStore, drafts: Sequence[Draft], approver: str = "sora") -> list[Revision]:
    """Publish drafts and return the resulting revisions as stored in the log."""
    count = publish_directly(store, drafts, approver, now=desk_ledger.later(5), make_nonces=desk_ledger.nonces)
    assert count == len(drafts)
    bodies = desk_ledger.logged(LedgerPaths(store.path.parent))[-count:]
    return [Revision.model_validate_json(body) for body in bodies]


def assert_nothing_was_published(store: DeskStore, places: LedgerPaths) -> None:
    assert len(desk_ledger.logged(places)) == len(list(bodies_after(store.connection, 0))) == 3
    assert not store.connection.in_transaction


def test_a_body_is_the_canonical_form_of_a_revision(store: DeskStore, places: LedgerPaths) -> None:
    for revision, body in zip(
        publish_and_read(store, store.open_drafts()), desk_ledger.logged(places)[3:], strict=True
    ):
        assert encode_body(revision.to_json()) == body


def test_body_fields_follow_the_order_of_the_model() -> None:
    optional, unused = ("prev", "correction", "approver_role", "role_granted_by"), ("reasons",)
    required = [name for name in Revision.model_fields if name not in (*optional, *unused)]
    assert publication._Body.__struct_fields__ == (*required, *optional)


def test_role_that_an_approver_gave_themselves_is_public(store: DeskStore) -> None:
    def give(author: str, *roles: str) -> None:
        with store.writing() as connection:
            people.change_person(connection, "sora", author=author, now=desk_ledger.later(1), roles=roles)

    first, second = store.open_drafts()[:2]
    with store.writing() as connection:
        people.insert_person(connection, "sora", author="haru", now=desk_ledger.later(1), roles=["admin"])
    give("sora", "admin", "editor")
    (own,) = publish_and_read(store, [first])
    assert (own.approver, own.approver_role, own.role_granted_by) == ("sora", "editor", "sora")
    give("sora", "admin")
    give("haru", "admin", "editor")
    (given,) = publish_and_read(store, [second])
    assert (given.approver_role, given.role_granted_by) == (None, None)


def test_revision_keeps_its_draft_and_names_the_approver(store: DeskStore) -> None:
    drafts = store.open_drafts()
    revisions = publish_and_read(store, drafts)
    assert [revision.record for revision in revisions] == [draft.record for draft in drafts]
    assert [revision.kind for revision in revisions] == [draft.kind for draft in drafts]
    assert [revision.correction for revision in revisions] == [draft.correction for draft in drafts]
    assert {(revision.authors, revision.approver, revision.reason) for revision in revisions} == {
        (("haru",), "sora", "기사에서 옮겼다.")
    }


def test_publication_has_one_time_consecutive_numbers_and_nonces(store: DeskStore) -> None:
    revisions = publish_and_read(store, store.open_drafts())
    assert {revision.recorded_at for revision in revisions} == {"2031-05-02T09:05:00.000Z"}
    assert [revision.number for revision in revisions] == [4, 5, 6, 7, 8, 9]
    assert [revision.nonce for revision in revisions] == desk_ledger.nonces(6)


def test_a_second_version_names_the_hash_of_the_first(store: DeskStore, places: LedgerPaths) -> None:
    first = desk_ledger.logged(places)[1]
    second = publish_and_read(store, store.open_drafts())[0]
    assert (second.revision, second.prev) == (2, leaf_sha256(first).hex())


def test_publications_at_one_moment_are_a_millisecond_apart(store: DeskStore) -> None:
    drafts = store.open_drafts()
    times = [publish_and_read(store, drafts[at : at + 2])[0].recorded_at for at in (0, 2, 4)]
    assert [time[-5:] for time in times] == [".000Z", ".001Z", ".002Z"]


@pytest.mark.parametrize("approver", ["haru", "miru"])
def test_authors_cannot_approve_their_own_draft(store: DeskStore, places: LedgerPaths, approver: str) -> None:
    draft = replace(store.open_drafts()[0], authors=("haru", "miru"))
    with pytest.raises(SecondEditorRequired, match=f"'{approver}' wrote part of it"):
        publish_and_read(store, [store.open_drafts()[1], draft], approver)
    assert_nothing_was_published(store, places)


@pytest.mark.parametrize("approver", ["", "Haru", "haru ", "haru\n", "하루", "so ra", "x" * 41])
def test_invalid_approver_name_is_refused(store: DeskStore, places: LedgerPaths, approver: str) -> None:
    """The name 'Haru' is not a second person beside 'haru'."""
    with pytest.raises(ProblemsFound, match="not a user name") as refusal:
        publish_and_read(store, store.open_drafts(), approver)
    assert [(problem.code, problem.field) for problem in refusal.value.problems] == [("wrong-value", "approver")]
    assert_nothing_was_published(store, places)


def test_draft_on_an_older_version_stops_the_whole_publication(store: DeskStore) -> None:
    stale = store.open_drafts()[0]
    publish_and_read(store, [stale])
    fresh = desk_ledger.draft(desk_ledger.claim(40))
    with pytest.raises(ClaimChangedMeanwhile, match="ward-0-budget"):
        publish_and_read(store, [fresh, replace(stale, draft_id=None)])
    assert len(list(bodies_after(store.connection, 0))) == 4


@pytest.mark.parametrize("base", [None, "0" * 64])
def test_a_base_that_is_not_the_newest_version_is_refused(
    store: DeskStore, places: LedgerPaths, base: str | None
) -> None:
    with pytest.raises(ClaimChangedMeanwhile):
        publish_and_read(store, [replace(store.open_drafts()[0], base=base)])
    assert_nothing_was_published(store, places)


def test_two_drafts_of_one_record_in_one_publication_are_refused(store: DeskStore, places: LedgerPaths) -> None:
    new = desk_ledger.draft(desk_ledger.claim(40))
    with pytest.raises(ClaimChangedMeanwhile, match="ward-40"):
        publish_and_read(store, [new, new])
    assert_nothing_was_published(store, places)


def test_draft_changed_since_it_was_read_is_refused(store: DeskStore, places: LedgerPaths) -> None:
    seen = store.open_drafts()
    desk_ledger.record(store, [replace(seen[2], authors=("miru",))])
    with pytest.raises(DraftChangedMeanwhile, match="changed or discarded after you opened it"):
        publish_and_read(store, seen)
    assert_nothing_was_published(store, places)
    assert len(publish_and_read(store, store.open_drafts())) == 6


def test_draft_discarded_since_it_was_read_is_refused(store: DeskStore, places: LedgerPaths) -> None:
    seen = store.open_drafts()
    with store.writing() as connection:
        store.discard_draft(connection, seen[5], "miru", "두 번 실렸다.", desk_ledger.NOW)
    with pytest.raises(DraftChangedMeanwhile):
        publish_and_read(store, seen)
    assert_nothing_was_published(store, places)
    assert len(publish_and_read(store, seen[:5])) == 5


def test_draft_published_since_it_was_read_is_refused(store: DeskStore) -> None:
    seen = store.open_drafts()
    publish_and_read(store, seen[:1])
    with pytest.raises(ClaimChangedMeanwhile):
        publish_and_read(store, seen)


def test_a_record_too_long_for_the_log_is_refused_with_its_size(store: DeskStore, places: LedgerPaths) -> None:
    long = desk_ledger.claim(40) | {"note": dict.fromkeys(("ko", "en", "zh"), "가" * 10_000)}
    with pytest.raises(BodyTooLarge, match=r"ward-40.*The limit is 65,535"):
        publish_and_read(store, [desk_ledger.draft(long)])
    assert_nothing_was_published(store, places)
    room = MAX_BODY - len(
        publish_and_read(store, [desk_ledger.draft(desk_ledger.claim(41))])[0].model_dump_json().encode()
    )
    assert room > 60_000


def test_clock_behind_the_log_publishes_nothing(store: DeskStore, places: LedgerPaths) -> None:
    with pytest.raises(ClockBehind):
        publish_directly(store, store.open_drafts(), "sora", now=desk_ledger.NOW - timedelta(minutes=6))
    assert_nothing_was_published(store, places)


def test_entries_pulled_by_git_come_before_the_publication(
    store: DeskStore, places: LedgerPaths, tmp_path: Path
) -> None:
    colleague = LedgerPaths(shutil.copytree(places.root, tmp_path / "colleague"))
    with desk_ledger.opened(colleague) as other:
        publish_and_read(other, other.open_drafts()[4:])
    shutil.copytree(colleague.log, places.log, dirs_exist_ok=True)
    assert [revision.number for revision in publish_and_read(store, store.open_drafts()[:4])] == [6, 7, 8, 9]
    with pytest.raises(ClaimChangedMeanwhile, match="ward-2"):
        publish_and_read(store, store.open_drafts())
    assert desk_ledger.logged(places) == list(bodies_after(store.connection, 0))


def test_log_that_diverged_stops_the_publication(store: DeskStore, places: LedgerPaths) -> None:
    file = places.log / "000000.jsonl"
    file.write_bytes(file.read_bytes().replace(b"7%", b"8%"))
    with pytest.raises(LogsDisagree, match="entry 2 of the log is not the one"):
        publish_and_read(store, store.open_drafts())
    assert len(list(bodies_after(store.connection, 0))) == 3


def test_nonces_are_random_and_fit_the_model() -> None:
    nonces = random_nonces(500)
    assert len({*nonces}) == 500
    assert all(len(nonce) == 32 and int(nonce, 16) >= 0 for nonce in nonces)
    assert random_nonces(0) == []


def test_publication_uses_random_nonces_by_default(store: DeskStore, places: LedgerPaths) -> None:
    publish_directly(store, store.open_drafts(), "sora", now=desk_ledger.later(5))
    nonces = [msgspec.json.decode(body)["nonce"] for body in desk_ledger.logged(places)[3:]]
    assert len({*nonces}) == 6
    assert not {*nonces} & {*desk_ledger.nonces(6)}


def test_revision_kind_is_read_as_a_term(store: DeskStore) -> None:
    assert publish_and_read(store, store.open_drafts())[0].kind is RevisionKind.CORRECTION


def test_only_publishing_and_its_preview_append_revisions() -> None:
    package = Path(publication.__file__).parents[1]
    call = re.compile(r"(?<!def )(?<!self\.)append_revisions\(")
    calls = {path.name for path in package.rglob("*.py") if call.search(path.read_text(encoding="utf-8"))}
    assert calls == {"publish_steps.py", "preview.py"}

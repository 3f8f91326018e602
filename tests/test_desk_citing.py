"""Citing a document that the desk already has, duplicate addresses, and excerpts compared with stored texts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import newsroom
import pytest
from loopback import serving
from made_documents import SENTENCE, answered, html_page, reaching
from newsroom import CARGO, GROWTH, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import check_steps, evidence_steps, lookups
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.content_store import content_path
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Document
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role

pytestmark = pytest.mark.slow

ADDRESS = "https://port.example/statistics"
SAYS = {"stance": "supports", "summary": {"en": "The count agrees."}}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def attach_document(
    places: LedgerPaths, clock: Clock, claim_id: str = CARGO, excerpt: str = SENTENCE, **description: object
) -> Document:
    incoming = evidence_steps.read_document_file("statistics.html", html_page(), clock)
    document = evidence_steps.describe_document(incoming, {"tier": "primary", "address": ADDRESS, **description})
    says = {**SAYS, "document_id": document["document_id"], "excerpt": excerpt}
    drafts = desk.attach(places, claim_id, document, says, None, edit_by("checker", "Seen."), clock, incoming=incoming)
    return next(draft.record for draft in drafts if isinstance(draft.record, Document))


def cite(places: LedgerPaths, clock: Clock, named: str, **more: object) -> None:
    desk.cite(places, GROWTH, named, {**SAYS, **more}, None, edit_by("checker", "Seen."), clock)


def cited_excerpts(places: LedgerPaths, claim_id: str) -> list[tuple[str, str | None]]:
    return [(one.document_id, one.excerpt) for one in lookups.claim_at_desk(places, claim_id).claim.evidence]


@pytest.mark.parametrize("is_public", [False, True])
def test_cite_accepts_a_document_id_or_an_address(
    places: LedgerPaths,
    clock: Clock,
    is_public: bool,  # noqa: FBT001
) -> None:
    document = attach_document(places, clock)
    if is_public:
        desk.publish(places, actor("editor"), clock=clock)
    assert [one.document_id for one in lookups.list_citable_documents(places, GROWTH)] == [document.document_id]
    cite(places, clock, document.document_id)
    cite(places, clock, ADDRESS, excerpt=SENTENCE.replace(" ", "\n"))
    assert cited_excerpts(places, GROWTH) == [(document.document_id, None), (document.document_id, SENTENCE)]
    assert lookups.list_citable_documents(places, GROWTH) == []
    (found,) = lookups.claim_documents(places, GROWTH, actor("checker"))
    assert [(claim_id, quote.exact) for claim_id, quote in found.quotes] == [(CARGO, SENTENCE), (GROWTH, SENTENCE)]
    assert sum(draft.subject == "document" for draft in lookups.open_drafts(places)) == (0 if is_public else 1)
    desk.publish(places, actor("editor"), clock=clock)


def test_cite_refuses_an_excerpt_that_is_not_in_the_stored_text(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock)
    with pytest.raises(ProblemsFound, match="excerpt-not-there"):
        cite(places, clock, ADDRESS, excerpt="nobody said so")
    assert cited_excerpts(places, GROWTH) == []


def test_excerpt_of_a_confidential_document_stays_on_the_desk(places: LedgerPaths, clock: Clock) -> None:
    document = attach_document(places, clock, is_withheld=True)
    cite(places, clock, document.document_id, excerpt=SENTENCE)
    assert cited_excerpts(places, GROWTH) == [(document.document_id, None)]
    (found,) = lookups.claim_documents(places, GROWTH, actor("checker"))
    assert (GROWTH, SENTENCE) in [(claim_id, quote.exact) for claim_id, quote in found.quotes]


def test_cite_refuses_unknown_documents_and_editors(places: LedgerPaths, clock: Clock) -> None:
    for named in ("nobody-has-it-aaaa", "https://port.example/elsewhere", ""):
        with pytest.raises(NotFound, match="document"):
            cite(places, clock, named)
    attach_document(places, clock)
    with pytest.raises(ProblemsFound, match="role"):
        desk.cite(places, GROWTH, ADDRESS, SAYS, None, Edit("editor", "Seen.", roles=(Role.EDITOR,)), clock)


@pytest.mark.parametrize("description", [{"is_withheld": False}, {"is_withheld": True}])
@pytest.mark.parametrize("is_public", [False, True])
def test_attach_refuses_a_second_document_with_the_same_address(
    places: LedgerPaths,
    clock: Clock,
    description: dict[str, Any],
    is_public: bool,  # noqa: FBT001
) -> None:
    document = attach_document(places, clock, **description)
    if is_public:
        desk.publish(places, actor("editor"), clock=clock)
    waiting = [draft.key for draft in lookups.open_drafts(places)]
    with pytest.raises(ProblemsFound, match=f"'{document.document_id}'") as refused:
        attach_document(places, clock, GROWTH)
    assert [problem.code for problem in refused.value.problems] == ["document-known"]
    assert [draft.key for draft in lookups.open_drafts(places)] == waiting


SPELLINGS = (
    "http://port.example/statistics", "https://www.port.example/statistics/", "http://port.example:80/statistics#top",
    "https://PORT.example/statistics?utm_source=rss&ref=mail",
)  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_address_spellings_find_the_same_document(places: LedgerPaths, clock: Clock, spelling: str) -> None:
    document = attach_document(places, clock)
    cite(places, clock, spelling)
    assert cited_excerpts(places, GROWTH) == [(document.document_id, None)]
    with pytest.raises(ProblemsFound, match="document-known"):
        attach_document(places, clock, GROWTH, address=spelling)
    for other in (f"{ADDRESS}s", f"{ADDRESS}?page=2", "https://port.example.org/statistics"):
        with pytest.raises(NotFound, match="document"):
            cite(places, clock, other)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(f"{ADDRESS}?id=7&utm_source=rss", f"{ADDRESS}?id=7"), ("https://[port.example?a&utm_id=1",) * 2],
)
def test_tracking_parameters_are_removed_from_an_address(
    places: LedgerPaths, clock: Clock, given: str, kept: str
) -> None:
    assert attach_document(places, clock, address=given).address == kept


def test_record_refuses_handwritten_documents_with_a_known_address(places: LedgerPaths, clock: Clock) -> None:
    document = attach_document(places, clock)
    desk.publish(places, actor("editor"), clock=clock)
    first = places.claims / "documents" / f"{document.document_id}.yaml"
    for name, address in (
        ("twin-aaaa", ADDRESS),
        ("one-of-two-aaaa", f"{ADDRESS}/2"),
        ("two-of-two-aaaa", f"{ADDRESS.replace('https', 'http')}/2/"),
    ):
        text = first.read_text(encoding="utf-8").replace(document.document_id, name).replace(ADDRESS, address)
        text = re.sub("^base: .*\n", "", text, flags=re.MULTILINE)
        (first.parent / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as refused:
        desk.record(places, [], edit_by("checker", "Written by hand."), clock)
    assert sorted((problem.code, problem.file) for problem in refused.value.problems) == [
        ("document-known", name) for name in ("one-of-two-aaaa", "twin-aaaa", "two-of-two-aaaa")
    ]


def test_fetch_refuses_an_address_that_the_desk_knows(places: LedgerPaths, clock: Clock) -> None:
    with serving(answered()) as server:
        attach_document(places, clock, address=f"{server.address}/a")
        with pytest.raises(ProblemsFound, match="document-known"):
            evidence_steps.fetch_for_claim(places, GROWTH, f"{server.address}/a", actor("checker"), reaching(server))
        assert server.requests == []
        evidence_steps.fetch_for_claim(
            places, GROWTH, f"{server.address}/b", StaffMember("checker", (Role.CHECKER,)), reaching(server)
        )


def test_address_of_a_discarded_document_can_be_used_again(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock)
    draft_id = lookups.newest_draft_number(lookups.open_drafts(places, [CARGO]))
    desk.discard(places, CARGO, draft_id, edit_by("checker", "Not ours."), clock)
    assert attach_document(places, clock, GROWTH).address == ADDRESS


def test_handwritten_excerpt_is_compared_with_the_stored_text(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock)
    assert finding_codes(places) == []
    reword(places, clock, SENTENCE.replace(" ", "\n", 2))
    assert finding_codes(places) == []
    reword(places, clock, SENTENCE.replace("밝혔다", "밝히지 않았다"))
    assert finding_codes(places) == ["excerpt-not-in-document"]


def test_altered_stored_text_is_ignored_by_the_excerpt_check(places: LedgerPaths, clock: Clock) -> None:
    attach_document(places, clock)
    (kept,) = lookups.claim_documents(places, CARGO, actor("checker"))[0].captures
    assert kept.text_sha256
    content_path(places.private_evidence, kept.text_sha256).write_text("Altered.", encoding="utf-8")
    assert finding_codes(places) == []


def finding_codes(places: LedgerPaths) -> list[str]:
    return [problem.code for problem in lookups.claim_at_desk(places, CARGO).findings]


def reword(places: LedgerPaths, clock: Clock, excerpt: str) -> None:
    at = lookups.claim_at_desk(places, CARGO)
    fields = at.claim.to_json()
    fields["evidence"] = [{**fields["evidence"][0], "excerpt": excerpt}]
    seen = check_steps.SeenVersion(at.head_sha256, at.draft.draft_id if at.draft else None)
    desk.edit(places, CARGO, fields, seen, edit_by("checker", "Mended."), clock)

"""The steps of evidence: a document fetched or read from a file, kept, and attached to a claim.

    fetched, from_file   bring the document                      (nothing is kept yet)
    described            what a person says of it, else what it says of itself
    attach               keep it, and draft it with what it says about the claim, all or nothing
    cite                 draft what a document that the desk has says about another claim
    edit_on              write a claim anew on a document that was seen: both or neither

What is confidential stays on the desk: its draft is the public form already, and what it is stands in the store alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any, NamedTuple


from claimledger.addresses import without_tracking
from claimledger.desk.check_steps import Seen, claim_held, demand, going_on, proposed_claim, stored
from claimledger.desk.claim_steps import new_document_id
from claimledger.desk.step_setup import Clock, keep, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.editorial.work_rows import bring_up_to_date
from claimledger.editorial.edit_rules import refused
from claimledger.editorial.withheld_documents import is_confidential, public_form
from claimledger.errors import Problem, ProblemsFound
from claimledger.evidence import (
    WANTED, Capture, Excerpt, Fetch, Reading, capture_address, capture_file, read, select,
)  # fmt: skip
from claimledger.evidence.capture import fetch_document
from claimledger.newsroom import work_items
from claimledger.newsroom.captures import captures_of, contents_of, keep_capture, keep_excerpt, keep_withheld
from claimledger.ledger.content_store import content_of, keeping
from claimledger.newsroom.known_documents import document_at, document_named, known_already
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.drafting import Batch, Proposed, drafts_of
from claimledger.ledger.files import Places
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import Draft, utc_text
from claimledger.ledger.validation import record_problems
from claimledger.ledger.yaml_source import Where
from claimledger.models import Change, Document
from claimledger.workflow import Staff
from claimledger.vocabulary import Action, Captured, Subject


@dataclass(frozen=True, slots=True)
class Brought:
    """A document that was brought, and what it says."""

    capture: Capture
    """How it came."""
    reading: Reading
    """What it says."""


def fetched(places: Places, claim_id: str, address: str, actor: Staff, fetch_it: Fetch = fetch_document) -> Brought:
    """Return the document at an address, for a claim that this person may attach it to; nothing is kept.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, or the desk has the document of this address; nothing was fetched.
        FetchRefused, DocumentEmpty, PackageMissing, ReadingBusy: there is no document, or it cannot be kept.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        demand(at_desk(desk, claim_id), Action.ATTACH, actor)
        _demand_new(desk, address)
    capture = capture_address(address, fetch_it)
    return Brought(capture, read(capture))


def uploaded(
    places: Places, claim_id: str, name: str, file: IO[bytes], actor: Staff, clock: Clock = utc_now
) -> Brought:  # fmt: skip
    """Return a file as a document, for a claim that this person may attach it to; nothing is kept.

    No more of it is read than tells that it is too large.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it; the file was not read.
        DocumentEmpty, TooLarge, PackageMissing, ReadingBusy: it cannot be kept.
    """
    with open_store(places) as store:
        demand(at_desk(standing(store, claim_id), claim_id), Action.ATTACH, actor)
    return from_file(name, file.read(WANTED.size + 1), clock)


def _demand_new(desk: Standing, address: str) -> None:
    if known := document_at(desk, address):
        raise ProblemsFound([known_already(known)])


def from_file(name: str, content: bytes, clock: Clock = utc_now) -> Brought:
    """Return a file as a document, without the folders of its name; nothing is kept.

    Raises:
        DocumentEmpty, TooLarge, PackageMissing, ReadingBusy: it cannot be kept.
    """
    capture = capture_file(re.split(r"[/\\]", name)[-1], content, clock())
    return Brought(capture, read(capture))


def described(brought: Brought, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's fields (JSON): what a person says of it, else what it says of itself.

    Raises:
        ProblemsFound: it states a title or publisher, and nobody says in which language.
    """
    capture, reading = brought.capture, brought.reading
    language = told.get("language") or reading.language
    if not language and (stated_words := _untold(reading, told)):
        sentence = f"The document states '{stated_words}', and not in which language."
        raise ProblemsFound([Problem("language-needed", sentence, "Say in which language.", field="language")])
    address = capture.redirects[0][0] if capture.redirects else capture.final_address
    stated: dict[str, Any] = {
        "medium": reading.medium.value,
        "title": {language: reading.title} if language and reading.title else None,
        "publisher": {language: reading.publisher} if language and reading.publisher else None,
        "language": language,
        "published_on": reading.published_on,
        "address": address,
        "obtained_at": utc_text(capture.fetched_at),
    }
    given = {name: value for name, value in told.items() if value not in (None, "", {})}
    fields = {name: value for name, value in stated.items() if value is not None} | given
    if "address" in fields:
        fields["address"] = without_tracking(fields["address"])
    title: Mapping[str, str] = fields.get("title", {})
    return {"document_id": new_document_id(title.get("en", ""))} | fields


def _untold(reading: Reading, told: Mapping[str, Any]) -> str:
    """Return the title or the publisher that a document states and that nobody said otherwise."""
    return (not told.get("title") and reading.title) or (not told.get("publisher") and reading.publisher) or ""


def attach(
    places: Places,
    claim_id: str,
    document: Mapping[str, Any],
    evidence: Mapping[str, Any],
    seen: Seen | None,
    made: Edit,
    clock: Clock = utc_now,
    *,
    brought: Brought | None = None,
) -> list[Draft]:
    """Make drafts of a document that was seen and of the claim with what it says about it, and keep what was brought.

    All of it or none. Without `seen` the claim as it stands now is gone on from. A document is confidential if it says
    `is_withheld`, or has no address and does not deny it: then its draft is its public form, and no excerpt goes out.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, the fields are no document, the desk has one of this address, the excerpt
            does not stand in it, or another version stands there now; nothing was kept.
    """
    with ExitStack() as kept, claim_held(places, claim_id) as (connection, desk, claim):
        demand(claim, Action.ATTACH, made.actor, reason=made.reason)
        _demand_new(desk, str(document.get("address", "")))
        exhibit, made = _exhibit(document, evidence, brought), going_on(claim, made)
        proposed = [exhibit.change(), proposed_claim(claim, _with(claim, exhibit.cited), seen or seen_now(claim))]
        _demand_whole(exhibit, proposed, desk, made)
        if brought:  # left after the commit, so that bytes go again if that fails
            kept.enter_context(keeping(places.kept_evidence, contents_of(brought.capture, brought.reading)))
        _keep(connection, claim_id, exhibit, made.author, clock())
        return stored(connection, desk, proposed, made, clock)


def cite(
    places: Places,
    claim_id: str,
    named: str,
    evidence: Mapping[str, Any],
    seen: Seen | None,
    made: Edit,
    clock: Clock = utc_now,
) -> list[Draft]:
    """Make a draft of the claim with what a document that the desk has says about it; `named` is its name or address.

    An excerpt is held against the newest text that is kept of it; of a confidential document it stays on the desk.

    Raises:
        NotFound: there is no such claim or document.
        ProblemsFound: the table forbids it, the excerpt does not stand there, or another version stands there now.
    """
    with claim_held(places, claim_id) as (connection, desk, claim):
        demand(claim, Action.ATTACH, made.actor, reason=made.reason)
        document = document_named(desk, named)
        exact, excerpt, capture_id = _passage(
            places, connection, document.document_id, str(evidence.get("excerpt", ""))
        )
        cited = {**evidence, "document_id": document.document_id}
        if exact:
            keep_excerpt(
                connection, claim_id, document.document_id, exact, made.author, clock(),
                capture_id=capture_id, excerpt=excerpt,
            )  # fmt: skip
            cited |= {"excerpt": exact}
        if document.is_withheld:
            cited.pop("excerpt", None)
        change = proposed_claim(claim, _with(claim, cited), seen or seen_now(claim))
        return stored(connection, desk, [change], going_on(claim, made), clock)


def edit_on(
    places: Places,
    claim_id: str,
    fields: Mapping[str, Any],
    document: Mapping[str, Any],
    evidence: Mapping[str, Any],
    seen: Seen,
    made: Edit,
    clock: Clock = utc_now,
) -> list[Draft]:
    """Make drafts of a document that was seen and of the claim with all its fields as given and what it says besides.

    So a correction brings the evidence that it is made on. What kind of draft comes of it, says the kind of `made`.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it, the fields are no document or no claim, the desk has a document of this
            address, or another version stands there now; nothing was kept.
    """
    with claim_held(places, claim_id) as (connection, desk, claim):
        demand(claim, Action.ATTACH, made.actor, reason=made.reason)
        _demand_new(desk, str(document.get("address", "")))
        exhibit, made = _exhibit(document, evidence, None), going_on(claim, made)
        written = {**fields, "evidence": [*fields.get("evidence", ()), exhibit.cited]}
        proposed = [exhibit.change(), proposed_claim(claim, written, seen)]
        _demand_whole(exhibit, proposed, desk, made)
        drafts, problems = drafts_of(Batch(proposed), desk.store, made)
        if problems := problems or refused(desk, drafts, made):
            raise ProblemsFound(problems)
        _keep(connection, claim_id, exhibit, made.author, clock())
        keep(desk.store, connection, drafts, clock())
    return drafts


def _passage(
    places: Places, connection: sqlite3.Connection, document_id: str, passage: str
) -> tuple[str, Excerpt | None, int | None]:
    """Return a passage's words, and where they stand in which capture; nowhere where no text is kept."""
    newest = next((kept for kept in reversed(captures_of(connection, document_id)) if kept.text_sha256), None)
    content = content_of(places.kept_evidence, newest.text_sha256) if newest and newest.text_sha256 else None
    if not passage or newest is None or content is None:
        return passage, None, None
    excerpt = select(content.decode(), passage)
    return excerpt.exact, excerpt, newest.capture_id


def documents_to_cite(places: Places, claim_id: str) -> list[Document]:
    """Return documents that a claim does not cite: those that wait, and those that other claims of its article cite.

    Raises:
        NotFound: there is no such claim.
    """
    with open_store(places) as store:
        bring_up_to_date(store)
        desk = standing(store)
        claim = at_desk(desk, claim_id).claim
        waiting = [key for subject, key in desk.drafts if subject is Subject.DOCUMENT]
        names = dict.fromkeys([*waiting, *work_items.documents_of_article(store, claim.article_id)])
        cited = {one.document_id for one in claim.evidence}
        documents = (desk.document(name) for name in names if name not in cited)
        return [*islice(filter(None, documents), _OFFERED)]


_OFFERED = 100
"""So many documents are offered; any other is cited by its name or address."""


def _with(claim: ClaimAtDesk, cited: Mapping[str, Any]) -> dict[str, Any]:
    fields = claim.claim.to_json()
    return fields | {"evidence": [*fields.get("evidence", ()), dict(cited)]}


def seen_now(claim: ClaimAtDesk) -> Seen:
    """Return the version of a claim that stands there now."""
    return Seen(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


class _Exhibit(NamedTuple):
    """A document on its way to the store."""

    full: Mapping[str, Any]
    """What it is (JSON)."""
    drafted: Mapping[str, Any]
    """What is published of it."""
    cited: Mapping[str, Any]
    """What it says about the claim, as far as that is published."""
    exact: str
    """The passage relied on."""
    excerpt: Excerpt | None
    """Where that stands in the text, if there is one."""
    brought: Brought | None
    """How it came."""

    @property
    def document_id(self) -> str:
        """Its name."""
        return str(self.drafted["document_id"])

    def change(self) -> Proposed:
        """Return the draft to make."""
        change = Change(subject=Subject.DOCUMENT, key=self.document_id, base=None, fields=dict(self.drafted))
        return Proposed(change, Where())


def _exhibit(document: Mapping[str, Any], evidence: Mapping[str, Any], brought: Brought | None) -> _Exhibit:
    exact, excerpt = str(evidence.get("excerpt", "")), None
    if exact and brought and brought.reading.text is not None:
        excerpt = select(brought.reading.text, exact)
        exact = excerpt.exact
    full = {name: value for name, value in document.items() if name != "is_withheld"}
    cited = dict(evidence) | ({"excerpt": exact} if exact else {})
    if not is_confidential(document):
        shared = full | _held(full, exact, brought)
        return _Exhibit(shared, shared, cited, exact, excerpt, brought)
    full |= {"document_id": new_document_id(""), "captured": Captured.NONE.value}
    opaque = {"document_id": full["document_id"]}
    told = {name: value for name, value in cited.items() if name != "excerpt"} | opaque
    return _Exhibit(full, public_form(full, full["document_id"]), told, exact, excerpt, brought)


def _held(document: Mapping[str, Any], exact: str, brought: Brought | None) -> dict[str, Any]:
    """Return what is held of a document where readers get it; of one that was not brought, what somebody says."""
    if brought is None:
        return {}
    if document.get("rights", {}).get("may_hold_text"):
        return {"captured": Captured.FULL.value, "content_sha256": brought.capture.sha256}
    return {"captured": Captured.EXCERPT.value if exact else Captured.NONE.value}


def _demand_whole(exhibit: _Exhibit, proposed: Sequence[Proposed], desk: Standing, made: Edit) -> None:
    """Demand that what is not published of a document is right too.

    Raises:
        ProblemsFound: every problem in it, and in what would be published of it and of the claim.
    """
    if wrong := record_problems(Document, exhibit.full, Where()):
        _, problems = drafts_of(Batch(proposed), desk.store, made)
        raise ProblemsFound([*dict.fromkeys([*wrong, *problems])])


def _keep(connection: sqlite3.Connection, claim_id: str, exhibit: _Exhibit, author: str, now: datetime) -> None:
    document_id, brought = exhibit.document_id, exhibit.brought
    capture_id = None
    if brought:
        capture_id = keep_capture(connection, document_id, brought.capture, brought.reading, author, now)
    if exhibit.drafted.get("is_withheld"):
        keep_withheld(connection, document_id, exhibit.full, author, now)
    if exhibit.exact:
        keep_excerpt(
            connection, claim_id, document_id, exhibit.exact, author, now,
            capture_id=capture_id, excerpt=exhibit.excerpt,
        )  # fmt: skip

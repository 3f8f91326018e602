"""The steps of documents looked at again: fetched anew, compared with what is held, and settled by somebody who looked.

What changed opens a recheck of each claim that rests on the document, and keeps the new capture beside the old one. No
verdict is changed here. A server that does not answer opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from claimledger.desk.check_steps import claim_held, demand
from claimledger.desk.step_setup import Clock, open_store, utc_now
from claimledger.editorial.claim_at_desk import ClaimAtDesk, at_desk
from claimledger.editorial.work_rows import bring_up_to_date
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.evidence import Fetch, Held, Looked, looked_again
from claimledger.evidence.capture import fetch_document
from claimledger.newsroom import work_items
from claimledger.newsroom.acts import Deed, keep_act
from claimledger.newsroom.captures import (
    Kept, Saving, capture_of, captures_of, contents_of, keep_capture, keep_saving, quotes_of, savings_of, withheld_of,
)  # fmt: skip
from claimledger.ledger.content_store import content_of, keeping
from claimledger.ledger.files import Places
from claimledger.newsroom.rechecks import Why, newest_number, whys
from claimledger.newsroom.current_records import Standing, standing
from claimledger.newsroom.store import DeskStore
from claimledger.models import Claim, Document, QuoteSelector
from claimledger.workflow import Case, Staff, decide
from claimledger.vocabulary import Action, RecordStage, Refound, Subject

_OPENS = frozenset({Refound.CHANGED, Refound.MOVED, Refound.GONE})
_KEEPS = frozenset({Refound.CHANGED, Refound.MOVED, Refound.NOT_COMPARED})


class DocumentReport(NamedTuple):
    """What was found of a document."""

    document_id: str
    """The document."""
    claim_ids: tuple[str, ...]
    """The claims that rest on it."""
    address: str
    """Where it was looked for."""
    looked: Looked
    """What was found."""
    opened: tuple[str, ...]
    """The claims of which a recheck was opened."""

    @property
    def is_fault(self) -> bool:
        """Whether somebody has to look: it is not what it was, or was not reached."""
        return self.looked.refound in _OPENS | {Refound.UNREACHABLE} or bool(self.looked.lost)


@dataclass(frozen=True, slots=True)
class DocumentAtDesk:
    """A document that a claim rests on, with what only the desk knows of it."""

    document: Document
    """What it is; of a confidential one all that is known."""
    is_withheld: bool
    """Whether readers are told no more than that there is one."""
    captures: tuple[Kept, ...]
    """What is held of it, the oldest first."""
    quotes: tuple[tuple[str, QuoteSelector], ...]
    """(claim, passage relied on)."""
    savings: tuple[Saving, ...] = ()
    """Who saved its bytes, the newest first; of a confidential one, and told to editors alone."""


def documents_of(places: Places, claim_id: str, reader: Staff) -> list[DocumentAtDesk]:
    """Return the documents that a claim rests on, as the desk knows them.

    Of a confidential one, who may not read what is withheld is told what readers are told; and who saved its bytes is
    told to whom the table says.

    Raises:
        NotFound: there is no such claim.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = at_desk(desk, claim_id)
        names = dict.fromkeys(one.document_id for one in claim.claim.evidence)
        found = [one for name in names if (one := _document(desk, name))]
        if _reading_refused(Action.READ_WITHHELD, claim, reader):
            return [_as_published(desk, one) if one.is_withheld else one for one in found]
        if _reading_refused(Action.READ_SAVINGS, claim, reader):
            return found
        return [_with_savings(desk, one) for one in found]


def documents_named(places: Places, names: Iterable[str], reader: Staff) -> list[DocumentAtDesk]:
    """Return documents as the desk knows them; of a confidential one no more than readers are told to who may not."""
    with open_store(places) as store:
        desk = standing(store)
        found = [one for name in dict.fromkeys(names) if (one := _document(desk, name))]
        if decide(Action.READ_WITHHELD, Case(RecordStage.LISTED), reader):
            return [_as_published(desk, one) if one.is_withheld else one for one in found]
        return found


def _reading_refused(action: Action, claim: ClaimAtDesk, reader: Staff) -> list[Problem]:
    """Return why somebody may not see what is confidential, or who saved it."""
    return decide(action, claim.case(action), reader)


def _as_published(desk: Standing, found: DocumentAtDesk) -> DocumentAtDesk:
    record = desk.document(found.document.document_id)
    return replace(found, document=record or found.document, captures=(), quotes=())


def _with_savings(desk: Standing, found: DocumentAtDesk) -> DocumentAtDesk:
    savings = savings_of(desk.store.connection, found.document.document_id) if found.is_withheld else ()
    return replace(found, savings=tuple(savings))


def _document(desk: Standing, document_id: str) -> DocumentAtDesk | None:
    record = desk.document(document_id)
    if record is None:
        return None
    connection = desk.store.connection
    told = withheld_of(connection, document_id) if record.is_withheld else None
    full = Document.model_validate(told, strict=False) if told else record
    captures, quotes = captures_of(connection, document_id), quotes_of(connection, document_id)
    return DocumentAtDesk(full, record.is_withheld, tuple(captures), tuple(quotes))


def kept_content(
    places: Places, claim_id: str, capture_id: int, reader: Staff, clock: Clock = utc_now
) -> tuple[Kept, bytes]:
    """Return a capture of a claim's document and its bytes; of a confidential one, who took them is kept first.

    Raises:
        NotFound: there is no such claim, no such capture of its documents, or its bytes are not here.
        ProblemsFound: the table forbids it.
        ContentAltered: its bytes are not those that were kept.
    """
    with open_store(places) as store:
        desk = standing(store, claim_id)
        claim = at_desk(desk, claim_id)
        if problems := _reading_refused(Action.READ_WITHHELD, claim, reader):
            raise ProblemsFound(problems)
        kept = capture_of(store.connection, capture_id)
        if kept and kept.document_id not in {one.document_id for one in claim.claim.evidence}:
            kept = None
        content = content_of(places.kept_evidence, kept.content_sha256) if kept else None
        if kept is None or content is None:
            raise NotFound("capture", str(capture_id))
        if _is_withheld(desk, kept.document_id):
            with store.writing() as connection:
                keep_saving(connection, capture_id, claim_id, reader.name, clock())
    return kept, content


def _is_withheld(desk: Standing, document_id: str) -> bool:
    document = desk.document(document_id)
    return document is None or document.is_withheld


def look_again(
    places: Places,
    claim_ids: Sequence[str],
    actor: Staff,
    *,
    document_id: str | None = None,
    fetch_it: Fetch = fetch_document,
    clock: Clock = utc_now,
) -> Iterator[DocumentReport]:
    """Look again at each document with an address that claims, all if none is named, rest on; yield what is found.

    With the name of a document, at that one alone.

    A confidential document is fetched only for a claim that is named: who serves it would see that somebody looks.

    Raises:
        NotFound: there is no such claim.
        ProblemsFound: the table forbids it; nothing was fetched.
    """
    for name, cited in _cited(places, claim_ids, actor).items():
        if document_id in (None, name):
            looked = looked_again(cited.held, fetch_it)
            opened = _keep(places, name, cited, looked, actor, clock)
            yield DocumentReport(name, tuple(cited.claim_ids), cited.held.address, looked, opened)


class _Cited(NamedTuple):
    claim_ids: list[str]
    held: Held
    is_withheld: bool


def _cited(places: Places, claim_ids: Sequence[str], actor: Staff) -> Mapping[str, _Cited]:
    """Return what is held of each document that claims rest on, with all claims that do."""
    with open_store(places) as store:
        bring_up_to_date(store)
        desk = standing(store)
        drafted = _drafted(desk)
        asked = [at_desk(desk, claim_id) for claim_id in claim_ids or _with_evidence(store, drafted)]
        problems = [
            replace(problem, file=claim.claim_id)
            for claim in asked
            for problem in decide(Action.RECHECK, claim.case(Action.RECHECK), actor)
        ]
        if problems:
            raise ProblemsFound(problems)
        names = dict.fromkeys(one.document_id for claim in asked for one in claim.claim.evidence)
        found = {name: cited for name in names if (cited := _citing(desk, name, drafted))}
        return {name: cited for name, cited in found.items() if claim_ids or not cited.is_withheld}


class _Named(msgspec.Struct):
    document_id: str


class _Citing(msgspec.Struct):
    evidence: tuple[_Named, ...] = ()


_evidence_in = msgspec.json.Decoder(_Citing).decode


def _drafted(desk: Standing) -> Mapping[str, set[str]]:
    """Return the documents that each drafted claim cites; none of the claims is read for it."""
    return {
        key: {one.document_id for one in _evidence_in(draft.record_json).evidence}
        for (subject, key), draft in desk.drafts.items()
        if subject is Subject.CLAIM
    }


def _with_evidence(store: DeskStore, drafted: Mapping[str, set[str]]) -> list[str]:
    """Return the claims that rest on a document in public or as drafted."""
    own = (claim_id for claim_id, documents in drafted.items() if documents)
    return [*dict.fromkeys([*work_items.resting_on_documents(store), *own])]


def _citing(desk: Standing, document_id: str, drafted: Mapping[str, set[str]]) -> _Cited | None:
    found = _document(desk, document_id)
    if found is None or found.document.address is None:
        return None
    public = [key for key in work_items.resting_on_documents(desk.store, document_id) if key not in drafted]
    own = [claim_id for claim_id, documents in drafted.items() if document_id in documents]
    citing = desk.claims([key for key in (*public, *own) if not desk.is_withdrawn(key)])
    held = _held(found, found.document.address, citing)
    return _Cited([claim.claim_id for claim in citing], held, found.is_withheld)


def _held(found: DocumentAtDesk, address: str, citing: Sequence[Claim]) -> Held:
    newest = found.captures[-1] if found.captures else None
    selected = [str(quote.exact) for _, quote in found.quotes]
    typed = [one.excerpt for claim in citing for one in claim.evidence
             if one.excerpt and one.document_id == found.document.document_id]  # fmt: skip
    passages = tuple(dict.fromkeys([*typed, *selected]))
    if newest is None:
        return Held(address, passages=passages)
    return Held(address, newest.final_address, newest.content_sha256, newest.text_sha256, passages)


def _keep(
    places: Places, document_id: str, cited: _Cited, looked: Looked, actor: Staff, clock: Clock
) -> tuple[str, ...]:
    """Keep what came, where it is not what is held, and open the rechecks; return of which claims."""
    capture, reading = (looked.capture, looked.reading) if looked.refound in _KEEPS else (None, None)
    detail: dict[str, Any] = {"document_id": document_id, "refound": looked.refound.value, "lost": len(looked.lost)}
    opens = cited.claim_ids if looked.refound in _OPENS or looked.lost else ()
    with ExitStack() as kept, open_store(places) as store, store.writing() as connection:
        if capture and reading:  # left after the commit, so that bytes go again if that fails
            kept.enter_context(keeping(places.kept_evidence, contents_of(capture, reading)))
            keep_capture(connection, document_id, capture, reading, actor.name, clock())
        opened = tuple(claim_id for claim_id in opens if not _is_open(_whys(store, claim_id), detail))
        detail["number"] = newest_number(store)
        for claim_id in opened:
            keep_act(connection, Deed(Action.RECHECK, claim_id, actor.name, detail=detail), clock())
    return opened


def _is_open(known: Sequence[Why], detail: Mapping[str, Any]) -> bool:
    """Whether somebody is to look at this already; a change that is kept by now is seen as a lost passage alone."""
    same = [one for one in known if (one.of, one.lost) == (detail["document_id"], detail["lost"])]
    return any(one.became == detail["refound"] or (one.became and detail["refound"] not in _OPENS) for one in same)


def rechecks_of(places: Places, claim_id: str) -> list[Why]:
    """Return why a claim is to be looked at again, but for its day: what it rests on fell or changed."""
    with open_store(places) as store:
        return _whys(store, claim_id)


def _whys(store: DeskStore, claim_id: str) -> list[Why]:
    head = store.head(Subject.CLAIM, claim_id)
    return whys(store, claim_id, msgspec.json.decode(head.body)["record"] if head else {})


def settle_recheck(places: Places, claim_id: str, actor: Staff, *, reason: str, clock: Clock = utc_now) -> None:
    """Say that somebody looked at all that a claim rests on and that fell or changed, and that it stands as it is.

    A day that has passed is not settled so: another day stands in a new version of the verdict.

    Raises:
        NotFound: there is no such claim, or no recheck of it is open but for its day.
        ProblemsFound: the table forbids it, or there is no reason.
    """
    with claim_held(places, claim_id) as (connection, desk, claim):
        demand(claim, Action.SETTLE_RECHECK, actor, reason=reason)
        if not _whys(desk.store, claim_id):
            raise NotFound("open recheck of", claim_id)
        detail = {"is_settled": True, "number": newest_number(desk.store)}
        keep_act(connection, Deed(Action.RECHECK, claim_id, actor.name, reason=reason.strip(), detail=detail), clock())

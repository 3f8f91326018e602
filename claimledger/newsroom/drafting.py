"""Changes and drafts: read the changes in edited files, and make a draft of each changed record.

The functions return drafts, or every problem at once and no draft. A change names the public revision that its author
saw. If that is no longer the newest one, or another person's draft is open, the problem shows both values. This module
stores nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.ledger import text_form
from claimledger.ledger.canonical import MAX_BODY, encode_body
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.machine_wording import mark_claim, read_model_drafts
from claimledger.newsroom.open_drafts import RecordKey
from claimledger.newsroom.withheld_excerpts import claims_with_excerpt, withheld_excerpt_problem
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.ledger.validation import sort_by_line, validation_problems
from claimledger.ledger.yaml_source import ValuePath, SourceLocation
from claimledger.messages import NOTHING, Message, Value
from claimledger.models import (
    MODELS, Appearance, Article, Change, Claim, Document, Evidence, Revision, LedgerRecord, record_key,
)  # fmt: skip
from claimledger.workflow import revision_problems
from claimledger.scalars import STORED, thaw
from claimledger.vocabulary import RevisionKind, Subject


class ProposedChange(NamedTuple):
    """A change and the location it was read from."""

    change: Change
    """The change."""
    where: SourceLocation
    """The file or the table row that contains the change."""
    seen_draft: int | None = None
    """The open draft that the author saw and continues; None if they saw the public version."""


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """Changes that are recorded together."""

    proposed: Sequence[ProposedChange]
    """The changes."""
    unreadable: Collection[RecordKey] = frozenset()
    """The records whose files have problems; these records are not reported as missing."""


def read_changes(paths: Iterable[Path], store: DeskStore, places: LedgerPaths) -> tuple[ChangeBatch, list[Problem]]:
    """Return the changes that files make to the public revisions they name, and every problem in the files."""
    drafted = {draft.key for draft in store.open_drafts() if draft.subject is Subject.APPEARANCE}
    proposed: list[ProposedChange] = []
    problems: list[Problem] = []
    unread: set[RecordKey] = set()
    for path in dict.fromkeys(path.absolute() for path in paths):
        read = text_form.read_record_file(path, places)
        problems += read.problems
        if read.form is None:
            unread.add(_file_record_key(path))
            continue
        entries = text_form.split_into_records(read.form)
        found = [_propose(entry, read.where, store) for entry in entries]
        faults = [one for one in found if isinstance(one, Problem)]
        problems += sort_by_line([*faults, *_missing_appearances(entries, drafted, read.where, store)])
        proposed += [one for one in found if isinstance(one, ProposedChange) and one.change.fields]
    return ChangeBatch(proposed, unread), problems


def _file_record_key(path: Path) -> RecordKey:
    if path.name == text_form.ARTICLE_FILE:
        return Subject.ARTICLE, path.parent.name
    return Subject.DOCUMENT if path.parent.name == text_form.DOCUMENTS_FOLDER else Subject.CLAIM, path.stem


def _propose(entry: text_form.FileRecord, where: SourceLocation, store: DeskStore) -> ProposedChange | Problem:
    subject, base, record, steps = entry
    key = record_key(record)
    before = _record_at((subject, key), base, store)
    if before is None:
        return where.problem("unknown-base", (*steps, "base"), key=key, base=str(base)[:12])
    fields = differing_fields(before, record.to_json())
    return ProposedChange(Change(subject=subject, key=key, base=base, fields=fields), where.narrowed_to(*steps))


def _record_at(place: RecordKey, base: str | None, store: DeskStore) -> dict[str, Any] | None:
    """Return a record as a public revision has it, {} for no base, or None if the revision does not exist."""
    if base is None:
        return {}
    body = store.body(*place, base)
    return msgspec.json.decode(body)["record"] if body else None


def differing_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new value of each top-level field that differs; None if the field was removed.

    >>> differing_fields({"a": 1, "b": 2}, {"a": 1, "c": 3})
    {'b': None, 'c': 3}
    """
    names = sorted(before.keys() | after.keys())
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}


def _missing_appearances(
    entries: Sequence[text_form.FileRecord], drafted: Collection[str], where: SourceLocation, store: DeskStore
) -> Iterator[Problem]:
    """Yield a problem for each appearance, public or drafted, that is missing from the file of its claim."""
    claim_id = record_key(entries[0].record)
    if entries[0].subject is not Subject.CLAIM:
        return
    present = {record_key(entry.record) for entry in entries}
    public = {msgspec.json.decode(body)["key"] for body in store.revision_bodies(claim_id)}
    waiting = {key for key in drafted if key.startswith(f"{claim_id}@")}
    for key in sorted((public | waiting) - present):
        variant = "public" if key in public else "draft"
        yield where.problem(f"appearance-taken-away/{variant}", ("appearances",), key=key)


def make_drafts(
    batch: ChangeBatch, store: DeskStore, edit: Edit, beside: Iterable[Draft] = ()
) -> tuple[list[Draft], list[Problem]]:
    """Return the drafts that changes make, or every problem; a change already drafted or public makes no draft.

    `beside` are further drafts that are not stored yet.
    """
    waiting = {(draft.subject, draft.key): draft for draft in (*store.open_drafts(), *beside)}
    drafts: dict[RecordKey, Draft] = {}
    wheres: dict[RecordKey, SourceLocation] = {}
    problems: list[Problem] = []
    for change, where, seen_draft in batch.proposed:
        place = (change.subject, change.key)
        if place in wheres:
            problems.append(_duplicate_problem(place, where, wheres[place]))
            continue
        wheres[place] = where
        drafted = _Drafting(change, where, edit, store, seen_draft).draft(waiting.get(place))
        if isinstance(drafted, Draft):
            drafts[place] = drafted
        else:
            problems += drafted
    known = _KnownRecords(waiting | drafts, {*batch.unreadable, *(wheres.keys() - drafts.keys())}, store)
    for place, draft in drafts.items():
        problems += known.missing(draft.record, wheres[place])
    files = {proposed.where.name: number for number, proposed in enumerate(batch.proposed)}
    return list(drafts.values()), sorted(sort_by_line(problems), key=lambda problem: files[problem.file])


def _duplicate_problem(place: RecordKey, where: SourceLocation, first: SourceLocation) -> Problem:
    if first.name:
        return where.problem("record-twice", key=place[1], other=first.name)
    return where.problem("record-twice/batch", key=place[1])


@dataclass(frozen=True, slots=True)
class _Drafting:
    """The conversion of one change to a draft."""

    change: Change
    where: SourceLocation
    edit: Edit
    store: DeskStore
    seen_draft: int | None

    def draft(self, waiting: Draft | None) -> Draft | list[Problem]:
        """Return the draft, or its problems; [] if the ledger or an open draft has the same content."""
        change = self.change
        head = self.store.head(change.subject, change.key)
        public = msgspec.json.decode(head.body) if head else {"record": {}, "kind": None}
        if change.base != (head.sha256 if head else None):
            seen = _record_at((change.subject, change.key), change.base, self.store) or {}
            return self._conflicts(seen, public["record"], Message("stale-base/values"))
        after = {name: value for name, value in (public["record"] | thaw(change.fields)).items() if value is not None}
        drafted = msgspec.json.decode(waiting.record_json) if waiting else None
        if change.subject is Subject.CLAIM:
            article_id = str(after.get("article_id", ""))
            known = read_model_drafts(self.store.connection, change.key, article_id)
            after = mark_claim(after, drafted or public["record"], known)
        if after in (drafted, public["record"]):
            return []
        if waiting and drafted and not self._has_seen(waiting):
            own = waiting.authors[0] == self.edit.author
            message = Message("open-draft/own") if own else Message("open-draft", author=waiting.authors[0])
            return self._conflicts(public["record"], drafted, message)
        return self._validate(after, public["record"], public["kind"])

    def _has_seen(self, waiting: Draft) -> bool:
        """Return whether the author saw the open draft; for a file, this is assumed of their own draft only."""
        if self.seen_draft is not None:
            return self.seen_draft == waiting.draft_id
        return waiting.authors[0] == self.edit.author

    def _validate(self, after: dict[str, Any], before: Mapping[str, Any], last: str | None) -> Draft | list[Problem]:
        model = MODELS[self.change.subject]
        try:
            record = model.model_validate_json(msgspec.json.encode(after))
        except ValidationError as error:
            return validation_problems(error, model, after, self.where)
        if record_key(record) != self.change.key:
            return [self.where.problem("name-changed", (next(iter(model.model_fields)),), name=self.change.key)]
        kind = RevisionKind.LISTED if last is None else self.edit.kind or RevisionKind.LISTED
        correction = self.edit.correction if kind is RevisionKind.CORRECTION else None
        refused = revision_problems(
            kind, RevisionKind(last) if last else None, before, after, correction.kind if correction else None
        )
        draft = Draft(
            subject=self.change.subject,
            key=self.change.key,
            base=self.change.base,
            kind=kind,
            authors=(self.edit.author,),
            reason=self.edit.reason,
            record_json=encode_body(record.to_json()),
            correction=correction,
        )
        return [*(self._locate(problem) for problem in refused), *self._check_size(draft)] or draft

    def _locate(self, problem: Problem) -> Problem:
        steps = tuple(problem.field.split(".")) if problem.field else ()
        return self.where.place(problem, steps)

    def _check_size(self, draft: Draft) -> Iterator[Problem]:
        reader_parts = msgspec.json.encode([draft.reason, draft.correction and draft.correction.to_json()])
        room = MAX_BODY - _ENVELOPE_BYTES - len(reader_parts)
        if len(draft.record_json) > room:
            yield self.where.problem("record-too-large", size=len(draft.record_json), limit=room)

    def _conflicts(self, seen: Mapping[str, Any], now: Mapping[str, Any], message: Message) -> list[Problem]:
        """Return one problem for each conflicting value, showing all versions; values are never merged silently."""
        mine = thaw(self.change.fields)
        seen, now = ({name: values.get(name) for name in mine} for values in (seen, now))
        given = dict(message.values)
        return [
            self.where.problem(
                message.key, way, mine=_quoted_value(mine), now=_quoted_value(now), seen=_quoted_value(seen), **given
            )
            for way, mine, seen, now in _differing_values(mine, seen, now)
        ]


def unpublished_references(
    drafts: Sequence[Draft], store: DeskStore, beside: Container[RecordKey] = ()
) -> list[Problem]:
    """Return a problem for each record that a draft refers to and that is not public or among `drafts` or `beside`."""
    together = {(draft.subject, draft.key) for draft in drafts}
    return [
        Problem(f"unpublished-{subject}", key=draft.key, named=key)
        for draft in drafts
        for _, subject, key in record_references(draft.record)
        if (subject, key) not in together and (subject, key) not in beside and store.head(subject, key) is None
    ]


_ENVELOPE_BYTES = 1_024
"""The largest number of bytes in a log body around record, reason and correction."""


def _differing_values(mine: Any, seen: Any, now: Any, way: ValuePath = ()) -> Iterator[tuple[ValuePath, Any, Any, Any]]:  # noqa: ANN401
    """Yield the path of each conflicting value, with the new value, the value seen and the current one."""
    values = (mine, seen, now)
    if all(isinstance(value, dict | None) for value in values):
        mine, seen, now = (value or {} for value in values)
        for name in sorted(mine.keys() | seen.keys()):
            yield from _differing_values(mine.get(name), seen.get(name), now.get(name), (*way, name))
    elif all(isinstance(value, list) and len(value) == len(mine) for value in values):
        for number, parts in enumerate(zip(*values, strict=True)):
            yield from _differing_values(*parts, (*way, number))
    elif mine not in (seen, now):
        yield way, mine, seen, now


_MAX_SHOWN = 400
"""The largest number of characters of a value that a conflict shows."""


def _quoted_value(value: object) -> Value:
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class _KnownRecords:
    """The records that others may refer to: public, drafted, or refused and about to be fixed."""

    drafts: Mapping[RecordKey, Draft]
    refused: Collection[RecordKey]
    store: DeskStore

    def missing(self, record: LedgerRecord, where: SourceLocation) -> Iterator[Problem]:
        """Yield a problem for each unknown reference of a record and each mismatch with its article or documents."""
        if isinstance(record, Document) and record.is_withheld:
            for claim_id in claims_with_excerpt(record.document_id, self.drafts, self.store):
                yield where.place(withheld_excerpt_problem(record.document_id, claim_id), ("is_withheld",))
        for steps, subject, key in record_references(record):
            if not self._has((subject, key)):
                yield where.problem(f"unknown-{subject}", steps, name=key)
            elif isinstance(record, Appearance) and subject is Subject.ARTICLE:
                yield from self._check_article(record, where)
            elif isinstance(record, Claim) and subject is Subject.DOCUMENT:
                yield from self._check_document(record.evidence[int(steps[1])], where.narrowed_to(*steps[:2]))

    def _has(self, place: RecordKey) -> bool:
        return place in self.drafts or place in self.refused or self.store.head(*place) is not None

    def _check_article(self, record: Appearance, where: SourceLocation) -> Iterator[Problem]:
        article = self._article(record.article_id)
        if article is None:
            return
        if all(edition.edition_sha256 != record.edition_sha256 for edition in article.editions):
            yield where.problem("unknown-edition", ("edition_sha256",), sha256=record.edition_sha256[:12])
        if not article.rights.may_hold_text and record.quote.has_text:
            yield where.problem("text-not-allowed", ("quote",))

    def _check_document(self, evidence: Evidence, where: SourceLocation) -> Iterator[Problem]:
        document = self._record((Subject.DOCUMENT, evidence.document_id))
        if isinstance(document, Document) and document.is_withheld:
            for name in ("excerpt", "passage"):
                if getattr(evidence, name):
                    yield where.problem("excerpt-of-withheld", (name,))

    def _article(self, article_id: str) -> Article | None:
        record = self._record((Subject.ARTICLE, article_id))
        return record if isinstance(record, Article) else None

    def _record(self, place: RecordKey) -> LedgerRecord | None:
        draft = self.drafts.get(place)
        head = self.store.head(*place)
        if place in self.refused:
            return None
        return (
            draft.record if draft else Revision.model_validate_json(head.body, context=STORED).record if head else None
        )


def record_references(record: LedgerRecord) -> Iterator[tuple[ValuePath, Subject, str]]:
    """Yield each reference in a record: its path, and the subject and key of the other record."""
    match record:
        case Claim():
            yield ("article_id",), Subject.ARTICLE, record.article_id
            for number, evidence in enumerate(record.evidence):
                yield ("evidence", number, "document_id"), Subject.DOCUMENT, evidence.document_id
            for number, related in enumerate(record.relations):
                yield ("relations", number, "claim_id"), Subject.CLAIM, related.claim_id
        case Appearance():
            yield ("claim_id",), Subject.CLAIM, record.claim_id
            yield ("article_id",), Subject.ARTICLE, record.article_id
        case Document():
            for number, document_id in enumerate(record.derives_from):
                yield ("derives_from", number), Subject.DOCUMENT, document_id
        case Article():
            return

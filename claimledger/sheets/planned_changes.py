"""The outcome of one merged row of a review sheet: a change, proposed verdicts and evidence, or problems.

A change contains exactly the top-level fields in which the claim differs from its newest public revision, and never
verdicts: these are proposals for others to approve. The module knows nothing of other rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.newsroom.drafting import ProposedChange, differing_fields
from claimledger.newsroom.machine_wording import mark_claim
from claimledger.ledger.validation import validation_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.messages import Value
from claimledger.models import Change, Claim, Document, MachineWording, Verdict
from claimledger.sheets.sheet_columns import SHEET_COLUMNS_BY_NAME, VERDICT_COLUMNS, ReviewRow, claim_verdict
from claimledger.vocabulary import CaptureExtent, Question, Stance, Subject, VerdictValue

_LANGUAGES = ("ko", "en")


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row after the merge: its claim, and the values taken from the sheet."""

    number: int
    """The row's number in the sheet."""
    claim_id: str
    """The claim's identifier."""
    head: str | None
    """The hash of its newest public revision, or None."""
    public: Claim | None
    """The claim in that revision, or None."""
    standing: Claim
    """The claim's current version: its open draft, or else its newest public revision."""
    edits: Mapping[str, str]
    """Column to the value taken from the sheet; an empty string for a cell that was emptied."""
    added: Mapping[str, str]
    """Column to the text written into an empty cell: new evidence and the reason."""
    known_document: str = ""
    """The document with the address of the new evidence, or an empty string if the desk has none."""

    @property
    def reason(self) -> str:
        """The reason in the row, or an empty string."""
        return self.added.get("reason", "")


class CellDifference(NamedTuple):
    """A changed cell of the dry run."""

    claim_id: str
    row: int
    field: str
    """The column."""
    before: str
    """The claim's current value."""
    after: str
    """The new value."""


class PlannedChange(NamedTuple):
    """A change and the row that makes it."""

    change: Change
    row: int
    reason: str
    """The reason in the row, or an empty string."""

    def as_proposed(self, file: str) -> ProposedChange:
        """Return the change with its place in the file."""
        return ProposedChange(self.change, SourceLocation(file, {(): self.row}))


class VerdictProposal(NamedTuple):
    """A verdict that a row proposes."""

    claim_id: str
    row: int
    question: Question
    verdict: Verdict | None
    """The verdict, or None to remove one that was never published."""
    published: Verdict | None
    """The published verdict that it would replace, which makes it a correction."""
    reason: str
    """The reason in the row, or an empty string."""


class NewEvidence(NamedTuple):
    """Evidence that a row proposes; the import records its document if the desk does not have it."""

    claim_id: str
    row: int
    address: str
    """The address of the document."""
    stance: Stance
    """Its relation to the claim."""
    summary: Mapping[str, str]
    """Its summary, by language."""
    reason: str
    """The reason in the row, or an empty string."""
    known_document: str
    """The document's identifier, or an empty string if the desk does not have it."""
    document: Mapping[str, Any]
    """The row's description (JSON) of a document that the desk does not have."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """The changes, proposals, differences and problems of rows."""

    changes: tuple[PlannedChange, ...] = ()
    proposals: tuple[VerdictProposal, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    differences: tuple[CellDifference, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def combine(cls, outcomes: Sequence[RowOutcome]) -> RowOutcome:
        """Return the combined outcome of several rows."""
        return cls(
            tuple(chain.from_iterable(one.changes for one in outcomes)),
            tuple(chain.from_iterable(one.proposals for one in outcomes)),
            tuple(chain.from_iterable(one.evidence for one in outcomes)),
            tuple(chain.from_iterable(one.differences for one in outcomes)),
            tuple(chain.from_iterable(one.problems for one in outcomes)),
        )


def row_outcome(row: MergedRow, file: str, *, is_decided: bool) -> RowOutcome:
    """Return the outcome of a row; a row with an open conflict has only differences."""
    differences = tuple(_differences(row))
    if not is_decided:
        return RowOutcome(differences=differences)
    made = [*_change(row, file), *_proposals(row, file), *_evidence(row, file), *_unused_reason(row, file)]
    return RowOutcome(
        tuple(one for one in made if isinstance(one, PlannedChange)),
        tuple(one for one in made if isinstance(one, VerdictProposal)),
        tuple(one for one in made if isinstance(one, NewEvidence)),
        differences,
        tuple(one for one in made if isinstance(one, Problem)),
    )


def _differences(row: MergedRow) -> Iterator[CellDifference]:
    standing = ReviewRow(row.standing, None)
    for name, value in (*row.edits.items(), *row.added.items()):
        before = SHEET_COLUMNS_BY_NAME[name].cell(standing)
        if value != before and name != "reason":
            yield CellDifference(row.claim_id, row.number, name, before, value)


def _unused_reason(row: MergedRow, file: str) -> Iterator[Problem]:
    if row.added.keys() == {"reason"} and not row.edits:
        yield _problem(row, file, "reason", "reason-without-change")


def _problem(row: MergedRow, file: str, column: str, key: str, /, **values: Value) -> Problem:
    return Problem(key, file=file, line=row.number, field=column, **values)


def _wording(before: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """Return a wording with the values of some languages replaced; an empty value removes its language."""
    given = {language: value for language, value in values.items() if value is not None}
    return {language: text for language, text in {**before, **given}.items() if text}


def _change(row: MergedRow, file: str) -> Iterator[PlannedChange | Problem]:
    """Yield the change of statement and note, or the problem that prevents it."""
    claim = row.standing
    statement = _wording(claim.statement, {code: row.edits.get(f"statement_{code}") for code in _LANGUAGES})
    note = _wording(claim.note or {}, {code: row.edits.get(f"note_{code}") for code in _LANGUAGES})
    if (statement, note) == (dict(claim.statement), dict(claim.note or {})):
        return
    if not statement:
        yield _problem(row, file, "statement_ko", "statement-missing")
        return
    after = {**claim.to_json(), "statement": statement, "note": note or None}
    after = mark_claim({name: value for name, value in after.items() if value is not None}, claim.to_json(), ())
    if problems := _problems(Claim, after, row, file):
        yield from problems
        return
    fields = differing_fields(row.public.to_json() if row.public else {}, after)
    if fields:
        change = Change(subject=Subject.CLAIM, key=row.claim_id, base=row.head, fields=fields)
        yield PlannedChange(change, row.number, row.reason)
    else:
        yield _problem(row, file, "claim_id", "draft-taken-back")


def _problems(
    model: type[Claim | Document | Verdict], values: Mapping[str, Any], row: MergedRow, file: str
) -> list[Problem]:
    try:
        model.model_validate_json(msgspec.json.encode(values))
    except ValidationError as error:
        return validation_problems(error, model, values, SourceLocation(file, {(): row.number}))
    return []


def _proposals(row: MergedRow, file: str) -> Iterator[VerdictProposal | Problem]:
    for question, names in VERDICT_COLUMNS.items():
        if row.edits.keys() & set(names):
            yield from _proposal(row, file, question)


def _proposal(row: MergedRow, file: str, question: Question) -> Iterator[VerdictProposal | Problem]:
    """Yield the verdict in the cells of a row, or the problems that prevent it."""
    names = VERDICT_COLUMNS[question]
    standing = claim_verdict(row.standing, question)
    published = claim_verdict(row.public, question) if row.public else None
    shown = ReviewRow(row.standing, None)
    value, as_of = (row.edits.get(name, SHEET_COLUMNS_BY_NAME[name].cell(shown)) for name in (names.value, names.as_of))
    texts = {code: row.edits.get(name) for code, name in zip(_LANGUAGES, (names.ko, names.en), strict=True)}
    rationale = _wording(standing.rationale if standing else {}, texts)
    if published and not value:
        yield _problem(row, file, names.value, "verdict-taken-away")
    elif lacking := _missing_columns(value, rationale, as_of, names):
        yield from (_incomplete(row, file, column, names.value) for column in lacking)
    else:
        verdict = _verdict(question, value, rationale, as_of, standing) if value else None
        if verdict != standing:
            yield VerdictProposal(row.claim_id, row.number, question, verdict, published, row.reason)


def _missing_columns(value: str, rationale: Mapping[str, str], as_of: str, names: Sequence[str]) -> list[str]:
    """Return the empty columns of a verdict that has other columns filled."""
    filled = dict(zip((names[0], names[1], names[3]), (value, rationale, as_of), strict=True))
    return [name for name, content in filled.items() if not content] if any(filled.values()) else []


def _incomplete(row: MergedRow, file: str, column: str, value: str) -> Problem:
    return _problem(row, file, column, "verdict-incomplete", value_column=value)


def _verdict(
    question: Question, value: str, rationale: Mapping[str, str], as_of: str, standing: Verdict | None
) -> Verdict:
    """Return the verdict; what a sheet does not show stays as in the verdict before, such as its review date."""
    new = Verdict(question=question, value=VerdictValue(value), rationale=rationale, as_of=as_of)
    if standing is None:
        return new
    worded = tuple(_machine_wording(rationale, standing))
    kept = {"recheck_after": standing.recheck_after, "searched": standing.searched, "machine_wording": worded}
    return new.model_copy(update=kept)


def _machine_wording(rationale: Mapping[str, str], standing: Verdict) -> Iterator[MachineWording]:
    """Yield the marks of the languages that are still there; a text that was changed is marked as edited."""
    for one in standing.machine_wording:
        if one.language in rationale:
            is_changed = rationale[one.language] != standing.rationale[one.language]
            yield one.model_copy(update={"is_edited": one.is_edited or is_changed})


def _evidence(row: MergedRow, file: str) -> Iterator[NewEvidence | Problem]:
    """Yield the evidence that a row adds, or a problem for each missing or superfluous part of it."""
    summary, title = (_added_wording(row, name) for name in ("summary", "title"))
    address, stance = row.added.get("evidence_address", ""), row.added.get("evidence_stance", "")
    said = {"evidence_address": address, "evidence_stance": stance, "evidence_summary_ko": summary}
    told = {name: row.added.get(f"evidence_{name}", "") for name in ("medium", "tier", "language")}
    described = {**{f"evidence_{name}": text for name, text in told.items()}, "evidence_title_ko": title}
    if not any((*said.values(), *described.values())):
        return
    document = {**told, "title": title} if not row.known_document else {}
    problems = [
        *(_problem(row, file, name, "evidence-incomplete") for name, content in said.items() if not content),
        *(
            _problem(row, file, name, "evidence-incomplete/document")
            for name, content in described.items()
            if document and address and not content
        ),
        *(
            _known_document_problem(row, file, name)
            for name, content in described.items()
            if row.known_document and content
        ),
    ]
    yield from problems or _document_problems(document, row, file)
    if not problems:
        yield NewEvidence(
            row.claim_id, row.number, address, Stance(stance), summary, row.reason, row.known_document, document
        )


def _added_wording(row: MergedRow, name: str) -> dict[str, str]:
    return {code: text for code in _LANGUAGES if (text := row.added.get(f"evidence_{name}_{code}"))}


def _known_document_problem(row: MergedRow, file: str, column: str) -> Problem:
    return _problem(row, file, column, "document-known/sheet", document=row.known_document)


def _document_problems(document: Mapping[str, Any], row: MergedRow, file: str) -> Iterator[Problem]:
    """Yield the problems with the description of a document, at the columns of the sheet.

    A document has no identifier before the import, so the check uses the claim's, which has the same form.
    """
    if not document:
        return
    whole = {**document, "document_id": row.claim_id, "obtained_at": _IMPORT_TIME, "captured": CaptureExtent.NONE.value}
    for problem in _problems(Document, whole, row, file):
        yield problem.relocate(field=f"evidence_{problem.field}")


_IMPORT_TIME = "2000-01-01T00:00:00.000Z"
"""A placeholder for the time of the import, at which the documents are recorded."""

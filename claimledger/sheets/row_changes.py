"""What a row of a review sheet comes to once it is merged: a change, verdicts and evidence proposed, or problems.

In: a claim as it stands and the cells taken from the sheet. Out: an `Outcome`. The invariant: a change holds exactly
the top-level fields in which the record differs from its newest public revision, and verdicts are never among what a
sheet changes there: they are proposals for others to approve. It knows nothing of other rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.newsroom.drafting import Proposed, differing_fields
from claimledger.ledger.validation import problems_in
from claimledger.ledger.yaml_source import Where
from claimledger.models import Change, Claim, Document, Verdict
from claimledger.sheets.sheet_columns import BY_NAME, VERDICT_COLUMNS, ReviewRow, verdict_of
from claimledger.vocabulary import Captured, Question, Stance, Subject, VerdictValue

_LANGUAGES = ("ko", "en")


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row after the merge: the claim it is laid over, and what is taken from it."""

    number: int
    """The row in the sheet."""
    claim_id: str
    """The claim."""
    head: str | None
    """Hash of its newest public revision."""
    public: Claim | None
    """What that revision says."""
    standing: Claim
    """The claim as it stands: its open draft, else its newest public revision."""
    edits: Mapping[str, str]
    """Column to the value taken from the sheet; nothing for a cell that was emptied."""
    added: Mapping[str, str]
    """Column to what was written into an empty one: evidence and the reason."""
    known_document: str = ""
    """The document that the address of new evidence is of; empty if the desk has none."""

    @property
    def reason(self) -> str:
        """Why, as the row says; empty if it does not."""
        return self.added.get("reason", "")


class Difference(NamedTuple):
    """One cell of the dry run."""

    claim_id: str
    row: int
    field: str
    """The column."""
    before: str
    """What the claim says."""
    after: str
    """What it would say."""


class PlannedChange(NamedTuple):
    """A change, and the row that makes it."""

    change: Change
    row: int
    reason: str
    """Why, as the row says; empty if it does not."""

    def proposed(self, file: str) -> Proposed:
        """Return the change as the ledger takes it."""
        return Proposed(self.change, Where(file, {(): self.row}))


class VerdictProposal(NamedTuple):
    """A verdict that a row proposes."""

    claim_id: str
    row: int
    question: Question
    verdict: Verdict | None
    """The verdict; none where one that was never published is taken back."""
    published: Verdict | None
    """The published one that it would replace: that is a correction."""
    reason: str
    """Why, as the row says; empty if it does not."""


class NewEvidence(NamedTuple):
    """Evidence that a row proposes; a document that the desk has not is still to be recorded."""

    claim_id: str
    row: int
    address: str
    """Where the document is."""
    stance: Stance
    """What it does to the claim."""
    summary: Mapping[str, str]
    """What it says, by language."""
    reason: str
    """Why, as the row says; empty if it does not."""
    known_document: str
    """The document, if the desk has it."""
    document: Mapping[str, Any]
    """What the row says of it (JSON), if the desk has it not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rows come to."""

    changes: tuple[PlannedChange, ...] = ()
    proposals: tuple[VerdictProposal, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def together(cls, outcomes: Sequence[Outcome]) -> Outcome:
        """Return what several rows come to."""
        return cls(
            tuple(chain.from_iterable(one.changes for one in outcomes)),
            tuple(chain.from_iterable(one.proposals for one in outcomes)),
            tuple(chain.from_iterable(one.evidence for one in outcomes)),
            tuple(chain.from_iterable(one.differences for one in outcomes)),
            tuple(chain.from_iterable(one.problems for one in outcomes)),
        )


def outcome_of(row: MergedRow, file: str, *, is_decided: bool) -> Outcome:
    """Return what a row comes to; one that waits for a decision comes to differences alone."""
    differences = tuple(_differences(row))
    if not is_decided:
        return Outcome(differences=differences)
    made = [*_change(row, file), *_proposals(row, file), *_evidence(row, file), *_reason_alone(row, file)]
    return Outcome(
        tuple(one for one in made if isinstance(one, PlannedChange)),
        tuple(one for one in made if isinstance(one, VerdictProposal)),
        tuple(one for one in made if isinstance(one, NewEvidence)),
        differences,
        tuple(one for one in made if isinstance(one, Problem)),
    )


def _differences(row: MergedRow) -> Iterator[Difference]:
    standing = ReviewRow(row.standing, None)
    for name, value in (*row.edits.items(), *row.added.items()):
        before = BY_NAME[name].cell(standing)
        if value != before and name != "reason":
            yield Difference(row.claim_id, row.number, name, before, value)


def _reason_alone(row: MergedRow, file: str) -> Iterator[Problem]:
    if row.added.keys() == {"reason"} and not row.edits:
        yield _problem(row, file, "reason", "reason-without-change", "The row gives a reason and changes nothing.",
                       "Make the change, or take the reason out.")  # fmt: skip


def _problem(row: MergedRow, file: str, *parts: str) -> Problem:
    column, code, sentence, remedy = parts
    return Problem(code, sentence, remedy, file, row.number, column)


def _wording(before: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """Return a wording with the values of some languages put in; an empty value takes its language away."""
    given = {language: value for language, value in values.items() if value is not None}
    return {language: text for language, text in {**before, **given}.items() if text}


def _change(row: MergedRow, file: str) -> Iterator[PlannedChange | Problem]:
    """Yield the change of statement and note, or why it cannot be."""
    claim = row.standing
    statement = _wording(claim.statement, {code: row.edits.get(f"statement_{code}") for code in _LANGUAGES})
    note = _wording(claim.note or {}, {code: row.edits.get(f"note_{code}") for code in _LANGUAGES})
    if (statement, note) == (dict(claim.statement), dict(claim.note or {})):
        return
    if not statement:
        sentence = "Both statements were emptied."
        yield _problem(row, file, "statement_ko", "statement-missing", sentence, "Leave one, in Korean or English.")
        return
    after = {**claim.to_json(), "statement": statement, "note": note or None}
    after = {name: value for name, value in after.items() if value is not None}
    if problems := _problems(Claim, after, row, file):
        yield from problems
        return
    fields = differing_fields(row.public.to_json() if row.public else {}, after)
    if fields:
        change = Change(subject=Subject.CLAIM, key=row.claim_id, base=row.head, fields=fields)
        yield PlannedChange(change, row.number, row.reason)
    else:
        sentence = "This takes back all that the open draft changes."
        yield _problem(row, file, "claim_id", "draft-taken-back", sentence, "Discard the draft instead.")


def _problems(
    model: type[Claim | Document | Verdict], values: Mapping[str, Any], row: MergedRow, file: str
) -> list[Problem]:
    try:
        model.model_validate_json(msgspec.json.encode(values))
    except ValidationError as error:
        return problems_in(error, model, values, Where(file, {(): row.number}))
    return []


def _proposals(row: MergedRow, file: str) -> Iterator[VerdictProposal | Problem]:
    for question, names in VERDICT_COLUMNS.items():
        if row.edits.keys() & set(names):
            yield from _proposal(row, file, question)


def _proposal(row: MergedRow, file: str, question: Question) -> Iterator[VerdictProposal | Problem]:
    """Yield the verdict that the cells of a row make, or why they make none."""
    names = VERDICT_COLUMNS[question]
    standing = verdict_of(row.standing, question)
    published = verdict_of(row.public, question) if row.public else None
    shown = ReviewRow(row.standing, None)
    value, as_of = (row.edits.get(name, BY_NAME[name].cell(shown)) for name in (names.value, names.as_of))
    texts = {code: row.edits.get(name) for code, name in zip(_LANGUAGES, (names.ko, names.en), strict=True)}
    rationale = _wording(standing.rationale if standing else {}, texts)
    if published and not value:
        sentence = "A published verdict was taken away."
        yield _problem(row, file, names.value, "verdict-taken-away", sentence, "Put it back, and record a correction.")
    elif lacking := _lacking(value, rationale, as_of, names):
        yield from (_incomplete(row, file, column, names.value) for column in lacking)
    else:
        verdict = _verdict(question, value, rationale, as_of, standing) if value else None
        if verdict != standing:
            yield VerdictProposal(row.claim_id, row.number, question, verdict, published, row.reason)


def _lacking(value: str, rationale: Mapping[str, str], as_of: str, names: Sequence[str]) -> list[str]:
    """Return the columns that are empty although others of the verdict are not."""
    filled = dict(zip((names[0], names[1], names[3]), (value, rationale, as_of), strict=True))
    return [name for name, content in filled.items() if not content] if any(filled.values()) else []


def _incomplete(row: MergedRow, file: str, column: str, value: str) -> Problem:
    sentence = f"The verdict of '{value}' has a value, a rationale and a day, or none of them; this is empty."
    return _problem(row, file, column, "verdict-incomplete", sentence, "Fill it in, or empty the others too.")


def _verdict(
    question: Question, value: str, rationale: Mapping[str, str], as_of: str, standing: Verdict | None
) -> Verdict:
    """Return the verdict; the day to look again stays that of the one before."""
    recheck_after = standing.recheck_after if standing else None
    return Verdict(
        question=question, value=VerdictValue(value), rationale=rationale, as_of=as_of, recheck_after=recheck_after
    )


def _evidence(row: MergedRow, file: str) -> Iterator[NewEvidence | Problem]:
    """Yield the evidence that a row adds, or a problem for each part of it that is missing, or too much."""
    summary, title = (_added_wording(row, name) for name in ("summary", "title"))
    address, stance = row.added.get("evidence_address", ""), row.added.get("evidence_stance", "")
    said = {"evidence_address": address, "evidence_stance": stance, "evidence_summary_ko": summary}
    told = {name: row.added.get(f"evidence_{name}", "") for name in ("medium", "tier", "language")}
    described = {**{f"evidence_{name}": text for name, text in told.items()}, "evidence_title_ko": title}
    if not any((*said.values(), *described.values())):
        return
    document = {**told, "title": title} if not row.known_document else {}
    problems = [
        *(_lacks(row, file, name, _SAYS) for name, content in said.items() if not content),
        *(
            _lacks(row, file, name, _DESCRIBES)
            for name, content in described.items()
            if document and address and not content
        ),
        *(_known(row, file, name) for name, content in described.items() if row.known_document and content),
    ]
    yield from problems or _faults_of_document(document, row, file)
    if not problems:
        yield NewEvidence(
            row.claim_id, row.number, address, Stance(stance), summary, row.reason, row.known_document, document
        )


_SAYS = "New evidence has an address, a stance and a summary in Korean or English; this is empty."
_DESCRIBES = (
    "The desk has no document of this address; it takes what it is, how near the fact, a title and a language; this is "
    "empty."
)


def _added_wording(row: MergedRow, name: str) -> dict[str, str]:
    return {code: text for code in _LANGUAGES if (text := row.added.get(f"evidence_{name}_{code}"))}


def _lacks(row: MergedRow, file: str, column: str, sentence: str) -> Problem:
    return _problem(row, file, column, "evidence-incomplete", sentence, "Fill it in, or empty the others too.")


def _known(row: MergedRow, file: str, column: str) -> Problem:
    sentence = f"There is a document of this address: '{row.known_document}'."
    return _problem(row, file, column, "document-known", sentence, "Empty the cells that describe it.")


def _faults_of_document(document: Mapping[str, Any], row: MergedRow, file: str) -> Iterator[Problem]:
    """Yield what keeps the description of a document from being one, at the columns of the sheet.

    Until it is taken in it has no name of its own, and the claim's has the form of one.
    """
    if not document:
        return
    whole = {**document, "document_id": row.claim_id, "obtained_at": _MOMENT, "captured": Captured.NONE.value}
    for problem in _problems(Document, whole, row, file):
        yield replace(problem, field=f"evidence_{problem.field}")


_MOMENT = "2000-01-01T00:00:00.000Z"
"""Stands for the moment a sheet is taken in, which is when its documents are recorded."""

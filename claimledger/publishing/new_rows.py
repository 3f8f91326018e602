"""Gather the rows of projected records for a file that contains nothing yet, where many records are written at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from claimledger.publishing.findings_across import measured_facts
from claimledger.publishing.record_projection import SEARCH_INDEX_OF, LoggedRecord, ProjectedRecord, project
from claimledger.publishing.row_writer import StoredRow, row_hash
from claimledger.publishing.tables import CLAIMS, FACT_FIGURES, QUANTITIES, SILENT_EDITS, STATUS_CHANGES
from claimledger.publishing.tallies import Tally
from claimledger.vocabulary import RecordState, Subject


class NewRows(NamedTuple):
    """All that a file gets from some records that it does not contain yet."""

    subject: Subject
    """The kind of the records."""
    versions: int
    """The number of versions of the records."""
    rows: Mapping[str, Sequence[StoredRow]]
    """The rows by table."""
    sums: Mapping[str, int]
    """The sums of the hashes of the rows by table."""
    tokens: Sequence[tuple[int, str | None]]
    """The row numbers of records that have a search index, with their tokens."""
    bodies: Sequence[tuple[int, str | None]]
    tallies: Mapping[Tally, int]
    correction_numbers: Sequence[int]


def project_new(records: Sequence[LoggedRecord]) -> NewRows:
    """Return all that a file gets from some records that it does not contain yet.

    Raises:
        RevisionUnusable: as `project`.
    """
    return _gather(project(records))


def _gather(records: Sequence[ProjectedRecord]) -> NewRows:
    rows: dict[str, list[StoredRow]] = defaultdict(list)
    tallies: Counter[Tally] = Counter()
    for record in records:
        for name, some in chain(record.rows.items(), record.changes.items()):
            rows[name] += some
        rows[FACT_FIGURES.name] += fact_figures(record)
        rows[STATUS_CHANGES.name] += record.status_changes
        rows[SILENT_EDITS.name] += record.silent_edits
        for tally, number in record.tallies.items():
            tallies[tally] += number
    return NewRows(
        subject=records[0].subject,
        versions=sum(record.new_versions for record in records),
        rows={name: some for name, some in rows.items() if some},
        sums={name: sum(map(row_hash, some)) for name, some in rows.items() if some},
        tokens=[(record.number, record.tokens[1]) for record in records if record.subject in SEARCH_INDEX_OF],
        bodies=[*chain.from_iterable(record.bodies for record in records)],
        tallies=tallies,
        correction_numbers=[*chain.from_iterable(record.correction_numbers for record in records)],
    )


def fact_figures(record: ProjectedRecord) -> Iterator[StoredRow]:
    """Yield the rows of `fact_figures` of a claim; a withdrawn claim has none."""
    claims = record.rows.get(CLAIMS.name)
    if claims and claims[0][_STATE] == RecordState.LISTED:
        for row in record.rows.get(QUANTITIES.name, ()):
            yield from ((fact, record.number, row[_POSITION], record.key) for fact in measured_facts(row))


_STATE, _POSITION = CLAIMS.stored.index("record_state"), QUANTITIES.stored.index("position")

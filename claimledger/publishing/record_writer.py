"""Write what the file contains of projected records: rows, changes, search tokens, counts.

`write` compares with the rows that are there, and collects the claims that the change affects; `write_new` adds to a
file that contains nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from claimledger.publishing.affected_claims import AffectedClaims
from claimledger.publishing.findings_across import measured_facts
from claimledger.publishing.new_rows import NewRows, fact_figures
from claimledger.publishing.record_projection import RECORD_TABLES, SEARCH_INDEX_OF, ProjectedRecord
from claimledger.publishing.row_writer import RowWriter, StoredRow
from claimledger.publishing.tables import (
    BOOKKEEPING, FACT_FIGURES, QUANTITIES, REVISION, SILENT_EDITS, STATUS_CHANGES, TABLES,
)  # fmt: skip
from claimledger.publishing.tallies import Tally
from claimledger.vocabulary import Subject

_BY_NAME = {table.name: table for table in (*TABLES, *BOOKKEEPING)}
_ADD_TOKENS = "INSERT INTO {index} (rowid, grams) VALUES (?, ?)"
_DROP_TOKENS = "INSERT INTO {index} ({index}, rowid, grams) VALUES ('delete', ?, ?)"


class RecordWriter:
    """A writer of projected records; the counts wait in `tallies` until all records are written."""

    def __init__(self, rows: RowWriter, affected: AffectedClaims) -> None:
        """Write with a writer of rows; the claims that a change affects are added to `affected`."""
        self.writer, self.affected = rows, affected
        self.tallies: Counter[Tally] = Counter()
        self.correction_numbers: list[int] = []

    def write_new(self, new: NewRows) -> None:
        """Write records to a file that contains nothing of them."""
        for name, rows in new.rows.items():
            self.writer.insert(_BY_NAME[name], rows, total=new.sums[name])
        if new.tokens:
            self.writer.connection.executemany(_ADD_TOKENS.format(index=SEARCH_INDEX_OF[new.subject]), new.tokens)
        self._show_bodies(new.bodies)
        self._count(new.tallies, new.correction_numbers)

    def write(self, records: Sequence[ProjectedRecord]) -> None:
        """Write some records of one kind to a file that may contain earlier versions of them."""
        claims = [record for record in records if record.subject is Subject.CLAIM]
        names = [record.key for record in claims]
        figures = [row for record in claims for row in record.rows.get(QUANTITIES.name, ())]
        self.affected.before_claims(names, figures)
        for record in records:
            self._write(record)
        self.affected.after_claims(names)

    def _count(self, tallies: Mapping[Tally, int], correction_numbers: Iterable[int]) -> None:
        for tally, number in tallies.items():
            self.tallies[tally] += number
        self.correction_numbers += correction_numbers

    def _write(self, record: ProjectedRecord) -> None:
        if record.subject is Subject.APPEARANCE:
            self._write_appearance(record)
        elif record.subject is Subject.CLAIM:
            self._write_facts(record)
        for name, column in RECORD_TABLES[record.subject] if record.subject is not Subject.APPEARANCE else ():
            self.writer.replace(_BY_NAME[name], {column: record.key}, record.rows.get(name, ()))
        for name, rows in record.changes.items():
            self._write_changes(name, rows, is_new=record.is_new)
        self._write_tokens(record)
        self.writer.insert(STATUS_CHANGES, record.status_changes)
        self.writer.insert(SILENT_EDITS, record.silent_edits)
        self._show_bodies(record.bodies)
        self._count(record.tallies, record.correction_numbers)

    def _write_changes(self, name: str, rows: Sequence[StoredRow], *, is_new: bool) -> None:
        """Write rows of history or corrections; each has a number of its own."""
        if is_new:
            self.writer.insert(_BY_NAME[name], rows)
            return
        for row in rows:
            self.writer.replace(_BY_NAME[name], {"id": row[0]}, [row])

    def _write_appearance(self, record: ProjectedRecord) -> None:
        (table, _), *_ = RECORD_TABLES[Subject.APPEARANCE]
        (row,) = record.rows[table]
        self.affected.note_passages(row[0])
        self.writer.replace(_BY_NAME[table], dict(zip(_BY_NAME[table].key, row[:3], strict=True)), [row])
        self.affected.note_passages(row[0])

    def _write_facts(self, record: ProjectedRecord) -> None:
        before = self.writer.read(QUANTITIES, {"claim_id": record.key})
        facts = {fact for row in before for fact in measured_facts(row)}
        for fact in sorted(facts):
            self.writer.replace(FACT_FIGURES, {"fact": fact, "number": record.number}, ())
        self.writer.insert(FACT_FIGURES, [*fact_figures(record)])

    def _write_tokens(self, record: ProjectedRecord) -> None:
        was, now = record.tokens
        if was != now:
            execute, index = self.writer.connection.execute, SEARCH_INDEX_OF[record.subject]
            if was is not None:
                execute(_DROP_TOKENS.format(index=index), (record.number, was))
            execute(_ADD_TOKENS.format(index=index), (record.number, now))

    def _show_bodies(self, bodies: Iterable[tuple[int, str | None]]) -> None:
        """Show the bodies of versions without the words that are hidden."""
        place = REVISION.stored.index("body")
        for number, body in bodies:
            (row,) = self.writer.read(REVISION, {"number": number})
            self.writer.replace(REVISION, {"number": number}, [(*row[:place], body, *row[place + 1 :])])

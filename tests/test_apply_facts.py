"""Different values of one fact: compared with the first figures in the order of the log, up to a number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest
from apply_logs import ARTICLES, base_claim
from ledger_rows import assert_same, contents
from made_ledger import ARTICLE, LogMaker

from claimledger.publishing import affected_claims, findings_across
from claimledger.publishing.apply import LogSources, apply
from claimledger.scalars import BASE32

MOST_REPORTED = 3
"""The number of other values that are reported for a figure; the first four different ones are compared."""


def workers(place: int, number: int) -> Mapping[str, Any]:
    """Return a claim about the number of workers of a port; all such claims are about one fact."""
    figure = {"text": str(number), "amount": str(number), "unit": "person"}
    said = {"statement": {"en": f"Haneul port has {number} workers."}, "quantities": [figure]}
    ending = "".join(BASE32[place >> (5 * digit) & 31] for digit in range(4))
    return base_claim(0, said, claim_id=f"port-has-workers-{ending}")


class Ledger:
    """A log and its database; after every change the rows are compared with a fresh build and with what is expected."""

    def __init__(self, connection: sqlite3.Connection, most: int) -> None:
        self.connection, self.most = connection, most
        self.log = LogMaker()
        self.log.add({**ARTICLE, "article_id": ARTICLES[0]})
        self.numbers: list[int | None] = []

    def apply(self) -> None:
        apply_log(self.connection, self.log)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            apply_log(fresh, self.log)
            assert_same(contents(self.connection), contents(fresh))
        assert self.findings() == self.expected()

    def add(self, number: int) -> None:
        """List another claim."""
        self.numbers.append(number)
        self.log.add(workers(len(self.numbers), number))

    def change(self, place: int, number: int | None, kind: str, **said: object) -> None:
        """Add a version of a claim; without a number it is no longer compared."""
        self.numbers[place - 1] = number
        self.log.add(workers(place, number or 340), kind, **said)

    def findings(self) -> dict[int, list[int]]:
        """Return the claims with findings, each with the other claims."""
        names = {workers(place, 1)["claim_id"]: place for place in range(1, len(self.numbers) + 1)}
        found: dict[int, list[int]] = {}
        for claim, other in self.connection.execute("SELECT claim_id, other_claim_id FROM findings"):
            found.setdefault(names[claim], []).append(names[other])
        return {place: sorted(others) for place, others in found.items()}

    def expected(self) -> dict[int, list[int]]:
        """Return the same from the numbers alone."""
        listed = [(place, number) for place, number in enumerate(self.numbers, start=1) if number is not None]
        compared, first = listed[: self.most], dict[int, int]()
        for place, number in compared:
            if len(first) <= MOST_REPORTED:
                first.setdefault(number, place)
        found = {
            place: [other for value, other in first.items() if value != number][:MOST_REPORTED]
            for place, number in compared
        }
        return {place: sorted(others) for place, others in found.items() if others}


def apply_log(connection: sqlite3.Connection, log: LogMaker) -> None:
    entries = log.entries
    apply(connection, entries, LogSources(lambda number: entries[number - 1].body))


@pytest.fixture(params=[5, pytest.param(findings_across.MOST_FIGURES, marks=pytest.mark.slow)])
def ledger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """Begin with three claims more than are compared: the first has a number of its own, as has the last but one."""
    for module in (findings_across, affected_claims):
        monkeypatch.setattr(module, "MOST_FIGURES", request.param)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        made = Ledger(connection, request.param)
        for place in range(1, made.most + 4):
            made.add({1: 340, 3: 555, made.most + 2: 777}.get(place, 430))
        made.apply()
        yield made


@pytest.mark.slow
def test_only_the_first_figures_of_a_fact_are_compared(ledger: Ledger) -> None:
    found = ledger.findings()
    assert found[1] == [2, 3]
    assert found[ledger.most] == [1, 3]
    assert max(found) == ledger.most
    assert ledger.most + 2 not in {other for others in found.values() for other in others}
    for number in (999, 430):
        ledger.add(number)
        ledger.apply()
    assert ledger.findings() == found


def test_first_value_is_corrected_withdrawn_and_listed_again(ledger: Ledger) -> None:
    note = {"kind": "clarification", "public_note": {"en": "The number was wrong."}}
    ledger.change(1, 430, "correction", correction=note)
    ledger.apply()
    assert ledger.findings()[3] == [1]
    ledger.change(1, 340, "correction", correction=note)
    ledger.apply()
    ledger.change(1, None, "withdrawal")
    ledger.apply()
    assert ledger.findings()[ledger.most + 1] == [3]
    ledger.change(2, None, "withdrawal")
    ledger.apply()
    assert ledger.findings()[3] == sorted([4, ledger.most + 2])
    ledger.change(1, 340, "update")
    ledger.apply()
    assert ledger.findings()[3] == [1, 4]
    assert ledger.most + 2 not in ledger.findings()


@pytest.mark.slow
def test_changes_of_several_first_claims_at_once(ledger: Ledger) -> None:
    ledger.change(2, None, "withdrawal")
    ledger.change(3, None, "withdrawal")
    ledger.change(1, 777, "update")
    ledger.add(340)
    ledger.apply()
    ledger.change(2, 340, "update")
    ledger.change(1, 340, "redaction")
    ledger.apply()
    ledger.change(3, 555, "update")
    ledger.change(ledger.most + 2, 430, "update")
    ledger.apply()

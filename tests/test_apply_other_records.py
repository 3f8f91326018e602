"""A change of one record reaches the rows of others: findings about claims, counts, names and passages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import pytest
from apply_logs import (
    ARTICLES, BASE, CLAIMS, EDITIONS, NOTHING, TEXTS, LogChange, base_claim, base_passage, document, make_log,
    statement_with,
)  # fmt: skip
from ledger_rows import assert_same, contents
from made_ledger import OWN

from claimledger.ledger.log import LogEntry
from claimledger.publishing.apply import LogSources, apply

Changes = Sequence[LogChange]
STAFF, OTHER_STAFF, CHIPS, COST, YUAN, DOLLARS, GAP, LATER, EARLIER = CLAIMS
RIGHTS = {"holder": {"en": "Harbour Monthly"}, "statement": {"en": "See the page."}}


def article(**said: object) -> LogChange:
    """Return a change of the first article of `BASE`."""
    return LogChange({**BASE[0].record, **said})


def withdraw(record: Mapping[str, Any]) -> LogChange:
    return LogChange(record, "withdrawal", NOTHING)


def passage(place: int, start: int) -> LogChange:
    return LogChange(base_passage(place, start))


def paper(name: str, *derives_from: str) -> LogChange:
    return LogChange(document(name, *derives_from))


def claim(place: int, text: str, **said: object) -> LogChange:
    return LogChange(base_claim(place, statement_with(text), **said))


FINDINGS: Mapping[str, tuple[str, Sequence[Changes]]] = {
    "passage of the count moves": (COST, [[passage(2, 40)], [passage(2, 10)]]),
    "passage of the amount moves": (COST, [[passage(3, 40)], [passage(3, 19)]]),
    "passage of the count is withdrawn": (COST, [[withdraw(base_passage(2, 10))], [passage(2, 10)]]),
    "passage comes between": (COST, [[passage(4, 12)], [withdraw(base_passage(4, 12))]]),
    "count is changed": (COST, [[claim(2, "칩은 4000개")], [claim(2, "칩은 10개")]]),
    "claim with the count is withdrawn": (COST, [[withdraw(BASE[8].record)], [claim(2, "칩은 10개")]]),
    "other value is changed": (STAFF, [[claim(1, "직원은 555명")], [claim(1, "직원은 340명")]]),
    "other value moves to the article": (STAFF, [[claim(1, "직원은 430명")]]),
    "other value is withdrawn": (STAFF, [[withdraw(base_claim(1, statement_with("직원은 430명")))]]),
    "later event is dated anew": (GAP, [[claim(7, "가람봇이", about_on="2023-03-15")]]),
    "earlier event is withdrawn": (GAP, [[withdraw(base_claim(8, statement_with("미리내-4가 나왔다")))]]),
    "event comes again": (GAP, [[claim(0, "미리내-4가 나왔다", about_on="2023-03-01")]]),
    "other conversion is changed": (YUAN, [[claim(5, "132억원")]]),
    "other conversion is gone": (YUAN, [[claim(5, "직원은 340명")], [claim(5, "133억원")]]),
    "article is dated anew": (YUAN, [[article(published_on="2031-04")], [article(published_on="2023-06-01")]]),
    "document derives from another": (STAFF, [[paper("letter", "yearbook")], [paper("letter")]]),
    "document at the root derives": (STAFF, [[paper("yearbook", "letter")], [paper("yearbook")]]),
    "document in between derives": (STAFF, [[paper("column", "letter")], [paper("column")]]),
    "document is dated": (STAFF, [[LogChange({**document("letter"), "published_on": "2031-02-01"})]]),
}  # fmt: skip
"""Steps after `BASE`, and a claim whose findings each of them changes; the claim itself has no new version."""


def apply_to(connection: sqlite3.Connection, log: Sequence[LogEntry]) -> None:
    apply(connection, log, LogSources(lambda number: log[number - 1].body, TEXTS.get))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        yield opened


def assert_fresh(connection: sqlite3.Connection, log: Sequence[LogEntry]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        apply_to(fresh, log)
        assert_same(contents(connection), contents(fresh))


@pytest.mark.slow
@pytest.mark.parametrize(("about", "steps"), FINDINGS.values(), ids=FINDINGS)
def test_change_of_another_record_changes_the_findings_about_a_claim(
    about: str, steps: Sequence[Changes], connection: sqlite3.Connection
) -> None:
    def findings() -> list[tuple[object, ...]]:
        sql = "SELECT code, computed_en, other_claim_id, document_id FROM findings WHERE claim_id = ? ORDER BY position"
        return connection.execute(sql, (about,)).fetchall()

    changes = [*BASE]
    apply_to(connection, make_log(changes))
    for step in steps:
        before = findings()
        changes += step
        log = make_log(changes)
        apply_to(connection, log)
        assert findings() != before
        assert_fresh(connection, log)


OPEN = [{"edition_sha256": EDITIONS[ARTICLES[0]][0], "length": 60}]
PUBLISHED = {**RIGHTS, "may_publish_text": True}
ROWS: Mapping[str, tuple[str, Changes, Changes]] = {
    "passage is forbidden": (
        "SELECT quote FROM appearances WHERE claim_id = 'claim-number-cccc'",
        [LogChange({**base_passage(2, 10), "quote": {"exact": "words of"}})],
        [article(rights=RIGHTS)],
    ),
    "passage is allowed": (
        "SELECT quote FROM appearances WHERE claim_id = 'claim-number-cccc'",
        [LogChange({**base_passage(2, 10), "quote": {"exact": "words of"}}), article(rights=RIGHTS)],
        [article()],
    ),
    "body of a forbidden passage": (
        "SELECT body FROM revision WHERE key LIKE 'claim-number-cccc@%'",
        [LogChange({**base_passage(2, 10), "quote": {"exact": "words of"}})],
        [article(rights=RIGHTS)],
    ),
    "text is published": (
        "SELECT text FROM edition_texts", [], [article(rights=PUBLISHED)],
    ),
    "text is replaced by a new edition": (
        "SELECT text FROM edition_texts",
        [article(rights=PUBLISHED)],
        [article(rights=PUBLISHED, editions=[
            *OPEN, {"edition_sha256": EDITIONS[ARTICLES[0]][1], "length": 60},
        ])],
    ),
    "text is forbidden": (
        "SELECT text FROM edition_texts", [article(rights=PUBLISHED)], [article(rights=RIGHTS)],
    ),
    "claims of an article": (
        "SELECT claim_count FROM articles", [], [claim(0, "직원은 340명", article_id=ARTICLES[1])],
    ),
    "claims of a document": ("SELECT claim_count FROM documents", [], [claim(0, "직원은 340명")]),
    "claims of a speaker": ("SELECT claim_count FROM speakers", [], [claim(0, "미리내-4가 나왔다", about_on="2023")]),
    "wording of a source": (
        "SELECT name_ko FROM sources", [claim(0, "직원은 340명", source={**OWN, "name": {"en": "Harbour Monthly"}})],
        [claim(1, "직원은 430명", source={**OWN, "name": {"en": "Harbour Monthly", "ko": "항만 월간"}})],
    ),
}  # fmt: skip
"""Rows, changes after `BASE`, and a step that changes the rows."""


@pytest.mark.parametrize(("sql", "first", "step"), ROWS.values(), ids=ROWS)
def test_change_of_a_record_changes_other_rows(
    sql: str, first: Changes, step: Changes, connection: sqlite3.Connection
) -> None:
    changes = [*BASE, *first]
    apply_to(connection, make_log(changes))
    before = connection.execute(sql).fetchall()
    log = make_log([*changes, *step])
    apply_to(connection, log)
    assert connection.execute(sql).fetchall() != before
    assert_fresh(connection, log)

"""The contents of the public pages: queries through indexes, passages in order, past days, similar names."""

from __future__ import annotations

import datetime
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_ledger import (
    ARTICLE, COLUMN, GRAINS, HERALD, HIDDEN_QUOTE, JOBS, PRICE, SHARE, SHOWN_QUOTE, SPEED, LogMaker, appearance,
    made_entries,
)  # fmt: skip

from claimledger.publishing import ledger_db
from claimledger.publishing.pages import lists, searching, sitemap
from claimledger.publishing.pages.article_page import article_page
from claimledger.publishing.pages.claim_page import ClaimUnavailable, ClaimPage, claim_page
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.as_of import NOW, day_end
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.site import LANGUAGES
from claimledger.vocabulary import Subject


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture
def connection(ledger: Path) -> Iterator[sqlite3.Connection]:
    with open_ledger(ledger) as opening:
        yield opening


def page_queries(connection: sqlite3.Connection) -> list[str]:
    """Return the SQL of every query of the pages except the front page, with its values in it."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    for claim in (SPEED, PRICE, SHARE, GRAINS):
        claim_page(connection, claim["claim_id"])
        claim_page(connection, claim["claim_id"], "2031-04-11")
    article_page(connection, ARTICLE["article_id"], 1)
    for language in LANGUAGES:
        lists.list_speakers(connection, 1, language)
        lists.list_sources(connection, 1, language)
    lists.speaker_page(connection, "Seo Mirae", 1)
    lists.source_page(connection, "Kustavisen", 1)
    searching.search_page(connection, "cranes", 1)
    searching.near_names(connection, "claims", "claim_id", "cranes-cost-euros-cccc")
    searching.near_names(connection, "speakers", "speaker", "서미래")
    sitemap.part_count(connection)
    sitemap.claim_entries(connection, 1)
    connection.set_trace_callback(None)
    return sorted({sql for sql in statements if sql.lstrip().startswith("SELECT") and "'main'.'claims_fts" not in sql})


def test_every_page_query_uses_an_index(connection: sqlite3.Connection) -> None:
    questions = page_queries(connection)
    assert len(questions) > 40
    for sql in questions:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        whole = [step for step in plan if re.match(r"SCAN (?!CONSTANT|\(|claims_fts VIRTUAL)", step)]
        in_order = {"speakers", "sources"}  # lists are read in the order of their key, up to the page
        assert {step.split()[1] for step in whole} <= in_order | {"sqlite_master"}, (sql, plan)


def test_passages_group_overlapping_claims(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    edition = ARTICLE["editions"][0]["edition_sha256"]
    for number, (start, end) in enumerate(((40, 60), (10, 30), (20, 35), (35, 40))):
        claim = {**JOBS, "claim_id": f"claim-{number}-aaaa"}
        log.add(claim)
        quote = {"exact": {"length": end - start, "sha256": "0" * 64}}
        log.add({
            "claim_id": claim["claim_id"], "article_id": ARTICLE["article_id"], "edition_sha256": edition,
            "position": {"start": start, "end": end}, "quote": quote,
        })  # fmt: skip
    log.add({**JOBS, "claim_id": "claim-9-aaaa"})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        page = article_page(connection, ARTICLE["article_id"], 1)
    assert page
    found = [(passage.start, passage.end, [line.claim_id[6] for line in passage.lines]) for passage in page.passages]
    assert found == [(10, 35, ["1", "2"]), (35, 40, ["3"]), (40, 60, ["0"]), (None, 0, ["9"])]


@pytest.mark.slow
def test_long_article_has_pages_with_each_claim_once(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    for number in range(LINES_PER_PAGE + 7):
        log.add({**JOBS, "claim_id": f"claim-{number:03}-aaaa"})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        pages = [article_page(connection, ARTICLE["article_id"], number) for number in (1, 2, 3)]
        speaker = [lists.speaker_page(connection, "a crane driver", number) for number in (1, 2, 3)]
        found = [searching.search_page(connection, "automation", number) for number in (1, 2, 3)]
    on_pages = [[line.claim_id for passage in page.passages for line in passage.lines] for page in pages if page]
    assert [len(ids) for ids in on_pages] == [LINES_PER_PAGE, 7, 0]
    assert sorted(on_pages[0] + on_pages[1]) == [f"claim-{number:03}-aaaa" for number in range(LINES_PER_PAGE + 7)]
    assert [[line.claim_id for line in page.lines] for page in speaker if page] == on_pages
    assert [[line.claim_id for line in page.lines] for page in found] == on_pages
    assert {page.found_count for page in found} == {LINES_PER_PAGE + 7}


def test_page_of_a_past_day_uses_nothing_later(connection: sqlite3.Connection) -> None:
    def page_on(claim: str, day: int) -> ClaimPage | ClaimUnavailable | None:
        return claim_page(connection, claim, day_end(datetime.date(2031, 4, day)))

    then, now = page_on(SPEED["claim_id"], 10), claim_page(connection, SPEED["claim_id"])
    assert isinstance(then, ClaimPage)
    assert isinstance(now, ClaimPage)
    assert (then.claim.said_on, now.claim.said_on) == (None, "2031-03-20")
    assert (len(then.exhibits), len(now.exhibits)) == (0, 2)
    assert {act.recorded_at[:10] for act in then.acts} == {"2031-04-10"}
    assert [act.number for act in now.acts] == sorted((act.number for act in now.acts), reverse=True)
    assert now.acts[-1].number == then.acts[-1].number
    assert page_on(SPEED["claim_id"], 9) == ClaimUnavailable("2031-04-10T09:03:00.000Z", is_redacted=False)
    assert page_on(SHARE["claim_id"], 10) == ClaimUnavailable("2031-04-10T09:07:00.000Z", is_redacted=True)
    assert page_on("nothing-aaaa", 10) is None


def test_redacted_documents_and_passages_are_hidden_on_every_day(tmp_path: Path) -> None:
    log = LogMaker()
    for record in (ARTICLE, JOBS, {**COLUMN, "derives_from": []}):
        log.add(record)
    passage = appearance(JOBS, ARTICLE["editions"][0]["edition_sha256"], 5, SHOWN_QUOTE)
    log.add(passage)
    evidence = {"document_id": COLUMN["document_id"], "stance": "context", "summary": {"en": "It tells."}}
    log.add({**JOBS, "evidence": [evidence]}, "update")
    without_address = {name: value for name, value in COLUMN.items() if name not in ("address", "derives_from")}
    log.add(without_address, "redaction", recorded_at="2031-05-01T00:00:00.000Z")
    log.add({**passage, "quote": HIDDEN_QUOTE}, "redaction", recorded_at="2031-05-01T00:00:00.000Z")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        for until in ("2031-04-30", NOW):
            page = claim_page(connection, JOBS["claim_id"], until)
            assert isinstance(page, ClaimPage)
            (exhibit,) = page.exhibits
            assert exhibit.document
            assert (exhibit.document.address, page.appearances) == (None, ())
            assert {act.subject for act in page.acts if act.is_redacted} == {Subject.APPEARANCE}


def test_claim_page_names_all_authors_of_a_change(connection: sqlite3.Connection) -> None:
    page = claim_page(connection, SPEED["claim_id"])
    assert isinstance(page, ClaimPage)
    assert ("miru", "haru") in {act.authors for act in page.acts}


def test_front_page_counts_match_the_tables(connection: sqlite3.Connection) -> None:
    front = front_page(connection)
    listed = connection.execute(
        "SELECT verification_status, count(*) FROM claims WHERE record_state = 'listed' GROUP BY 1"
    )
    counted = dict(listed.fetchall())
    assert {str(status): count for status, count in front.counts.items() if count} == counted
    assert (front.claim_count, front.withdrawn_count) == (7, 1)
    assert [news.line.claim_id for news in front.verdicts] == [JOBS["claim_id"], SPEED["claim_id"]]
    assert [news.line.claim_id for news in front.corrections] == [PRICE["claim_id"]]
    assert [article.article_id for article in front.articles] == [HERALD["article_id"], ARTICLE["article_id"]]
    counts = [line.claim_count for line in front.quoted]
    assert counts == sorted(counts, reverse=True)


def test_recent_corrections_and_withdrawals_follow_the_log_order(tmp_path: Path) -> None:
    log = LogMaker()
    kinds = {
        "price": "correction",
        "jobs": "withdrawal",
        "speed": "correction",
        "share": "withdrawal",
        "grains": "correction",
    }
    claims = dict(zip(kinds, (PRICE, JOBS, SPEED, SHARE, GRAINS), strict=True))
    for record in (ARTICLE, *({**claim, "relations": []} for claim in claims.values())):
        log.add(record)
    note = {"kind": "clarification", "public_note": {"en": "Mended."}}
    for name, kind in kinds.items():
        options = {"correction": note} if kind == "correction" else {}
        log.add({**claims[name], "relations": [], "topics": [name]}, kind, **options)
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        news = front_page(connection).corrections
    assert [one.line.claim_id for one in news] == [claims[name]["claim_id"] for name in reversed(kinds)]
    assert [one.kind for one in news] == [*kinds.values()][::-1]


def test_recent_changes_are_found_through_the_kind_index(connection: sqlite3.Connection) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    front_page(connection)
    connection.set_trace_callback(None)
    recent = [sql for sql in statements if "FROM revision r JOIN" in sql]
    assert len(recent) == 3
    for sql in recent:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert "SEARCH r USING INDEX revision_by_subject_and_kind (subject=? AND kind=?)" in plan, plan


def test_empty_ledger_has_a_front_page(tmp_path: Path) -> None:
    ledger_db.build_ledger_db([], tmp_path / "ledger.db")
    with open_ledger(tmp_path / "ledger.db") as connection:
        front = front_page(connection)
        assert (front.claim_count, front.recorded_at, front.verdicts) == (0, "", ())
        assert sitemap.part_count(connection) == 0


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("cranes-cost-euros-cccc", PRICE["claim_id"]), ("automation", JOBS["claim_id"]), ("zzz", None), ("", None),
        ("cranes" * 400, PRICE["claim_id"]),
    ],
)  # fmt: skip
def test_similar_names_share_their_beginning(connection: sqlite3.Connection, name: str, near: str | None) -> None:
    found = searching.near_names(connection, "claims", "claim_id", name)
    assert len(found) <= searching.MAX_SUGGESTIONS
    assert (found[0].name if found else None) == near


RELATIONS = "CREATE TABLE IF NOT EXISTS relations (claim_id, position, relation, earlier_claim_id)"


def test_claim_page_shows_findings_and_relations(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    with sqlite3.connect(path) as writing:
        writing.execute(RELATIONS)
        writing.execute(
            "INSERT INTO vocabulary VALUES ('finding_code', 'ratio', 'ratio of two figures', '두 수의 비', '')"
        )
        finding = (PRICE["claim_id"], 1, "ratio", "note", "It is 2.", "2이다.", "", 1, SPEED["claim_id"], None)
        writing.execute("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", finding)
        writing.execute("INSERT INTO relations VALUES (?, 1, 'repeats', ?)", (PRICE["claim_id"], JOBS["claim_id"]))
    writing.close()
    with open_ledger(path) as connection:
        page = claim_page(connection, PRICE["claim_id"])
        then = claim_page(connection, PRICE["claim_id"], "2031-04-11")
    assert isinstance(page, ClaimPage)
    assert isinstance(then, ClaimPage)
    (one,) = page.findings
    assert (one.meaning["ko"], one.severity["ko"], one.sentence["en"]) == ("두 수의 비", "참고", "It is 2.")
    assert (one.is_waived, one.other_claim_id) == (True, SPEED["claim_id"])
    (tied,) = page.relations
    assert (tied.relation["en"], tied.line.claim_id) == ("Same claim", JOBS["claim_id"])
    assert (then.findings, then.relations) == ((), ())

"""ClaimReview, feeds, CSV and JSON over HTTP agree with `ledger.db` for every claim.

`test_public_pages_agree` compares the pages with the same two ledgers, `test_exports` every table in every format.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette
from made_ledger import made_entries
from page_reading import got, markup, words_of_change

from claimledger.datasette_plugin.public_pages import measured_pages
from claimledger.publishing import feeds, ledger_db
from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.csv_exchange import read_csv
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.pages.claim_page import titles_in_changes
from claimledger.publishing.site import LANGUAGES, PageLanguage
from claimledger.publishing.wording import field_name, value_text
from claimledger.verdicts.answers import labelled_verdict, public_status
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind, Term, VerificationStatus

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

FIRST = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def made_up_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    return path


@pytest.fixture(params=["first", "made"])
def ledger(request: pytest.FixtureRequest, made_up_ledger: Path) -> Path:
    return FIRST if request.param == "first" else made_up_ledger


@pytest.fixture
def connection(ledger: Path) -> Iterator[sqlite3.Connection]:
    with open_ledger(ledger) as connection:
        yield connection


class FeedEntry(NamedTuple):
    """An entry of an Atom feed."""

    title: str
    path: str
    updated: str
    words: str


async def read_entries(datasette: Datasette, path: str) -> list[FeedEntry]:
    feed = ElementTree.fromstring((await got(datasette, path)).content)  # noqa: S314  our own
    atom = "{http://www.w3.org/2005/Atom}"
    found = []
    for one in feed.iter(f"{atom}entry"):
        link, content = one.find(f"{atom}link"), one.find(f"{atom}content")
        assert link is not None
        assert content is not None
        texts = [str(one.findtext(f"{atom}{name}")) for name in ("title", "updated")]
        found.append(FeedEntry(texts[0], link.attrib["href"], texts[1], "\n".join(content.itertext())))
    return found


def label(term: Term, language: PageLanguage) -> str:
    return term.label_ko if language == "ko" else term.label_en


async def test_claims_are_the_same_in_csv_and_json(serve: Serve, ledger: Path, connection: sqlite3.Connection) -> None:
    datasette = serve(ledger, max_returned_rows=1000)
    rows = [dict(row) for row in connection.execute("SELECT * FROM claims ORDER BY claim_id")]
    written = read_csv((await got(datasette, "/ledger/claims/-/csv?_sort=claim_id")).content)
    assert [dict(zip(written.header, row, strict=True)) for row in written.rows] == [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows
    ]
    answer = await got(datasette, "/ledger/claims.json?_sort=claim_id&_shape=array&_size=max")
    assert answer.json() == rows
    one = rows[0]["claim_id"]
    alone = read_csv((await got(datasette, f"/ledger/claims/-/csv?claim_id={one}")).content)
    assert alone.rows == written.rows[:1]


SCALE = {"en": "ClaimReview rating: {2} on a scale of {0} to {1}", "ko": "ClaimReview 점수: {0}~{1} 중 {2}"}


@EACH_LANGUAGE
async def test_claim_reviews_match_the_ledger_everywhere(
    serve: Serve, ledger: Path, connection: sqlite3.Connection, language: PageLanguage
) -> None:
    datasette = serve(ledger)
    feed = (await got(datasette, f"/feeds/claimreview.json?lang={language}")).json()
    of_feed = {review["url"].rpartition("/")[2]: review for one in feed["dataFeedElement"] for review in one["item"]}
    claims = connection.execute("SELECT * FROM claims").fetchall()
    for claim in claims:
        path = f"/claims/{claim['claim_id']}"
        page = (await got(datasette, f"{path}?lang={language}")).text
        on_page = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
        alone = await got(datasette, f"{path}.jsonld?lang={language}")
        if not _has_review(claim):
            assert (claim["claim_id"] in of_feed, on_page, alone.status_code) == (False, [], 404)
            continue
        review = of_feed.pop(claim["claim_id"])
        assert on_page == [review] == [alone.json()]
        numbers = [review["reviewRating"].get(f"{name}Rating") for name in ("worst", "best")]
        rating = SCALE[language].format(*numbers, review["reviewRating"].get("ratingValue"))
        assert (rating in markup(page).words) == (None not in numbers), rating
        assert _review_values(review) == _expected_review_values(connection, claim, review["inLanguage"])
    assert of_feed == {}


def _has_review(claim: sqlite3.Row) -> bool:
    unrated = {VerificationStatus.NOT_CHECKED, VerificationStatus.NOT_CHECKABLE}
    return claim["record_state"] == "listed" and claim["verification_status"] not in unrated


def _review_values(review: Mapping[str, Any]) -> list[object]:
    return [
        review["claimReviewed"], review["reviewRating"]["alternateName"], review.get("reviewBody"),
        review["dateModified"], [work.get("url") for work in review.get("citation", [])],
        review["itemReviewed"].get("author", {}).get("name"),
    ]  # fmt: skip


def _expected_review_values(connection: sqlite3.Connection, claim: sqlite3.Row, language: PageLanguage) -> list[object]:
    named = {"claim": claim["claim_id"]}
    so = connection.execute("SELECT * FROM verdicts WHERE claim_id = :claim AND question = 'so'", named).fetchone()
    documents = connection.execute(
        "SELECT address FROM evidence JOIN documents USING (document_id) WHERE claim_id = :claim ORDER BY position",
        named,
    ).fetchall()
    speaker = connection.execute("SELECT * FROM speakers WHERE speaker = ?", (claim["speaker"],)).fetchone()
    name = speaker and ((language == "ko" and speaker["name_ko"]) or speaker["speaker"])
    return [
        claim[f"statement_{language}"], label(public_status(so["value"], has_evidence=documents != []), language),
        so[f"rationale_{language}"],
        claim["last_recorded_at"][:10], [row["address"] for row in documents],
        None if claim["speaker_is_anonymous"] else name,
    ]  # fmt: skip


@EACH_LANGUAGE
async def test_verdict_feed_has_the_newest_verdicts(
    serve: Serve, ledger: Path, connection: sqlite3.Connection, language: PageLanguage
) -> None:
    entries = await read_entries(serve(ledger), f"/feeds/verdicts.atom?lang={language}")
    rows = connection.execute(
        "SELECT * FROM history WHERE kind = 'verdict' AND field IN ('verdicts.so.value', 'verdicts.said.value') "
        "AND after IS NOT NULL ORDER BY id DESC"
    ).fetchall()
    cited = {row[0] for row in connection.execute("SELECT claim_id FROM evidence")}
    newest = sorted({row["id"] // 10_000 for row in rows})[-feeds.REVISIONS_A_PAGE :]
    rows = [row for row in rows if row["id"] // 10_000 in newest]
    assert [(one.path.rpartition("/")[2], one.updated, one.title.partition(": ")[0]) for one in entries] == [
        (f"{row['claim_id']}?lang={language}", row["recorded_at"], _verdict_title(row, language, cited)) for row in rows
    ]


def _verdict_title(row: sqlite3.Row, language: PageLanguage, with_evidence: set[str]) -> str:
    """Return the question and the verdict, as at the beginning of an entry's title."""
    question = Question(row["field"].split(".")[1])
    status = public_status(row["after"], has_evidence=row["claim_id"] in with_evidence)
    return f"{label(question, language)} – {label(labelled_verdict(question, status), language)}"


@EACH_LANGUAGE
async def test_each_correction_is_on_the_page_and_in_the_feed(
    serve: Serve, ledger: Path, connection: sqlite3.Connection, language: PageLanguage
) -> None:
    datasette = serve(ledger)
    entries = await read_entries(datasette, f"/feeds/corrections.atom?lang={language}")
    rows = connection.execute("SELECT * FROM corrections ORDER BY id").fetchall()
    withdrawals = connection.execute("SELECT * FROM history WHERE kind = 'withdrawal' ORDER BY id").fetchall()
    numbers = sorted({row["id"] // 10_000 for row in [*rows, *withdrawals]}, reverse=True)
    page = "".join([
        markup((await got(datasette, f"/corrections?lang={language}&before={first + 1}")).text).words
        for first in numbers[:: measured_pages.PAGE_SIZE]
    ])  # fmt: skip
    entry_of = dict(zip(numbers, entries, strict=True))  # they fit on one page of the feed
    for row in withdrawals:
        entry = entry_of[row["id"] // 10_000]
        assert f"/claims/{row['claim_id']}?" in entry.path
        assert entry.title.startswith(label(RevisionKind.WITHDRAWAL, language))
        assert f"UTC · {label(RevisionKind.WITHDRAWAL, language)} {entry.title.partition(': ')[2]}" in page
    for row in rows:
        field, changed = row["field"], FieldChange(row["field"], row["before"], row["after"])
        is_proof = ".passage." in field and not field.endswith(
            (".ko", ".en", ".printed")
        )  # it is left out beside a place
        if field.endswith(f".{language}") or not (is_proof or field.endswith((".ko", ".en"))):
            name = field_name(field.removesuffix(f".{language}"), language, titles_in_changes(connection, [changed]))
            assert f"{name} {words_of_change(changed, language)}" in page
        kind, correction = label(CorrectionKind(row["kind"]), language), label(RevisionKind.CORRECTION, language)
        assert f"UTC · {correction}: {kind}" in page
        entry = entry_of[row["id"] // 10_000]
        assert not row["claim_id"] or f"/claims/{row['claim_id']}?" in entry.path
        for text in (row[f"public_note_{language}"], row["reason"], row["actor"], row["approver"]):
            assert text in page
            assert text in entry.words
        for side in ("before", "after"):
            assert row[side] is None or value_text(row["field"], row[side], language) in entry.words

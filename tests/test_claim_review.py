"""Published ClaimReviews are valid by Google's rules and match ledger.db claim by claim."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from google_rules import broken_rules
from made_ledger import ARTICLE, SAID, SO, SPEED, LogMaker, made_entries

from claimledger.foreign_reviews import read_claim_reviews
from claimledger.publishing import ledger_db, ledger_reader
from claimledger.publishing.claim_review import PUBLISHED_VERDICTS, claim_review, claim_reviews, review_feed
from claimledger.publishing.json_ld import encode_json, to_json_ld, json_for_script
from claimledger.publishing.site import LANGUAGES, PageLanguage, Site
from claimledger.verdicts.answers import public_status
from claimledger.vocabulary import VerdictValue, VerificationStatus

REPOSITORY = Path(__file__).parent.parent
SITE = Site("https://ledger.example.org", {"en": "Harbour Desk"}, "https://desk.example.org")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module", params=["made", "first"])
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    """Yield a connection to the made-up ledger, and to the one of the repository."""
    path = REPOSITORY / "ledger.db"
    if request.param == "made":
        path = tmp_path_factory.mktemp("reviews") / "ledger.db"
        ledger_db.build_ledger_db(made_entries(), path)
    with ledger_reader.open_ledger(path) as opened:
        yield opened


def make_review(folder: Path, *verdicts: Mapping[str, Any], claim: Any = SPEED) -> dict[str, Any] | None:  # noqa: ANN401
    log = LogMaker()
    log.add(ARTICLE)
    log.add(claim)
    if verdicts:
        log.add({**claim, "verdicts": list(verdicts)}, "verdict")
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db")
    with ledger_reader.open_ledger(folder / "ledger.db") as connection:
        review = claim_review(connection, claim["claim_id"], SITE, "en")
    return to_json_ld(review) if review else None


@pytest.mark.slow
@BOTH
def test_only_listed_claims_with_a_published_verdict_have_a_review(
    connection: sqlite3.Connection, language: PageLanguage
) -> None:
    published = {*map(str, PUBLISHED_VERDICTS), "nothing_found"}
    rows = connection.execute("SELECT claim_id, verification_status, record_state FROM claims ORDER BY 1").fetchall()
    expected = [row["claim_id"] for row in rows if row["record_state"] == "listed"
                and row["verification_status"] in published]  # fmt: skip
    every = list(claim_reviews(connection, SITE, language))
    assert [str(review.url).rpartition("/")[2] for review in every] == expected
    alone = [claim_review(connection, row["claim_id"], SITE, language) for row in rows]
    assert [review for review in alone if review] == every


@BOTH
def test_reviews_are_valid_and_match_the_ledger(connection: sqlite3.Connection, language: PageLanguage) -> None:
    for review in claim_reviews(connection, SITE, language):
        printed = to_json_ld(review)
        assert broken_rules(printed) == []
        claim_id = printed["url"].rpartition("/")[2]
        claim = connection.execute("SELECT * FROM claims WHERE claim_id = ?", (claim_id,)).fetchone()
        verdict = connection.execute(
            "SELECT * FROM verdicts WHERE claim_id = ? AND question = 'so'", (claim_id,)
        ).fetchone()
        spoken = printed["inLanguage"]
        status = VerificationStatus(claim["verification_status"])
        assert printed["claimReviewed"] == claim[f"statement_{spoken}"]
        assert printed["reviewRating"]["alternateName"] == (status.label_ko if spoken == "ko" else status.label_en)
        assert printed.get("reviewBody") == verdict[f"rationale_{spoken}"]
        assert printed["dateModified"] == claim["last_recorded_at"][:10]
        stated = connection.execute(
            "SELECT d.address FROM evidence JOIN documents d USING (document_id) WHERE claim_id = ? ORDER BY position",
            (claim_id,),
        ).fetchall()
        assert [work.get("url") for work in printed.get("citation", [])] == [row["address"] for row in stated]
        author = printed["itemReviewed"].get("author")
        assert (author is None) == (claim["speaker"] is None or bool(claim["speaker_is_anonymous"]))


@pytest.mark.slow
@BOTH
def test_reviews_survive_an_export_and_import_unchanged(connection: sqlite3.Connection, language: PageLanguage) -> None:
    exported = b"".join(review_feed(claim_reviews(connection, SITE, language)))
    taken = read_claim_reviews(exported)
    assert b"".join(review_feed(taken.reviews)) == exported
    assert [note for note in taken.notes if note.code != "none-found"] == []


@pytest.mark.slow
@pytest.mark.parametrize("value", VerdictValue)
def test_verdict_has_its_rating_or_no_review(tmp_path: Path, value: VerdictValue) -> None:
    review = make_review(tmp_path, {**SO, "value": str(value)})
    numbers = {"supported": 5, "conflicting_evidence": 3, "refuted": 1}
    if value is VerdictValue.NOT_CHECKABLE:
        assert review is None
        return
    assert review is not None
    label = public_status(value, has_evidence=False).label_en  # the made-up claim has no evidence
    assert (review["reviewRating"]["alternateName"], broken_rules(review)) == (label, [])
    assert review["reviewRating"].get("ratingValue") == numbers.get(str(value))
    assert ("bestRating" in review["reviewRating"]) is (str(value) in numbers)


@pytest.mark.slow
def test_quote_check_alone_makes_no_review(tmp_path: Path) -> None:
    assert make_review(tmp_path, SAID) is None
    assert make_review(tmp_path) is None


def test_unknown_values_are_left_out(tmp_path: Path) -> None:
    claim = {**SPEED, "speaker": {"kind": "anonymous", "name": {"en": "a driver"}}, "said_on": "2031-01/2031-03"}
    review = make_review(tmp_path, SO, claim=claim)
    assert review is not None
    assert review["itemReviewed"].keys() == {"@type", "appearance"}
    assert None not in json.loads(encode_json(review)).values()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("claimReviewed", "", "claim-missing"), ("url", None, "url-missing"), ("reviewRating", {}, "rating-missing"),
        ("reviewRating", {"alternateName": "x", "ratingValue": 1, "bestRating": 1, "worstRating": 1},
         "rating-out-of-bounds"),
        ("reviewRating", {"alternateName": "x", "ratingValue": 0, "bestRating": 5, "worstRating": 0},
         "rating-out-of-bounds"),
        ("reviewRating", {"alternateName": "x", "ratingValue": 3}, "rating-out-of-bounds"),
        ("itemReviewed", {"author": [{}], "appearance": [{}]}, "claimant-unnamed"),
        ("itemReviewed", {}, "appearance-missing"),
    ],
)  # fmt: skip
def test_google_rules_find_each_violation(tmp_path: Path, field: str, value: object, code: str) -> None:
    review = make_review(tmp_path, SO)
    assert review is not None
    assert broken_rules({**review, field: value}) == [code]


def test_no_text_ends_a_script_element(tmp_path: Path) -> None:
    claim = {**SPEED, "statement": {"en": "</script><script>alert(1)</script> & more"}}
    review = make_review(tmp_path, SO, claim=claim)
    text = json_for_script(review)
    assert "<" not in text
    assert json.loads(text) == review

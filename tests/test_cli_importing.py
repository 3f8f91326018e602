"""Import of ClaimReviews on the command line from a file, a pipe and a page; notes are printed in both languages."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import newsroom
import pytest
import wild_reviews as wild
from click.testing import CliRunner, Result
from loopback import page, serving

from claimledger import fetching, foreign_reviews
from claimledger.desk import lookups, step_setup
from claimledger.cli import main
from claimledger.ledger.files import LedgerPaths


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(tmp_path)


def run(places: LedgerPaths, *arguments: str, by: str | None = "kim", piped: bytes = b"") -> Result:
    environment = newsroom.acting(places, by)
    command = ["--root", str(places.root), "import", "claimreview", *arguments]
    return CliRunner().invoke(main, command, input=piped, env=environment)


def write_reviews(folder: Path, value: object) -> str:
    path = folder / "reviews.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def test_reviews_are_imported_once_and_in_full(places: LedgerPaths, tmp_path: Path) -> None:
    file = write_reviews(tmp_path, wild.DATA_FEED)
    first = run(places, file)
    assert (first.exit_code, first.stderr.splitlines()[-1]) == (
        0, "2 reviews found, 2 can be imported, 2 are new on the desk."
    )  # fmt: skip
    again = run(places, file)
    assert again.stderr.splitlines()[-1] == "2 reviews found, 2 can be imported, 0 are new on the desk."
    kept = lookups.list_imported_reviews(places)
    assert [review.rating and review.rating.best for review in kept] == ["5", "1"]


def test_imported_reviews_are_stored_for_the_earlier_claim_search(places: LedgerPaths, tmp_path: Path) -> None:
    run(places, write_reviews(tmp_path, [wild.REVERSED_BOUNDS, wild.ARRAYS]))
    with step_setup.open_store(places) as store:
        rows = store.connection.execute("SELECT publisher, claim_text, rating, claimant FROM foreign_review").fetchall()
    assert [tuple(row) for row in rows] == [
        ("Harbour Facts", "하늘항이 배 40척을 돌려보냈다", "거짓", "여러 출처"),
        ("facts.example", "The dredger is the world's largest", "False", "Haneul Port Authority, Seo Mirae"),
    ]


def test_dry_run_stores_nothing_and_needs_no_token(places: LedgerPaths, tmp_path: Path) -> None:
    result = run(places, write_reviews(tmp_path, wild.MINUS_ONE), "--dry-run", by=None)
    assert result.exit_code == 0
    assert "1: reviewRating: rating-out-of-bounds: ratingValue -1" in result.stdout
    assert result.stderr.endswith("nothing stored: this was a dry run.\n")
    assert not places.desk.exists()


def test_import_summary_is_printed_in_korean(places: LedgerPaths, tmp_path: Path) -> None:
    file = write_reviews(tmp_path, [wild.REVERSED_BOUNDS, wild.ARRAYS])
    results = [run(places, file, "--lang", "ko", "--dry-run", by=None), run(places, file, "--lang", "ko")]
    sums = ["시험 실행이라 저장하지 않음", "데스크에 새로 저장한 것 2건"]
    for one, last in zip(results, sums, strict=True):
        assert one.stderr.splitlines()[-1] == f"문서에서 찾은 검증 2건, 가져올 수 있는 것 2건, {last}."


def test_note_codes_are_explained_in_both_languages(places: LedgerPaths, tmp_path: Path) -> None:
    file = write_reviews(tmp_path, wild.MINUS_ONE)
    korean = run(places, file, "--dry-run", "--lang", "ko", by=None).stderr
    assert "not-kept (2): 이 내용을 저장할 항목이 없습니다. [제외함]" in korean
    english = run(places, file, "--dry-run", by=None).stderr
    assert "not-kept (2): There is no field for this. [Left out]" in english


def test_json_output_contains_reviews_and_notes(places: LedgerPaths) -> None:
    result = run(places, "-", "--json", "--dry-run", by=None, piped=json.dumps(wild.SEARCH).encode())
    printed = json.loads(result.stdout)
    assert (printed["found"], [review["rating"]["label"] for review in printed["reviews"]]) == (
        2,
        ["False", "Three Anchors"],
    )
    assert {"item": 0, "code": "not-a-claim-review", "path": "nextPageToken", "before": "CAo", "after": ""} in printed[
        "notes"
    ]


def test_import_without_reviews_exits_with_1(places: LedgerPaths) -> None:
    refused = run(places, "-", piped=b"<html></html>")
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (
        1, "0 reviews found, 0 can be imported, 0 are new on the desk."
    )  # fmt: skip


def test_control_characters_are_removed_from_output(places: LedgerPaths) -> None:
    node = {"@type": "ClaimReview", "claimReviewed": "A.", "x": "\u001b[31m\n2: forged"}
    lines = run(places, "-", "--dry-run", by=None, piped=json.dumps(node).encode()).stdout.splitlines()
    assert lines == ["1: x: not-kept:  [31m 2: forged"]


def test_administrator_without_editorial_role_cannot_import(places: LedgerPaths, tmp_path: Path) -> None:
    newsroom.token_of(places, "root", "admin")
    refused = run(places, write_reviews(tmp_path, wild.MINUS_ONE), by="root")
    assert (refused.exit_code, "needs the role" in refused.stderr) == (1, True)
    assert lookups.list_imported_reviews(places) == []


@pytest.mark.slow
@pytest.mark.parametrize("media_type", ["application/ld+json", "application/json; charset=utf-8", "text/html"])
def test_address_is_fetched_for_each_media_type(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch, media_type: str
) -> None:
    body = wild.page(wild.MINUS_ONE) if media_type == "text/html" else json.dumps(wild.MINUS_ONE).encode()
    with serving(page(body, f"Content-Type: {media_type}")) as server:
        monkeypatch.setattr(fetching, "fetch", partial(fetching.fetch, allow=server.allow))
        taken = run(places, f"{server.address}/feed", by="kim")
    assert (taken.exit_code, taken.stderr.splitlines()[0]) == (0, f"Fetching {server.address}/feed ...")
    assert len(lookups.list_imported_reviews(places)) == 1


def test_reviews_are_findable_or_the_reason_is_printed(places: LedgerPaths, tmp_path: Path) -> None:
    rating = {"@type": "Rating", "ratingValue": 2, "bestRating": 5, "worstRating": 1}
    review = {"@type": "ClaimReview", "url": "https://www.seorae.example/3", "reviewRating": rating}
    texts = ["Cargo fell by 40% in 2030.", "No address.", "No rating.", "Author's address."]
    reviews = [{**review, "claimReviewed": text} for text in texts]
    del reviews[1]["url"], reviews[2]["reviewRating"]
    reviews[3]["author"] = {"@type": "Organization", "url": "https://mire.example"}
    file = write_reviews(tmp_path, reviews)
    assert "2 can be found by searches. The others lack: an address (1), a rating (1)." in run(places, file).stderr
    export = ["--root", str(places.root), "import", "reviews", "--format", "csv"]
    listed = CliRunner().invoke(main, export, catch_exceptions=False).stdout
    publishers = [line.split(",")[0] for line in listed.splitlines()[1:]]
    assert publishers == ["seorae.example", "", "seorae.example", "mire.example"]
    assert listed.splitlines()[2].endswith(",address")
    (match,) = lookups.find_earlier_for_text(places, "In 2030, cargo fell by 40%", 1)
    assert (match.review.publisher, match.review.rating) == ("seorae.example", "2")  # type: ignore[union-attr]


def test_two_versions_in_one_document_do_not_grow_at_each_import(places: LedgerPaths, tmp_path: Path) -> None:
    made = [wild.REVERSED_BOUNDS, {**wild.REVERSED_BOUNDS, "datePublished": "2031-05-06"}]
    counts = []
    for _ in range(2):
        run(places, write_reviews(tmp_path, made))
        with step_setup.open_store(places) as store:
            counts.append(store.connection.execute("SELECT count(*) FROM foreign_review").fetchone())
    assert counts[0] == counts[1]


def test_build_and_search_work_before_anything_is_published(places: LedgerPaths, tmp_path: Path) -> None:
    run(places, write_reviews(tmp_path, [wild.REVERSED_BOUNDS]))
    built = CliRunner().invoke(main, ["--root", str(places.root), "build"])
    assert (built.exit_code, places.ledger.exists()) == (0, True)


def test_file_above_the_limit_of_documents_is_read_review_by_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_reviews, "REVIEW_DOCUMENT_SIZE_LIMIT", 100)
    feed = {"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": [
        {"@type": "ClaimReview", "claimReviewed": f"항구 {n}", "url": "https://example.org"} for n in range(50)
    ]}  # fmt: skip
    path = Path(write_reviews(tmp_path, feed))
    found = foreign_reviews.read_review_file(path)
    assert (found.found, found.reviews[49].claim) == (50, "항구 49")
    path.write_bytes(path.read_bytes()[:-40])
    assert [note.code for note in foreign_reviews.read_review_file(path).notes] == ["json-broken"]

"""Import of ClaimReviews as other publishers write them: every value is imported, or a note names its loss."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import wild_reviews as wild
from hypothesis import given
from hypothesis import strategies as st
from strategies import few, texts

from claimledger.foreign_reviews import IMPORT_NOTE_CODES, ReviewImport, json_documents, read_claim_reviews
from claimledger.foreign_reviews.review_item import ReviewReader
from claimledger.models import ClaimReview, Party, ReviewRating, CreativeWork
from claimledger.publishing.json_ld import encode_json, to_json_ld
from claimledger.vocabulary import SpeakerKind


def read(value: object) -> ReviewImport:
    return read_claim_reviews(json.dumps(value).encode())


def note_places(taken: ReviewImport) -> set[tuple[str, str]]:
    return {(note.code, note.path) for note in taken.notes}


def only_review(taken: ReviewImport) -> ClaimReview:
    (review,) = taken.reviews
    return review


def test_rating_is_kept_as_written_and_wrong_bounds_are_noted() -> None:
    for node, value in ((wild.REVERSED_BOUNDS, "5"), (wild.MINUS_ONE, "-1"), (wild.FROM_ZERO, "1")):
        taken = read(node)
        rating = only_review(taken).rating
        assert rating is not None
        assert (rating.label, rating.value) == (node["reviewRating"]["alternateName"], value)
        assert ("rating-out-of-bounds", "reviewRating") in note_places(taken)
    assert all(code != "rating-out-of-bounds" for code, _ in note_places(read(wild.EMPTY_FIELDS)))


@pytest.mark.parametrize(
    ("value", "worst", "best", "is_scale"),
    [
        ("3", "1", "5", True), ("1", None, None, True), ("0", "0", "2", False), ("5", "5", "1", False),
        ("6", "1", "5", False), ("3", "1", "1", False), ("three", "1", "5", False), ("4.5", "1", "5", True),
        ("1", None, "1", False), ("9", None, None, False), ("0", None, None, False), ("6", None, "7", True),
    ],
)  # fmt: skip
def test_rating_bounds_follow_google_rules(value: str, worst: str | None, best: str | None, is_scale: bool) -> None:  # noqa: FBT001
    rating = {"ratingValue": value, "worstRating": worst, "bestRating": best, "alternateName": "x"}
    codes = {
        code for code, _ in note_places(read({"@type": "ClaimReview", "claimReviewed": "A.", "reviewRating": rating}))
    }
    assert ("rating-out-of-bounds" not in codes) is is_scale


def test_dates_are_read_with_their_precision_and_never_guessed() -> None:
    spelled = {
        "2031-04-01": "2031-04-01", "2031-04-07 20:05": "2031-04-07", "2031-03-01 20:30:17 UTC": "2031-03-01",
        "2031-03-10T12:31:20+01:00": "2031-03-10", "Mon, 07 Apr 2031 10:00:00 +0900": "2031-04-07",
        "7 April 2031": "2031-04-07", "2031. 4. 7.": "2031-04-07", "2031년 4월 7일": "2031-04-07",
        "2031년 4월": "2031-04", "2031년 4월 중순": "2031-04", "Apr 2031": "2031-04", "April, 2031": "2031-04",
        "2031-04": "2031-04", "2031": "2031", "2031년": "2031", "2031년 13월": None, "2031-Apr": None,
        "2031년 봄": None,
        "07/04/2031": None, "April": None,
    }  # fmt: skip
    for written, day in spelled.items():
        taken = read({"@type": "ClaimReview", "claimReviewed": "A.", "datePublished": written})
        assert (only_review(taken).reviewed_on, len(taken.notes)) == (day, int(written != day)), written


def test_creative_work_in_place_of_a_claim_is_read_as_the_claim() -> None:
    taken = read(wild.REVERSED_BOUNDS)
    review = only_review(taken)
    assert review.appearances == (CreativeWork(address="https://social.example/harbour/posts/3638"),)
    assert review.claimants == (Party(kind=SpeakerKind.PERSON, name="여러 출처"),)
    assert note_places(taken) >= {
        ("type-mended", "itemReviewed.@type"), ("taken-from-elsewhere", "itemReviewed.url"),
        ("not-kept", "itemReviewed.keywords"), ("not-kept", "author.logo.url"), ("not-kept", "author.@id"),
    }  # fmt: skip


def test_empty_fields_are_neither_values_nor_losses() -> None:
    taken = read(wild.EMPTY_FIELDS)
    assert only_review(taken).appearances == ()
    assert not [note for note in taken.notes if note.path.startswith("itemReviewed.name")]


def test_entities_are_decoded_in_texts_and_kept_in_ratings() -> None:
    node = {**wild.EMPTY_FIELDS, "reviewRating": {"alternateName": "Half &amp; half"}}
    review = only_review(read(node))
    assert review.claim == "Pictures show the port after the storm & the fire"
    assert review.rating == ReviewRating(label="Half &amp; half")


def test_first_of_several_ratings_is_kept_and_the_others_are_noted() -> None:
    taken = read(wild.ARRAYS)
    assert only_review(taken).rating == ReviewRating(label="False", value="1")
    assert ("not-kept", "reviewRating.1.bestRating") in note_places(taken)
    assert [claimant.name for claimant in only_review(taken).claimants] == ["Haneul Port Authority", "Seo Mirae"]


def test_review_without_a_claim_is_skipped_and_noted() -> None:
    taken = read(wild.NO_CLAIM)
    assert (taken.reviews, taken.found, [note.code for note in taken.notes]) == ((), 1, ["no-claim"])


def test_graphs_feeds_and_lists_are_searched_for_reviews() -> None:
    assert len(read(wild.GRAPH).reviews) == len(read(wild.DATA_FEED).reviews) == 2
    assert ("not-a-claim-review", "@graph.0") in note_places(read(wild.GRAPH))
    assert len(read([wild.ARRAYS, [wild.MINUS_ONE], "text"]).reviews) == 2


@pytest.mark.parametrize(
    ("document", "lost"),
    [
        ('{"@type": "ClaimReview", "claimReviewed": "X", "claimReviewed": "Y"}', ("claimReviewed", "X")),
        ('{"@type": "ClaimReview", "claimReviewed": "Y", "reviewRating": {"name": "False", "name": "Mostly true"}}',
         ("reviewRating.name", "False")),
        ('{"claims": [{"text": "Y", "claimReview": [{}], "claimant": {"name": "A"}, "claimant": {"name": "B"}}]}',
         ("claims.0.claimant.name", "A")),
        ('{"@type": "WebPage", "@type": "ClaimReview", "claimReviewed": "Y"}', ("@type", "WebPage")),
    ],
)  # fmt: skip
def test_last_value_of_a_repeated_name_is_kept_and_the_first_noted(document: str, lost: tuple[str, str]) -> None:
    taken = read_claim_reviews(document.encode())
    assert only_review(taken).claim == "Y"
    assert [(note.path, note.before) for note in taken.notes if note.code == "name-repeated"] == [lost]


def test_claim_without_a_review_is_noted() -> None:
    taken = read({"claims": [{"text": "A", "claimReview": []}, {"text": "B", "claimReview": [{"title": "T"}]}]})
    assert (only_review(taken).claim, taken.found) == ("B", 1)
    assert [(note.path, note.before) for note in taken.notes if note.code == "not-a-claim-review"] == [
        ("claims.0", "{text, claimReview}")
    ]


def test_other_values_among_reviews_are_noted() -> None:
    taken = read({"text": "A", "claimReview": ["x", {"title": "T"}, None]})
    assert (only_review(taken).claim, taken.found) == ("A", 1)
    assert [(note.path, note.before) for note in taken.notes if note.code == "not-a-claim-review"] == [
        ("claimReview.0", "x")
    ]


def test_review_in_an_html_comment_is_ignored() -> None:
    review = wild.page({"@type": "ClaimReview", "claimReviewed": "A"})
    assert read_claim_reviews(b"<!-- " + review.replace(b"-->", b"") + b" -->").found == 0
    assert read_claim_reviews(b"<!-- an old page --><!-- not closed " + review).found == 1


@pytest.mark.parametrize(("cut", "found", "notes"), [("", 1, []), ('{"@type": "Cl', 1, ["json-broken"]),
                                                     ('{"@type": "ClaimReview"}', 2, ["no-claim"])])  # fmt: skip
def test_page_truncated_in_a_script_is_read_as_far_as_possible(cut: str, found: int, notes: list[str]) -> None:
    page = wild.page({"@type": "ClaimReview", "claimReviewed": "A"})
    page += f'<script type="application/ld+json">{cut}'.encode()
    taken = read_claim_reviews(page)
    assert (taken.found, [note.code for note in taken.notes]) == (found, notes)


def test_page_truncated_in_a_script_tag_is_noted() -> None:
    taken = read_claim_reviews(b'<p>A</p><script type="application/ld+json" {"@type": "ClaimReview"}')
    assert [note.code for note in taken.notes] == ["json-broken", "none-found"]


def test_duplicate_review_is_imported_once() -> None:
    taken = read([wild.MINUS_ONE, wild.FROM_ZERO, wild.MINUS_ONE])
    assert (len(taken.reviews), taken.found) == (2, 3)
    (again,) = [note for note in taken.notes if note.code == "duplicate"]
    assert (again.item, again.after) == (3, "1")


def test_google_search_result_gives_a_review_per_publisher() -> None:
    taken = read(wild.SEARCH)
    first, second = taken.reviews
    assert first.claim == second.claim == "A video shows the crane falling"
    assert first.reviewer == Party(name="Harbour Facts", address="https://facts.example")
    assert (first.reviewed_on, first.claimed_on, first.language) == ("2031-05-12", "2031-05-11", "en")
    assert second.rating == ReviewRating(label="Three Anchors")
    assert ("not-a-claim-review", "nextPageToken") in note_places(taken)


def test_google_markup_pages_are_read() -> None:
    review = only_review(read(wild.MARKUP))
    assert review.rating == ReviewRating(label="Mostly false", value="2", best="5", worst="1")
    assert review.first_appearance == CreativeWork(address="https://cast.example/7")
    assert (review.claimed_on, review.body) == ("2031-05", "Some of it was moved.")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp949"),
        lambda text: wild.page(json.loads(text), {"@type": "WebSite"}),
        lambda text: wild.page(json.loads(text)).replace(b'"', b"&quot;").replace(b"=&quot;", b"=").replace(
            b"json&quot;>", b"json>"
        ),
        lambda text: f"<html><script type=application/ld+json><!-- {text} --></script>".encode(),
        lambda text: f"<script type='application/ld+json'>//<![CDATA[\n{text}\n//]]></script>".encode(),
        lambda text: f"{text}\n{text}\n".encode(),
        lambda text: f"{text}\n{{broken\n".encode(),
        lambda text: text.replace("여러 출처", "여러\n출처").encode(),
    ],
    ids=["mark", "utf-16", "cp949", "page", "entities", "comment", "cdata", "lines", "broken line", "newline in text"],
)  # fmt: skip
def test_review_is_found_in_every_encoding_and_wrapping(wrap: Any) -> None:  # noqa: ANN401
    taken = read_claim_reviews(wrap(json.dumps(wild.REVERSED_BOUNDS, ensure_ascii=False)), ["cp949"])
    assert only_review(taken).claim == "하늘항이 배 40척을 돌려보냈다"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "none-found"), (b"{", "json-broken"), (b"\x00\xff\x00", "encoding-broken"),
        (b"[" * 100_000, "json-broken"), (b"<html>no script", "none-found"), (b"{}", "none-found"),
        (b'{"@type": "NewsArticle"}', "not-a-claim-review"),
        (b'<script type="application/ld+json">{"a": </script>', "json-broken"),
    ],
)  # fmt: skip
def test_document_without_reviews_gives_a_note_and_no_error(content: bytes, code: str) -> None:
    taken = read_claim_reviews(content)
    assert taken.reviews == ()
    assert code in {note.code for note in taken.notes}


def test_too_large_document_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_documents, "REVIEW_DOCUMENT_SIZE_LIMIT", 100)
    taken = read_claim_reviews(json.dumps(wild.MINUS_ONE).encode())
    assert (taken.reviews, taken.notes[0].code) == ((), "document-too-large")


def test_lone_surrogate_is_replaced() -> None:
    taken = read_claim_reviews(
        b'{"@type": "ClaimReview", "claimReviewed": "A\\ud800", "reviewRating": "\\udfffx", "\\ud800": 1}'
    )
    assert (only_review(taken).claim, only_review(taken).rating) == ("A", ReviewRating(label="\ufffdx"))
    assert Counter(note.code for note in taken.notes)["surrogate-replaced"] == 1
    "".join(str(note) for note in taken.notes).encode()


@pytest.mark.parametrize("node", [node for node in wild.NODES if node["claimReviewed"]])
def test_every_value_is_in_the_record_or_a_note(node: dict[str, Any]) -> None:
    assert lost_values(node) == {}


def lost_values(node: dict[str, Any]) -> dict[str, str]:
    """Return the values of a review, by path, that are neither in its record nor in a note."""
    taken = read(node)
    record = set(wild.leaves([review.model_dump(mode="json") for review in taken.reviews]).values())
    noted = {note.path for note in taken.notes}
    return {
        path: value
        for path, value in wild.leaves(node).items()
        if value not in record and path not in noted and "@type" not in path
    }


def test_these_tests_find_a_loss_without_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReviewReader, "note_unread", lambda item: None)
    assert lost_values(wild.MINUS_ONE).keys() == {"reviewRating.image", "itemReviewed.name"}


def test_note_codes_have_both_languages() -> None:
    assert all(meaning.en.isascii() and not meaning.ko.isascii() for meaning in IMPORT_NOTE_CODES.values())


plain = texts.filter(lambda text: "&" not in text)
"""Texts without HTML entities, because the import decodes those."""
days = st.dates().map(str).filter(lambda day: day >= "1605")
addresses = st.sampled_from(["https://example.org/1", "http://항만.example/나?a=1&b=2", "https://example.org"])
none = st.none()
works = st.builds(CreativeWork, name=plain, address=none | addresses, published_on=none | days, publisher=none | plain)
parties = st.builds(
    Party, kind=st.sampled_from([SpeakerKind.PERSON, SpeakerKind.ORGANIZATION, None]), name=plain,
    address=none | addresses, role=none | plain, organization=none | plain,
)  # fmt: skip
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
numbers = none | st.sampled_from(["1", "5", "-1", "0", "-0", "4.50", "007", "five", "1e3"])
ratings = st.builds(ReviewRating, label=words, value=numbers, best=numbers, worst=numbers)
reviews = st.builds(
    ClaimReview, claim=plain, language=none | st.sampled_from(["ko", "en", "zh-Hant"]), url=none | addresses,
    title=none | plain, reviewer=none | parties, reviewed_on=none | days, changed_on=none | days,
    rating=none | ratings, body=none | plain, claimants=st.lists(parties, max_size=3).map(tuple),
    claimed_on=none | days, appearances=st.lists(works, max_size=3).map(tuple), first_appearance=none | works,
    citations=st.lists(works, max_size=3).map(tuple),
)  # fmt: skip


@few
@given(reviews)
def test_printed_review_is_read_and_printed_again_unchanged(review: ClaimReview) -> None:
    printed = encode_json(to_json_ld(review))
    taken = read_claim_reviews(printed)
    assert taken.reviews == (review,)
    assert {note.code for note in taken.notes} <= {"rating-out-of-bounds"}
    assert encode_json(to_json_ld(only_review(taken))) == printed

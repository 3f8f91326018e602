"""The earlier-claims index on 200 pairs of sentences with the same meaning, and on copies with a wrong number."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from staff import NOW, opened

from claimledger.earlier_claims import compare_profiles, profile_of_text
from claimledger.newsroom import earlier_index, review_versions
from claimledger.models import ForeignReview
from claimledger.desk_vocabulary import Likeness

PAIRS = tomllib.loads((Path(__file__).parent / "earlier_pairs.toml").read_text(encoding="utf-8"))
FOUND_AT_LEAST, OFFERED = 0.95, 5
HAS_THE_FIGURES = (Likeness.SAME, Likeness.FIGURES)


class Pair(NamedTuple):
    claim: str
    again: str
    wrong: str
    """The repeated sentence with a wrong figure."""


def pairs(language: str) -> Iterator[Pair]:
    for claim, again, right, wrong in PAIRS[language]:
        assert again.count(right) == 1
        yield Pair(claim, again, again.replace(right, wrong))


@pytest.fixture(scope="module")
def matches_by_text(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, Likeness]]]:
    """Return the nearest matches of each repeated sentence, in an index of all claims and wrong copies."""
    known = [text for language in PAIRS for pair in pairs(language) for text in (pair.claim, pair.wrong)]
    with opened(tmp_path_factory.mktemp("pairs")) as store:
        with store.writing() as connection:
            review_versions.store_foreign_reviews(connection, [make_review(text) for text in known], "kim", NOW)
        assert earlier_index.count_unindexed(store) == len(set(known))
        assert earlier_index.update_earlier_index(store) == 0
        asked = [pair.again for language in PAIRS for pair in pairs(language)]
        return {text: nearest_matches(store.connection, text) for text in asked}


def make_review(text: str) -> ForeignReview:
    return ForeignReview(url="https://example.org/review", publisher="Review", claim_text=text, rating="True")


def nearest_matches(connection: sqlite3.Connection, text: str) -> list[tuple[str, Likeness]]:
    asked = profile_of_text(text)
    near = [
        (entry.profile, compare_profiles(asked, entry.profile))
        for entry in earlier_index.nearest_entries(connection, asked)
    ]
    near.sort(key=lambda one: one[1].rank)
    return [(profile.texts[0], comparison.likeness) for profile, comparison in near[:OFFERED]]


def test_half_of_the_pairs_are_korean() -> None:
    assert {language: len(rows) for language, rows in PAIRS.items()} == {"en": 100, "ko": 100}
    assert len({row[0] for rows in PAIRS.values() for row in rows}) == 200


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
def test_claim_is_among_the_first_five_matches(
    language: str, matches_by_text: dict[str, list[tuple[str, Likeness]]]
) -> None:
    missed = [
        pair.again for pair in pairs(language) if pair.claim not in [text for text, _ in matches_by_text[pair.again]]
    ]
    assert len(missed) <= (1 - FOUND_AT_LEAST) * len(PAIRS[language]), missed


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
def test_wrong_number_is_never_the_same(language: str, matches_by_text: dict[str, list[tuple[str, Likeness]]]) -> None:
    wrong = {pair.wrong for pair in pairs(language)}
    taken = [
        (pair.again, text)
        for pair in pairs(language)
        for text, likeness in matches_by_text[pair.again]
        if likeness in HAS_THE_FIGURES and text in wrong
    ]
    assert taken == []
    backward = [pair for pair in pairs(language) if compare_texts(pair.wrong, pair.claim) in HAS_THE_FIGURES]
    assert backward == []


def compare_texts(asked: str, known: str) -> Likeness:
    return compare_profiles(profile_of_text(asked), profile_of_text(known)).likeness


@pytest.mark.slow
def test_most_pairs_are_recognised_by_the_same_figures() -> None:
    every = [pair for language in PAIRS for pair in pairs(language)]
    assert sum(compare_texts(pair.again, pair.claim) in HAS_THE_FIGURES for pair in every) >= 0.9 * len(every)


@pytest.mark.parametrize(("asked", "known"), [
    ("자동 크레인 두 대를 들이는 데는 1300만달러(약 173억원)가 든다.",
     "회사는 자기 돈 5천만달러(약 667억원)를 들이는 곳이다."),
    ("자동 크레인 두 대를 들이는 데는 1300만달러가 든다.", "큰 모형을 가르치는 데는 적어도 2억달러가 든다."),
    ("Two automatic cranes cost 13 million dollars.", "Founding the company takes 50 million dollars."),
])  # fmt: skip
def test_prices_of_different_things_do_not_contradict(asked: str, known: str) -> None:
    assert compare_texts(asked, known) is Likeness.ALIKE
    assert compare_texts(asked, asked.replace("13", "31")) is Likeness.DIFFERS

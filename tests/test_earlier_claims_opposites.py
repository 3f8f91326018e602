"""Earlier claims: opposites with the same figures are not called the same, and a figure that agrees comes first."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from staff import NOW, opened

from claimledger.desk_vocabulary import Likeness
from claimledger.earlier_claims import compare_profiles, profile_of_claim, profile_of_text
from claimledger.earlier_claims.name_forms import find_names
from claimledger.earlier_claims.profile import Profile
from claimledger.editorial.earlier_matches import SUGGESTED_RELATIONS
from claimledger.models import ForeignReview
from claimledger.newsroom import earlier_index, review_versions

TABLES = tomllib.loads((Path(__file__).parent / "earlier_opposites.toml").read_text(encoding="utf-8"))
NAMED = (Likeness.SAME, Likeness.FIGURES)


def rows(kind: str) -> list[list[str]]:
    return [row for table in TABLES.values() for row in table[kind]]


def compare_texts(one: str, other: str) -> Likeness:
    return compare_profiles(profile_of_text(one), profile_of_text(other)).likeness


@pytest.mark.parametrize(("one", "other"), rows("opposites"))
def test_opposites_with_the_same_figures_are_not_the_same(one: str, other: str) -> None:
    assert Likeness.SAME not in (compare_texts(one, other), compare_texts(other, one))


@pytest.mark.parametrize(("one", "other"), rows("repeated"))
def test_the_same_words_say_the_same_however_the_figures_are_written(one: str, other: str) -> None:
    assert (compare_texts(one, other), compare_texts(other, one)) == (Likeness.SAME, Likeness.SAME)


@pytest.mark.parametrize(("one", "other", "negative"), rows("pairs") + rows("across"))
def test_true_pairs_have_the_same_figures_and_negatives_do_not(one: str, other: str, negative: str) -> None:
    assert compare_texts(other, one) in NAMED
    assert compare_texts(one, negative) not in NAMED


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Return an index of one side of each pair, of all negatives, and of all opposites."""
    known = [text for row in rows("pairs") + rows("across") for text in row[1:]]
    known += [text for row in rows("opposites") for text in row]
    with opened(tmp_path_factory.mktemp("opposites")) as store:
        with store.writing() as connection:
            reviews = [
                ForeignReview(url="https://example.org/r", publisher="R", claim_text=one, rating="True")
                for one in known
            ]
            review_versions.store_foreign_reviews(connection, reviews, "kim", NOW)
        assert earlier_index.update_earlier_index(store) == 0
        yield store.connection


@pytest.mark.parametrize(("asked", "known", "negative"), rows("pairs") + rows("across"))
def test_the_pair_with_the_same_figure_comes_first(
    index: sqlite3.Connection, asked: str, known: str, negative: str
) -> None:
    profile = profile_of_text(asked)
    found = [
        (compare_profiles(profile, one.profile), one.profile) for one in earlier_index.nearest_entries(index, profile)
    ]
    texts = [one.texts[0] for _, one in sorted(found, key=lambda one: one[0].rank)]
    assert texts[0] == known
    assert negative not in texts[:1]


def claim(statement: str, speaker: str, about_on: str | None = None) -> Profile:
    return profile_of_claim({
        "statement": {"en": statement}, "speaker": {"name": {"en": speaker}}, "quantities": [], "about_on": about_on,
    })  # fmt: skip


def test_another_speaker_or_period_is_not_the_same() -> None:
    statement = "The dyke at Fenholm cost 7.2 million euros."
    kate, kate_again, omar = (claim(statement, name) for name in ("Kate Brool", "Kate Brool", "Omar Lind"))
    assert compare_profiles(kate, kate_again).likeness is Likeness.SAME
    assert compare_profiles(kate, omar).likeness is Likeness.FIGURES
    earlier, later = (claim(statement, "Kate Brool", year) for year in ("2029", "2030"))
    assert compare_profiles(earlier, later).likeness is Likeness.OTHER_DATE


def test_the_same_words_without_a_figure_say_the_same() -> None:
    assert compare_texts("Omar Lind denied the report.", "Omar Lind denied the report.") is Likeness.SAME
    assert compare_texts("Omar Lind denied the report.", "Omar Lind wrote the report.") is Likeness.ALIKE


def test_the_same_figures_suggest_no_relation() -> None:
    assert Likeness.FIGURES not in SUGGESTED_RELATIONS


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who told us to wait?", set()),
        ("The WHO sent 40 doctors to the US.", {"who", "us"}),
        ("Some were fed by us.", set()),
        ("The Fed met OpenAI and openai.", {"fed", "openai"}),
        ("세계보건기구는 미국에 있다.", {"who", "us"}),
    ],
)
def test_pronouns_are_no_names_and_names_have_capitals(text: str, names: set[str]) -> None:
    assert find_names(text) == names


@pytest.mark.parametrize(("one", "other"), [
    ("Mayor Han said on 1 May 2030 that the port closed.", "Mayor Han said that the port closed on 1 May 2030."),
    ("시장은 2030년 5월 1일에 항구가 문을 닫았다고 말했다.", "시장은 항구가 2030년 5월 1일에 문을 닫았다고 말했다."),
])  # fmt: skip
def test_date_of_the_saying_is_not_that_of_the_event(one: str, other: str) -> None:
    assert Likeness.SAME not in (compare_texts(one, other), compare_texts(other, one))

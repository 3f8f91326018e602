"""Rating scales of other publications: each verdict has a rating or none, and ratings map back to verdicts."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from claimledger.verdicts.scales import RATING_SCALES, SCALE_TABLE, Scale, parse_scales
from claimledger.vocabulary import VerdictValue

WORDS = {
    "averitec": ["Supported", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"],
    "politifact": ["True", "Mostly True", "Half True", "Mostly False", "False", "Pants on Fire"],
    "snu": ["사실", "대체로 사실", "절반의 사실", "대체로 사실 아님", "전혀 사실 아님", "판단 유보"],
    "claimreview": ["False", "Mostly false", "Half true", "Mostly true", "True"],
}
WITHOUT = {
    "averitec": {"not_checkable"},
    "politifact": {"not_enough_evidence", "not_checkable"},
    "snu": {"not_checkable"},
    "claimreview": {"not_enough_evidence", "not_checkable"},
}
each_scale = pytest.mark.parametrize("name", RATING_SCALES)


def test_scales_have_their_published_labels() -> None:
    assert {name: [one.label for one in scale.ratings] for name, scale in RATING_SCALES.items()} == WORDS
    assert (SCALE_TABLE.version, SCALE_TABLE.valid_from) == (2, "2026-11-27")


@each_scale
def test_verdict_round_trips_through_its_rating_or_has_none(name: str) -> None:
    without = set()
    for verdict in VerdictValue:
        rating = RATING_SCALES[name].rating_for_verdict(verdict)
        if rating is None:
            without.add(verdict.value)
        else:
            assert RATING_SCALES[name].nearest_verdict(rating.label) == (verdict, rating.exact)
    assert without == WITHOUT[name]


@each_scale
def test_conflicting_evidence_has_no_exact_rating(name: str) -> None:
    rating = RATING_SCALES[name].rating_for_verdict(VerdictValue.CONFLICTING_EVIDENCE)
    assert rating
    assert not rating.exact


def test_claim_review_scale_rises_from_false_to_true() -> None:
    assert [one.value for one in RATING_SCALES["claimreview"].ratings] == [1, 2, 3, 4, 5]
    values = {
        verdict: rating.value
        for verdict in VerdictValue
        if (rating := RATING_SCALES["claimreview"].rating_for_verdict(verdict))
    }
    assert values == {"supported": 5, "refuted": 1, "conflicting_evidence": 3}


@pytest.mark.parametrize("rating", ["Mostly-True", "barely-true", "True-ish", "", "거짓", "Miscaptioned"])
def test_unknown_rating_has_no_verdict(rating: str) -> None:
    assert RATING_SCALES["politifact"].nearest_verdict(rating) is None


def test_case_and_spaces_are_ignored() -> None:
    assert RATING_SCALES["politifact"].nearest_verdict("  pants ON  fire ") == (VerdictValue.REFUTED, False)


OWN = """
version = 2
valid_from = "2031-01-01"
[scales.own]
name = { ko = "우리 등급" }
ratings = [
  { label = "맞다", verdict = "supported", exact = true },
  { label = "틀리다", verdict = "refuted", exact = true },
]
[scales.own.published_as]
supported = "맞다"
"""


def test_a_newsroom_has_its_own_scale() -> None:
    scale: Scale = parse_scales(OWN).scales["own"]
    assert scale.rating_for_verdict(VerdictValue.SUPPORTED) == scale.ratings[0]
    assert scale.rating_for_verdict(VerdictValue.REFUTED) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('supported = "맞다"', 'supported = "틀리다"'),
        ('supported = "맞다"', 'supported = "없다"'),
        ('label = "틀리다"', 'label = "맞다 "'),
        ('verdict = "refuted"', 'verdict = "false"'),
        ("version = 2", "version = 0"),
    ],
)
def test_inconsistent_scale_table_is_refused(old: str, new: str) -> None:
    assert OWN.count(old) == 1
    with pytest.raises(ValidationError):
        parse_scales(OWN.replace(old, new))

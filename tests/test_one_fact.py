"""Two values of one fact are found in other words and with mixed Korean numerals; two facts are not confused."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from claimledger.consistency.across_claims import article_findings
from claimledger.models import Claim
from claimledger.quantities import FigureRole, find_figures, to_quantity

TABLES = tomllib.loads((Path(__file__).parent / "one_fact.toml").read_text(encoding="utf-8"))
LEAST_FOUND = 0.5
_NUMBER = re.compile(r"\d[\d,.조억만]*")


def rows(kind: str, part: str | None = None) -> list[list[str]]:
    return [row for name, table in TABLES.items() if part in (None, name) for row in table[kind]]


def make_claim(statement: str, claim_id: str) -> Claim:
    """Return a claim with the first figure of its statement."""
    figure = next(one for one in find_figures(statement) if one.role is not FigureRole.DATE)
    language = "ko" if re.search("[가-힣]", statement) else "en"
    fields = {
        "claim_id": claim_id, "article_id": "monthly", "statement": {language: statement}, "topics": ["a"],
        "attribution": {"mode": "narration"}, "source": {"kind": "own_reporting", "name": {"en": "The paper"}},
        "quantities": [to_quantity(figure).to_json()],
    }  # fmt: skip
    return Claim.model_validate_json(json.dumps(fields))


def find_two_values(one: str, other: str) -> list[str]:
    claims = [make_claim(one, "one-value-aaaa"), make_claim(other, "other-value-bbbb")]
    return [found.code for found in article_findings(claims, (), None)]


def with_value(statement: str, value: str) -> str:
    """Return a statement with another value in place of its only number."""
    changed, count = _NUMBER.subn(value, statement)
    assert count == 1, statement
    return changed


@pytest.mark.parametrize(("one", "other"), rows("mixed"))
def test_two_values_with_mixed_korean_numerals_are_found(one: str, other: str) -> None:
    assert find_two_values(one, other) == ["two-values-in-article"] * 2
    assert find_two_values(one, one) == []


@pytest.mark.parametrize("part", TABLES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_half_of_the_facts_in_other_words_are_found(part: str, language: str) -> None:
    pairs = [
        (one, with_value(other, value))
        for one, other, value in rows("same", part)
        if one.isascii() == (language == "en")
    ]
    found = [pair for pair in pairs if find_two_values(*pair) == ["two-values-in-article"] * 2]
    assert len(pairs) == 4
    assert len(found) >= LEAST_FOUND * len(pairs), pairs


@pytest.mark.parametrize(("one", "other", "_value"), rows("same"))
def test_one_value_in_other_words_is_no_finding(one: str, other: str, _value: str) -> None:
    assert find_two_values(one, other) == []


@pytest.mark.parametrize(("one", "other"), rows("other"))
def test_two_facts_have_two_values_without_a_finding(one: str, other: str) -> None:
    assert find_two_values(one, other) == []

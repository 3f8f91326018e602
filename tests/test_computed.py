"""Planted faults of computation are found, each by its code; their faultless twins are not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from claimledger.computed import CODES, AtHand, Finding, findings
from claimledger.models import Claim, Quantity
from claimledger.quantities import Figure, Role, find_figures, to_quantity

FAULTS = Path(__file__).parent / "faults"
LANGUAGES = ("ko", "en")


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    read: list[dict[str, Any]] = tomllib.loads((FAULTS / name).read_text("utf-8"))["case"]
    return read


def quantities_of(statement: str) -> tuple[Quantity, ...]:
    """Return the figures of a statement as a claim's quantities, lengths of time too."""
    figures = (figure for figure in find_figures(statement) if figure.role is not Role.DATE or figure.unit)
    return tuple(_quantity(figure) for figure in figures)


def _quantity(figure: Figure) -> Quantity:
    return to_quantity(figure._replace(role=Role.QUANTITY))


def claim_of(case: Mapping[str, Any], statement: str, language: str, **said: object) -> Claim:
    """Return the claim that a statement makes."""
    fields: dict[str, Any] = {
        "claim_id": "made-up-aaaa",
        "article_id": "made-up",
        "statement": {language: statement},
        "attribution": {"mode": "narration"},
        "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
        "quantities": quantities_of(statement),
        "topics": ["made-up"],
        "about_on": case.get("about_on", "2031"),
    }
    return Claim.model_validate(fields | said, strict=False)


def codes(found: Iterable[Finding], code: str) -> set[str]:
    """Return the codes found that bar, and the one looked for."""
    return {one.code for one in found if one.bars or one.code == code}


SENTENCES = cases("computed.toml")


def each(of: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    """Give every case in both languages."""
    for case in of:
        for language in LANGUAGES:
            yield pytest.param(case, language, id=f"{case['name']}-{language}")


@pytest.mark.parametrize(("case", "language"), list(each(SENTENCES)))
def test_a_planted_fault_is_found_and_nothing_beside_it(case: Mapping[str, Any], language: str) -> None:
    found = findings(claim_of(case, case["plant"][language], language), AtHand(case.get("published_on", "2023-06-01")))
    assert codes(found, case["code"]) == {case["code"]}, [one.en for one in found]


@pytest.mark.parametrize(("case", "language"), list(each(SENTENCES)))
def test_its_faultless_twin_is_clean(case: Mapping[str, Any], language: str) -> None:
    found = findings(claim_of(case, case["say"][language], language), AtHand(case.get("published_on", "2023-06-01")))
    assert codes(found, case["code"]) == set(), [one.en for one in found]

"""Units printed after a number on pages are read back by the grammar as the same unit and amount."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from claimledger.models import Quantity
from claimledger.publishing.figure_words import figure_in_words
from claimledger.quantities import BARE_UNIT, find_figures, format_with_unit

UNITS: dict[str, dict[str, Any]] = tomllib.loads(
    files("claimledger.quantities").joinpath("units.toml").read_text(encoding="utf-8")
)
NOT_READ = {"building", "at_bat", "dan", "pyeong", "geun"}
"""Units whose English form the grammar reads as a number without a unit."""
NUMBERS = {"1": 1, "3": 3, "1,200": 1_200}


@pytest.mark.slow
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != BARE_UNIT])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_printed_unit_reads_back_as_itself(unit: str, language: str) -> None:
    if f"printed_{language}" not in UNITS[unit]:
        assert format_with_unit("3", unit, language).startswith("3 (")
        return
    for number, amount in NUMBERS.items():
        (found,) = find_figures(format_with_unit(number, unit, language))
        is_unread = language == "en" and unit in NOT_READ and found.unit is None
        assert (found.amount, unit if is_unread else found.unit) == (Decimal(amount), unit)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_a_korean_form(unit: str) -> None:
    assert ("printed_ko" in UNITS[unit]) != ("name_ko" in UNITS[unit])
    assert "_" not in format_with_unit("3", unit, "ko")


@pytest.mark.parametrize(
    ("unit", "korean", "english"),
    [
        ("megapixel", "48메가픽셀", "48 megapixels"),
        ("pixel", "48픽셀", "48 pixels"),
        ("person", "48명", "48 people"),
        ("hour", "48시간", "48 hours"),
        ("minute", "48분", "48 minutes"),
        ("company", "48개 회사", "48 companies"),
        ("family_member", "48 (함께 있는 가족)", "48 (family member)"),
        ("number", "48", "48"),
        ("oil_rig", "48 (oil rig)", "48 (oil rig)"),
    ],
)
def test_a_figure_keeps_its_unit_and_its_magnitude(unit: str, korean: str, english: str) -> None:
    quantity = Quantity(text="48", amount=Decimal(48), unit=unit)

    assert (figure_in_words(quantity, "ko"), figure_in_words(quantity, "en")) == (korean, english)


def test_pixels_are_not_millions_of_pixels() -> None:
    (found,) = find_figures("4800만 화소 카메라")

    assert (found.amount, found.unit) == (Decimal(48_000_000), "pixel")

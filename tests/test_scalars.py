"""Plain values: their normal form, the values that are refused, and the messages of refusals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger import scalars
from claimledger.scalars import (
    PATTERN_DESCRIPTIONS, RESERVED_NAMES, FrozenMap, InvalidValue, checked_amount, checked_edtf, checked_language,
    checked_name, checked_text, checked_time, freeze, thaw,
)  # fmt: skip


def code(rule: Callable[[Any], object], value: object) -> str:
    """Return the code of the only fault that a rule finds."""
    with pytest.raises(InvalidValue) as refusal:
        rule(value)
    (fault,) = refusal.value.faults
    assert str(refusal.value) == f"{fault.sentence} {fault.remedy}"
    return fault.code


@given(strategies.typed.filter(strategies._is_visible))
def test_a_text_has_one_normal_form(text: str) -> None:
    kept = checked_text(text)
    assert kept == checked_text(kept) == checked_text(unicodedata.normalize("NFD", text))
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip()


def test_decomposed_hangul_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "왕후이원")
    assert (len(decomposed), checked_text(decomposed)) == (10, "왕후이원")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\r", "\x85", "\u2028", "\ufeff", "\ud800", "\uffff", "\x7f"])
def test_an_invisible_character_is_named(character: str) -> None:
    assert code(checked_text, f"약{character}130억") == "invisible-character"
    with pytest.raises(InvalidValue, match=rf"U\+{ord(character):04X}"):
        checked_text(character)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0", "\u3000", "\u200b\u200d"])
def test_text_without_visible_characters_is_empty(text: str) -> None:
    assert code(checked_text, text) == "empty-text"


@given(strategies.amounts)
def test_an_amount_keeps_its_digits(amount: Decimal) -> None:
    digits = format(amount, "f")
    assert format(checked_amount(digits), "f") == digits
    assert format(checked_amount(amount), "f") == digits


@pytest.mark.parametrize("amount", ["1.50", "0", "-0.10", "13000000000", 40, "0." + "0" * 97 + "1"])
def test_a_plain_number_is_an_amount(amount: object) -> None:
    assert format(checked_amount(amount), "f") == str(amount)


@pytest.mark.parametrize(
    "amount",
    ["13,000", "130억", "1e3", "+5", "012", ".5", "5.", "", " 5", "5\n", "５", "٤", "NaN", "1_000", True, None, []],
)  # fmt: skip
def test_other_values_are_not_plain_numbers(amount: object) -> None:
    assert code(checked_amount, amount) == "not-a-number"


def test_binary_fraction_is_refused_because_digits_are_lost() -> None:
    assert code(checked_amount, 1.5) == "number-without-quotes"


def test_amount_has_a_maximum_length() -> None:
    assert checked_amount("9" * 100)
    assert code(checked_amount, "9" * 101) == "number-too-long"


@given(strategies.dates)
def test_valid_date_stays_unchanged(date: str) -> None:
    assert checked_edtf(date) == date


@pytest.mark.parametrize("date", ["2023-06/2023", "2023/2023-01", "2022-10/2022-10", "2024-02-29", "0001"])
def test_interval_ends_when_its_last_part_ends(date: str) -> None:
    assert checked_edtf(date) == date


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-13", "no-such-day"),
        ("2023-02-29", "no-such-day"),
        ("2023-00", "no-such-day"),
        ("0000", "no-such-day"),
        ("2023-03/2023-02-31", "no-such-day"),
        ("2023-03/2023-02", "interval-backward"),
        ("2023/2022-12-31", "interval-backward"),
        ("2023.03.14", "not-a-date"),
        ("2023년 3월", "not-a-date"),
        ("14 March 2023", "not-a-date"),
        ("2023-3-14", "not-a-date"),
        ("20230314", "not-a-date"),
        ("２０２３", "not-a-date"),
        ("2023/", "not-a-date"),
        ("/2023", "not-a-date"),
        ("2021/2022/2023", "not-a-date"),
        ("2023-03-14\n", "not-a-date"),
        ("2023-03~", "not-a-date"),
        ("", "not-a-date"),
    ],
)
def test_invalid_date_is_refused_with_its_code(date: str, expected: str) -> None:
    assert code(checked_edtf, date) == expected


def test_time_that_does_not_exist_is_refused() -> None:
    assert checked_time("2024-02-29T23:59:59.999Z")
    assert code(checked_time, "2023-02-29T23:59:59.999Z") == "no-such-day"
    assert code(checked_time, "2024-02-29T24:00:01.000Z") == "no-such-day"


@pytest.mark.parametrize(("tag", "language"), [("kr", "ko"), ("jp", "ja"), ("cn", "zh")])
def test_country_code_is_not_accepted_as_a_language(tag: str, language: str) -> None:
    assert checked_language(language) == language
    assert code(checked_language, tag) == "country-for-language"


@pytest.mark.parametrize("name", ["log", "documents", "con", "com1", "lpt9"])
def test_folder_names_and_windows_device_names_are_reserved(name: str) -> None:
    assert code(checked_name, name) == "reserved-name"
    assert checked_name(f"{name}-1") == f"{name}-1"
    assert name in RESERVED_NAMES


def test_every_field_pattern_has_a_description() -> None:
    patterns = {value for name, value in vars(scalars).items() if isinstance(value, str) and value.startswith("^")}
    with_own_messages = {scalars.AMOUNT, scalars.EDTF}  # of checked_amount and checked_edtf
    assert patterns - with_own_messages == PATTERN_DESCRIPTIONS.keys()
    for form in PATTERN_DESCRIPTIONS.values():
        assert not re.search(r"[\^$\\]|\(\?", form.name.label_en + form.name.label_ko)


@pytest.mark.parametrize("pattern", PATTERN_DESCRIPTIONS)
def test_example_of_a_pattern_matches_the_pattern(pattern: str) -> None:
    (first, *_) = re.split(r", | or ", PATTERN_DESCRIPTIONS[pattern].example)
    assert re.search(pattern, first) or pattern in {scalars.SHA256, scalars.NONCE}


@given(st.dictionaries(st.text(), st.integers()))
def test_frozen_map_equals_its_source_in_any_order(values: dict[str, int]) -> None:
    there, back = FrozenMap(values), FrozenMap(dict(reversed(values.items())))
    assert there == back == values
    assert (hash(there), list(there), len(there)) == (hash(back), sorted(values), len(values))
    assert eval(repr(there), {"FrozenMap": FrozenMap}) == there  # noqa: S307  our own text


def test_a_frozen_map_cannot_be_changed() -> None:
    words: Any = FrozenMap({"ko": "다리"})
    with pytest.raises(TypeError):
        words["en"] = "bridge"
    with pytest.raises(KeyError):
        words["en"]


@settings(strategies.few)
@given(strategies.json_values)
def test_a_json_value_is_frozen_and_thawed_again(value: object) -> None:
    assert thaw(freeze(value)) == value
    assert hash(freeze(value)) == hash(freeze(value))

"""The scorer of Korean news counts what is right, confident and wrong, and missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scores.korean_news import (
    Tally,
    is_amount_right,
    is_unit_right,
    judge_speaker,
    report,
    score_figures,
    score_statements,
)

TEXT = "김하나 대표는 매출이 40% 늘었다고 말했다."


def make_figure(**fields: object) -> dict[str, Any]:
    """Return an annotated figure, 40% unless fields say otherwise."""
    plain = {
        "start": 12, "end": 15, "text": "40%", "amount": "40", "low": None, "high": None, "unit": "percent",
        "is_quantity": True, "kind": "quantity", "optional": False,
    }  # fmt: skip
    return {**plain, **fields}


def make_statement(**fields: object) -> dict[str, Any]:
    """Return an annotated statement by 김하나 unless fields say otherwise."""
    plain = {
        "start": 8, "end": 19, "text": "매출이 40% 늘었다", "speaker_text": "김하나 대표", "speaker_name": "김하나",
        "kind": "person", "optional": False,
    }  # fmt: skip
    return {**plain, **fields}


def found_figure(**fields: object) -> dict[str, Any]:
    """Return a figure of the program, 40% unless fields say otherwise."""
    plain = {"start": 12, "end": 15, "text": "40%", "amount": "40", "low": None, "high": None, "unit": "percent"}
    return {**plain, "currency": None, **fields}


def found_candidate(name: str | None, **fields: object) -> dict[str, Any]:
    """Return a candidate of the program with a speaker."""
    speaker = {"name": name, "is_anonymous": False} if name else None
    plain = {"start": 8, "end": 19, "quote": "매출이 40% 늘었다", "figures": [], "speaker": speaker}
    return {**plain, "attribution": {"mode": "indirect_quote"}, **fields}


@pytest.mark.parametrize(
    ("gold", "found", "is_right"),
    [
        ({}, {}, True),
        ({"amount": "40"}, {"amount": "40.02"}, True),
        ({"amount": "40"}, {"amount": "41"}, False),
        ({"amount": None, "low": "5", "high": "6"}, {"low": "5", "high": "6"}, True),
        ({"amount": None, "low": "5", "high": "6"}, {"low": "5", "high": "7"}, False),
        ({"alt": {"amount": "0.4", "unit": "ratio"}}, {"amount": "0.4"}, True),
    ],
)
def test_amount_is_compared_with_both_ends_and_alternatives(
    gold: dict[str, Any], found: dict[str, Any], *, is_right: bool
) -> None:
    assert is_amount_right(make_figure(**gold), found_figure(**found)) is is_right


def test_unit_may_be_one_of_several_or_a_currency() -> None:
    assert is_unit_right(make_figure(unit="KRW|number"), found_figure(currency="KRW", unit=None))
    assert is_unit_right(make_figure(unit=None), found_figure(unit=None))
    assert not is_unit_right(make_figure(unit="item|kind"), found_figure(unit="car"))


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("김하나", "right"),
        ("김 하나(42)", "right"),
        ("별그룹 김하나", "with more words"),
        ("하나", "cut short"),
        ("이둘", "another name"),
        (None, "missing"),
    ],
)
def test_speaker_is_judged(name: str | None, verdict: str) -> None:
    speaker = {"name": name, "is_anonymous": False} if name else None
    assert judge_speaker(make_statement(), speaker) == verdict


def test_name_where_none_is_printed_is_wrong() -> None:
    nobody = make_statement(speaker_text=None, speaker_name=None, kind=None)
    assert judge_speaker(nobody, {"name": "이둘", "is_anonymous": False}) == "name where none is printed"
    assert judge_speaker(nobody, None) == "right"


def test_wrong_and_missing_figures_are_counted_apart() -> None:
    gold = [make_figure(), make_figure(start=30, end=33), make_figure(start=40, end=43, kind="name", is_quantity=False)]
    figures = [
        found_figure(amount="40000000000000"), found_figure(start=40, end=43), found_figure(start=50, end=52),
    ]  # fmt: skip
    tally = Tally()
    score_figures({"id": "a", "figures": gold}, [{"figures": figures}], tally)
    wrong = ("quantities, amount wrong", "huge amount wrong", "name read as a quantity", "figure where none is")
    assert [tally.counts[kind] for kind in (*wrong, "figure missed")] == [1, 1, 1, 1, 1]


def test_wrong_and_missing_speakers_are_counted_apart() -> None:
    tally = Tally()
    for name in ("김하나", "이둘", None):
        score_statements({"id": "a", "statements": [make_statement()]}, [found_candidate(name)], tally)
    score_statements({"id": "a", "statements": [make_statement()]}, [], tally)
    score_statements({"id": "a", "statements": []}, [found_candidate("이둘")], tally)
    kinds = (
        "speaker, right",
        "speaker, another name",
        "speaker, missing",
        "statement missed",
        "statement where none is",
    )
    assert [tally.counts[kind] for kind in kinds] == [1, 1, 1, 1, 1]


@pytest.mark.slow
def test_report_prints_totals_and_lists_words_only_if_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "news.jsonl"
    row = {"id": "a", "text": TEXT, "figures": [make_figure(amount="41")], "statements": [make_statement()]}
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    report(file)
    totals = capsys.readouterr().out
    assert "Measurement on real text: 1 sentences" in totals
    assert "amount wrong 1" in totals
    assert "40%" not in totals
    report(file, lists=True)
    assert "40%" in capsys.readouterr().out

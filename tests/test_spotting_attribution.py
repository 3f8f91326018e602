"""Attribution in Korean: made-up paragraphs with the statements a careful reader finds, with and without morphemes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimledger.models import Span
from claimledger.spotting import korean_sentence
from claimledger.spotting.korean import Korean
from claimledger.spotting.korean_cues import find_cues, read_cue_words
from claimledger.spotting.language import ReportedStatement
from claimledger.vocabulary import AttributionMode

CASES = [
    case
    for name in ("korean.toml", "korean_second.toml")
    for case in tomllib.loads((Path(__file__).parent / "spotting" / name).read_text(encoding="utf-8"))["case"]
]


NEEDS_MORPHEMES = (
    "미국 블루리버 최고경영자", "노벨상 수상자인", "시장조사업체 달빛리서치에 따르면", "금융감독원이 국회에 낸",
)  # fmt: skip
"""Beginnings of the paragraphs that are only read correctly with morphemes."""


WITHOUT_MORPHEMES = [case for case in CASES if not case["text"].startswith(NEEDS_MORPHEMES)]


def find_statements(text: str) -> list[ReportedStatement]:
    language = Korean()
    found: list[ReportedStatement] = []
    for line in re.finditer(r"[^\n]+", text):
        paragraph = Span(start=line.start(), end=line.end())
        found += language.reported(text, language.sentences(text, paragraph))
    return found


def gold_fields(gold: dict[str, Any], found: ReportedStatement) -> dict[str, Any]:
    """Return the fields of a statement that the gold case names."""
    speaker = found.speaker
    every = {
        "speaker": speaker.name if speaker else None,
        "role": speaker.role if speaker else None,
        "organization": speaker.organization if speaker else None,
        "anonymous": speaker.is_anonymous if speaker else None,
        "basis": speaker.basis.value if speaker else None,
        "mode": found.mode.value,
    }
    return {"said": gold["said"], **{key: every[key] for key in gold if key != "said"}}


def named_cases(cases: list[dict[str, Any]]) -> Iterator[Any]:
    for case in cases:
        yield pytest.param(case, id=f"{case['group']}: {case['text'][:24]}")


@pytest.mark.slow  # needs the extra 'ko', which quick tests do not have
@pytest.mark.parametrize("case", list(named_cases(CASES)))
def test_statements_and_speakers_match_the_gold(case: dict[str, Any]) -> None:
    assert_matches_gold(case)


def assert_matches_gold(case: dict[str, Any]) -> None:
    found = find_statements(case["text"])
    assert len(found) == len(case["statements"])
    for gold, statement in zip(case["statements"], found, strict=True):
        start = case["text"].index(gold["said"])
        shared = min(statement.content.end, start + len(gold["said"])) - max(statement.content.start, start)
        assert shared * 2 >= len(gold["said"])
        assert gold_fields(gold, statement) == gold
        if "speaker" not in gold:
            assert statement.speaker is None


def test_speaker_span_excludes_the_date_and_keeps_parentheses() -> None:
    text = "2024년 3월5일 서하늘 모래시계(Sandglass, 沙漏) 대표는 “손님이 늘었다”고 말했다."
    speaker = find_statements(text)[0].speaker
    assert speaker is not None
    assert text[speaker.span.start : speaker.span.end] == "서하늘 모래시계(Sandglass, 沙漏) 대표"
    assert speaker.aliases == ("Sandglass", "沙漏")


def test_a_verb_added_to_the_data_is_found_in_every_form() -> None:
    words = read_cue_words('class.say = {takes = ["quote"], verbs = ["뇌까리다", "적다"]}')
    forms = "뇌까렸다 뇌까리며 뇌까린다 뇌까립니다 뇌까려 왔다 뇌까리고 있다 적었다 적는다 적으며"
    assert [cue.verb for cue in find_cues(forms, words)] == ["뇌까리다"] * 6 + ["적다"] * 3
    assert find_cues("뇌까린 사람 적은 종이 뇌까리지 않았다", words) == []


def test_pronoun_in_a_new_paragraph_refers_to_the_last_speaker() -> None:
    text = "박은채 누리호텔 사장은 “방이 찼다”고 말했다.\n그는 “내년엔 더 짓겠다”고 덧붙였다."
    speakers = [statement.speaker for statement in find_statements(text)]
    assert [(speaker.name, speaker.basis.value) for speaker in speakers if speaker] == [
        ("박은채", "explicit"),
        ("박은채", "pronoun"),
    ]


@pytest.fixture
def no_kiwi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(korean_sentence, "has_kiwi", lambda: False)
    monkeypatch.setattr("claimledger.spotting.korean.has_kiwi", lambda: False)


@pytest.mark.usefixtures("no_kiwi")
@pytest.mark.parametrize("case", list(named_cases(WITHOUT_MORPHEMES)))
def test_most_cases_are_read_without_the_extra(case: dict[str, Any]) -> None:
    assert_matches_gold(case)


@pytest.mark.usefixtures("no_kiwi")
def test_quotations_and_sources_are_found_without_the_extra() -> None:
    found = find_statements("통계청에 따르면 물가가 3% 올랐다. 오세아 대표는 “너무 비싸다”고 말했다.")
    assert [(row.mode, row.speaker.name if row.speaker else None) for row in found] == [
        (AttributionMode.INDIRECT_QUOTE, "통계청"),
        (AttributionMode.DIRECT_QUOTE, "오세아"),
    ]


@pytest.mark.usefixtures("no_kiwi")
def test_missing_extra_is_reported() -> None:
    problem = Korean().lacks()
    assert problem is not None
    assert problem.code == "korean-without-morphemes"
    assert "claimledger[ko]" in problem.remedy


@pytest.mark.usefixtures("no_kiwi")
def test_at_most_one_wrong_speaker_is_named_without_the_extra() -> None:
    wrong = []
    for case in CASES:
        golds = {gold.get("speaker") for gold in case["statements"]}
        wrong += [
            row.speaker.name for row in find_statements(case["text"]) if row.speaker and row.speaker.name not in golds
        ]
    assert len(wrong) <= 1

"""The labels shared by public pages, desk and tables: one table, both languages, no second text for a key."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from claimledger.labels import field_label, label_text, shared_labels, with_shared
from claimledger.publishing.wording import field_name
from claimledger.verdicts.answers import definition
from claimledger.vocabulary import Question, VerificationStatus

SIDES = ("public_pages", "desk_pages")


def own_texts(side: str) -> dict[str, object]:
    text = files(f"claimledger.datasette_plugin.{side}").joinpath("words.toml").read_text(encoding="utf-8")
    return {f"{section}.{name}": one for section, table in tomllib.loads(text).items() for name, one in table.items()}


@pytest.mark.parametrize("key", shared_labels())
def test_shared_label_is_there_in_both_languages(key: str) -> None:
    label = shared_labels()[key]
    assert set(label) == {"ko", "en"}
    assert re.search("[가-힣]", label["ko"]) or label["ko"] == label["en"]
    assert re.findall(r"\{\w+\}", label["ko"]) == re.findall(r"\{\w+\}", label["en"])


@pytest.mark.parametrize("side", SIDES)
def test_page_defines_no_shared_label_again(side: str) -> None:
    assert sorted(set(own_texts(side)) & set(shared_labels())) == []


FIELDS = {
    "cue": "기사 표현", "speaker_basis": "발언자 확인 방법", "quantities": "수치", "quantities_text": "기사 표기",
    "amount": "값", "said_on": "발언일", "about_on": "대상 시점", "stance": "주장과의 관계", "summary": "요약",
    "value": "판정", "rationale": "이유", "reason": "이유", "captured": "보관본", "tier": "자료 구분", "medium": "형식",
}  # fmt: skip
"""Fields that once had different Korean labels on the public pages and the desk, with their shared label."""


@pytest.mark.parametrize(("field", "label"), FIELDS.items())
def test_field_has_one_korean_label(field: str, label: str) -> None:
    assert label_text(f"field.{field}", "ko") == label


@pytest.mark.parametrize("question", Question)
def test_each_verdict_has_a_definition(question: Question) -> None:
    for status in VerificationStatus:
        assert all(definition(question, status).values())


def test_page_texts_come_with_the_shared_labels() -> None:
    texts = with_shared({"page.own": {"ko": "제목", "en": "Title"}})
    assert texts["page.own"]["en"] == "Title"
    assert texts["field.stance"]["ko"] == label_text("field.stance", "ko") == "주장과의 관계"


def test_field_label_depends_on_the_record_it_is_in() -> None:
    assert field_label("quantities.1.text", "text") != field_label("text", "text")
    assert field_name("quantities.1.text", "en") == "Figures › 1 › In the article"
    assert field_name("source.published_on", "ko") == "기사가 밝힌 출처 › 날짜"
    assert field_name("title.en", "en") == "Document title › English"
    assert field_label("quantities.1.text", "unknown") is None

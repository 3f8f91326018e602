"""Korean labels of the public pages and the desk use plain words instead of technical terms."""

from __future__ import annotations

from importlib.resources import files

import pytest

from claimledger.labels import label_text, shared_labels
from claimledger.publishing.wording import field_name
from claimledger.desk_vocabulary import DESK_VOCABULARIES
from claimledger.vocabulary import VOCABULARIES, AttributionMode, RevisionKind, SpeakerBasis

OBSCURE = ("지문", "눈금", "명시", "이어짐", "등재", "원장", "까닭", "물음", "내력", "미검증", "덧붙임", "면제")
"""Unclear words. Readers take 지문 for a fingerprint and 원장 for a director; the others are stiff or bureaucratic."""


@pytest.mark.parametrize("word", OBSCURE)
def test_page_texts_have_no_obscure_word(word: str) -> None:
    labels = [term.label_ko for terms in (*VOCABULARIES, *DESK_VOCABULARIES) for term in terms]
    labels += [label["ko"] for label in shared_labels().values()]
    for side in ("public_pages", "desk_pages"):
        words = files(f"claimledger.datasette_plugin.{side}").joinpath("words.toml").read_text(encoding="utf-8")
        labels += words.splitlines()
    assert [text for text in labels if word in text] == []


def test_labels_of_quotes_and_speakers() -> None:
    assert AttributionMode.NARRATION.label_ko == label_text("part.own_words", "ko") == "기사 서술"
    assert [basis.label_ko for basis in SpeakerBasis] == [
        "이름이 함께 나옴", "대명사로 나옴", "앞 문장에 이름이 나옴",
    ]  # fmt: skip
    assert RevisionKind.LISTED.label_ko == "첫 공개"
    # the direction of a figure and the relation of evidence to the claim are different
    assert field_name("quantities.1.direction", "ko") == "수치 › 1 › 방향"
    assert field_name("evidence.column.stance", "ko") == "근거 › column › 주장과의 관계"

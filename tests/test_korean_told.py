"""Korean that readers of the public pages understand: no word of the trade for what has a plain one."""

from __future__ import annotations

from importlib.resources import files

import pytest

from claimledger.publishing.wording import field_name
from claimledger.vocabulary import VOCABULARIES, AttributionMode, RevisionKind, SpeakerBasis

OBSCURE = ("지문", "눈금", "명시", "이어짐", "등재")
"""지문 is read as a fingerprint, 눈금 as a ruler's; 명시 and 등재 are words of forms."""


@pytest.mark.parametrize("word", OBSCURE)
def test_no_label_and_no_page_has_an_obscure_word(word: str) -> None:
    labels = [term.label_ko for terms in VOCABULARIES for term in terms]
    pages = files("claimledger.datasette_plugin.public_pages").joinpath("words.toml").read_text(encoding="utf-8")
    assert [text for text in (*labels, *pages.splitlines()) if word in text] == []


def test_what_a_claims_page_says_of_its_words_is_said_in_full() -> None:
    assert AttributionMode.NARRATION.label_ko == "기사의 서술"
    assert [basis.label_ko for basis in SpeakerBasis] == ["말 곁에 이름이 있음", "대명사로 가리킴", "앞 문장의 발언자"]
    assert RevisionKind.LISTED.label_ko == "처음 공개"
    # a figure has a direction; what evidence does to a claim is none
    assert field_name("quantities.1.direction", "ko") == "수치 › 1 › 방향"
    assert field_name("evidence.column.stance", "ko") == "근거 › column › 주장과의 관계"

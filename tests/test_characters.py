"""Hidden characters are refused in every text of ours and named in passages; words of two scripts are named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from claimledger import characters
from claimledger.characters import character_set, code_point, hidden_characters, mixed_words, without_hidden
from claimledger.consistency import CheckContext, consistency_findings
from claimledger.intake.stated import plain_text
from claimledger.models import Claim
from claimledger.models.stored import read_or_validate, validated_revision
from claimledger.newsroom.edit_input import make_edit
from claimledger.errors import ProblemsFound
from claimledger.scalars import STORED, InvalidValue, checked_text
from claimledger.vocabulary import Subject

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OTHERS = (
    "\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u180e", "\u200b", "\u200c", "\u200d", "\u2060", "\u2064",
    "\u206a", "\u3164", "\ufe00", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\u2800", "\U0001d173", "\U000e0001",
    "\U000e0041", "\U000e0100", "\U000e0fff", "\ue000", "\U000f0000", "\U0010fffd", "\ufdd0", "\u0378", "\u2fe0",
)  # fmt: skip
ORDINARY = (
    "약 130억달러", "GPT는 AI가 낸", "👩‍🔬", "👩🏽‍🚀 🇰🇷 ❤️ 1️⃣", "می‌خواهم", "क्‍ष", "5μm 10kΩ", "“a” – b…", "漢字 かな ｶﾅ",
    "é ﬁ ①", "탭\t과\n줄", "각", "한ᄀᆞᆯ", "✔", "٢٣", "₩1,000 €5 ₿",
)  # fmt: skip


@pytest.mark.parametrize("character", [*BIDI, *OTHERS])
def test_hidden_characters_are_refused(character: str) -> None:
    with pytest.raises(InvalidValue, match=re.escape(code_point(character))):
        checked_text(f"가{character}나")
    assert without_hidden(f"가{character}나") == "가나"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_has_no_hidden_character(text: str) -> None:
    assert hidden_characters(text) == ()
    assert checked_text(text)


@pytest.mark.parametrize("text", ["a\ufe0f", "가\u200d나", "\u200d👩", "1\ufe0fa", "👩\u200d가", "می‌ x"])
def test_joiners_outside_their_scripts_are_hidden(text: str) -> None:
    assert hidden_characters(text)


@pytest.mark.slow
def test_frequent_characters_are_all_visible() -> None:
    frequent = re.compile(f"[{characters._COMMON}]")
    hidden = character_set("hidden")
    assert [code for code in range(0x110000) if frequent.match(chr(code)) and hidden.has(chr(code))] == []


@pytest.mark.slow
def test_table_agrees_with_unicode() -> None:
    regex = pytest.importorskip("regex")
    property_ = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Co}\p{Cs}]")
    hidden = character_set("hidden")
    found = [code for code in range(0x110000) if property_.match(chr(code))]
    assert [code_point(chr(code)) for code in found if not hidden.has(chr(code))] == []
    assert sum(bool(regex.match(r"[\p{Default_Ignorable_Code_Point}]", chr(code))) for code in found) >= 4_174


@given(st.text())
def test_text_without_hidden_characters_is_accepted(text: str) -> None:
    bare = without_hidden(text)
    assert hidden_characters(bare) == () or set(hidden_characters(bare)) <= set("\u200c\u200d\ufe0f")


def claim_fields(**fields: object) -> dict[str, Any]:
    """Return the fields of a claim."""
    return {
        "claim_id": "made-up-aaaa", "article_id": "made-up", "statement": {"en": "It cost a lot."},
        "attribution": {"mode": "indirect_quote", "speaker_basis": "explicit", "cue": "said"},
        "speaker": {"kind": "person", "name": {"en": "Do Seyun"}, "role": {"en": "head"}},
        "source": {"kind": "publication", "name": {"en": "Made-up Monthly"}, "address": "https://example.org/a"},
        "quantities": [], "topics": ["made-up"], **fields,
    }  # fmt: skip


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all texts in a record."""
    if isinstance(value, str):
        return [path]
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in parts for found in places(part, (*path, key))]


FIELDS = [
    path
    for path in places(claim_fields())
    if path[-1] not in {"claim_id", "article_id", "kind", "mode", "speaker_basis", 0}
]


@pytest.mark.parametrize("path", FIELDS, ids=lambda path: ".".join(map(str, path)))
def test_a_hidden_character_is_refused_in_each_field(path: tuple[Any, ...]) -> None:
    fields = claim_fields()
    Claim.model_validate(fields, strict=False)
    holder: Any = fields
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] += "\u202ex"
    with pytest.raises(ValidationError) as refused:
        Claim.model_validate(fields, strict=False)
    assert path[0] in refused.value.errors()[0]["loc"]


def test_a_reason_has_no_hidden_character() -> None:
    with pytest.raises(ProblemsFound, match=r"reason: .*U\+202E"):
        make_edit(author="kim", reason="It was \u202ewrong.")


def test_a_stored_record_stays_readable() -> None:
    fields = claim_fields(statement={"en": "$31\u202e million"})
    assert Claim.model_validate_json(msgspec.json.encode(fields), context=STORED).statement["en"] == "$31\u202e million"
    body = {
        "approver": "sora", "authors": ["miru"], "format": 1, "key": "made-up-aaaa", "kind": "listed",
        "nonce": "0" * 32, "number": 1,
        "reason": "New\u200b.", "record": fields, "recorded_at": "2031-05-03T01:30:00.000Z", "revision": 1,
        "subject": "claim",
    }  # fmt: skip
    encoded = msgspec.json.encode(body)
    for read in (read_or_validate, validated_revision):
        assert read(Subject.CLAIM, encoded).reason == "New\u200b."


def test_passages_are_named_and_not_refused() -> None:
    claim = Claim.model_validate(claim_fields(), strict=False)
    found = consistency_findings(claim, CheckContext(passages=["It cost $31\u202e million\u200b, he said."]))
    (note,) = [one for one in found if one.code == "hidden-characters"]
    assert ("U+202E, U+200B" in note.en, "U+202E, U+200B" in note.ko, note.is_blocking) == (True, True, False)
    assert not consistency_findings(claim, CheckContext(passages=["It cost $31 million, he said."]))


@pytest.mark.parametrize(("text", "words"), [
    ("the сlaude model", ["сlaude"]), ("Сеул и Seoul", []), ("GPT는 AI가 낸", []), ("5μm, 10kΩ", []), ("αbc", ["αbc"]),
])  # fmt: skip
def test_words_of_two_scripts_are_named(text: str, words: list[str]) -> None:
    assert list(mixed_words(text)) == words
    claim = Claim.model_validate(claim_fields(statement={"en": text}), strict=False)
    found = [one for one in consistency_findings(claim, CheckContext()) if one.code == "mixed-scripts"]
    assert [one.field for one in found] == ["statement.en"] * bool(words)
    assert not any(one.is_blocking for one in found)


def test_names_that_a_page_states_lose_hidden_characters() -> None:
    assert plain_text("항\u00ad만 \u202e데스크") == "항만 데스크"


def test_table_names_its_version() -> None:
    table = Path(characters.__file__).with_name("characters.toml").read_text(encoding="utf-8")
    assert f"Unicode {characters.unicode_version()}" in table

"""One Korean word for an idea, on the desk, on the public pages and in the descriptions of columns."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import claimledger
from claimledger.publishing.wording import field_name
from claimledger.vocabulary import Role

ROOT = Path(claimledger.__file__).parent
READERS = {"units.toml"}
"""Tables of what articles write, not of what we write."""
NOT_OURS = {
    "판본": "판", "꾸러미": "패키지", "장부": "원장", "검증 담당": Role.CHECKER.label_ko,
    "아래 끝": "최솟값", "위 끝": "최댓값",
    "그대로 둔 지적": "면제한 지적", "다시 살필 날": "다시 볼 날",
}  # fmt: skip
"""Another word for something to the word that is used."""
SHARED = {
    "quantities_low": "low", "quantities_high": "high", "excerpt": "excerpt", "recheck_after": "recheck_after",
    "waivers": "waivers", "statement": "statement", "speaker": "speaker", "source": "source", "verdicts": "verdicts",
    "evidence": "evidence", "topics": "topics", "note": "note", "attribution": "attribution", "rationale": "rationale",
    "as_of": "as_of", "quantities_unit": "unit", "quantities_comparator": "comparator", "role": "role",
}  # fmt: skip
"""Field of the desk's forms to the same in a public history."""


@pytest.mark.parametrize("other", NOT_OURS)
def test_an_idea_has_one_word(other: str) -> None:
    sources = [
        path for path in ROOT.rglob("*") if path.suffix in (".toml", ".py", ".html") and path.name not in READERS
    ]
    sources += [*(ROOT.parent / "docs").glob("*.md"), ROOT.parent / "metadata.yml"]
    assert len(sources) > 100
    assert [path.name for path in sources if other in path.read_text(encoding="utf-8")] == [], NOT_OURS[other]


@pytest.mark.parametrize(("desk", "public"), SHARED.items())
def test_a_field_is_called_the_same_on_both_sides(desk: str, public: str) -> None:
    text = files("claimledger.datasette_plugin.desk_pages").joinpath("words.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["field"][desk]["ko"] == field_name(public, "ko")

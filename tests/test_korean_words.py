"""Each concept has one Korean word on the desk, the public pages and in column descriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

import claimledger
from claimledger.desk_vocabulary import Role

pytestmark = pytest.mark.slow

ROOT = Path(claimledger.__file__).parent
READERS = {"units.toml", "antonyms.toml"}
"""Tables of words that articles use; the labels of the program are elsewhere."""
NOT_OURS = {
    "판본": "판", "꾸러미": "패키지", "장부": "원장", "검증 담당": Role.CHECKER.label_ko,
    "아래 끝": "최솟값", "위 끝": "최댓값",
    "그대로 둔 지적": "예외로 인정한 사항", "다시 살필 날": "재검증 시점",
}  # fmt: skip
"""Each banned word with the word to use instead."""


@pytest.mark.parametrize("other", NOT_OURS)
def test_concept_has_one_korean_word(other: str) -> None:
    sources = [
        path for path in ROOT.rglob("*") if path.suffix in (".toml", ".py", ".html") and path.name not in READERS
    ]
    sources += [*(ROOT.parent / "docs").glob("*.md"), ROOT.parent / "metadata.yml"]
    assert len(sources) > 100
    assert [path.name for path in sources if other in path.read_text(encoding="utf-8")] == [], NOT_OURS[other]

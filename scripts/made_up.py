"""Generate claims for measurements, in English and Korean, in the size of those of this ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimledger.scalars import BASE32

PLACES = ("hanbit", "saebyeok", "dalmaru", "onnuri", "garam", "mirinae", "haneul")
THINGS = (("transport", "교통"), ("school", "학교"), ("library", "도서관"), ("park", "공원"), ("housing", "주거"))


def made_up_claim(number: int) -> Mapping[str, Any]:
    """Return a generated claim. No two claims are alike, and their IDs are not sorted."""
    mixed = number * 2_654_435_761 % 2**20
    tail = "".join(BASE32[mixed >> 5 * place & 31] for place in range(4))
    town = PLACES[mixed % len(PLACES)]
    thing, in_korean = THINGS[mixed % len(THINGS)]
    percent = mixed % 97 + 2
    return {
        "claim_id": f"{town}-{thing}-budget-grew-{tail}",
        "article_id": f"{town}-weekly-2031-{mixed % 50 + 1}",
        "statement": {
            "en": f"The {thing} budget of {town.title()} grew by about {percent}% in 2030.",
            "ko": f"{town.title()}시의 2030년 {in_korean} 예산은 약 {percent}% 늘었다.",
        },
        "speaker": {
            "kind": "person",
            "name": {"en": "Oh Dasom", "ko": "오다솜"},
            "role": {"en": "budget director", "ko": "예산과장"},
            "organization": {"en": f"City of {town.title()}", "ko": f"{town.title()}시"},
        },
        "attribution": {"mode": "direct_quote", "speaker_basis": "explicit"},
        "source": {"kind": "speech", "name": {"en": "council hearing", "ko": "의회 청문"}},
        "quantities": [
            {"text": f"약 {percent}%", "amount": str(percent), "unit": "percent", "comparator": "about",
             "direction": "above"},
        ],
        "topics": [thing],
        "said_on": "2031-04-30",
        "about_on": "2030",
    }  # fmt: skip

"""Generate claims that agree with themselves, each with a passage, to measure the agreement checks.

A claim has a statement of about fifty code points in Korean and ninety in English and one or two quantities; its
passage has about a hundred. No two claims have all their figures in common.
"""

from typing import Any

from claimledger.agreement import PassageContext, agreement_findings
from claimledger.models import Claim

TOWNS = (("Haneul", "하늘"), ("Garam", "가람"), ("Mirinae", "미리내"), ("Dalmaru", "달마루"), ("Onnuri", "온누리"))
THINGS = (("school", "학교"), ("bus", "버스"), ("library", "도서관"), ("park", "공원"), ("housing", "주택"))


def agreeing_claim(number: int) -> tuple[Claim, list[PassageContext]]:
    """Return a claim and its passages."""
    mixed = number * 2_654_435_761 % 2**20
    (town, in_korean), (thing, things) = TOWNS[mixed % len(TOWNS)], THINGS[mixed // 7 % len(THINGS)]
    percent, tens = mixed % 97 + 2, mixed % 9000 + 1000
    won = f"{tens // 10}억{tens % 10 * 1000 or ''}{'만' if tens % 10 else ''}원"
    has_amount = bool(mixed % 2)
    share: dict[str, Any] = {
        "text": f"약 {percent}%", "amount": str(percent), "unit": "percent", "comparator": "about",
        "direction": "above",
    }  # fmt: skip
    money: dict[str, Any] = {"text": won, "amount": str(tens * 10_000_000), "currency": "KRW"}
    grew = f"The {thing} budget of the city of {town} grew by about {percent}% in 2030"
    claim = Claim.model_validate(
        {
            "claim_id": "budget-grew-aaaa",
            "article_id": "made-up",
            "statement": {
                "en": grew + (f", to {tens / 100:g} billion won." if has_amount else ", its council has said."),
                "ko": f"{in_korean}시의 2030년 {things} 예산은 한 해 전보다 약 {percent}% "
                + (f"늘어 {won}이 됐다." if has_amount else "늘었다고 시의회가 밝혔다."),
            },
            "attribution": {"mode": "narration"},
            "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
            "quantities": [share, money] if has_amount else [share],
            "topics": [thing],
            "about_on": "2030",
        },
        strict=False,
    )
    passage = (
        f"{in_korean}시의회가 펴낸 자료를 보면 {things}에 쓰는 돈은 2030년 들어 약 {percent}% 늘었으며, "
        f"금액으로는 {won}에 이르러 여섯 해 만에 가장 많은 것으로 나타났다. 시장은 이를 반겼다."
    )
    return claim, [PassageContext(passage, "", " 시는 내년에도 예산을 더 쓸 계획이다.", passage)]


def check(claims: list[tuple[Claim, list[PassageContext]]]) -> None:
    """Run the agreement checks on each claim; none may report anything.

    Raises:
        AssertionError: a check reported a finding.
    """
    for claim, passages in claims:
        found = agreement_findings(claim, passages)
        if found:
            raise AssertionError(found[0])

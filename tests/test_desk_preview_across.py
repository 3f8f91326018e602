"""What is computed across claims is told before it is published, on the claims that change and on those beside them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import newsroom
import pytest
from desk_rows import held_against
from newsroom import ARTICLE_ID, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.check_steps import SeenVersion
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.row_changes import RowChange
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

CHECKER = (Role.CHECKER,)
OTHER_ARTICLE = "harbour-weekly-2031-05"
GAPS = [f"bot-came-after-{letter * 4}" for letter in "abcdefg"]
DAYS = (3, 5, 8, 13, 21, 34)


def gap(name: str, days: int, languages: str = "ko en", article_id: str = ARTICLE_ID) -> dict[str, Any]:
    """Return a claim that tells how long after another thing one came."""
    statement = {
        "ko": f"미리내-4가 나오고 {days}일 만에 가람봇도 나왔다.",
        "en": f"Garam Bot came {days}일 after Mirinae-4.",
    }
    return newsroom.growth() | {
        "claim_id": name, "article_id": article_id, "about_on": "2030", "topics": ["bots"], "appearances": [],
        "statement": {language: statement[language] for language in languages.split()},
        "quantities": [{"text": f"{days}일", "amount": str(days), "unit": "day"}],
    }  # fmt: skip


def came(korean: str, english: str, day: str) -> dict[str, Any]:
    """Return a claim of the second article that dates when something came."""
    dated = newsroom.growth() | {
        "claim_id": f"came-on-{day[-2:]}-aaaa", "article_id": OTHER_ARTICLE, "about_on": day, "appearances": [],
        "statement": {"ko": f"{korean} 나왔다.", "en": f"{english} came."}, "quantities": [],
        "attribution": {"mode": "narration"},
    }  # fmt: skip
    return {name: value for name, value in dated.items() if name != "speaker"}


def take(places: LedgerPaths, *records: dict[str, Any]) -> None:
    paths = [newsroom.write(places, record["claim_id"], record) for record in records]
    desk.record(places, paths, Edit("kim", "Found later.", None, None, CHECKER))


def change(places: LedgerPaths, claim_id: str, author: str = "kim", **changed: object) -> None:
    claim = lookups.claim_at_desk(places, claim_id)
    made = Edit(author, "Told better.", RevisionKind.UPDATE, None, actor(author).roles)
    fields = claim.claim.to_json() | changed
    desk.edit(
        places, claim_id, fields, SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None), made
    )


def told_of(places: LedgerPaths) -> list[tuple[object, ...]]:
    """Return what is told of findings: claim, position, new, changed or gone, and the other claim."""
    found = [one for one in desk.preview(places, actor("lee")) if one.table == "findings"]
    return [(*one.key, one.what, _other(one)) for one in found]


def _other(row: RowChange) -> object:
    cells = {cell.column: cell.after or cell.before for cell in row.cells}
    return cells.get("other_claim_id")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with two public articles, and two public claims of one thing that agree."""
    places = newsroom.write_all(tmp_path)
    other = newsroom.article() | {"article_id": OTHER_ARTICLE, "editions": []}
    newsroom.write(places, "article", other)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    newsroom.hire(places, "kim", "lee", "park")
    take(places, came("미리내-4가", "Mirinae-4", "2030-03-14"), came("가람봇이", "Garam Bot", "2030-03-27"))
    take(places, gap(GAPS[0], 13), gap(GAPS[1], 13, article_id=OTHER_ARTICLE))
    desk.publish(places, actor("lee"))
    return places


def test_another_value_is_told_on_both_claims(places: LedgerPaths) -> None:
    change(places, GAPS[1], **told(5))
    assert told_of(places) == [
        (GAPS[0], 1, "new", GAPS[1]), (GAPS[1], 1, "new", "came-on-27-aaaa"), (GAPS[1], 2, "new", GAPS[0]),
    ]  # fmt: skip
    held_against(places, desk.preview(places, actor("lee")))
    change(places, GAPS[1], **told(13))
    assert {what for _, _, what, _ in told_of(places)} == {"gone"}
    held_against(places, desk.preview(places, actor("lee")))


def told(number: int, languages: str = "ko en") -> dict[str, Any]:
    record = gap("", number, languages)
    return {"statement": record["statement"], "quantities": record["quantities"]}


def test_what_gave_the_other_value_is_taken_back(places: LedgerPaths) -> None:
    change(places, GAPS[1], **told(5))
    desk.publish(places, actor("lee"))
    desk.withdraw(places, GAPS[1], actor("lee"), reason="It was never said.")
    assert (GAPS[0], 1, "gone", GAPS[1]) in told_of(places)
    held_against(places, desk.preview(places, actor("park")), "park")


def test_what_does_not_bear_on_others_is_told_without_them(places: LedgerPaths) -> None:
    change(places, GAPS[1], **told(5))
    desk.publish(places, actor("lee"))
    change(
        places,
        GAPS[1],
        "park",
        topics=["ports"],
        waivers=[{"code": "two-values-in-ledger", "reason": {"en": "Two offices."}}],
    )
    assert told_of(places) == [(GAPS[1], 2, "changed", None)]
    held_against(places, desk.preview(places, actor("lee")))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_the_rows_told_are_the_rows_that_change(places: LedgerPaths, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    waiting = {name: gap(name, DAYS[at % 6], "ko", (ARTICLE_ID, OTHER_ARTICLE)[at % 2])
               for at, name in enumerate(GAPS) if at > 1}  # fmt: skip
    found = 0
    for round_number in range(6):
        if waiting and chance.random() < 0.6:
            take(places, waiting.pop(chance.choice(list(waiting))))
        for name in chance.sample([one for one in GAPS if one not in waiting], chance.choice((1, 2))):
            said = told(chance.choice(DAYS), chance.choice(("ko", "en", "ko en")))
            change(places, name, **said, topics=[f"round-{round_number}"])
        rows = desk.preview(places, actor("lee"))
        found += sum(row.table == "findings" for row in rows)
        held_against(places, rows)
    assert found

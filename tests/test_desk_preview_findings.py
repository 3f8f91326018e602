"""The preview of findings that compare claims, both for changed claims and for the claims they affect."""

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


def gap_claim(name: str, days: int, languages: str = "ko en", article_id: str = ARTICLE_ID) -> dict[str, Any]:
    """Return a claim that gives the days between two releases."""
    statement = {
        "ko": f"미리내-4가 나오고 {days}일 만에 가람봇도 나왔다.",
        "en": f"Garam Bot came {days}일 after Mirinae-4.",
    }
    return newsroom.growth() | {
        "claim_id": name, "article_id": article_id, "about_on": "2030", "topics": ["bots"], "appearances": [],
        "statement": {language: statement[language] for language in languages.split()},
        "quantities": [{"text": f"{days}일", "amount": str(days), "unit": "day"}],
    }  # fmt: skip


def date_claim(korean: str, english: str, day: str) -> dict[str, Any]:
    """Return a claim of the second article that dates a release."""
    dated = newsroom.growth() | {
        "claim_id": f"came-on-{day[-2:]}-aaaa", "article_id": OTHER_ARTICLE, "about_on": day, "appearances": [],
        "statement": {"ko": f"{korean} 나왔다.", "en": f"{english} came."}, "quantities": [],
        "attribution": {"mode": "narration"},
    }  # fmt: skip
    return {name: value for name, value in dated.items() if name != "speaker"}


def record_claims(places: LedgerPaths, *records: dict[str, Any]) -> None:
    paths = [newsroom.write(places, record["claim_id"], record) for record in records]
    desk.record(places, paths, Edit("kim", "Found later.", None, None, CHECKER))


def edit_claim(places: LedgerPaths, claim_id: str, author: str = "kim", **changed: object) -> None:
    claim = lookups.claim_at_desk(places, claim_id)
    made = Edit(author, "Told better.", RevisionKind.UPDATE, None, actor(author).roles)
    fields = claim.claim.to_json() | changed
    desk.edit(
        places, claim_id, fields, SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None), made
    )


def finding_rows(places: LedgerPaths) -> list[tuple[object, ...]]:
    """Return the previewed findings: claim ID, position, change ("new", "changed", "gone") and other claim ID."""
    found = [one for one in desk.preview(places, actor("lee")) if one.table == "findings"]
    return [(*one.key, one.what, _other_claim_id(one)) for one in found]


def _other_claim_id(row: RowChange) -> object:
    cells = {cell.column: cell.after or cell.before for cell in row.cells}
    return cells.get("other_claim_id")


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with two public articles and two public claims that agree."""
    places = newsroom.write_all(tmp_path)
    other = newsroom.article() | {"article_id": OTHER_ARTICLE, "editions": []}
    newsroom.write(places, "article", other)
    desk.record(places, [], newsroom.edit_by("setup", "First reading"))
    newsroom.hire(places, "kim", "lee", "park")
    record_claims(
        places, date_claim("미리내-4가", "Mirinae-4", "2030-03-14"), date_claim("가람봇이", "Garam Bot", "2030-03-27")
    )
    record_claims(places, gap_claim(GAPS[0], 13), gap_claim(GAPS[1], 13, article_id=OTHER_ARTICLE))
    desk.publish(places, actor("lee"))
    return places


def test_preview_shows_a_conflicting_value_on_both_claims(places: LedgerPaths) -> None:
    edit_claim(places, GAPS[1], **gap_values(5))
    assert finding_rows(places) == [
        (GAPS[0], 1, "new", GAPS[1]), (GAPS[1], 1, "new", "came-on-27-aaaa"), (GAPS[1], 2, "new", GAPS[0]),
    ]  # fmt: skip
    held_against(places, desk.preview(places, actor("lee")))
    edit_claim(places, GAPS[1], **gap_values(13))
    assert {what for _, _, what, _ in finding_rows(places)} == {"gone"}
    held_against(places, desk.preview(places, actor("lee")))


def gap_values(number: int, languages: str = "ko en") -> dict[str, Any]:
    record = gap_claim("", number, languages)
    return {"statement": record["statement"], "quantities": record["quantities"]}


def test_preview_of_a_withdrawal_removes_its_findings(places: LedgerPaths) -> None:
    edit_claim(places, GAPS[1], **gap_values(5))
    desk.publish(places, actor("lee"))
    desk.withdraw(places, GAPS[1], actor("lee"), reason="It was never said.")
    assert (GAPS[0], 1, "gone", GAPS[1]) in finding_rows(places)
    held_against(places, desk.preview(places, actor("park")), "park")


def test_preview_of_unrelated_fields_omits_other_claims(places: LedgerPaths) -> None:
    edit_claim(places, GAPS[1], **gap_values(5))
    desk.publish(places, actor("lee"))
    edit_claim(
        places,
        GAPS[1],
        "park",
        topics=["ports"],
        waivers=[{"code": "two-values-in-ledger", "reason": {"en": "Two offices."}}],
    )
    assert finding_rows(places) == [(GAPS[1], 2, "changed", None)]
    held_against(places, desk.preview(places, actor("lee")))


@pytest.mark.parametrize("seed", range(4))
def test_preview_rows_match_published_rows_for_random_edits(places: LedgerPaths, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    waiting = {name: gap_claim(name, DAYS[at % 6], "ko", (ARTICLE_ID, OTHER_ARTICLE)[at % 2])
               for at, name in enumerate(GAPS) if at > 1}  # fmt: skip
    found = 0
    for round_number in range(6):
        if waiting and chance.random() < 0.6:
            record_claims(places, waiting.pop(chance.choice(list(waiting))))
        for name in chance.sample([one for one in GAPS if one not in waiting], chance.choice((1, 2))):
            values = gap_values(chance.choice(DAYS), chance.choice(("ko", "en", "ko en")))
            edit_claim(places, name, **values, topics=[f"round-{round_number}"])
        rows = desk.preview(places, actor("lee"))
        found += sum(row.table == "findings" for row in rows)
        held_against(places, rows)
    assert found

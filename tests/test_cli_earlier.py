"""The commands that search and link earlier claims, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.cli import earlier, main
from claimledger.earlier_claims import profile_of_text
from claimledger.editorial.earlier_matches import rank_reviews
from claimledger.errors import Problem
from claimledger.ledger.files import LedgerPaths
from claimledger.models import ForeignReview
from claimledger.vocabulary import Relation

AGAIN = "2030년 하늘항만공사의 화물은 120만t가량이었다."


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = newsroom.published(tmp_path, Clock())
    newsroom.hire(places, "kim", "lee")
    return places


def run(places: LedgerPaths, *arguments: str, by: str | None = None, **environment: str) -> Result:
    given = {**newsroom.acting(places, by), "CLAIMLEDGER_FACT_CHECK_KEY": None, **environment}
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=given)


def test_command_relations_match_the_vocabulary() -> None:
    assert {relation.value for relation in Relation} == set(earlier.RELATIONS)


@pytest.mark.slow
def test_earlier_lists_similar_claims_with_reasons(places: LedgerPaths) -> None:
    english = run(places, "earlier", AGAIN).stdout.splitlines()
    assert english[0].startswith(f"The same figures  {CARGO}  Not checked yet  Haneul port moved")
    assert english[1] == "    figure 120만t가량 = 약 120만t, name 하늘항만공사 = 하늘항만공사, date 2030 = 2030"
    korean = run(places, "earlier", AGAIN.replace("120", "210"), "--lang", "ko").stdout.splitlines()
    assert korean[0].startswith(f"수치가 다름  {CARGO}  검증 전  2030년 하늘항이")
    assert korean[1].startswith("    수치 210만t가량 ≠ 약 120만t")


def test_earlier_takes_a_claim_id_and_refuses_an_unknown_one(places: LedgerPaths) -> None:
    assert CARGO in run(places, "earlier", GROWTH).stdout
    refused = run(places, "earlier", "nobody-knows-it-aaaa")
    assert (refused.exit_code, "No claim is named" in refused.stderr) == (1, True)
    assert "No similar claim" in run(places, "earlier", "Nothing like it.").stderr
    assert "No similar claim" in run(places, "earlier", "gpt-four", "--text").stderr


def test_google_search_needs_an_api_key(places: LedgerPaths) -> None:
    refused = run(places, "earlier", AGAIN, "--google")
    assert (refused.exit_code, "CLAIMLEDGER_FACT_CHECK_KEY" in refused.stderr) == (2, True)


def test_google_results_are_listed_verbatim(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[tuple[str, ...]] = []
    review = ForeignReview(
        url="https://example.org/1", publisher="Harbour Check", claim_text="Haneul 120만t", rating="Half-ish"
    )

    def search(text: str, key: str) -> object:
        queries.append((text, key))
        left_out = Problem("review-incomplete", text="One", fields=("rating",))
        return rank_reviews(profile_of_text(text), [review]), [left_out]

    monkeypatch.setattr(desk, "search_reviews_elsewhere", search)
    result = run(places, "earlier", CARGO, "--google", "--lang", "ko", CLAIMLEDGER_FACT_CHECK_KEY="a-key-of-nobody")
    assert "Harbour Check  “Half-ish”" in result.stdout
    assert "review-incomplete" in result.stderr
    assert queries == [("2030년 하늘항이 다룬 짐은 120만t쯤이다.", "a-key-of-nobody")]


@pytest.mark.slow
def test_related_claim_is_due_if_the_earlier_claim_is_withdrawn(places: LedgerPaths) -> None:
    related = run(places, "relate", GROWTH, "repeats", CARGO, by="kim")
    assert (related.exit_code, related.stdout) == (0, f"update: {GROWTH}\n")
    assert (
        run(places, "relate", GROWTH, "repeats", CARGO, by="kim").stdout
        == "Nothing to change: this relation is already recorded.\n"
    )
    missing = run(places, "relate", GROWTH, "repeats", "nobody-knows-it-aaaa", by="kim")
    assert (missing.exit_code, "No claim is named" in missing.stderr) == (1, True)
    desk.publish(places, actor("lee"), clock=Clock())
    assert run(places, "recheck").stderr == "0 claims due for recheck.\n"
    desk.withdraw(places, CARGO, actor("kim"), reason="기사가 거두어졌다.", clock=Clock())
    desk.publish(places, actor("lee"), clock=Clock())
    due = run(places, "recheck", "--on", "2031-04-03", "--lang", "ko").stdout
    assert due == f"{GROWTH}  근거로 삼은 주장이 반박·철회됨 ({CARGO})  2031년 하늘항의 짐은 열에 하나꼴로 는다.\n"
    (row,) = json.loads(run(places, "recheck", "--json").stdout)
    assert (row["claim_id"], row["reason"], row["of"]) == (GROWTH, "fallen", CARGO)

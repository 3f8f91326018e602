"""Automatic checks at the desk: findings block publication until they are fixed or waived, notes never do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import newsroom
import pytest
from click.testing import CliRunner, Result
from desk_visits import made as made_newsroom, sent, signed_in
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.cli import main
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk.check_steps import SeenVersion
from claimledger.editorial.queue_views import queue_of_view
from claimledger.errors import ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Waiver
from claimledger.desk_vocabulary import QueryAnswer
from claimledger.vocabulary import Question

KIM, LEE, PARK = actor("kim"), actor("lee"), actor("park")
PARTS = [
    {"text": "45만t", "amount": "450000", "unit": "tonne"}, {"text": "65만t", "amount": "650000", "unit": "tonne"},
    {"text": "120만t", "amount": "1200000", "unit": "tonne"},
]  # fmt: skip
WRONG_SUM = {
    "statement": {"ko": "하늘항은 2030년에 수출 45만t과 내수 65만t, 모두 120만t을 다뤘다."}, "quantities": PARTS,
}  # fmt: skip
CONVERTED = {
    "statement": {"ko": "하늘항은 2030년에 5천만달러(약 667억원)를 벌었다."},
    "quantities": [
        {"text": "5천만달러", "amount": "50000000", "currency": "USD"},
        {"text": "약 667억원", "amount": "66700000000", "currency": "KRW", "comparator": "about"},
    ],
}
OTHER_CARGO = {
    "statement": {"ko": "2030년 하늘항이 다룬 짐은 90만t쯤이다."},
    "quantities": [{"text": "90만t쯤", "amount": "900000", "unit": "tonne", "comparator": "about"}],
    "about_on": "2030",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.write_all(tmp_path)
    desk.record(places, [], newsroom.edit_by("checker", "First reading"), clock)
    desk.publish(places, LEE, clock=clock)
    newsroom.hire(places, "kim", "lee", "park")
    return places


def edit(places: LedgerPaths, clock: Clock, claim_id: str, changed: dict[str, Any]) -> None:
    found = lookups.claim_at_desk(places, claim_id)
    fields = found.claim.to_json() | changed
    desk.edit(
        places, claim_id, fields, SeenVersion(found.head_sha256, None), newsroom.edit_by("kim", "Read again"), clock
    )


def publish_problems(places: LedgerPaths, clock: Clock) -> set[str]:
    with pytest.raises(ProblemsFound) as caught:
        desk.publish(places, LEE, clock=clock)
    return {problem.code for problem in caught.value.problems}


def check_codes(places: LedgerPaths, claim_id: str) -> list[str]:
    return [one.code for one in lookups.claim_at_desk(places, claim_id).computed]


def run_findings(places: LedgerPaths, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(places.root), "findings", *arguments])


def test_finding_blocks_publication_until_it_is_waived(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, CARGO, WRONG_SUM)
    assert publish_problems(places, clock) == {"sum-differs"}
    waiver = Waiver(code="sum-differs", reason={"en": "Transit is not among the parts."})
    desk.waive(places, CARGO, waiver, newsroom.edit_by("park", "It is explained."), clock)
    assert lookups.claim_at_desk(places, CARGO).findings == ()
    assert check_codes(places, CARGO) == ["sum-differs"]
    desk.publish(places, LEE, clock=clock)
    (row,) = json.loads(run_findings(places, "--json").stdout)
    assert (row["code"], row["is_waived"], row["computed_en"]) == (
        "sum-differs", 1, "'45만t' + '65만t' make '1,100,000', but the text says '120만t'.",
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("check", ["consistency_findings", "wording_findings"])
def test_actions_that_findings_do_not_block_do_not_compute_them(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    def fail(*_: object) -> None:
        pytest.fail(f"'{check}' was called")

    edit(places, clock, CARGO, WRONG_SUM)
    with monkeypatch.context() as patched:
        patched.setattr(f"claimledger.editorial.claim_at_desk.{check}", fail)
        desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
        desk.assign_many(places, [CARGO, GROWTH], Question.SO, "park", LEE, clock=clock)
        desk.comment(places, CARGO, "The port was closed in May.", KIM, clock)
        query_id = desk.query(places, CARGO, "120만t", "112만t", KIM, clock)
        desk.record_answer(places, CARGO, query_id, QueryAnswer.STANDS, "", KIM, clock)
        with pytest.raises(pytest.fail.Exception, match=f"'{check}' was called"):
            desk.publish(places, LEE, clock=clock)
    assert publish_problems(places, clock) == {"sum-differs"}


def publish_with_a_finding(places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish a claim with a finding, as if an earlier version of claimledger had not had this check."""
    with monkeypatch.context() as before:
        before.setattr("claimledger.editorial.claim_at_desk.blocking_findings", lambda *_: [])
        edit(places, clock, CARGO, WRONG_SUM)
        desk.publish(places, LEE, clock=clock)
    assert [one.code for one in lookups.claim_at_desk(places, CARGO).findings] == ["sum-differs"]


@pytest.mark.slow
def test_published_finding_does_not_block_unrelated_updates(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_with_a_finding(places, clock, monkeypatch)
    edit(places, clock, CARGO, {"topics": ["ports"]})
    assert lookups.claim_at_desk(places, CARGO).new_findings == ()
    desk.publish(places, LEE, clock=clock)
    assert lookups.claim_at_desk(places, CARGO).claim.topics == ("ports",)


@pytest.mark.slow
def test_published_finding_blocks_changes_of_its_figures(
    places: LedgerPaths, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_with_a_finding(places, clock, monkeypatch)
    quantities = lookups.claim_at_desk(places, CARGO).claim.to_json()["quantities"]
    edit(places, clock, CARGO, {"quantities": [*quantities, quantities[0] | {"amount": "3", "text": "3t"}]})
    assert "sum-differs" in publish_problems(places, clock)


@pytest.mark.slow
def test_informational_finding_does_not_block_publication(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, CARGO, CONVERTED)
    assert check_codes(places, CARGO) == ["conversion-not-covered"]
    assert lookups.claim_at_desk(places, CARGO).findings == ()
    desk.publish(places, LEE, clock=clock)
    assert run_findings(places).exit_code == 0


@pytest.mark.slow
def test_preview_shows_new_findings(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, CARGO, CONVERTED)
    (row,) = (one for one in desk.preview(places, LEE, clock=clock) if one.table == "findings")
    assert (row.key, row.what) == ((CARGO, 1), "new")
    assert {cell.column: cell.after for cell in row.cells}["code"] == "conversion-not-covered"


@pytest.mark.slow
def test_cross_claim_check_finds_conflicting_values(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, GROWTH, OTHER_CARGO)
    (found,) = lookups.cross_claim_findings(places, lookups.claim_at_desk(places, GROWTH))
    assert (found.code, found.other_claim_id) == ("two-values-in-article", CARGO)
    assert "약 120만t" in found.ko
    assert not found.is_blocking
    desk.publish(places, LEE, clock=clock)
    public = {
        name: lookups.cross_claim_findings(places, lookups.claim_at_desk(places, name)) for name in (CARGO, GROWTH)
    }
    assert {name: [one.other_claim_id for one in found] for name, found in public.items()} == {
        CARGO: [GROWTH], GROWTH: [CARGO],
    }  # fmt: skip


@pytest.mark.slow
def test_cross_claim_check_covers_articles_with_many_claims(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, GROWTH, OTHER_CARGO)
    lookups.queue(places, queue_of_view("all", "kim", "2031-04-04", {}))
    with step_setup.open_store(places) as store, store.writing() as connection:
        columns = ", ".join(name for (name,) in connection.execute("SELECT name FROM pragma_table_info('work')"))
        named = columns.replace("claim_id", "'a-' || value", 1)
        numbers = json.dumps(list(range(300)))
        copied = f"INSERT INTO work SELECT {named} FROM work, json_each(?) WHERE claim_id = ?"  # noqa: S608
        connection.execute(copied, (numbers, CARGO))
    places.ledger.unlink()
    (found,) = lookups.cross_claim_findings(places, lookups.claim_at_desk(places, GROWTH))
    assert found.other_claim_id == CARGO


def test_flagged_view_lists_claims_with_findings(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, CARGO, WRONG_SUM)
    rows, count = lookups.queue(places, queue_of_view("flagged", "kim", "2031-04-04", {}))
    assert [(row.claim_id, row.findings) for row in rows] == [(CARGO, 1)]
    assert count == 1


@pytest.mark.slow
def test_findings_of_public_claims_are_counted(places: LedgerPaths, clock: Clock) -> None:
    edit(places, clock, CARGO, CONVERTED)
    desk.publish(places, LEE, clock=clock)
    assert lookups.computed_finding_counts(places, [CARGO, GROWTH]) == {CARGO: 1, GROWTH: 0}
    places.ledger.unlink()
    assert lookups.computed_finding_counts(places, [CARGO]) == {CARGO: 0}


@pytest.mark.slow
def test_findings_command_prints_and_filters_findings(places: LedgerPaths, clock: Clock) -> None:
    assert (run_findings(places).exit_code, run_findings(places).stdout) == (0, "")
    edit(places, clock, CARGO, CONVERTED)
    desk.publish(places, LEE, clock=clock)
    for options, severity in ((("--lang", "en"), "For information"), (("--lang", "ko"), "참고")):
        line = run_findings(places, *options).stdout
        assert line.startswith(f"{CARGO}: quantities.2: ")
        assert line.endswith(f"[{severity}, conversion-not-covered]\n")
    assert run_findings(places, GROWTH).stdout == run_findings(places, "--severity", "finding").stdout == ""
    assert run_findings(places, CARGO, "--code", "conversion-not-covered", "--article", newsroom.ARTICLE_ID).stdout


@pytest.mark.slow
def test_check_recomputes_every_public_claim(places: LedgerPaths, clock: Clock) -> None:
    (result,) = (one for one in desk.check(places) if one.name == "computed")
    assert (result.problems, result.has_run) == ((), True)
    assert result.scope.startswith("2 claims, 0 open findings")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "heading", "sentence"), [
    ("en", "Automatic checks", "&#39;45만t&#39; + &#39;65만t&#39; make &#39;1,100,000&#39;"),
    ("ko", "자동 점검", "더하면 1,100,000"),
])  # fmt: skip
def test_claim_page_shows_findings_in_the_users_language(
    tmp_path: Path, language: str, heading: str, sentence: str
) -> None:
    places = made_newsroom(tmp_path)
    found = lookups.claim_at_desk(places, CARGO)
    fields = found.claim.to_json() | WRONG_SUM
    desk.edit(places, CARGO, fields, SeenVersion(found.head_sha256, None), newsroom.edit_by("choi", "Read again"))
    client = signed_in(places, "kim")
    sent(client, "/language", language=language)
    page = client.get(f"{PREFIX}/claims/{CARGO}").text
    assert heading in page
    assert sentence in page
    assert "[sum-differs]" in page
    assert CARGO in client.get(f"{PREFIX}?view=flagged").text
    assert CARGO not in client.get(f"{PREFIX}?view=flagged&article_id=another").text

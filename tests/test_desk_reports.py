"""Reports of readers: the form below a public claim, the desk's list, and what is held back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from datasette.app import Datasette
from desk_visits import made, sent, signed_in, visitor
from newsroom import CARGO, actor

from claimledger import desk
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import Places
from claimledger.ledger.reports import ReportsThrottled
from claimledger.review import Staff
from claimledger.vocabulary import Role


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return made(tmp_path)


def report(places: Places, text: str = "틀렸습니다.", address: str = "203.0.113.9", claim_id: str = CARGO) -> int:
    return desk.report(places, claim_id, text, "reader@example.org", address=address)


def test_a_reader_reports_and_the_desk_closes_it(places: Places) -> None:
    page = visitor(places).get(f"/-/report?claim={CARGO}")
    assert (page.status_code, f'value="{CARGO}"' in page.text, "deleted when the report is closed" in page.text) == (
        200, True, True,
    )  # fmt: skip
    given = {"claim": CARGO, "text": "<b>It is 1.3 million.</b>", "contact": "reader@example.org", "website": ""}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    client = signed_in(places, "kim")
    assert "1 open report of a reader" in client.get(PREFIX).text
    listed = client.get(f"{PREFIX}/reports").text
    assert "&lt;b&gt;It is 1.3 million.&lt;/b&gt;" in listed
    assert "reader@example.org" in listed
    assert sent(client, "/reports", report="1", act="close", reason=" ")[0] == 409
    assert "reader@example.org" not in sent(client, "/reports", report="1", act="close", reason="Looked at.")[1]
    assert [(one.is_open, one.reason, one.contact) for one in desk.reports(places, actor("kim"))] == [
        (False, "Looked at.", "")
    ]
    sent(client, "/reports", report="1", act="open", reason="Another source.")
    assert desk.open_report_count(places) == 1


def test_a_report_that_is_none_is_not_kept(places: Places) -> None:
    given = {"claim": CARGO, "text": "Buy", "contact": "", "website": "https://example.org"}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    for wrong in ({"text": ""}, {"text": "x" * 4_001}, {"claim": "nothing-here-aaaa"}, {"contact": "x" * 201}):
        answer = visitor(places).post("/-/report", data={**given, "website": "", **wrong})
        assert answer.status_code == 400, wrong
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor(places).post("/-/report", data={**given, "website": ""}, headers=elsewhere).status_code == 409
    assert desk.reports(places, actor("kim")) == []


def test_a_flood_of_reports_is_held_back_by_network(places: Places) -> None:
    for _ in range(5):
        report(places)
    with pytest.raises(ReportsThrottled):
        report(places)
    report(places, address="198.51.100.4")
    assert desk.open_report_count(places) == 6


def test_a_report_is_settled_once_and_with_a_reason(places: Places) -> None:
    number = report(places)
    with pytest.raises(ProblemsFound):
        desk.close_report(places, number, actor("kim"), reason="")
    desk.close_report(places, number, actor("kim"), reason="Looked at.")
    with pytest.raises(ProblemsFound, match="'close_report' is not possible while the report is 'closed'"):
        desk.close_report(places, number, actor("kim"), reason="Looked at.")
    with pytest.raises(NotFound):
        desk.reopen_report(places, number + 1, actor("kim"), reason="Looked at.")
    desk.reopen_report(places, number, actor("kim"), reason="There is more to it.")
    assert desk.reports(places, actor("kim"))[0].is_open


def test_how_to_reach_a_reader_is_told_to_whom_the_table_says(places: Places) -> None:
    report(places)
    for role, told in ((Role.ADMIN, ""), (Role.CHECKER, "reader@example.org"), (Role.EDITOR, "reader@example.org")):
        assert [one.contact for one in desk.reports(places, Staff("kim", [role]))] == [told]


@pytest.mark.parametrize(
    ("setting", "href"),
    [
        ({}, f"/report?claim={CARGO}"),
        ({"desk": "."}, f"/-/report?claim={CARGO}"),
        ({"report_address": "mailto:desk@example.org"}, f"mailto:desk@example.org?subject={CARGO}"),
        ({"report_address": "https://example.org/form", "desk": "."}, f"https://example.org/form?claim={CARGO}"),
    ],
)
def test_a_claims_public_page_links_to_where_errors_are_reported(
    places: Places, setting: dict[str, str], href: str
) -> None:
    told = {name: str(places.root) if value == "." else value for name, value in setting.items()}
    served = Datasette([], immutables=[str(places.ledger)], metadata={"plugins": {"claimledger": told}})
    page = asyncio.run(served.client.get(f"/ledger/claims/{CARGO}")).text
    assert f'<a href="{href}"' in page

"""Reader reports: the public form, the desk's list, and throttling."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from desk_visits import PEOPLE, made, sent, signed_in, visitor
from newsroom import CARGO, Clock, actor, edit_by

from claimledger import desk
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.errors import NotFound, ProblemsFound
from claimledger.newsroom import reader_reports as keeping
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.reader_reports import NewReport, ReportsThrottled
from claimledger.workflow import StaffMember
from claimledger.desk_vocabulary import Role


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return made(tmp_path)


def report(places: LedgerPaths, text: str = "틀렸습니다.", address: str = "203.0.113.9", claim_id: str = CARGO) -> int:
    return desk.submit_report(places, NewReport(claim_id, text, "reader@example.org"), address=address)


def reports_for(places: LedgerPaths, name: str) -> list[keeping.Report]:
    return lookups.list_reports(places, StaffMember(name, tuple(Role(role) for role in PEOPLE[name])))[0]


@pytest.mark.slow
def test_reader_report_is_listed_closed_and_reopened(places: LedgerPaths) -> None:
    page = visitor(places).get(f"/-/report?claim={CARGO}")
    assert (page.status_code, f'value="{CARGO}"' in page.text, "deleted when the report is closed" in page.text) == (
        200, True, True,
    )  # fmt: skip
    given = {"claim": CARGO, "text": "<b>It is 1.3 million.</b>", "contact": "reader@example.org", "website": ""}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    client = signed_in(places, "choi")
    assert "1 open report from readers" in client.get(PREFIX).text
    listed = client.get(f"{PREFIX}/reports").text
    assert "&lt;b&gt;It is 1.3 million.&lt;/b&gt;" in listed
    assert "reader@example.org" in listed
    assert sent(client, "/reports", report="1", act="close", reason=" ")[0] == 409
    assert "reader@example.org" not in sent(client, "/reports", report="1", act="close", reason="Looked at.")[1]
    assert [(one.is_open, one.reason, one.contact) for one in reports_for(places, "lee")] == [(False, "Looked at.", "")]
    sent(client, "/reports", report="1", act="open", reason="Another source.")
    assert lookups.open_report_count(places) == 1


def test_invalid_report_is_not_stored(places: LedgerPaths) -> None:
    given = {"claim": CARGO, "text": "Buy", "contact": ""}
    for wrong in ({"text": ""}, {"text": "x" * 4_001}, {"claim": "nothing-here-aaaa"}, {"contact": "x" * 201}):
        answer = visitor(places).post("/-/report", data={**given, "website": "", **wrong})
        assert answer.status_code == 400, wrong
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert visitor(places).post("/-/report", data={**given, "website": ""}, headers=elsewhere).status_code == 409
    assert lookups.open_report_count(places) == 0


def test_reports_are_throttled_by_network(places: LedgerPaths) -> None:
    for _ in range(5):
        report(places)
    with pytest.raises(ReportsThrottled):
        report(places)
    report(places, address="198.51.100.4")
    assert lookups.open_report_count(places) == 6


@pytest.mark.slow
def test_flagged_reports_do_not_throttle_readers(places: LedgerPaths) -> None:
    clock = Clock()

    def submit_flagged(number: int) -> None:
        new_report = NewReport(CARGO, "Buy this.", "", is_flagged=True)
        desk.submit_report(places, new_report, address=f"198.51.{number // 5}.4", clock=clock)

    for number in range(100):
        submit_flagged(number)
    with pytest.raises(ReportsThrottled):
        submit_flagged(100)
    for _ in range(5):
        desk.submit_report(places, NewReport(CARGO, "틀렸습니다.", ""), address="198.51.0.4", clock=clock)
    assert lookups.open_report_count(places) == 105


def test_reports_of_a_claim_are_found_by_an_index(places: LedgerPaths) -> None:
    with step_setup.open_store(places) as store:
        asked: list[str] = []
        store.connection.set_trace_callback(asked.append)
        keeping.count_open_reports(store, CARGO)
        plan = store.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert "report_of" in plan[0][3]


def test_report_is_closed_once_and_with_a_reason(places: LedgerPaths) -> None:
    number = report(places)
    with pytest.raises(ProblemsFound):
        desk.close_report(places, number, actor("kim"), reason="")
    desk.close_report(places, number, actor("kim"), reason="Looked at.")
    with pytest.raises(ProblemsFound, match=r"Close a report: not possible now\. The report is 'Closed'"):
        desk.close_report(places, number, actor("kim"), reason="Looked at.")
    with pytest.raises(NotFound):
        desk.reopen_report(places, number + 1, actor("kim"), reason="Looked at.")
    desk.reopen_report(places, number, actor("kim"), reason="There is more to it.")
    assert lookups.list_reports(places, actor("kim"))[0][0].is_open


def test_reader_contact_is_returned_only_to_editors(places: LedgerPaths) -> None:
    report(places)
    for role, contact in ((Role.ADMIN, ""), (Role.CHECKER, ""), (Role.EDITOR, "reader@example.org")):
        assert [one.contact for one in lookups.list_reports(places, StaffMember("kim", [role]))[0]] == [contact]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "href"),
    [
        ({}, f"/report?claim={CARGO}"),
        ({"desk": "."}, f"/-/report?claim={CARGO}"),
        ({"report_address": "mailto:desk@example.org"}, f"mailto:desk@example.org?subject={CARGO}"),
        ({"report_address": "https://example.org/form", "desk": "."}, f"https://example.org/form?claim={CARGO}"),
    ],
)
def test_public_claim_page_links_to_the_report_form(places: LedgerPaths, setting: dict[str, str], href: str) -> None:
    configured = {name: str(places.root) if value == "." else value for name, value in setting.items()}
    served = Datasette([], immutables=[str(places.ledger)], metadata={"plugins": {"claimledger": configured}})
    page = asyncio.run(served.client.get(f"/ledger/claims/{CARGO}")).text
    assert f'<a href="{href}"' in page


def test_report_from_a_program_is_stored_and_marked(places: LedgerPaths) -> None:
    given = {"claim": CARGO, "text": "It is 1.3 million.", "website": "https://example.org"}
    assert "Thank you" in visitor(places).post("/-/report", data=given).text
    report(places)
    assert [(one.text, one.is_flagged) for one in reports_for(places, "lee")] == [
        ("틀렸습니다.", False), ("It is 1.3 million.", True),
    ]  # fmt: skip
    assert signed_in(places, "kim").get(f"{PREFIX}/reports").text.count("A program may have sent this") == 1


@pytest.mark.slow
def test_reports_page_shows_reader_contact_only_to_editors(places: LedgerPaths) -> None:
    report(places)
    seen = {name: "reader@example.org" in signed_in(places, name).get(f"{PREFIX}/reports").text for name in PEOPLE}
    assert seen == {"kim": False, "choi": True, "lee": True, "park": True}


def test_shortened_report_list_says_so(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MAX_SHOWN_REPORTS", 2)
    for _ in range(3):
        report(places)
    page = signed_in(places, "kim").get(f"{PREFIX}/reports").text
    assert (page.count("<article"), "These are the newest 2 of 3 reports." in page) == (2, True)


def test_missing_close_reason_is_reported_in_the_list(places: LedgerPaths) -> None:
    number = report(places)
    status, page = sent(signed_in(places, "kim"), "/reports", report=number, act="close", reason=" ")
    assert (status, f'id="problem-{number}"' in page, "<article" in page) == (409, True, True)


@pytest.mark.slow
def test_claim_page_mentions_open_reports(places: LedgerPaths) -> None:
    kim = signed_in(places, "kim")
    assert "on this claim is open" not in kim.get(f"{PREFIX}/claims/{CARGO}").text
    number = report(places)
    assert "1 reader&#39;s report on this claim is open." in kim.get(f"{PREFIX}/claims/{CARGO}").text
    desk.close_report(places, number, actor("kim"), reason="Looked at.")
    assert "on this claim is open" not in kim.get(f"{PREFIX}/claims/{CARGO}").text


@pytest.mark.parametrize(("language", "title", "statement"), [
    ("ko", "오류 제보", "2030년 하늘항이 다룬 짐은 120만t쯤이다."),
    ("en", "Report an error", "Haneul port moved about 1.2 million tonnes in 2030."),
])  # fmt: skip
def test_report_form_shows_the_statement_in_either_language(
    places: LedgerPaths, language: str, title: str, statement: str
) -> None:
    page = visitor(places).get(f"/-/report?claim={CARGO}&lang={language}").text
    assert f"<h1>{title}</h1>" in page
    assert f"<blockquote>{statement}</blockquote>" in page
    for other in ("ko", "en"):
        assert f'href="/-/report?claim={CARGO}&amp;lang={other}"' in page or f"claim={CARGO}&lang={other}" in page
    wrong = visitor(places).post(f"/-/report?lang={language}", data={"claim": "<none>", "text": "Wrong <b>."})
    assert (wrong.status_code, "Wrong &lt;b&gt;." in wrong.text, f"<h1>{title}</h1>" in wrong.text) == (400, True, True)
    assert {"ko": "공개된 주장 가운데", "en": "No public claim has this ID"}[language] in wrong.text


@pytest.mark.slow
def test_report_form_reveals_no_draft(places: LedgerPaths) -> None:
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | {"statement": {"en": "A secret draft."}}
    found = lookups.claim_at_desk(places, CARGO)
    desk.edit(places, CARGO, fields, check_steps.SeenVersion(found.head_sha256, None), edit_by("kim", "Other words."))
    assert "secret" in signed_in(places, "kim").get(f"{PREFIX}/claims/{CARGO}").text
    assert "secret" not in visitor(places).get(f"/-/report?claim={CARGO}&lang=en").text


@pytest.mark.slow
@pytest.mark.parametrize(("language", "sentence"), [("en", "claim by claim"), ("ko", "주장별로 받습니다")])
def test_report_link_without_a_claim_leads_to_the_search(places: LedgerPaths, language: str, sentence: str) -> None:
    metadata = {"plugins": {"claimledger": {"desk": str(places.root)}}}
    served = Datasette([], immutables=[str(places.ledger)], metadata=metadata)
    for path in ("/", "/articles", "/ledger/claims"):
        page = asyncio.run(served.client.get(f"{path}?lang={language}")).text
        about = "" if path == "/ledger/claims" else f"?about={quote(path, safe='')}"
        assert f'href="/report{about}"' in page, path
        assert "/-/report" not in page, path
    page = asyncio.run(served.client.get(f"/report?lang={language}")).text
    assert sentence in page
    assert 'action="/search"' in page
    assert "/-/report" not in page
    assert "/-/report?claim=" in asyncio.run(served.client.get(f"/report?claim={CARGO}")).text

"""The ledger contains the findings of the consistency checks, computed from the log and the bundled exchange rates."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from made_ledger import DIRECTOR, OWN, QUOTED, LogMaker, appearance

from claimledger.consistency import exchange_rates
from claimledger.checks.consistency_check import check_computed
from claimledger.checks.public_records import PublicRecords
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.log import append_bodies
from claimledger.publishing import ledger_db
from claimledger.vocabulary import Severity

ROOT = Path(__file__).parent.parent
EDITION = "ab" * 32
ARTICLE: dict[str, Any] = {
    "article_id": "monthly-2023-06",
    "headline": {"en": "Chips and bridges"},
    "publisher": {"en": "Made-up Monthly"},
    "published_on": "2023-06-01",
    "language": "ko",
    "rights": {"holder": {"en": "Made-up Monthly"}, "statement": {"en": "The text may not be copied."}},
    "editions": [{"edition_sha256": EDITION, "length": 5200}],
}
OTHER = {**ARTICLE, "article_id": "weekly-2023-07", "published_on": "2023-07-01", "editions": []}
HIDDEN = {"exact": {"length": 12, "sha256": "cd" * 32}}
WON: dict[str, Any] = {"text": "3834억원", "amount": "383400000000", "currency": "KRW"}
YUAN: dict[str, Any] = {"text": "20억위안", "amount": "2000000000", "currency": "CNY"}


def claim(name: str, korean: str, *quantities: dict[str, Any], **said: Any) -> dict[str, Any]:  # noqa: ANN401  any field
    fields: dict[str, Any] = {
        "claim_id": name, "article_id": ARTICLE["article_id"], "statement": {"ko": korean}, "speaker": DIRECTOR,
        "attribution": QUOTED, "source": OWN, "quantities": list(quantities), "topics": ["chips"],
    }  # fmt: skip
    return fields | said


def count(text: str, amount: str, unit: str = "gpu") -> dict[str, Any]:
    return {"text": text, "amount": amount, "unit": unit}


COST = claim("chips-cost-two-billion-aaaa", "칩 값은 20억위안(3834억원)이다.", YUAN, WON)
CHIPS = claim("chips-number-ten-thousand-bbbb", "칩은 1만 개가 든다.", count("1만 개", "10000"))
STAFF = claim("port-has-430-workers-cccc", "하늘항의 직원은 430명이다.", count("430명", "430", "person"))
FEWER = claim(
    "port-has-340-workers-dddd", "하늘항의 직원은 모두 340명이다.", count("340명", "340", "person"),
    article_id=OTHER["article_id"],
)  # fmt: skip
NOBODY: dict[str, Any] = {"speaker": None, "attribution": {"mode": "narration"}}
BOT = claim("garam-bot-came-eeee", "가람봇이 나왔다.", about_on="2023-03-16", **NOBODY)
FOUR = claim("mirinae-came-ffff", "미리내-4가 나왔다.", about_on="2023-03-14", **NOBODY)
GAP = claim("bot-came-a-day-after-gggg", "미리내-4가 나오고 하루 만에 가람봇도 나왔다.", count("하루 만에", "1", "day"),
            about_on="2023-03", **NOBODY)  # fmt: skip


def at_position(record: dict[str, Any], start: int) -> dict[str, Any]:
    return appearance(record, EDITION, start, HIDDEN)


def build(log: LogMaker, folder: Path, processes: int = 1) -> Path:
    path = folder / f"ledger-{processes}.db"
    ledger_db.build_ledger_db(log.entries, path, processes=processes)
    return path


def make_log(*records: dict[str, Any]) -> LogMaker:
    log = LogMaker()
    for record in (ARTICLE, OTHER, *records):
        log.add({name: value for name, value in record.items() if value is not None})
    return log


def rows(path: Path, columns: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {columns} FROM findings ORDER BY claim_id, position").fetchall()  # noqa: S608


def test_findings_of_claims_and_between_claims_are_in_the_ledger(tmp_path: Path) -> None:
    log = make_log(COST, CHIPS, STAFF, FEWER, BOT, FOUR, GAP, at_position(CHIPS, 100), at_position(COST, 114))
    assert rows(build(log, tmp_path), "claim_id, position, code, severity, field, other_claim_id, is_waived") == [
        ("bot-came-a-day-after-gggg", 1, "interval-one-day-off", "note", "quantities.1", "garam-bot-came-eeee", 0),
        ("chips-cost-two-billion-aaaa", 1, "conversion-fits", "note", "quantities.2", None, 0),
        ("chips-cost-two-billion-aaaa", 2, "amount-for-each", "note", "quantities.1", CHIPS["claim_id"], 0),
        ("port-has-340-workers-dddd", 1, "two-values-in-ledger", "note", "quantities.1", STAFF["claim_id"], 0),
        ("port-has-430-workers-cccc", 1, "two-values-in-ledger", "note", "quantities.1", FEWER["claim_id"], 0),
    ]  # fmt: skip


def test_conflicting_value_is_reported_once_for_two_languages(tmp_path: Path) -> None:
    english = "The port has {} staff in all."
    numbers = (430, 340, 500, 340)
    staff = [
        claim(
            f"port-staff-{'abcd'[at] * 4}",
            f"하늘항의 직원은 {number}명이다.",
            count(f"{number}명", str(number), "person"),
        )
        for at, number in enumerate(numbers)
    ]
    log = make_log(*(one | {"statement": one["statement"] | {"en": english.format(number)}}
                   for one, number in zip(staff, numbers, strict=True)))  # fmt: skip
    findings = rows(build(log, tmp_path), "claim_id, position, computed_en")
    assert [(claim_id[-1], position, en) for claim_id, position, en in findings] == [
        ("a", 1, "Here it is '430명', there '340명'."), ("a", 2, "Here it is '430명', there '500명'."),
        ("b", 1, "Here it is '340명', there '430명'."), ("b", 2, "Here it is '340명', there '500명'."),
        ("c", 1, "Here it is '500명', there '340명'."), ("c", 2, "Here it is '500명', there '430명'."),
        ("d", 1, "Here it is '340명', there '430명'."), ("d", 2, "Here it is '340명', there '500명'."),
    ]  # fmt: skip


def test_findings_are_written_in_both_languages(tmp_path: Path) -> None:
    path = build(make_log(COST, CHIPS, at_position(CHIPS, 100), at_position(COST, 114)), tmp_path)
    (fits, each) = rows(path, "computed_en, computed_ko")
    assert "'191.7' KRW a CNY" in fits[0]
    assert "1 CNY에 191.7 KRW" in fits[1]
    assert each == ("'20억위안' for '1만 개' is '200,000' CNY each.", "‘20억위안’ ÷ ‘1만 개’ = 하나에 200,000 CNY.")


@pytest.mark.slow
def test_number_of_processes_does_not_change_the_file(tmp_path: Path) -> None:
    log = make_log(COST, CHIPS, STAFF, FEWER, BOT, FOUR, GAP, at_position(CHIPS, 100), at_position(COST, 114))
    assert build(log, tmp_path).read_bytes() == build(log, tmp_path, processes=2).read_bytes()


@pytest.mark.slow
def test_waived_finding_is_marked(tmp_path: Path) -> None:
    quantities = [YUAN, {"text": "2100억원", "amount": "210000000000", "currency": "KRW"}]
    wrong = claim(COST["claim_id"], "칩 값은 20억위안(2100억원)이다.", *quantities)
    waived = wrong | {"waivers": [{"code": "conversion-differs", "reason": {"en": "A rate of their own."}}]}
    found = [rows(build(make_log(one), tmp_path), "code, severity, is_waived") for one in (wrong, waived)]
    assert found == [[("conversion-differs", "finding", 0)], [("conversion-differs", "finding", 1)]]


def test_withdrawn_claim_is_not_compared(tmp_path: Path) -> None:
    log = make_log(STAFF, FEWER, CHIPS, COST, at_position(CHIPS, 100), at_position(COST, 114))
    log.add(FEWER, "withdrawal")
    log.add(CHIPS, "withdrawal")
    assert rows(build(log, tmp_path), "code") == [("conversion-fits",)]


def test_distant_passages_give_no_amount_per_item(tmp_path: Path) -> None:
    log = make_log(COST, CHIPS, at_position(CHIPS, 100), at_position(COST, 116))
    assert rows(build(log, tmp_path), "code") == [("conversion-fits",)]


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ({"ko": "20억위안은 약 3834억원이다."}, ["conversion-fits"]),
        ({"en": "2 billion yuan are about 383.4 billion won."}, ["conversion-fits"]),
        ({"en": "2 billion yuan came in, and 383.4 billion won went out."}, []),
        ({"ko": "20억위안을 벌어 3834억원을 썼다."}, []),
    ],
)
def test_equated_amounts_are_a_conversion(tmp_path: Path, statement: dict[str, str], codes: list[str]) -> None:
    log = make_log(claim(COST["claim_id"], "", YUAN, WON) | {"statement": statement})
    assert [code for (code,) in rows(build(log, tmp_path), "code")] == codes


def test_claims_on_rates_do_not_contradict_each_other(tmp_path: Path) -> None:
    dollars = {"text": "5천만달러", "amount": "50000000", "currency": "USD"}
    won = {"text": "667억원", "amount": "66700000000", "currency": "KRW"}
    log = make_log(
        claim(COST["claim_id"], "2023년 봄 환율로 20억위안은 3834억원이다.", YUAN, WON),
        claim("chips-cost-fifty-million-bbbb", "2023년 봄 환율로 5천만달러는 667억원이다.", dollars, won),
    )
    assert {code for (code,) in rows(build(log, tmp_path), "code")} == {"conversion-fits", "conversions-of-one-day"}


def test_passage_with_open_rights_is_used_for_checks(tmp_path: Path) -> None:
    open_rights = ARTICLE | {"rights": ARTICLE["rights"] | {"may_hold_text": True}}
    plain = COST | {"statement": {"ko": "칩을 사는 데 20억위안, 곧 3834억원이 든다."}}
    found = []
    for passage in ("값은 20억위안, 3834억원", "값은 20억위안(3834억원)"):
        log = LogMaker()
        span = {"start": 0, "end": len(passage)}
        for record in (open_rights, plain, at_position(plain, 0) | {"position": span, "quote": {"exact": passage}}):
            log.add(record)
        found.append(rows(build(log, tmp_path), "code"))
    assert found == [[], [("conversion-fits",)]]


def test_check_counts_open_findings_but_reports_no_problem(tmp_path: Path) -> None:
    quantities = [YUAN, {"text": "2100억원", "amount": "210000000000", "currency": "KRW"}]
    log = make_log(claim(COST["claim_id"], "칩 값은 20억위안(2100억원)이다.", *quantities), CHIPS)
    places = LedgerPaths(tmp_path)
    append_bodies(places.log, [entry.body for entry in log.entries], first=1)
    assert check_computed(PublicRecords(places.log)).scope.startswith("2 claims, 1 open findings")
    assert check_computed(PublicRecords(places.log)).problems == ()


def test_ledger_has_the_expected_findings_of_the_first_article() -> None:
    found = set(rows(ROOT / "ledger.db", "code, claim_id, computed_en"))
    sentences = {(code, name): sentence for code, name, sentence in found}
    dollars, yuan = "dollars-50m-are-about-66-7b-won-io4p", "yuan-2b-are-383-4b-won-ugmt"
    hardware = "gpt-3-5-hardware-costs-2b-yuan-wlbd"
    assert "'1,334' KRW a USD" in sentences["conversion-fits", dollars]
    assert "'191.7' KRW a CNY" in sentences["conversion-fits", yuan]
    assert "'2023-05-12'" in sentences["conversions-of-one-day", yuan]
    assert not any(code == "two-values-in-article" for code, _ in sentences)
    assert "'200,000' CNY each" in sentences["amount-for-each", hardware]
    assert "'2' days apart" in sentences["interval-one-day-off", "ernie-bot-came-one-day-after-gpt-4-5x37"]


def test_ledger_computed_with_other_rates_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = make_log(COST)
    folder = tmp_path / "log"
    append_bodies(folder, [entry.body for entry in log.entries], first=1)
    path = build(log, tmp_path)
    assert not ledger_db.update_ledger_db(path, folder)
    monkeypatch.setattr(exchange_rates, "rate_table_hash", lambda: "0123456789abcdef")
    assert ledger_db.update_ledger_db(path, folder)
    assert ledger_db.read_about(path).rates == "0123456789abcdef"
    assert not ledger_db.update_ledger_db(path, folder)


def test_severities_have_labels_in_both_languages() -> None:
    assert [(term.value, term.label_en, term.label_ko) for term in Severity] == [
        ("note", "For information", "참고"), ("finding", "Needs review", "검토 필요"),
    ]  # fmt: skip

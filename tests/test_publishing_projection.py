"""From versions of a record to rows: what each table says of the made-up ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from sqlite3 import Connection, connect
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_ledger import SHARE, SPEED, LogMaker, made_entries, write_texts
from sqlite_utils import Database

from claimledger.models import Claim
from claimledger.publishing import ledger_db, projection
from claimledger.publishing.cells import sqlite_number
from claimledger.publishing.field_changes import FieldChange, field_changes
from claimledger.publishing.tables import TABLES


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    path = tmp_path_factory.mktemp("made") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    with closing(connect(path)) as opened:
        yield opened


def rows(connection: Connection, table: str, where: str = "1", *arguments: object) -> list[dict[str, Any]]:
    return list(Database(connection).table(table).rows_where(where, arguments))


def row(connection: Connection, table: str, where: str, *arguments: object) -> dict[str, Any]:
    (only,) = rows(connection, table, where, *arguments)
    return only


def parts(whole: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(whole[name] for name in names)


def test_a_claim_stands_as_its_newest_version_says(connection: Connection) -> None:
    claim = row(connection, "claims", "claim_id = ?", SPEED["claim_id"])
    assert parts(claim, "kind", "speaker", "speaker_role", "speaker_organization", "speaker_is_anonymous") == (
        "both", "Seo Mirae", "director", "Haneul Port Authority", 0,
    )  # fmt: skip
    assert parts(claim, "amount", "unit", "currency", "comparator", "amount_text", "topic") == (
        40, "percent", None, "about", "약 40%", "automation",
    )  # fmt: skip
    assert parts(claim, "verification_status", "attribution_status", "said_on") == (
        "supported", "not_checked", "2031-03-20",
    )  # fmt: skip
    assert parts(claim, "revision_count", "first_recorded_at", "last_recorded_at", "last_actor") == (
        3, "2031-04-10T09:03:00.000Z", "2031-04-11T09:16:00.000Z", "haru",
    )  # fmt: skip


def test_a_verdict_on_what_was_said_is_no_verdict_on_whether_it_is_so(connection: Connection) -> None:
    claim = row(connection, "claims", "speaker_is_anonymous = 1")
    assert parts(claim, "verification_status", "attribution_status", "speaker") == (
        "not_checked", "not_enough_evidence", "a crane driver",
    )  # fmt: skip


def test_where_nobody_is_quoted_whether_it_was_said_is_no_question(connection: Connection) -> None:
    found = connection.execute("SELECT speaker IS NULL, attribution_status IS NULL FROM claims").fetchall()
    assert {tuple(one) for one in found} == {(0, 0), (1, 1)}


def test_a_withdrawn_claim_keeps_its_rows_and_stays_withdrawn_when_it_is_redacted(connection: Connection) -> None:
    claim = row(connection, "claims", "claim_id = ?", SHARE["claim_id"])
    assert parts(claim, "record_state", "revision_count", "speaker", "statement_en") == (
        "withdrawn",
        3,
        "나라테크",
        None,
    )
    assert row(connection, "quantities", "claim_id = ?", SHARE["claim_id"])["amount"] == 0.6667


def test_kinds_follow_from_figures_and_speakers(connection: Connection) -> None:
    kinds = {claim["claim_id"][-4:]: claim["kind"] for claim in rows(connection, "claims")}
    assert kinds == {
        "aaaa": "both", "bbbb": "both", "cccc": "both", "dddd": "event", "eeee": "both", "ffff": "quantitative",
        "gggg": "attributed", "hhhh": "quantitative",
    }  # fmt: skip


def test_amounts_are_numbers_where_a_number_holds_them_and_text_where_none_does(connection: Connection) -> None:
    figures = rows(connection, "quantities", "claim_id LIKE 'grains%'")
    assert [figure["amount"] for figure in figures] == [
        "123456789012345678901234567890", "0.10000000000000000001", None, 1e20,
    ]  # fmt: skip
    assert parts(figures[2], "low", "high", "position") == (5, 7.5, 3)
    assert isinstance(figures[2]["low"], int)


def test_a_claim_stands_in_two_editions(connection: Connection) -> None:
    appearances = rows(connection, "appearances", "claim_id = ? ORDER BY start", SPEED["claim_id"])
    assert [parts(appearance, "start", "end", "quote", "quote_length") for appearance in appearances] == [
        (100, 112, None, 12), (150, 162, None, 12),
    ]  # fmt: skip
    assert [edition["position"] for edition in rows(connection, "editions", "length < 5300 ORDER BY length")] == [
        1,
        1,
        2,
    ]


def test_a_passage_is_shown_where_rights_allow(connection: Connection) -> None:
    shown = row(connection, "appearances", "quote IS NOT NULL")
    assert parts(shown, "quote", "quote_length") == ("12 % slower.", 12)
    assert shown["quote_sha256"] == projection.passage_hash("12 % slower.").sha256


def test_speakers_are_put_together_by_name(connection: Connection) -> None:
    speaker = row(connection, "speakers", "speaker = 'Seo Mirae'")
    assert parts(speaker, "name_ko", "other_names", "kind", "roles", "organizations", "claim_count") == (
        "서미래", "徐未来", "person", "director; chief executive", "Haneul Port Authority", 3,
    )  # fmt: skip


def test_sources_of_one_name_but_other_kind_or_date_stay_apart(connection: Connection) -> None:
    sources = rows(connection, "sources", "source LIKE 'Port briefing%'")
    assert [parts(source, "source", "kind", "published_on", "claim_count") for source in sources] == [
        ("Port briefing (report, 2031-03-27)", "report", "2031-03-27", 1),
        ("Port briefing (speech or interview, 2031-03-20)", "speech", "2031-03-20", 1),
        ("Port briefing (speech or interview, 2031-03-27)", "speech", "2031-03-27", 2),
    ]
    assert row(connection, "sources", "kind = 'own_reporting'")["source"] == "Harbour Monthly"


def test_documents_say_how_many_claims_rest_on_them(connection: Connection) -> None:
    documents = rows(connection, "documents")
    assert [parts(each, "title", "claim_count", "derives_from") for each in documents] == [
        ("연감을 읽다", 1, "port-yearbook-2030"), ("Port yearbook 2030", 1, None),
    ]  # fmt: skip


def test_history_has_a_row_for_the_listing_and_one_for_each_field_changed(connection: Connection) -> None:
    history = rows(connection, "history", "claim_id = ? AND subject = 'claim' ORDER BY id", SPEED["claim_id"])
    first, second, *later = (parts(each, "revision", "kind", "field", "before", "after") for each in history)
    assert first == (1, "listed", "", None, SPEED["statement"]["en"])
    assert second == (2, "update", "said_on", None, "2031-03-20")
    assert (3, "verdict", "verdicts.so.value", None, "supported") in later
    assert (3, "verdict", "evidence.column-on-yearbook.stance", None, "supports") in later


def test_history_names_the_first_author_and_the_approver(connection: Connection) -> None:
    change = row(connection, "history", "field = 'said_on'")
    assert parts(change, "actor", "approver", "reason", "id") == ("miru", "sora", "확인했다.", 150001)


def test_a_version_that_changes_no_field_has_a_row_too(connection: Connection) -> None:
    withdrawal = row(connection, "history", "kind = 'withdrawal'")
    assert parts(withdrawal, "field", "before", "after", "reason") == ("", None, None, "")  # redacted since


def test_corrections_say_what_it_said_and_what_it_says(connection: Connection) -> None:
    corrections = rows(connection, "corrections", "1 ORDER BY id")
    assert [parts(each, "field", "before", "after", "kind") for each in corrections] == [
        ("quantities.1.amount", "13500000", "13550000", "clarification"),
        ("topics", "prices", "prices, ports", "clarification"),
    ]
    assert corrections[0]["public_note_ko"] == "금액을 고쳤다."
    claim = row(connection, "claims", "is_corrected = 1")
    assert claim["claim_id"] == corrections[0]["claim_id"]


def test_every_key_of_another_table_is_known_there(connection: Connection) -> None:
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_table_of_the_made_up_ledger_is_empty(connection: Connection) -> None:
    assert [table.name for table in TABLES if not Database(connection).table(table.name).count] == []


def test_a_claim_is_found_by_everything_it_says_of_itself() -> None:
    record = msgspec.json.encode(msgspec.json.decode(LogMaker().add(SPEED).body)["record"])
    texts = list(projection.search_texts(Claim.model_validate_json(record)))
    for text in (
        *SPEED["statement"].values(),
        "徐未来",
        "소장",
        "Haneul Port Authority",
        "항만 브리핑",
        "약 40%",
        "ports",
    ):
        assert text in texts


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.integers().map(Decimal))
@example(Decimal(2**63 - 1))
@example(Decimal(2**63))
@example(Decimal("9" * 400))
def test_no_amount_is_ever_rounded(amount: Decimal) -> None:
    cell = sqlite_number(amount)
    assert Decimal(repr(cell) if isinstance(cell, float) else str(cell)) == amount
    assert not isinstance(cell, int) or abs(cell) < 2**63


JSON = st.recursive(
    st.text(max_size=4) | st.integers() | st.booleans(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text("abc", min_size=1), part, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.text("abc", min_size=1), JSON, max_size=4)


@given(RECORDS)
def test_nothing_changed_between_equal_versions(record: dict[str, Any]) -> None:
    assert field_changes(record, record) == []


def test_changes_are_told_by_what_names_an_item() -> None:
    before = {"verdicts": [{"question": "said", "value": "supported"}, {"question": "so", "value": "refuted"}]}
    after = {"verdicts": [{"question": "so", "value": "supported"}]}
    assert field_changes(before, after) == [
        FieldChange("verdicts.said.value", "supported", None), FieldChange("verdicts.so.value", "refuted", "supported"),
    ]  # fmt: skip


def test_items_of_one_name_are_told_by_their_place() -> None:
    twice = [{"document_id": "d", "stance": "supports"}, {"document_id": "d", "stance": "context"}]
    after = [twice[0], {**twice[1], "stance": "refutes"}]
    assert field_changes({"evidence": twice}, {"evidence": after}) == [
        FieldChange("evidence.2.stance", "context", "refutes")
    ]


def test_numbers_and_truth_are_written_as_in_json() -> None:
    assert field_changes({"a": {"n": 1}}, {"a": {"n": 2, "is": True}}) == [
        FieldChange("a.n", "1", "2"),
        FieldChange("a.is", None, "true"),
    ]

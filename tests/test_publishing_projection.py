"""From versions of a record to rows: the contents of each table for the made-up ledger."""

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
from claimledger.selectors import hash_passage


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


def values(whole: Mapping[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(whole[name] for name in names)


def test_claim_row_shows_the_newest_version(connection: Connection) -> None:
    claim = row(connection, "claims", "claim_id = ?", SPEED["claim_id"])
    assert values(claim, "kind", "speaker", "speaker_role", "speaker_organization", "speaker_is_anonymous") == (
        "both", "Seo Mirae", "director", "Haneul Port Authority", 0,
    )  # fmt: skip
    assert values(claim, "amount", "unit", "currency", "comparator", "amount_text", "topic") == (
        40, "percent", None, "about", "약 40%", "automation",
    )  # fmt: skip
    assert values(claim, "verification_status", "attribution_status", "said_on") == (
        "supported", "not_checked", "2031-03-20",
    )  # fmt: skip
    assert values(claim, "revision_count", "first_recorded_at", "last_recorded_at", "last_actor") == (
        3, "2031-04-10T09:03:00.000Z", "2031-04-11T09:16:00.000Z", "haru",
    )  # fmt: skip


def test_quote_check_does_not_set_the_fact_check_status(connection: Connection) -> None:
    claim = row(connection, "claims", "speaker_is_anonymous = 1")
    assert values(claim, "verification_status", "attribution_status", "speaker") == (
        "not_checked", "nothing_found", "a crane driver",
    )  # fmt: skip


def test_claim_without_a_speaker_has_no_quote_check_status(connection: Connection) -> None:
    found = connection.execute("SELECT speaker IS NULL, attribution_status IS NULL FROM claims").fetchall()
    assert {tuple(one) for one in found} == {(0, 0), (1, 1)}


def test_redacted_withdrawn_claim_keeps_its_rows(connection: Connection) -> None:
    claim = row(connection, "claims", "claim_id = ?", SHARE["claim_id"])
    assert values(claim, "record_state", "revision_count", "speaker", "statement_en") == (
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


def test_amounts_without_an_exact_number_are_text(connection: Connection) -> None:
    figures = rows(connection, "quantities", "claim_id LIKE 'grains%'")
    assert [figure["amount"] for figure in figures] == [
        "123456789012345678901234567890", "0.10000000000000000001", None, 1e20,
    ]  # fmt: skip
    assert values(figures[2], "low", "high", "position") == (5, 7.5, 3)
    assert isinstance(figures[2]["low"], int)


def test_claim_appears_in_two_editions(connection: Connection) -> None:
    appearances = rows(connection, "appearances", "claim_id = ? ORDER BY start", SPEED["claim_id"])
    assert [values(appearance, "start", "end", "quote", "quote_length") for appearance in appearances] == [
        (100, 112, None, 12), (150, 162, None, 12),
    ]  # fmt: skip
    assert [edition["position"] for edition in rows(connection, "editions", "length < 5300 ORDER BY length")] == [
        1,
        1,
        2,
    ]


def test_passage_is_shown_if_rights_allow(connection: Connection) -> None:
    shown = row(connection, "appearances", "quote IS NOT NULL")
    assert values(shown, "quote", "quote_length") == ("12 % slower.", 12)
    assert shown["quote_sha256"] == hash_passage("12 % slower.").sha256


def test_speakers_are_grouped_by_name(connection: Connection) -> None:
    speaker = row(connection, "speakers", "speaker = 'Seo Mirae'")
    assert values(speaker, "name_ko", "other_names", "kind", "roles", "organizations", "claim_count") == (
        "서미래", "徐未来", "person", "chief executive; director", "Haneul Port Authority", 3,
    )  # fmt: skip


def test_sources_of_different_kind_or_date_are_separate(connection: Connection) -> None:
    sources = rows(connection, "sources", "source LIKE 'Port briefing%'")
    assert [values(source, "source", "kind", "published_on", "claim_count") for source in sources] == [
        ("Port briefing (report, 2031-03-27)", "report", "2031-03-27", 1),
        ("Port briefing (speech or interview, 2031-03-20)", "speech", "2031-03-20", 1),
        ("Port briefing (speech or interview, 2031-03-27)", "speech", "2031-03-27", 2),
    ]
    assert row(connection, "sources", "kind = 'own_reporting'")["source"] == (
        "Harbour Monthly (the publication's own reporting)"
    )


def test_documents_count_the_claims_that_cite_them(connection: Connection) -> None:
    documents = rows(connection, "documents")
    assert [values(each, "title", "claim_count", "derives_from") for each in documents] == [
        ("연감을 읽다", 1, "port-yearbook-2030"), ("Port yearbook 2030", 1, None),
    ]  # fmt: skip


def test_history_has_a_row_for_each_changed_field(connection: Connection) -> None:
    history = rows(connection, "history", "claim_id = ? AND subject = 'claim' ORDER BY id", SPEED["claim_id"])
    first, second, *later = (values(each, "revision", "kind", "field", "before", "after") for each in history)
    assert first == (1, "listed", "", None, SPEED["statement"]["en"])
    assert second == (2, "update", "said_on", None, "2031-03-20")
    assert (3, "verdict", "verdicts.so.value", None, "supported") in later
    assert (3, "verdict", "evidence.column-on-yearbook.stance", None, "supports") in later


def test_history_names_the_first_author_and_the_approver(connection: Connection) -> None:
    change = row(connection, "history", "field = 'said_on'")
    assert values(change, "actor", "approver", "reason", "id") == ("miru", "sora", "확인했다.", 150001)


def test_version_without_field_changes_has_a_history_row(connection: Connection) -> None:
    withdrawal = row(connection, "history", "kind = 'withdrawal'")
    assert values(withdrawal, "field", "before", "after", "reason") == ("", None, None, "")  # redacted since


def test_corrections_have_values_before_and_after(connection: Connection) -> None:
    corrections = rows(connection, "corrections", "1 ORDER BY id")
    assert [values(each, "field", "before", "after", "kind") for each in corrections] == [
        ("quantities.1.amount", "13500000", "13550000", "clarification"),
        ("topics", "prices", "prices, ports", "clarification"),
    ]
    assert corrections[0]["public_note_ko"] == "금액을 고쳤다."
    claim = row(connection, "claims", "is_corrected = 1")
    assert claim["claim_id"] == corrections[0]["claim_id"]


def test_every_foreign_key_is_valid(connection: Connection) -> None:
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_table_of_the_made_up_ledger_is_empty(connection: Connection) -> None:
    empty = [table.name for table in TABLES if not Database(connection).table(table.name).count]
    assert empty == ["alias", "alias_name", "earlier_checks"]  # other tests fill them


def test_search_texts_contain_every_text_of_a_claim() -> None:
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
def test_equal_versions_have_no_changes(record: dict[str, Any]) -> None:
    assert field_changes(record, record) == []


def test_changed_items_are_identified_by_name() -> None:
    before = {"verdicts": [{"question": "said", "value": "supported"}, {"question": "so", "value": "refuted"}]}
    after = {"verdicts": [{"question": "so", "value": "supported"}]}
    assert field_changes(before, after) == [
        FieldChange("verdicts.said.value", "supported", None), FieldChange("verdicts.so.value", "refuted", "supported"),
    ]  # fmt: skip


def test_items_with_the_same_name_are_identified_by_position() -> None:
    twice = [{"document_id": "d", "stance": "supports"}, {"document_id": "d", "stance": "context"}]
    after = [twice[0], {**twice[1], "stance": "refutes"}]
    assert field_changes({"evidence": twice}, {"evidence": after}) == [
        FieldChange("evidence.2.stance", "context", "refutes")
    ]


def test_numbers_and_booleans_are_written_as_json() -> None:
    assert field_changes({"a": {"n": 1}}, {"a": {"n": 2, "is": True}}) == [
        FieldChange("a.n", "1", "2"),
        FieldChange("a.is", None, "true"),
    ]

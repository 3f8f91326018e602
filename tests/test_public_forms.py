"""Each published record is the public form of an approved draft, and the public files contain no private text."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from newsroom import CARGO, GROWTH, Clock, actor, edit_by
from staff import enrol

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.checks.public_form_checks import check_privacy, check_public_forms
from claimledger.checks.private_texts import (
    MIN_LINE_BYTES, PRIVATE_TEXT_QUERIES, read_overlapping_pieces, search_pieces,
)  # fmt: skip
from claimledger.checks.results import CheckResult
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.row_hashes import register_row_hash
from claimledger.newsroom.schema_versions import VERSIONS
from claimledger.desk_vocabulary import QueryAnswer
from claimledger.vocabulary import Question, RevisionKind

COMMENT = "소장의 비서가 mirae.office@example.org 로 답을 주기로 했다.\n둘째 줄에는 “따옴표”와 \\ 가 있다."
DOCUMENT = {
    "document_id": "call-with-the-office-a2b3", "medium": "call",
    "title": {"en": "A call with the secretary of the office"},
    "language": "ko", "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "secondary",
}  # fmt: skip
EVIDENCE = {
    "document_id": "call-with-the-office-a2b3", "stance": "context", "summary": {"en": "The office could not say yet."},
}  # fmt: skip
VERDICT = {"question": "so", "value": "not_checkable", "rationale": {"ko": "아직 모른다."}, "as_of": "2031-04-03"}


@pytest.fixture(scope="module")
def newsroom_with_publications(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    clock = Clock()
    places = newsroom.write_all(tmp_path_factory.mktemp("forms") / "ledger")
    desk.record(places, [], edit_by("checker", "First reading"), clock)
    desk.publish(places, actor("editor"), clock=clock)
    newsroom.hire(places, "kim")
    desk.assign(places, CARGO, Question.SO, "kim", actor("editor"), clock=clock)
    claim = lookups.claim_at_desk(places, CARGO)
    fields = claim.claim.to_json() | {"verdicts": [VERDICT]}
    desk.edit(
        places, CARGO, fields, SeenVersion(claim.head_sha256, None), edit_by("kim", "판정", RevisionKind.VERDICT), clock
    )
    desk.approve(places, CARGO, lookups.claim_at_desk(places, CARGO).newest_draft_id, actor("lee"), clock)
    desk.publish(places, actor("park"), [CARGO], clock=clock)
    query_id = desk.query(places, CARGO, "지난해 화물이 약 120만t", "지난해 화물이 약 112만t", actor("kim"), clock)
    desk.record_answer(places, CARGO, query_id, QueryAnswer.FIXED, "다음 판에서 고치겠습니다.", actor("kim"), clock)
    desk.comment(places, CARGO, COMMENT, actor("kim"), clock)
    head = lookups.claim_at_desk(places, GROWTH).head_sha256
    desk.attach(
        places, GROWTH, DOCUMENT, EVIDENCE, SeenVersion(head, None), edit_by("kim", "전화를 걸었다고 적는다."), clock
    )
    with step_setup.open_store(places) as store:
        enrol(store, "sora-of-the-night-desk")
    return places


@pytest.fixture
def places(newsroom_with_publications: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    copied = LedgerPaths(tmp_path / "ledger")
    copied.log.mkdir(parents=True)
    for path in newsroom_with_publications.log.iterdir():
        (copied.log / path.name).write_bytes(path.read_bytes())
    copied.ledger.write_bytes(newsroom_with_publications.ledger.read_bytes())
    with (
        closing(sqlite3.connect(newsroom_with_publications.desk)) as source,
        closing(sqlite3.connect(copied.desk)) as copy,
    ):
        source.backup(copy)
    return copied


def forge(places: LedgerPaths, script: str) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(f"{script};" + ";".join(sql for _, sql in triggers))


def codes(checked: CheckResult) -> set[str]:
    assert checked.has_run
    return {problem.code for problem in checked.problems}


@pytest.mark.slow
def test_checks_find_nothing_in_a_correct_newsroom(places: LedgerPaths) -> None:
    forms, private = check_public_forms(places), check_privacy(places)
    assert (forms.problems, private.problems) == ((), ())
    assert forms.scope == "6 bodies against their drafts"
    assert int(private.scope.split()[0]) >= 12


@pytest.mark.slow
@pytest.mark.parametrize(("script", "code"), [
    ("UPDATE draft SET record = replace(record, '120만t', '121만t') WHERE draft_id = 2", "not-the-draft"),
    ("UPDATE draft SET reason = 'Another' WHERE draft_id = 6", "not-the-draft"),
    ("UPDATE draft SET author = 'park' WHERE draft_id = 6", "not-the-draft"),
    ("UPDATE draft SET kind = 'update' WHERE draft_id = 6", "not-the-draft"),
    ("UPDATE draft SET base_sha256 = NULL WHERE draft_id = 6", "not-the-draft"),
    ("UPDATE draft SET kind = 'discarded' WHERE draft_id = 6", "no-draft"),
    ("UPDATE publication SET draft_id = 5 WHERE draft_id = 6", "no-draft"),
    ("UPDATE publication SET body = replace(body, '\"lee\"', '\"kim\"') WHERE draft_id = 6", "author-approved"),
    ("UPDATE act SET actor = 'park' WHERE action = 'approve'", "no-approval"),
    ("UPDATE act SET draft_id = 5 WHERE action = 'approve'", "no-approval"),
    ("UPDATE act SET action = 'return' WHERE action = 'approve'", "no-approval"),
])  # fmt: skip
def test_direct_change_of_the_desk_store_is_found(places: LedgerPaths, script: str, code: str) -> None:
    forge(places, script)
    assert code in codes(check_public_forms(places))


def test_approval_counts_only_for_its_own_draft(places: LedgerPaths) -> None:
    forge(
        places,
        "UPDATE act SET draft_id = 9 WHERE action = 'approve';"
        "INSERT INTO draft SELECT 9, subject, key, base_sha256, kind, author, reason, recorded_at, record, correction "
        "FROM draft WHERE draft_id = 6",
    )
    assert codes(check_public_forms(places)) == {"no-approval"}


def test_bodies_without_stored_approvals_are_counted_separately(places: LedgerPaths) -> None:
    forge(places, "DELETE FROM act; UPDATE publication SET draft_id = NULL WHERE number = 1")
    looked_at = check_public_forms(places).scope
    assert (
        looked_at
        == "5 bodies against their drafts; 5 of them from before approvals were kept; 1 more came with the log"
    )


@pytest.mark.slow
@pytest.mark.parametrize("leak", [
    COMMENT.splitlines()[0], COMMENT.splitlines()[1], "mirae.office@example.org", "다음 판에서 고치겠습니다.",
    "지난해 화물이 약 112만t", "A call with the secretary of the office", "The office could not say yet.",
    "전화를 걸었다고 적는다.", "sora-of-the-night-desk",
])  # fmt: skip
@pytest.mark.parametrize("before", ["", "x", "x" * 4090, "가" * 5000])
def test_private_text_in_the_published_file_is_found(places: LedgerPaths, leak: str, before: str) -> None:
    with closing(sqlite3.connect(places.ledger)) as ledger, ledger:
        ledger.execute("CREATE TABLE stray(content)")
        ledger.execute("INSERT INTO stray VALUES (?)", (before + leak,))
    assert [problem.file for problem in check_privacy(places).problems] == ["ledger.db"] * (
        1 + leak.count("@example.org 로")
    )


def test_private_text_in_deleted_pages_of_the_file_is_found(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.ledger)) as ledger, ledger:
        ledger.execute("PRAGMA secure_delete = OFF")
        ledger.execute("CREATE TABLE stray(content)")
        ledger.execute("INSERT INTO stray VALUES ('다음 판에서 고치겠습니다.')")
        ledger.commit()
        ledger.execute("DROP TABLE stray")
    assert codes(check_privacy(places)) == {"private-text-public"}


def test_private_text_in_the_log_is_found_in_its_json_form(places: LedgerPaths) -> None:
    file = places.log / "000000.jsonl"
    file.write_bytes(file.read_bytes() + '{"note":"둘째 줄에는 “따옴표”와 \\\\ 가 있다."}\n'.encode())
    (problem,) = check_privacy(places).problems
    assert (problem.file, problem.code) == ("claims/log", "private-text-public")
    assert "따옴표" not in str(problem)  # the result of a check is printed, and others may read it


@pytest.mark.parametrize("sql", ["SELECT hash FROM password", "SELECT token_sha256 FROM credential"])
def test_private_hashes_in_the_published_file_are_found(places: LedgerPaths, sql: str) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        register_row_hash(connection)
        connection.execute(
            "INSERT INTO credential VALUES (?, 'session', 'kim', '', 'kim', '2031-04-03', NULL, NULL)", ("ab" * 32,)
        )
        connection.commit()
        (secret,) = connection.execute(sql).fetchone()
    places.ledger.write_bytes(places.ledger.read_bytes() + secret.encode())
    assert codes(check_privacy(places)) == {"private-text-public"}


def test_comment_may_repeat_public_text(places: LedgerPaths) -> None:
    public_sentence = "Haneul port moved about 1.2 million tonnes in 2030."
    desk.comment(places, CARGO, public_sentence, actor("kim"), Clock())
    assert check_privacy(places).problems == ()


def test_unreadable_desk_is_reported_as_not_checked(places: LedgerPaths) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        connection.execute("DROP TABLE act")
    assert [check(places).has_run for check in (check_public_forms, check_privacy)] == [False, False]


@pytest.mark.slow
def test_text_is_found_at_any_position(tmp_path: Path) -> None:
    text, others = "thirteen char", [f"another line number {number:06}" for number in range(2000)]
    assert len(text) == MIN_LINE_BYTES
    for before in range(20):
        assert search_pieces([b"-" * before + text.encode() + b"-" * 9], [text, *others]).found == {text}
        assert search_pieces([b"-" * before + text.encode()], [text, *others]).found == {text}
    assert search_pieces([b"thirteen cha-r"], [text, *others]).found == set()
    path = tmp_path / "large"
    path.write_bytes(b"-" * ((1 << 22) - 5) + text.encode() + b"-" * 100)
    assert search_pieces(read_overlapping_pieces([path]), [text]).found == {text}


PUBLIC = {
    "draft": {"subject", "key", "base_sha256", "kind", "author", "recorded_at", "correction"},
    "publication": {"sha256", "subject", "key", "body"},
    "text": {"edition_sha256", "article_id", "author", "recorded_at"},
    "decision": {"article_id", "edition_sha256", "decided", "quote_sha256", "position", "quote", "claim_id", "author",
                 "recorded_at"},
    "act": {"action", "claim_id", "question", "actor", "recorded_at"},
    "waiting": {"key", "subject"},
    "report": {"claim_id", "recorded_at"},
    "report_event": {"event", "author", "recorded_at"},
    "person_version": {"roles", "language", "author", "recorded_at"},
    "person_address": {"name", "author", "recorded_at"},
    "account_event": {"event", "author", "recorded_at"},
    "password": {"name", "set_at"},
    "credential": {"kind", "name", "author", "issued_at", "expires_at", "used_at"},
    "throttle": {"last_failed_at"},
    "claim_review": {"review_sha256", "record", "author", "recorded_at"},  # published by others
    "foreign_review": {"url", "publisher", "claim_text", "claimant", "rating", "reviewed_on", "language", "title",
                       "author", "recorded_at"},
    "capture": {"document_id", "headers", "media_type", "text_sha256", "warc_sha256", "fetched_at", "author",
                "recorded_at"},
    "excerpt": {"claim_id", "document_id", "position", "author", "recorded_at"},
    "withheld": {"document_id", "author", "recorded_at"},
    "saving": {"claim_id", "author", "recorded_at"},
    "log_file_seen": {"name", "stamp"},
    "earlier_people": {"name", "recorded_at"},
    "row_hash": {"table_name"},
    "checkpoint": {"note"},
    "trusted_key": {"vkey"},
    "key_list": {"note"},
    "tree_frontier": {"sha256"},
    "notice": {"name", "kind", "object", "cause", "made_at", "mail", "next_try_at"},
    "notice_choice": {"name", "changed_at"},
    "model_request": {
        "article_id", "claim_id", "document_id", "task", "language", "suggester", "model", "key_sha256",
        "prompt_sha256", "input_sha256", "most_cost", "currency", "author", "recorded_at",
    },
    "model_answer": {"outcome", "model", "cost", "recorded_at"},
    "suggestion": {"state", "reasons"},
    "suggestion_decision": {"choice", "claim_id", "author", "recorded_at"},
}  # fmt: skip
"""The columns of each table that are not private.

They contain record names, controlled words, times, hashes, or texts that the log or the web has too. The tables `work`
and those of the index are derived from the others.
"""


def test_every_text_column_of_the_desk_is_private_or_listed_as_public() -> None:
    searched_for = " ".join(sql for _, sql in PRIVATE_TEXT_QUERIES)
    with closing(sqlite3.connect(":memory:")) as fresh:
        register_row_hash(fresh)
        for statement in (statement for version in VERSIONS for statement in version):
            fresh.execute(statement)
        rows = fresh.execute(
            "SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p "
            "WHERE m.type = 'table' AND p.type = 'TEXT' "
            "AND m.name NOT IN ('work', 'work_count', 'rests_on', 'earlier_entry', 'earlier_key')"
        ).fetchall()
    sources = {(table, column) for column, table in re.findall(r"SELECT (\w+)[^,]*? FROM (\w+)", searched_for)}
    sources |= {("draft", "reason"), ("draft", "record")}
    assert {row for row in rows if row[1] not in PUBLIC.get(row[0], set()) and row not in sources} == set()

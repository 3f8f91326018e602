"""Recording edits: drafts, refusals and conflicts. Nothing is merged or stored silently."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import given, settings

from claimledger.errors import ProblemsFound
from claimledger.newsroom import drafting
from claimledger.newsroom.edit_input import make_edit
from claimledger.newsroom.drafting import ChangeBatch, ProposedChange, differing_fields
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Appearance, Change, Claim, QuoteSelector, Span, record_key
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

bridge_ledger = importlib.import_module("tests.faults.bridge_ledger")


COST = "hanbit-bridge/bridge-costs-2t-won-hb2k.yaml"
LANES = "hanbit-bridge/bridge-has-six-lanes-sx6l.yaml"
OPENING = "hanbit-bridge/bridge-opens-in-2027-op27.yaml"
TOLL = "hanbit-bridge/night-toll-900-won-nt7w.yaml"
TOLL_TEXT = bridge_ledger.claim_text(
    "night-toll-900-won-nt7w", "밤 통행료는 900원이다.", "시가 낸다",
    "attribution:\n  mode: narration\nquantities:\n- text: 900원\n  amount: '900'\n  currency: KRW",
)  # fmt: skip
UPDATE = bridge_ledger.edit(kind="update")


@pytest.fixture(scope="module")
def made_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger once for all tests of this file."""
    root: Path = tmp_path_factory.mktemp("made")
    bridge_ledger.make_ledger(root)
    return root


@pytest.fixture
def ledger(made_ledger: Path, tmp_path: Path) -> Any:  # noqa: ANN401  its type is that of a module loaded by name
    """Return a copy of the ledger, which has an open draft by lee."""
    shutil.copytree(made_ledger, tmp_path / "ledger")
    return bridge_ledger.Ledger(tmp_path / "ledger")


def codes(problems: list[Any]) -> list[str]:
    """Return the codes of problems."""
    return [problem.code for problem in problems]


def drafts_except_lees(ledger: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the open drafts of everyone except lee, by their keys."""
    return {draft.key: draft for draft in ledger.drafts() if draft.authors != ("lee",)}


@pytest.mark.slow
def test_unchanged_files_change_nothing(ledger: Any) -> None:  # noqa: ANN401
    assert ledger.record(UPDATE) == ([], [])


def test_new_file_drafts_its_claim_and_its_passages(ledger: Any) -> None:  # noqa: ANN401
    ledger.write(TOLL, TOLL_TEXT)
    drafts, problems = ledger.record(bridge_ledger.edit(reason="새 주장"))
    assert problems == []
    assert [(draft.subject, draft.kind, draft.base, draft.authors, draft.reason) for draft in drafts] == [
        (Subject.CLAIM, RevisionKind.LISTED, None, ("kim",), "새 주장"),
        (Subject.APPEARANCE, RevisionKind.LISTED, None, ("kim",), "새 주장"),
    ]
    assert list(drafts_except_lees(ledger)) == [draft.key for draft in drafts]


def test_edit_drafts_only_the_changed_record(ledger: Any) -> None:  # noqa: ANN401
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    (draft,), problems = ledger.record(UPDATE)
    assert problems == []
    assert (draft.key, draft.kind) == ("bridge-costs-2t-won-hb2k", RevisionKind.UPDATE)
    assert draft.base == ledger.hash_of(draft.key, 2)
    assert draft.record.statement["ko"] == "한빛대교 공사비는 2조원쯤이다."


def test_passage_edit_does_not_draft_its_claim(ledger: Any) -> None:  # noqa: ANN401
    ledger.replace(COST, "exact: 약 2조원", "exact: 약 2조원\n    prefix: '데 '")
    (draft,), problems = ledger.record(UPDATE)
    assert (problems, draft.subject) == ([], Subject.APPEARANCE)


def test_added_digits_are_a_change_of_the_amount(ledger: Any) -> None:  # noqa: ANN401
    ledger.replace(COST, "'2000000000000'", "'2000000000000.0'")
    (draft,), _ = ledger.record(UPDATE)
    assert str(draft.record.quantities[0].amount) == "2000000000000.0"


def test_new_records_and_edits_keep_their_own_kinds(ledger: Any) -> None:  # noqa: ANN401
    ledger.write(TOLL, TOLL_TEXT)
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    note = bridge_ledger.edit(kind="correction", correction="clarification", note_ko="어림수임을 밝혔다.")
    drafts, problems = ledger.record(note)
    assert problems == []
    kinds = {draft.key: (draft.kind, draft.correction and draft.correction.kind) for draft in drafts}
    assert kinds.pop("bridge-costs-2t-won-hb2k") == (RevisionKind.CORRECTION, CorrectionKind.CLARIFICATION)
    assert set(kinds.values()) == {(RevisionKind.LISTED, None)}


def test_recording_the_same_again_makes_no_second_draft(ledger: Any) -> None:  # noqa: ANN401
    ledger.write(TOLL, TOLL_TEXT)
    ledger.record(bridge_ledger.edit())
    before = ledger.drafts()
    assert ledger.record(bridge_ledger.edit(reason="다시")) == ([], [])
    assert ledger.record(bridge_ledger.edit(author="choi")) == ([], [])
    assert ledger.drafts() == before


def test_same_author_can_replace_the_draft(ledger: Any) -> None:  # noqa: ANN401
    ledger.write(TOLL, TOLL_TEXT)
    ledger.record(bridge_ledger.edit())
    ledger.replace(TOLL, "900원이다", "구백 원이다")
    (draft,), problems = ledger.record(bridge_ledger.edit(reason="한글로"))
    assert (problems, draft.base, draft.kind) == ([], None, RevisionKind.LISTED)
    claim = drafts_except_lees(ledger)["night-toll-900-won-nt7w"]
    assert (claim.record.statement["ko"], claim.reason, claim.authors) == (
        "밤 통행료는 구백 원이다.",
        "한글로",
        ("kim",),
    )


def test_draft_of_another_author_is_kept_and_both_values_are_shown(ledger: Any) -> None:  # noqa: ANN401
    before = ledger.drafts()
    ledger.replace(LANES, "여섯 개다", "일곱 개다")
    _, (problem,) = ledger.record(UPDATE, [ledger.file(LANES)])
    assert (problem.code, problem.field, problem.line) == ("open-draft", "statement.ko", 5)
    for said in ("일곱 개다", "'lee' has", "여섯 개다", "6개다"):
        assert said in problem.sentence
    assert ledger.drafts() == before


def test_edit_contained_in_an_open_draft_adds_nothing(ledger: Any) -> None:  # noqa: ANN401
    """Make the same change as the open draft of another author: neither a conflict nor a new draft results."""
    draft = next(draft for draft in ledger.drafts() if draft.subject is Subject.CLAIM)
    change = Change(
        subject=Subject.CLAIM, key=draft.key, base=draft.base, fields={"statement": dict(draft.record.statement)}
    )
    with ledger.store() as store:
        assert drafting.make_drafts(ChangeBatch([ProposedChange(change, SourceLocation())]), store, UPDATE) == ([], [])


def test_others_may_write_after_a_draft_is_discarded(ledger: Any) -> None:  # noqa: ANN401
    with ledger.store() as store, store.writing() as connection:
        for draft in store.open_drafts():
            store.discard_draft(connection, draft, "lee", "틀렸다", ledger.now())
    ledger.replace(LANES, "여섯 개다", "일곱 개다")
    drafts, problems = ledger.record(UPDATE, [ledger.file(LANES)])
    assert (problems, {draft.authors for draft in drafts}) == ([], {("kim",)})


def make_stale_file(ledger: Any, old: str, new: str) -> Any:  # noqa: ANN401
    """Publish an edit, then restore the old file with another edit."""
    before = ledger.file(COST).read_text(encoding="utf-8")
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    ledger.record(UPDATE, [ledger.file(COST)])
    ledger.publish(["bridge-costs-2t-won-hb2k"])
    ledger.write(COST, before.replace(old, new))


def test_stale_edit_shows_all_three_values(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "약 2조원이다", "2조원이 넘는다")
    drafts, (problem,) = ledger.record(UPDATE, [ledger.file(COST)])
    assert drafts == []
    assert (problem.code, problem.field, problem.line) == ("stale-base", "statement.ko", 5)
    assert problem.sentence == (
        "Your value is “한빛대교 공사비는 2조원이 넘는다.”. The public value is now “한빛대교 공사비는 2조원쯤이다.”; "
        "you began with “한빛대교 공사비는 약 2조원이다.”."
    )


def test_stale_edit_of_another_field_is_a_conflict(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "- bridges", "- bridges\n- money")
    _, (problem,) = ledger.record(UPDATE, [ledger.file(COST)])
    assert (problem.code, problem.field) == ("stale-base", "topics")
    assert problem.sentence.startswith('Your value is “["bridges","money"]”. The public value is now “["bridges"]”')


def test_conflict_shows_only_the_edited_field(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "statement:", "statement:\n  en: Hanbit Bridge costs 2 trillion won.")
    _, (problem,) = ledger.record(UPDATE, [ledger.file(COST)])
    assert (problem.code, problem.field, problem.line) == ("stale-base", "statement.en", 5)
    assert "The public value is now “nothing”; you began with “nothing”" in problem.sentence


def test_removing_a_field_that_others_changed_is_a_conflict(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "statement:\n  ko: 한빛대교 공사비는 약 2조원이다.", "statement:\n  en: Two trillion.")
    _, problems = ledger.record(UPDATE, [ledger.file(COST)])
    assert [(problem.field, problem.line) for problem in problems] == [("statement.ko", 4), ("statement.en", 5)]
    assert problems[0].sentence.startswith(
        "Your value is “nothing”. The public value is now “한빛대교 공사비는 2조원쯤이다.”"
    )


def test_stale_file_without_an_edit_changes_nothing(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "", "")
    assert ledger.record(UPDATE, [ledger.file(COST)]) == ([], [])


def test_stale_file_that_matches_the_ledger_changes_nothing(ledger: Any) -> None:  # noqa: ANN401
    make_stale_file(ledger, "약 2조원이다", "2조원쯤이다")
    assert ledger.record(UPDATE, [ledger.file(COST)]) == ([], [])


def test_one_wrong_file_stops_the_whole_batch(ledger: Any) -> None:  # noqa: ANN401
    before = ledger.drafts()
    ledger.write(TOLL, TOLL_TEXT)
    ledger.replace(COST, "약 2조원이다", "2조원쯤이다")
    ledger.replace(OPENING, "bridges", "Bridges")
    drafts, problems = ledger.record(UPDATE)
    assert len(drafts) == 3
    assert codes(problems) == ["wrong-form"]
    assert ledger.drafts() == before


def test_problems_are_sorted_by_file_and_line(ledger: Any) -> None:  # noqa: ANN401
    ledger.replace(COST, "bridges", "Bridges")
    ledger.replace(COST, "mode: narration", "mode: told")
    ledger.replace(OPENING, "2027년에 개통한다고", "2028년에 개통한다고")
    ledger.write(TOLL, TOLL_TEXT.replace("exact: 시가", "exact: 시청이") + "speeker: 누구\n")
    _, problems = ledger.record(bridge_ledger.edit())
    assert [(problem.file.rpartition("/")[2][:9], problem.line, problem.code) for problem in problems] == [
        ("bridge-co", 7, "unknown-word"),
        ("bridge-co", 18, "wrong-form"),
        ("night-tol", 20, "position-and-quote-differ"),
        ("night-tol", 25, "unknown-field"),
        ("bridge-op", None, "kind-needed"),
    ]


def test_records_of_one_batch_may_refer_to_each_other(ledger: Any) -> None:  # noqa: ANN401
    pier = "old-pier"
    ledger.write(f"{pier}/article.yaml", bridge_ledger.ARTICLE.replace("hanbit-bridge", pier))
    toll = TOLL_TEXT.replace("article_id: hanbit-bridge", f"article_id: {pier}")
    evidence = "evidence:\n- document_id: toll-law\n  stance: supports\n  summary:\n    ko: 요금표가 있다.\n"
    ledger.write(f"{pier}/night-toll-900-won-nt7w.yaml", toll + evidence)
    budget = bridge_ledger.BUDGET.replace("city-budget-2024", "toll-law")
    ledger.write("documents/toll-law.yaml", budget + "derives_from:\n- city-budget-2024\n")
    drafts, problems = ledger.record(bridge_ledger.edit())
    assert problems == []
    assert {draft.subject for draft in drafts} == {*Subject} - {Subject.ALIAS, Subject.EARLIER_CHECK}


def test_record_in_a_faulty_file_is_not_called_unknown(ledger: Any) -> None:  # noqa: ANN401
    ledger.write("old-pier/article.yaml", bridge_ledger.ARTICLE.replace("hanbit-bridge", "old-pier") + "note: x\n")
    toll = TOLL_TEXT.replace("article_id: hanbit-bridge", "article_id: old-pier")
    ledger.write("old-pier/night-toll-900-won-nt7w.yaml", toll)
    _, problems = ledger.record(bridge_ledger.edit())
    assert codes(problems) == ["unknown-field"]


def test_refused_record_is_not_called_unknown(ledger: Any) -> None:  # noqa: ANN401
    verdict = bridge_ledger.VERDICT.partition("verdicts:")
    ledger.write(TOLL, TOLL_TEXT + "".join(verdict[1:]))
    _, problems = ledger.record(bridge_ledger.edit())
    assert codes(problems) == ["verdict-too-soon"]


def test_file_given_twice_is_recorded_once(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    path = ledger.write(TOLL, TOLL_TEXT)
    monkeypatch.chdir(ledger.places.root)
    drafts, problems = ledger.record(bridge_ledger.edit(), [path, Path("claims") / TOLL])
    assert (len(drafts), problems) == (2, [])


def test_change_without_a_file_follows_the_same_rules(ledger: Any) -> None:  # noqa: ANN401
    """Use a change from a table row, whose problems name the row."""
    key = "bridge-costs-2t-won-hb2k"
    row = SourceLocation("claims.csv", {(): 7})

    def make_drafts(**fields: Any) -> tuple[list[Any], list[str]]:  # noqa: ANN401
        change = Change(subject=Subject.CLAIM, key=key, base=ledger.hash_of(key, 2), fields=fields)
        with ledger.store() as store:
            drafts, problems = drafting.make_drafts(ChangeBatch([ProposedChange(change, row)]), store, UPDATE)
        return drafts, [str(problem).partition(": ")[2].partition(": ")[0] for problem in problems]

    assert make_drafts(topics=["bridges", "money"])[0][0].record.topics == ("bridges", "money")
    assert make_drafts(source=None, topics=["Money"]) == ([], ["source", "topics.1"])
    assert make_drafts(claim_id="another-name-aaaa") == ([], ["claim_id"])
    assert make_drafts(topics=["bridges"]) == ([], [])
    assert make_drafts() == ([], [])


def test_change_of_an_unpublished_record_needs_every_field(ledger: Any) -> None:  # noqa: ANN401
    change = Change(subject=Subject.CLAIM, key="x-aaaa", base=None, fields={"topics": ["bridges"]})
    with ledger.store() as store:
        _, problems = drafting.make_drafts(ChangeBatch([ProposedChange(change, SourceLocation())]), store, UPDATE)
    assert set(codes(problems)) == {"missing-field"}


def test_passage_of_an_unknown_claim_is_refused(ledger: Any) -> None:  # noqa: ANN401
    passage = Appearance(
        claim_id="nobody-knows-it-aaaa", article_id="hanbit-bridge", edition_sha256=bridge_ledger.EDITION,
        position=Span(start=0, end=2), quote=QuoteSelector(exact="한빛"),
    )  # fmt: skip
    fields = passage.to_json()
    change = Change(subject=Subject.APPEARANCE, key=record_key(passage), base=None, fields=fields)
    with ledger.store() as store:
        _, problems = drafting.make_drafts(ChangeBatch([ProposedChange(change, SourceLocation())]), store, UPDATE)
    assert codes(problems) == ["unknown-claim"]


@pytest.mark.slow
@settings(strategies.few)
@given(strategies.claims(), strategies.claims())
def test_differing_fields_turn_one_record_into_the_other(before: Claim, after: Claim) -> None:
    was, says = before.to_json(), after.to_json()
    changed = {name: value for name, value in (was | differing_fields(was, says)).items() if value is not None}
    assert changed == says
    assert differing_fields(was, was) == {}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"author": "Kim"}, [("author", "wrong-form")]),
        ({"author": "김지호"}, [("author", "wrong-form")]),
        ({"reason": ""}, [("reason", "empty-text")]),
        ({"reason": "a\x00b", "author": ""}, [("author", "wrong-form"), ("reason", "invisible-character")]),
        ({"kind": "edit"}, [("kind", "unknown-word")]),
        ({"kind": "correction"}, [("", "half-a-correction")]),
        ({"kind": "correction", "correction": "clarification"}, [("", "half-a-correction")]),
        ({"kind": "correction", "note": {"ko": "고쳤다."}}, [("", "half-a-correction")]),
        ({"kind": "update", "note": {"ko": "고쳤다."}}, [("", "half-a-correction")]),
        ({"kind": "correction", "note": {"kr": "고쳤다."}}, [("note.kr", "country-for-language")]),
    ],
)  # fmt: skip
def test_make_edit_refuses_invalid_input(typed: Any, expected: Any) -> None:  # noqa: ANN401
    given_ = {"author": "kim", "reason": "고침", "kind": None, "correction": None, "note": {}} | typed
    with pytest.raises(ProblemsFound) as refusal:
        make_edit(**given_)
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == expected


def test_make_edit_normalises_reason_and_note() -> None:
    edit = make_edit(
        author="kim", reason=" 단위 ", kind="correction", correction="clarification",
        note={"ko": "고쳤다. ", "en": "Mended."},
    )  # fmt: skip
    assert edit.correction is not None
    assert (edit.reason, edit.kind) == ("단위", RevisionKind.CORRECTION)
    assert edit.correction.to_json() == {"kind": "clarification", "public_note": {"en": "Mended.", "ko": "고쳤다."}}

"""The editorial steps on an article: adding a text, deciding on candidates, dismissals, coverage, check sheet."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, FIRST, GROWTH, STAFF, TEXT, Clock, actor, add, edit_by, span, taken_in, told

from claimledger import desk
from claimledger.desk import lookups
from claimledger.editorial.new_editions import AnotherArticle, NameNeeded, Novelty
from claimledger.editorial.candidate_decisions import NoPassage
from claimledger.editorial.current_edition import NotRecorded, TextNotHeld
from claimledger.errors import NotFound, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.text_form import ArticleNotRecorded
from claimledger.models import Article, Span
from claimledger.desk_vocabulary import Coverage


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    return newsroom.published(tmp_path, clock)


def candidate_states(places: LedgerPaths) -> list[tuple[str, Coverage]]:
    found, _ = desk.list_candidates(places, ARTICLE_ID)
    return [(proposal.candidate.quote, proposal.state) for proposal in found]


def test_known_text_is_stored_without_a_draft(places: LedgerPaths, clock: Clock) -> None:
    assert add(places, TEXT, clock) is Novelty.KNOWN
    assert add(places, TEXT, clock, article_id=None) is Novelty.KNOWN
    assert lookups.open_drafts(places) == []
    with closing(sqlite3.connect(places.desk)) as connection:
        assert connection.execute("SELECT article_id, content, origin, author FROM text").fetchall() == [
            (ARTICLE_ID, TEXT.encode(), "a.txt", "checker")
        ]


def test_text_of_another_article_is_refused(places: LedgerPaths, clock: Clock) -> None:
    with pytest.raises(AnotherArticle, match="the text of the article 'harbour-monthly-2031-04', not of 'other'"):
        add(places, TEXT, clock, article_id="other")
    with pytest.raises(NameNeeded, match="No article has this text"):
        add(places, "아주 다른 글이다.", clock, article_id=None)


def test_new_article_gets_a_file_to_complete(places: LedgerPaths, clock: Clock) -> None:
    text = "공유\n수출이 2% 늘었다.\n"
    found = replace(
        taken_in(text), headline="수출", publisher="한빛신문", authors=("홍길동",), published_on="2031-05-01"
    )
    edit = edit_by(author="checker", reason="First reading")
    for _ in range(2):
        arrived, drafts = desk.add_article(places, found, edit, origin="b.txt", article_id="hanbit-1", clock=clock)
        assert (arrived.novelty, arrived.languages, drafts) == (Novelty.ARTICLE, {"ko": 1}, [])
    file = places.claims / "hanbit-1" / "article.yaml"
    with pytest.raises(ProblemsFound) as caught:
        desk.record(places, [file], edit, clock)
    assert {problem.field for problem in caught.value.problems} == {"rights.holder.en", "rights.statement.en"}
    newsroom.edit(file, "holder:\n    en: ''", "holder:\n    en: Hanbit")
    newsroom.edit(file, "statement:\n    en: ''", "statement:\n    en: All rights reserved.")
    (draft,) = desk.record(places, [file], edit, clock)
    article = draft.record
    assert isinstance(article, Article)
    assert [(one.start, one.end) for one in article.editions[0].furniture] == [(0, 2)]
    assert (article.language, article.headline["ko"], article.authors[0].name["ko"]) == ("ko", "수출", "홍길동")


def test_pending_text_is_refused_under_another_name(places: LedgerPaths, clock: Clock) -> None:
    text = "수출이 2% 늘었다.\n"
    add(places, text, clock, article_id="hanbit-1")
    with pytest.raises(AnotherArticle, match="the text of the article 'hanbit-1', not of 'hanbit-2'"):
        add(places, text, clock, article_id="hanbit-2")
    assert not (places.claims / "hanbit-2").exists()
    (places.claims / "hanbit-1" / "article.yaml").unlink()  # the first ID was a mistake
    assert add(places, text, clock, article_id="hanbit-2") is Novelty.ARTICLE


def test_steps_refuse_an_article_that_is_not_recorded(places: LedgerPaths, clock: Clock) -> None:
    add(places, "수출이 2% 늘었다.\n", clock, article_id="hanbit-1")
    with pytest.raises(NotRecorded, match=r"Complete claims/hanbit-1/article\.yaml"):
        desk.list_candidates(places, "hanbit-1")


def test_second_text_is_refused_until_the_first_is_recorded(places: LedgerPaths, clock: Clock) -> None:
    add(places, "수출이 2% 늘었다.\n", clock, article_id="hanbit-1")
    with pytest.raises(ArticleNotRecorded, match=r"claims/hanbit-1/article\.yaml is not recorded yet"):
        add(places, "수출이 3% 늘었다.\n", clock, article_id="hanbit-1")


@pytest.mark.parametrize("name", ["Hanbit 1", "../hanbit", "log", ""])
def test_invalid_article_id_is_refused_and_stores_nothing(places: LedgerPaths, clock: Clock, name: str) -> None:
    with pytest.raises(ProblemsFound, match="article_id"):
        add(places, "수출이 2% 늘었다.\n", clock, article_id=name)
    with closing(sqlite3.connect(places.desk)) as connection:
        assert connection.execute("SELECT count(*) FROM text").fetchone() == (1,)


@pytest.mark.slow
def test_candidates_are_matched_to_existing_claims(places: LedgerPaths) -> None:
    found, others = desk.list_candidates(places, ARTICLE_ID)
    assert [(one.state, one.claim_ids) for one in found] == [
        (Coverage.CLAIMED, (CARGO,)),
        (Coverage.CLAIMED, (GROWTH,)),
        (Coverage.UNBOUND, ()),
    ]
    assert others == []


def test_accept_makes_drafts_and_a_matching_file(places: LedgerPaths, clock: Clock) -> None:
    path, drafts = desk.accept(places, ARTICLE_ID, span(STAFF), told(), FIRST, clock)
    assert [(draft.kind, draft.key) for draft in drafts] == [
        ("listed", "staff-of-forty-aaaa"),
        ("listed", f"staff-of-forty-aaaa@{newsroom.article()['editions'][0]['edition_sha256'][:12]}"),
    ]
    assert "text: 40명" in path.read_text(encoding="utf-8")
    assert "exact: 직원" not in path.read_text(encoding="utf-8")  # the article's rights forbid its text
    assert desk.record(places, [], FIRST, clock) == []
    assert candidate_states(places)[-1] == (STAFF, Coverage.CLAIMED)
    desk.publish(places, actor("editor"), clock=clock)
    assert all(not checked.problems for checked in desk.check(places))


def test_accept_takes_the_speaker_from_the_text(places: LedgerPaths, clock: Clock) -> None:
    passage = "서미래 소장은 “올해는 10% 늘어난다”고 말했다"
    given = told(claim_id="growth-again-aaaa", source_kind="speech")
    candidate = next(
        one.candidate for one in desk.list_candidates(places, ARTICLE_ID)[0] if "10%" in one.candidate.quote
    )
    _, drafts = desk.accept(places, ARTICLE_ID, Span(start=candidate.start, end=candidate.end), given, FIRST, clock)
    speaker = drafts[0].record.to_json()["speaker"]
    assert (speaker["kind"], speaker["name"], speaker["role"]) == ("person", {"ko": "서미래"}, {"ko": "소장"})
    assert drafts[0].record.to_json()["attribution"]["mode"] == "direct_quote"
    assert passage.startswith(candidate.quote[:3])


def test_person_may_set_the_speaker_and_the_range(places: LedgerPaths, clock: Clock) -> None:
    given = told(speaker_kind="organization", speaker_name={"ko": "하늘항만공사"})
    _, (draft, appearance) = desk.accept(places, ARTICLE_ID, span("40명"), given, FIRST, clock)
    assert draft.record.to_json()["speaker"] == {"kind": "organization", "name": {"ko": "하늘항만공사"}}
    assert draft.record.to_json()["attribution"] == {"mode": "indirect_quote", "speaker_basis": "explicit"}
    assert appearance.record.to_json()["position"] == span("40명").to_json()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"statement": {}}, "statement"),
        ({"topics": ()}, "topics"),
        ({"claim_id": "Staff"}, "claim_id"),
        ({"source_kind": "rumour"}, "source.kind"),
        ({"said_on": "yesterday"}, "said_on"),
        ({"speaker_name": {"ko": "하늘항만공사"}}, "speaker.kind"),
        ({"speaker_name": {"ko": "하늘항만공사"}, "has_speaker": False}, "speaker"),
        ({"speaker_kind": "person", "has_speaker": False}, "speaker"),
        ({"speaker_kind": "person"}, "speaker"),
    ],
)
def test_invalid_claim_input_is_named_and_nothing_is_stored(
    places: LedgerPaths, clock: Clock, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(ProblemsFound) as caught:
        desk.accept(places, ARTICLE_ID, span(STAFF), told(**changed), FIRST, clock)
    assert code in {problem.field for problem in caught.value.problems}
    assert lookups.open_drafts(places) == []
    assert candidate_states(places)[-1][1] is Coverage.UNBOUND


def test_all_invalid_fields_are_reported_together(places: LedgerPaths, clock: Clock) -> None:
    wrong = told(statement={}, topics=(), speaker_name={"ko": "하늘항만공사"}, has_speaker=False)
    with pytest.raises(ProblemsFound) as caught:
        desk.accept(places, ARTICLE_ID, span(STAFF), wrong, FIRST, clock)
    assert [problem.field for problem in caught.value.problems] == ["speaker", "statement", "topics"]


@pytest.mark.slow
def test_reported_speech_without_a_sure_speaker_needs_an_answer(places: LedgerPaths, clock: Clock) -> None:
    text = TEXT + "배가 곧 들어온다는 전망이 나온다.\n"
    add(places, text, clock)
    passage = next(
        one.candidate for one in desk.list_candidates(places, ARTICLE_ID)[0] if "배가" in one.candidate.quote
    )
    where = Span(start=passage.start, end=passage.end)
    with pytest.raises(ProblemsFound, match="speaker-needed"):
        desk.accept(places, ARTICLE_ID, where, told(), FIRST, clock)
    desk.accept(places, ARTICLE_ID, where, told(has_speaker=False, about_on="2031"), FIRST, clock)


@pytest.mark.parametrize(
    "printed",
    [
        "참가국은 5천개국이다",
        "새 탑은 900층이다",
        "올해는 3천만경기를 치렀다",
        "직원은 9백억명이다",
        "응원단은 70억팀이다",
    ],
)
def test_amount_that_its_unit_cannot_have_is_left_to_a_person(places: LedgerPaths, clock: Clock, printed: str) -> None:
    text = f"{TEXT}{printed}.\n"
    add(places, text, clock)
    drafts = len(lookups.open_drafts(places))
    passage, given = Span(start=len(TEXT), end=len(text) - 2), told(about_on="2031")
    with pytest.raises(ProblemsFound) as caught:
        desk.accept(places, ARTICLE_ID, passage, given, FIRST, clock)
    (problem,) = caught.value.problems
    assert (problem.code, problem.field, len(lookups.open_drafts(places))) == (
        "implausible-amount", "quantities", drafts,
    )  # fmt: skip
    left_out = replace(given, leaves_out_doubtful=True)
    _, (draft, _) = desk.accept(places, ARTICLE_ID, passage, left_out, FIRST, clock)
    assert "quantities" not in draft.record.to_json()


@pytest.mark.parametrize("where", [Span(start=0, end=9_999), Span(start=TEXT.index("\n"), end=TEXT.index("\n") + 1)])
def test_range_outside_the_text_or_of_spaces_is_refused(places: LedgerPaths, clock: Clock, where: Span) -> None:
    for act in (
        lambda: desk.accept(places, ARTICLE_ID, where, told(), FIRST, clock),
        lambda: desk.dismiss(places, ARTICLE_ID, where, FIRST, clock=clock),
    ):
        with pytest.raises(NoPassage, match="is not a passage of the text, which has"):
            act()


def test_dismissal_is_remembered_until_it_is_undone(places: LedgerPaths, clock: Clock) -> None:
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, clock=clock)
    assert candidate_states(places)[-1] == (STAFF, Coverage.DISMISSED)
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, again=True, clock=clock)
    assert candidate_states(places)[-1] == (STAFF, Coverage.UNBOUND)


@pytest.mark.slow
def test_next_edition_keeps_the_dismissal(places: LedgerPaths, clock: Clock) -> None:
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, clock=clock)
    assert add(places, "머리말이 붙었다.\n" + TEXT, clock) is Novelty.EDITION
    assert candidate_states(places)[-1] == (STAFF, Coverage.DISMISSED)
    add(places, TEXT.replace("40명", "41명"), clock)
    assert candidate_states(places)[-1] == ("직원은 41명이다", Coverage.UNBOUND)


@pytest.mark.slow
def test_published_dismissal_counts_on_another_desk(places: LedgerPaths, clock: Clock) -> None:
    desk.dismiss(places, ARTICLE_ID, span(STAFF), edit_by("checker", "대수롭지 않다."), clock=clock)
    (draft,) = desk.record_dismissals(places, ARTICLE_ID, FIRST, clock)
    (dismissal,) = draft.record.to_json()["editions"][0]["dismissed"]
    assert (dismissal["reason"], "length" in dismissal["quote"]["exact"]) == ({"ko": "대수롭지 않다."}, True)
    assert desk.record_dismissals(places, ARTICLE_ID, FIRST, clock) == []
    desk.publish(places, actor("editor"), clock=clock)
    places.desk.unlink()
    add(places, TEXT, clock)
    assert candidate_states(places)[-1] == (STAFF, Coverage.DISMISSED)
    assert desk.verify(places, write_text(places, TEXT)).unbound == ()
    add(places, "머리말이 붙었다.\n" + TEXT, clock)
    assert candidate_states(places)[-1] == (STAFF, Coverage.DISMISSED)


@pytest.mark.slow
def test_published_dismissal_can_be_undone(places: LedgerPaths, clock: Clock) -> None:
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, clock=clock)
    desk.record_dismissals(places, ARTICLE_ID, FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, again=True, clock=clock)
    assert candidate_states(places)[-1] == (STAFF, Coverage.UNBOUND)
    assert desk.coverage(places, ARTICLE_ID)[1].count(Coverage.UNBOUND) == 1
    (draft,) = desk.record_dismissals(places, ARTICLE_ID, FIRST, clock)
    assert "dismissed" not in draft.record.to_json()["editions"][0]


def write_text(places: LedgerPaths, text: str) -> Path:
    path = places.root / "text.txt"
    path.write_bytes(text.encode())
    return path


def test_coverage_names_unbound_figures(places: LedgerPaths, clock: Clock) -> None:
    at_hand, accounted = desk.coverage(places, ARTICLE_ID)
    assert [at_hand.words(item.span) for item in accounted.items if item.state is Coverage.UNBOUND] == ["40명"]
    desk.accept(places, ARTICLE_ID, span(STAFF), told(), FIRST, clock)
    assert desk.coverage(places, ARTICLE_ID)[1].share() == 1


@pytest.mark.parametrize(("language", "words"), [("ko", "필자에게 보낸 질문"), ("en", "Question to the writer")])
def test_check_sheet_lists_every_item_and_escapes_the_text(
    places: LedgerPaths, clock: Clock, language: str, words: str
) -> None:
    add(places, TEXT + "<b>값</b>은 3배다 & 끝.\n", clock)
    page = desk.check_sheet(places, ARTICLE_ID, language)
    accounted = desk.coverage(places, ARTICLE_ID)[1]
    assert len(re.findall(r'<td class="number">', page)) == len(accounted.items)
    assert words in page
    assert "<b>값" not in page
    assert "&lt;b&gt;값&lt;/b&gt;은 " in page
    assert f"<td>{newsroom.cargo()['statement'][language]} ({CARGO})</td>" in page


def test_steps_without_the_text_say_how_to_add_it(places: LedgerPaths, clock: Clock) -> None:
    places.desk.unlink()
    for step in (desk.list_candidates, desk.coverage, desk.list_placement_tasks):
        with pytest.raises(TextNotHeld, match=f"claimledger article add FILE --id {ARTICLE_ID}"):
            step(places, ARTICLE_ID)
        with pytest.raises(NotFound, match=r"No article is named 'harbour'\. Did you mean 'harbour-monthly-2031-04"):
            step(places, "harbour")


def test_texts_and_decisions_are_append_only(places: LedgerPaths, clock: Clock) -> None:
    desk.dismiss(places, ARTICLE_ID, span(STAFF), FIRST, clock=clock)
    with closing(sqlite3.connect(places.desk)) as connection:
        for statement in (
            "UPDATE text SET content = x'00'",
            "DELETE FROM text",
            "INSERT OR REPLACE INTO text SELECT edition_sha256, article_id, x'00', origin, author, '' FROM text",
            "UPDATE decision SET decided = 'accepted'",
            "DELETE FROM decision",
            "INSERT OR REPLACE INTO decision SELECT * FROM decision",
        ):
            # a trigger refuses it, or the function that hashes rows is missing outside the program
            with pytest.raises(sqlite3.DatabaseError, match=r"append-only|hash_of_row"):
                connection.execute(statement)

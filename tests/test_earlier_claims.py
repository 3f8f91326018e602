"""Earlier claims: lookup with status and reasons, relations, and rechecks of claims based on a refuted claim."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, GROWTH, STAFF, Clock, actor, hire

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.earlier_claims import ClaimComparison, compare_profiles, profile_of_text
from claimledger.editorial.earlier_matches import EarlierClaim, EarlierReview, select_matches_to_show
from claimledger.errors import NotFound, ProblemsFound
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.review_versions import store_foreign_reviews
from claimledger.ledger.log import read_log
from claimledger.models import Correction, ForeignReview, RelatedClaim
from claimledger.desk_vocabulary import Likeness, RecordStage
from claimledger.vocabulary import CorrectionKind, Question, Relation, RevisionKind, VerificationStatus

KIM, LEE, PARK = actor("kim"), actor("lee"), actor("park")
AGAIN = "2030년 하늘항만공사의 화물은 120만t가량이었다."
OTHER = "2030년 하늘항만공사의 화물은 210만t가량이었다."
ASKED = "Haneul Port Authority: cargo of about 1,200,000 tonnes."
REVIEW = ForeignReview(
    url="https://example.org/reviews/1", publisher="Harbour Check", claim_text="Haneul Port moved 1.2 million tonnes.",
    claimant="Haneul Port Authority", rating="Mostly True", reviewed_on="2031-03-02", language="en",
)  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock) -> LedgerPaths:
    places = newsroom.published(tmp_path, clock)
    newsroom.hire(places, "kim", "lee", "park")
    return places


def seen_version(places: LedgerPaths, claim_id: str) -> SeenVersion:
    claim = lookups.claim_at_desk(places, claim_id)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def make_edit(kind: RevisionKind | None = None, note: Correction | None = None) -> Edit:
    return Edit("kim", "살펴보았다.", kind, note, KIM.roles)


def relate(places: LedgerPaths, clock: Clock, claim_id: str, relation: str, to: str) -> None:
    desk.relate(
        places,
        claim_id,
        [RelatedClaim(relation=Relation(relation), claim_id=to)],
        seen_version(places, claim_id),
        make_edit(),
        clock,
    )


def verdict(value: str, as_of: str = "2031-04-03") -> dict[str, Any]:
    return {"question": "so", "value": value, "rationale": {"ko": "살펴보았다."}, "as_of": as_of}


def attach(places: LedgerPaths, clock: Clock, claim_id: str, document_id: str, stance: str = "refutes") -> None:
    document = {
        "document_id": document_id, "medium": "call", "title": {"ko": "통화"}, "language": "ko",
        "obtained_at": "2031-04-03T08:00:00.000Z", "captured": "none", "tier": "primary", "is_withheld": False,
    }  # fmt: skip
    says = {"document_id": document_id, "stance": stance, "summary": {"ko": "전화로 들었다."}}
    desk.attach(places, claim_id, document, says, seen_version(places, claim_id), make_edit(), clock)


def judge(places: LedgerPaths, clock: Clock, claim_id: str, value: str) -> None:
    desk.assign(places, claim_id, Question.SO, "kim", LEE, clock=clock)
    fields = lookups.claim_at_desk(places, claim_id).claim.to_json() | {"verdicts": [verdict(value)]}
    desk.edit(places, claim_id, fields, seen_version(places, claim_id), make_edit(RevisionKind.VERDICT), clock)
    desk.publish(places, LEE, clock=clock)


def correct(places: LedgerPaths, clock: Clock, claim_id: str, **changed: object) -> None:
    note = Correction(kind=CorrectionKind.VERDICT_CHANGED, public_note={"ko": "판정을 고쳤다."})
    fields = lookups.claim_at_desk(places, claim_id).claim.to_json() | changed
    desk.edit(places, claim_id, fields, seen_version(places, claim_id), make_edit(RevisionKind.CORRECTION, note), clock)
    desk.publish(places, LEE, clock=clock)


def due_rechecks(places: LedgerPaths, on: str = "2031-04-03") -> list[tuple[str, tuple[str, str]]]:
    return [
        (row.claim_id, row.reason_to_recheck(on)[:2])
        for row in lookups.list_due_rechecks(places, date.fromisoformat(on))
    ]


def first_match(places: LedgerPaths, text: str) -> EarlierClaim:
    found = lookups.find_earlier_for_text(places, text)[0]
    assert isinstance(found, EarlierClaim)
    return found


@pytest.mark.slow
def test_same_claim_is_found_with_status_and_reasons(places: LedgerPaths) -> None:
    found = first_match(places, AGAIN)
    assert (found.claim_id, found.record, found.status) == (CARGO, RecordStage.LISTED, VerificationStatus.NOT_CHECKED)
    assert (found.compared.likeness, found.suggested) == (Likeness.FIGURES, None)
    assert [(one.what, one.agrees) for one in found.compared.reasons] == [
        ("figure", True), ("name", True), ("date", True),
    ]  # fmt: skip
    assert found.statement["en"].startswith("Haneul port moved")
    again = first_match(places, found.statement["ko"])
    assert (again.compared.likeness, again.suggested) == (Likeness.SAME, Relation.REPEATS)


def test_another_number_contradicts_and_another_year_supersedes(places: LedgerPaths) -> None:
    found = first_match(places, OTHER)
    assert (found.claim_id, found.compared.likeness, found.suggested) == (CARGO, Likeness.DIFFERS, Relation.CONTRADICTS)
    differs = [(one.asked, one.known) for one in found.compared.reasons if not one.agrees]
    assert differs == [("210만t가량", "약 120만t")]
    later = first_match(places, AGAIN.replace("2030", "2031"))
    assert (later.claim_id, later.compared.likeness, later.suggested) == (
        CARGO, Likeness.OTHER_DATE, Relation.SUPERSEDES,
    )  # fmt: skip


def test_a_claim_is_found_in_the_other_language(places: LedgerPaths) -> None:
    found = first_match(places, "The Haneul Port Authority handled some 1,200,000 tonnes in 2030.")
    assert (found.claim_id, found.compared.likeness) == (CARGO, Likeness.FIGURES)


def test_similar_words_alone_do_not_make_claims_the_same(places: LedgerPaths) -> None:
    found = first_match(places, "하늘항만공사는 지난해 다룬 짐이 많다고 밝혔다.")
    assert (found.claim_id, found.compared.likeness, found.suggested) == (CARGO, Likeness.ALIKE, None)
    assert lookups.find_earlier_for_text(places, "Nothing like it.") == []


def compare_texts(asked: str, known: str) -> ClaimComparison:
    return compare_profiles(profile_of_text(asked), profile_of_text(known))


@pytest.mark.parametrize(
    ("asked", "known", "likeness"),
    [
        ("Harlow Bay lost more than 40 ships", "Harlow Bay lost fewer than 40 ships", Likeness.DIFFERS),
        ("Harlow Bay's rents are 10% higher", "Harlow Bay's rents are 10% lower", Likeness.DIFFERS),
        ("Harlow Bay got nearly $13 billion", "Harlow Bay got $12.9 billion", Likeness.FIGURES),
        ("Harlow Bay got $13 billion", "Harlow Bay got 13 billion euros", Likeness.DIFFERS),
        ("Harlow Bay has 40 ships", "Ostrava has 40 ships", Likeness.ALIKE),
        ("Harlow Bay opened on 4 May 2030", "On May 4, 2030 Harlow Bay was opened", Likeness.FIGURES),
        ("Harlow Bay opened on 4 May 2030", "On May 5, 2030 Harlow Bay was opened", Likeness.OTHER_DATE),
        ("Harlow Bay opened in 2030", "In 2030 Harlow Bay burned down", Likeness.ALIKE),
        ("Harlow Bay grew by 10% to 40 ships", "Harlow Bay has 40 ships", Likeness.ALIKE),
        ("Harlow Bay has 40 ships", "Harlow Bay grew by 10% to 40 ships", Likeness.FIGURES),
        ("In 2030 Harlow Bay had 40 ships", "Harlow Bay had forty ships in 2030.", Likeness.SAME),
    ],
)
def test_figures_dates_and_names_decide_the_likeness(asked: str, known: str, likeness: Likeness) -> None:
    assert compare_texts(asked, known).likeness is likeness


@pytest.mark.slow
def test_index_follows_drafts_and_is_rebuilt_if_missing(places: LedgerPaths, clock: Clock) -> None:
    lookups.find_earlier_for_text(places, AGAIN)
    text = "하늘항만공사의 직원은 40명이다."
    assert not [one for one in lookups.find_earlier_for_text(places, text) if one.compared.has_same_figures]
    desk.accept(places, ARTICLE_ID, newsroom.span(STAFF), newsroom.told(), make_edit(), clock)
    accepted = first_match(places, text)
    assert (accepted.claim_id, accepted.record, accepted.compared.likeness) == (
        "staff-of-forty-aaaa", RecordStage.DRAFT, Likeness.SAME,
    )  # fmt: skip
    newsroom.discard(places, "staff-of-forty-aaaa", make_edit(), clock)
    assert "staff-of-forty-aaaa" not in [
        getattr(one, "claim_id", "") for one in lookups.find_earlier_for_text(places, text)
    ]
    with sqlite3.connect(places.desk) as connection:
        connection.executescript("DELETE FROM earlier_key; DELETE FROM earlier_entry;")
        connection.execute("UPDATE earlier_seen SET draft_id = 0, number = 0, review_id = 0")
    assert first_match(places, AGAIN).claim_id == CARGO


def test_edited_claim_is_no_longer_found_by_its_old_figures(places: LedgerPaths, clock: Clock) -> None:
    assert first_match(places, AGAIN).compared.likeness is Likeness.FIGURES
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json()
    fields["statement"] = {"ko": "2030년 하늘항이 다룬 짐은 33만t이다."}
    fields["quantities"] = [{"text": "33만t", "amount": "330000", "unit": "tonne"}]
    desk.edit(places, CARGO, fields, seen_version(places, CARGO), make_edit(RevisionKind.UPDATE), clock)
    assert first_match(places, AGAIN).compared.likeness is Likeness.DIFFERS
    assert first_match(places, "2030년 하늘항만공사의 화물은 33만t이다.").compared.likeness is Likeness.FIGURES


def store_reviews(places: LedgerPaths, *reviews: ForeignReview) -> int:
    with step_setup.open_store(places) as store, store.writing() as connection:
        return store_foreign_reviews(connection, reviews, "kim", step_setup.utc_now())


def test_foreign_review_is_found_with_its_verbatim_rating(places: LedgerPaths) -> None:
    assert store_reviews(places, REVIEW, REVIEW) == 1
    assert store_reviews(places, REVIEW) == 0
    (found,) = [one for one in lookups.find_earlier_for_text(places, ASKED) if isinstance(one, EarlierReview)]
    assert (found.review, found.compared.likeness) == (REVIEW, Likeness.FIGURES)
    later = REVIEW.model_copy(update={"rating": "Half true"})
    assert store_reviews(places, later) == 1
    found_later = [one for one in lookups.find_earlier_for_text(places, ASKED) if isinstance(one, EarlierReview)]
    assert [one.review.rating for one in found_later] == ["Half true"]
    with step_setup.open_store(places) as store, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.connection.execute("UPDATE foreign_review SET rating = 'False'")


def test_claim_is_not_offered_itself_or_its_related_claims(places: LedgerPaths, clock: Clock) -> None:
    offered = [one.claim_id for one in desk.find_earlier_for_claim(places, GROWTH) if isinstance(one, EarlierClaim)]
    assert offered == [CARGO]
    relate(places, clock, GROWTH, "contradicts", CARGO)
    assert desk.find_earlier_for_claim(places, GROWTH) == []
    with pytest.raises(NotFound):
        desk.find_earlier_for_claim(places, "nobody-knows-it-aaaa")


@pytest.mark.slow
def test_relation_is_published_by_a_second_person(places: LedgerPaths, clock: Clock) -> None:
    hire(places, KIM.name, LEE.name)
    relate(places, clock, GROWTH, "contradicts", CARGO)
    relate(places, clock, GROWTH, "repeats", CARGO)
    assert [one.relation for one in lookups.claim_at_desk(places, GROWTH).claim.relations] == [Relation.REPEATS]
    with pytest.raises(ProblemsFound, match="second-person-needed"):
        desk.publish(places, KIM, clock=clock)
    desk.publish(places, LEE, clock=clock)
    with sqlite3.connect(places.ledger) as ledger:
        assert ledger.execute("SELECT * FROM relations").fetchall() == [(GROWTH, 1, "repeats", CARGO)]
    assert "relations:" in (places.claims / ARTICLE_ID / f"{GROWTH}.yaml").read_text(encoding="utf-8")
    assert all(not checked.problems for checked in desk.check(places))


def test_relation_to_an_unknown_claim_is_refused(places: LedgerPaths, clock: Clock) -> None:
    with pytest.raises(ProblemsFound, match="unknown-claim"):
        relate(places, clock, GROWTH, "repeats", "nobody-knows-it-aaaa")


def refute_cargo(places: LedgerPaths, clock: Clock) -> None:
    correct(places, clock, CARGO, verdicts=[verdict("refuted")])


def withdraw_cargo(places: LedgerPaths, clock: Clock) -> None:
    desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock)
    desk.publish(places, PARK, clock=clock)


@pytest.mark.slow
@pytest.mark.parametrize("refute_or_withdraw", [refute_cargo, withdraw_cargo])
def test_refuted_or_withdrawn_claim_opens_recheck_of_dependents(
    places: LedgerPaths, clock: Clock, refute_or_withdraw: Callable[[LedgerPaths, Clock], None]
) -> None:
    attach(places, clock, CARGO, "call-one-aaaa", "supports")
    attach(places, clock, CARGO, "call-two-bbbb")
    judge(places, clock, CARGO, "supported")
    relate(places, clock, GROWTH, "repeats", CARGO)
    judge(places, clock, GROWTH, "not_checkable")
    assert due_rechecks(places) == []
    refute_or_withdraw(places, clock)
    assert due_rechecks(places) == [(GROWTH, ("fallen", CARGO))]
    correct(places, clock, GROWTH, verdicts=[verdict("not_checkable", "2031-04-02")])
    assert due_rechecks(places) == []


@pytest.mark.slow
def test_recheck_spreads_over_two_relations_and_ends_with_a_correction(places: LedgerPaths, clock: Clock) -> None:
    third = "staff-of-forty-aaaa"
    desk.accept(places, ARTICLE_ID, newsroom.span(STAFF), newsroom.told(), make_edit(), clock)
    desk.publish(places, LEE, clock=clock)
    attach(places, clock, CARGO, "call-one-aaaa")
    attach(places, clock, CARGO, "call-two-bbbb", "supports")
    relate(places, clock, GROWTH, "repeats", CARGO)
    relate(places, clock, third, "repeats", GROWTH)
    desk.publish(places, LEE, clock=clock)
    judge(places, clock, CARGO, "refuted")
    assert sorted(due_rechecks(places)) == [(GROWTH, ("fallen", CARGO)), (third, ("fallen", CARGO))]
    correct(places, clock, CARGO, verdicts=[verdict("supported")])
    assert due_rechecks(places) == []


@pytest.mark.slow
def test_contradicting_claim_needs_no_recheck(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    relate(places, clock, GROWTH, "contradicts", CARGO)
    desk.publish(places, LEE, clock=clock)
    judge(places, clock, CARGO, "refuted")
    assert due_rechecks(places) == []


@pytest.mark.slow
def test_changed_document_opens_recheck_of_its_claims(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    judge(places, clock, CARGO, "refuted")
    assert due_rechecks(places) == []
    path = places.claims / "documents" / "call-one-aaaa.yaml"
    newsroom.edit(path, "tier: primary", "tier: secondary")
    desk.record(places, [path], newsroom.edit_by("kim", "옮긴 것이었다.", RevisionKind.UPDATE), clock)
    desk.publish(places, LEE, clock=clock)
    assert due_rechecks(places) == [(CARGO, ("document", "call-one-aaaa"))]
    assert lookups.claim_at_desk(places, CARGO).public_fields["verdicts"][0]["value"] == "refuted"


@pytest.mark.slow
def test_long_log_is_indexed_in_steps_during_lookups(places: LedgerPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lookups.count_unindexed_records(places) == 0  # publishing updates the index
    newsroom_log = len(list(read_log(places.log)))
    places.desk.unlink()
    monkeypatch.setattr("claimledger.editorial.earlier_matches._INDEX_BATCH", 2)
    left = lookups.count_unindexed_records(places)
    assert left == newsroom_log
    while left:
        lookups.find_earlier_for_text(places, AGAIN)
        assert left - lookups.count_unindexed_records(places) == min(2, left)
        left = lookups.count_unindexed_records(places)
    assert first_match(places, AGAIN).claim_id == CARGO


def test_build_completes_the_index(places: LedgerPaths) -> None:
    places.desk.unlink()
    assert lookups.count_unindexed_records(places) > 0
    desk.build_public_files(places)
    assert lookups.count_unindexed_records(places) == 0


def settle(places: LedgerPaths, clock: Clock, claim_id: str) -> None:
    desk.settle_recheck(places, claim_id, KIM, reason="살펴보니 그대로다.", clock=clock)


@pytest.mark.slow
def test_settled_recheck_reopens_if_the_claim_is_refuted_again(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    judge(places, clock, CARGO, "not_enough_evidence")
    relate(places, clock, GROWTH, "repeats", CARGO)
    desk.publish(places, LEE, clock=clock)
    refute_cargo(places, clock)
    settle(places, clock, GROWTH)
    assert due_rechecks(places) == []
    with pytest.raises(NotFound, match="not due for recheck"):
        settle(places, clock, GROWTH)
    correct(places, clock, CARGO, verdicts=[verdict("not_enough_evidence")])
    refute_cargo(places, clock)
    assert due_rechecks(places) == [(GROWTH, ("fallen", CARGO))]


@pytest.mark.slow
def test_recheck_is_due_after_its_date_and_not_before(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
    until = verdict("not_enough_evidence") | {"recheck_after": "2031-06-01"}
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | {"verdicts": [until]}
    desk.edit(places, CARGO, fields, seen_version(places, CARGO), make_edit(RevisionKind.VERDICT), clock)
    desk.publish(places, LEE, clock=clock)
    assert due_rechecks(places, "2031-06-01") == []
    assert due_rechecks(places, "2031-06-02") == [(CARGO, ("due", "2031-06-01"))]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (
            "A US battery maker invests 35 million dollars.",
            "Microsoft of the US invested 13 billion dollars in OpenAI.",
        ),
        ("서울시 전기버스는 480대다.", "Seoul opened 12 libraries."),
        ("2028년에 버스 480대를 들인다.", "2028년까지 다리를 놓는다."),
    ],
)
def test_country_capital_or_bare_date_makes_no_contradiction(asked: str, known: str) -> None:
    comparison = compare_profiles(profile_of_text(asked), profile_of_text(known))
    assert comparison.likeness is Likeness.ALIKE
    assert (
        select_matches_to_show(
            [EarlierClaim("a-aaaa", {}, RecordStage.LISTED, VerificationStatus.NOT_CHECKED, comparison)]
        )
        == []
    )


def test_alike_claim_with_same_figure_and_name_is_shown_with_others() -> None:
    def make_match(known: str) -> EarlierClaim:
        comparison = compare_profiles(
            profile_of_text("OpenAI got 13 billion dollars, 49% of it in 2023."), profile_of_text(known)
        )
        return EarlierClaim(known, {}, RecordStage.LISTED, VerificationStatus.NOT_CHECKED, comparison)

    other, part, alike = (
        make_match("OpenAI got 30 billion dollars."),
        make_match("OpenAI got 49%."),
        make_match("OpenAI is in London."),
    )
    assert select_matches_to_show([other, part, alike]) == [other, part]
    assert select_matches_to_show([part, alike]) == [], "none of them has the same or a different figure"

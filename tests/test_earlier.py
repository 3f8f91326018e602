"""Earlier claims: offered with status and reasons, tied to a claim; when one falls, what rests on it is due again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import newsroom
import pytest
from newsroom import ARTICLE_ID, CARGO, GROWTH, STAFF, Clock, actor

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk import step_setup
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


def seen(places: LedgerPaths, claim_id: str) -> SeenVersion:
    claim = lookups.claim_at_desk(places, claim_id)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def made(kind: RevisionKind | None = None, note: Correction | None = None) -> Edit:
    return Edit("kim", "살펴보았다.", kind, note, KIM.roles)


def tie(places: LedgerPaths, clock: Clock, claim_id: str, relation: str, to: str) -> None:
    desk.relate(
        places,
        claim_id,
        [RelatedClaim(relation=Relation(relation), claim_id=to)],
        seen(places, claim_id),
        made(),
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
    desk.attach(places, claim_id, document, says, seen(places, claim_id), made(), clock)


def judge(places: LedgerPaths, clock: Clock, claim_id: str, value: str) -> None:
    desk.assign(places, claim_id, Question.SO, "kim", LEE, clock=clock)
    fields = lookups.claim_at_desk(places, claim_id).claim.to_json() | {"verdicts": [verdict(value)]}
    desk.edit(places, claim_id, fields, seen(places, claim_id), made(RevisionKind.VERDICT), clock)
    desk.publish(places, LEE, clock=clock)


def correct(places: LedgerPaths, clock: Clock, claim_id: str, **changed: object) -> None:
    note = Correction(kind=CorrectionKind.VERDICT_CHANGED, public_note={"ko": "판정을 고쳤다."})
    fields = lookups.claim_at_desk(places, claim_id).claim.to_json() | changed
    desk.edit(places, claim_id, fields, seen(places, claim_id), made(RevisionKind.CORRECTION, note), clock)
    desk.publish(places, LEE, clock=clock)


def due(places: LedgerPaths, on: str = "2031-04-03") -> list[tuple[str, tuple[str, str]]]:
    return [
        (row.claim_id, row.reason_to_recheck(on)[:2])
        for row in lookups.list_due_rechecks(places, date.fromisoformat(on))
    ]


def first(places: LedgerPaths, text: str) -> EarlierClaim:
    found = lookups.find_earlier_for_text(places, text)[0]
    assert isinstance(found, EarlierClaim)
    return found


@pytest.mark.slow
def test_what_says_the_same_is_offered_with_its_status_and_why(places: LedgerPaths) -> None:
    found = first(places, AGAIN)
    assert (found.claim_id, found.record, found.status) == (CARGO, RecordStage.LISTED, VerificationStatus.NOT_CHECKED)
    assert (found.compared.likeness, found.suggested) == (Likeness.SAME, Relation.REPEATS)
    assert [(one.what, one.agrees) for one in found.compared.reasons] == [
        ("figure", True), ("name", True), ("date", True),
    ]  # fmt: skip
    assert found.statement["en"].startswith("Haneul port moved")


def test_another_number_contradicts_and_another_year_supersedes(places: LedgerPaths) -> None:
    found = first(places, OTHER)
    assert (found.claim_id, found.compared.likeness, found.suggested) == (CARGO, Likeness.DIFFERS, Relation.CONTRADICTS)
    differs = [(one.asked, one.known) for one in found.compared.reasons if not one.agrees]
    assert differs == [("210만t가량", "약 120만t")]
    later = first(places, AGAIN.replace("2030", "2031"))
    assert (later.claim_id, later.compared.likeness, later.suggested) == (
        CARGO, Likeness.OTHER_DATE, Relation.SUPERSEDES,
    )  # fmt: skip


def test_a_claim_is_found_in_the_other_language(places: LedgerPaths) -> None:
    found = first(places, "The Haneul Port Authority handled some 1,200,000 tonnes in 2030.")
    assert (found.claim_id, found.compared.likeness) == (CARGO, Likeness.SAME)


def test_the_words_alone_make_nothing_the_same(places: LedgerPaths) -> None:
    found = first(places, "하늘항만공사는 지난해 다룬 짐이 많다고 밝혔다.")
    assert (found.claim_id, found.compared.likeness, found.suggested) == (CARGO, Likeness.ALIKE, None)
    assert lookups.find_earlier_for_text(places, "Nothing like it.") == []


def how(asked: str, known: str) -> ClaimComparison:
    return compare_profiles(profile_of_text(asked), profile_of_text(known))


@pytest.mark.parametrize(
    ("asked", "known", "likeness"),
    [
        ("Harlow Bay lost more than 40 ships", "Harlow Bay lost fewer than 40 ships", Likeness.DIFFERS),
        ("Harlow Bay's rents are 10% higher", "Harlow Bay's rents are 10% lower", Likeness.DIFFERS),
        ("Harlow Bay got nearly $13 billion", "Harlow Bay got $12.9 billion", Likeness.SAME),
        ("Harlow Bay got $13 billion", "Harlow Bay got 13 billion euros", Likeness.DIFFERS),
        ("Harlow Bay has 40 ships", "Ostrava has 40 ships", Likeness.ALIKE),
        ("Harlow Bay opened on 4 May 2030", "On May 4, 2030 Harlow Bay was opened", Likeness.SAME),
        ("Harlow Bay opened on 4 May 2030", "On May 5, 2030 Harlow Bay was opened", Likeness.OTHER_DATE),
        ("Harlow Bay opened in 2030", "In 2030 Harlow Bay burned down", Likeness.ALIKE),
        ("Harlow Bay grew by 10% to 40 ships", "Harlow Bay has 40 ships", Likeness.ALIKE),
        ("Harlow Bay has 40 ships", "Harlow Bay grew by 10% to 40 ships", Likeness.SAME),
    ],
)
def test_what_decides(asked: str, known: str, likeness: Likeness) -> None:
    assert how(asked, known).likeness is likeness


@pytest.mark.slow
def test_the_index_follows_drafts_and_is_made_anew_where_it_is_absent(places: LedgerPaths, clock: Clock) -> None:
    lookups.find_earlier_for_text(places, AGAIN)
    text = "하늘항만공사의 직원은 40명이다."
    assert not [one for one in lookups.find_earlier_for_text(places, text) if one.compared.likeness is Likeness.SAME]
    desk.accept(places, ARTICLE_ID, newsroom.span(STAFF), newsroom.told(), made(), clock)
    accepted = first(places, text)
    assert (accepted.claim_id, accepted.record, accepted.compared.likeness) == (
        "staff-of-forty-aaaa", RecordStage.DRAFT, Likeness.SAME,
    )  # fmt: skip
    newsroom.discard(places, "staff-of-forty-aaaa", made(), clock)
    assert "staff-of-forty-aaaa" not in [
        getattr(one, "claim_id", "") for one in lookups.find_earlier_for_text(places, text)
    ]
    with sqlite3.connect(places.desk) as connection:
        connection.executescript("DELETE FROM earlier_key; DELETE FROM earlier_entry;")
        connection.execute("UPDATE earlier_seen SET draft_id = 0, number = 0, review_id = 0")
    assert first(places, AGAIN).claim_id == CARGO


def test_an_edited_claim_is_no_longer_found_by_what_it_said(places: LedgerPaths, clock: Clock) -> None:
    assert first(places, AGAIN).compared.likeness is Likeness.SAME
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json()
    fields["statement"] = {"ko": "2030년 하늘항이 다룬 짐은 33만t이다."}
    fields["quantities"] = [{"text": "33만t", "amount": "330000", "unit": "tonne"}]
    desk.edit(places, CARGO, fields, seen(places, CARGO), made(RevisionKind.UPDATE), clock)
    assert first(places, AGAIN).compared.likeness is Likeness.DIFFERS
    assert first(places, "2030년 하늘항만공사의 화물은 33만t이다.").compared.likeness is Likeness.SAME


def kept(places: LedgerPaths, *reviews: ForeignReview) -> int:
    with step_setup.open_store(places) as store, store.writing() as connection:
        return store_foreign_reviews(connection, reviews, "kim", step_setup.utc_now())


def test_others_reviews_are_found_with_their_rating_verbatim(places: LedgerPaths) -> None:
    assert kept(places, REVIEW, REVIEW) == 1
    assert kept(places, REVIEW) == 0
    (found,) = [one for one in lookups.find_earlier_for_text(places, ASKED) if isinstance(one, EarlierReview)]
    assert (found.review, found.compared.likeness) == (REVIEW, Likeness.SAME)
    later = REVIEW.model_copy(update={"rating": "Half true"})
    assert kept(places, later) == 1
    found_later = [one for one in lookups.find_earlier_for_text(places, ASKED) if isinstance(one, EarlierReview)]
    assert [one.review.rating for one in found_later] == ["Half true"]
    with step_setup.open_store(places) as store, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.connection.execute("UPDATE foreign_review SET rating = 'False'")


def test_a_claim_is_not_offered_itself_nor_what_it_is_tied_to(places: LedgerPaths, clock: Clock) -> None:
    offered = [one.claim_id for one in desk.find_earlier_for_claim(places, GROWTH) if isinstance(one, EarlierClaim)]
    assert offered == [CARGO]
    tie(places, clock, GROWTH, "contradicts", CARGO)
    assert desk.find_earlier_for_claim(places, GROWTH) == []
    with pytest.raises(NotFound):
        desk.find_earlier_for_claim(places, "nobody-knows-it-aaaa")


def test_a_relation_is_published_with_the_claim_by_a_second_person(places: LedgerPaths, clock: Clock) -> None:
    tie(places, clock, GROWTH, "contradicts", CARGO)
    tie(places, clock, GROWTH, "repeats", CARGO)
    assert [one.relation for one in lookups.claim_at_desk(places, GROWTH).claim.relations] == [Relation.REPEATS]
    with pytest.raises(ProblemsFound, match="second-person-needed"):
        desk.publish(places, KIM, clock=clock)
    desk.publish(places, LEE, clock=clock)
    with sqlite3.connect(places.ledger) as ledger:
        assert ledger.execute("SELECT * FROM relations").fetchall() == [(GROWTH, 1, "repeats", CARGO)]
    assert "relations:" in (places.claims / ARTICLE_ID / f"{GROWTH}.yaml").read_text(encoding="utf-8")
    assert all(not checked.problems for checked in desk.check(places))


def test_a_relation_to_a_claim_that_is_not_there_is_refused(places: LedgerPaths, clock: Clock) -> None:
    with pytest.raises(ProblemsFound, match="unknown-claim"):
        tie(places, clock, GROWTH, "repeats", "nobody-knows-it-aaaa")


def fall_by_verdict(places: LedgerPaths, clock: Clock) -> None:
    correct(places, clock, CARGO, verdicts=[verdict("refuted")])


def fall_by_withdrawal(places: LedgerPaths, clock: Clock) -> None:
    desk.withdraw(places, CARGO, LEE, reason="기사가 거두어졌다.", clock=clock)
    desk.publish(places, PARK, clock=clock)


@pytest.mark.slow
@pytest.mark.parametrize("fall", [fall_by_verdict, fall_by_withdrawal])
def test_when_a_claim_falls_what_rests_on_it_is_opened_for_recheck(
    places: LedgerPaths, clock: Clock, fall: Callable[[LedgerPaths, Clock], None]
) -> None:
    attach(places, clock, CARGO, "call-one-aaaa", "supports")
    attach(places, clock, CARGO, "call-two-bbbb")
    judge(places, clock, CARGO, "supported")
    tie(places, clock, GROWTH, "repeats", CARGO)
    judge(places, clock, GROWTH, "not_checkable")
    assert due(places) == []
    fall(places, clock)
    assert due(places) == [(GROWTH, ("fallen", CARGO))]
    correct(places, clock, GROWTH, verdicts=[verdict("not_checkable", "2031-04-02")])
    assert due(places) == []


@pytest.mark.slow
def test_a_fall_is_felt_over_two_steps_and_mended_by_getting_up_again(places: LedgerPaths, clock: Clock) -> None:
    third = "staff-of-forty-aaaa"
    desk.accept(places, ARTICLE_ID, newsroom.span(STAFF), newsroom.told(), made(), clock)
    desk.publish(places, LEE, clock=clock)
    attach(places, clock, CARGO, "call-one-aaaa")
    attach(places, clock, CARGO, "call-two-bbbb", "supports")
    tie(places, clock, GROWTH, "repeats", CARGO)
    tie(places, clock, third, "repeats", GROWTH)
    desk.publish(places, LEE, clock=clock)
    judge(places, clock, CARGO, "refuted")
    assert sorted(due(places)) == [(GROWTH, ("fallen", CARGO)), (third, ("fallen", CARGO))]
    correct(places, clock, CARGO, verdicts=[verdict("supported")])
    assert due(places) == []


def test_what_contradicts_a_claim_does_not_rest_on_it(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    tie(places, clock, GROWTH, "contradicts", CARGO)
    desk.publish(places, LEE, clock=clock)
    judge(places, clock, CARGO, "refuted")
    assert due(places) == []


@pytest.mark.slow
def test_a_document_that_changes_opens_what_rests_on_it(places: LedgerPaths, clock: Clock) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    judge(places, clock, CARGO, "refuted")
    assert due(places) == []
    path = places.claims / "documents" / "call-one-aaaa.yaml"
    newsroom.edit(path, "tier: primary", "tier: secondary")
    desk.record(places, [path], newsroom.edit_by("kim", "옮긴 것이었다.", RevisionKind.UPDATE), clock)
    desk.publish(places, LEE, clock=clock)
    assert due(places) == [(CARGO, ("document", "call-one-aaaa"))]
    assert lookups.claim_at_desk(places, CARGO).public_fields["verdicts"][0]["value"] == "refuted"


@pytest.mark.slow
def test_a_long_log_is_put_into_the_index_in_steps_and_no_lookup_waits_for_it(
    places: LedgerPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lookups.count_unindexed_records(places) == 0  # publishing brings it up to date
    newsroom_log = len(list(read_log(places.log)))
    places.desk.unlink()
    monkeypatch.setattr("claimledger.editorial.earlier_matches._INDEX_BATCH", 2)
    left = lookups.count_unindexed_records(places)
    assert left == newsroom_log
    while left:
        lookups.find_earlier_for_text(places, AGAIN)
        assert left - lookups.count_unindexed_records(places) == min(2, left)
        left = lookups.count_unindexed_records(places)
    assert first(places, AGAIN).claim_id == CARGO


def test_a_build_completes_the_index(places: LedgerPaths) -> None:
    places.desk.unlink()
    assert lookups.count_unindexed_records(places) > 0
    desk.build_public_files(places)
    assert lookups.count_unindexed_records(places) == 0


def settle(places: LedgerPaths, clock: Clock, claim_id: str) -> None:
    desk.settle_recheck(places, claim_id, KIM, reason="살펴보니 그대로다.", clock=clock)


@pytest.mark.slow
def test_what_fell_or_changed_by_the_log_is_settled_by_somebody_who_looked_until_it_happens_again(
    places: LedgerPaths, clock: Clock
) -> None:
    attach(places, clock, CARGO, "call-one-aaaa")
    judge(places, clock, CARGO, "not_enough_evidence")
    tie(places, clock, GROWTH, "repeats", CARGO)
    desk.publish(places, LEE, clock=clock)
    fall_by_verdict(places, clock)
    settle(places, clock, GROWTH)
    assert due(places) == []
    with pytest.raises(NotFound, match="not due for recheck"):
        settle(places, clock, GROWTH)
    correct(places, clock, CARGO, verdicts=[verdict("not_enough_evidence")])
    fall_by_verdict(places, clock)
    assert due(places) == [(GROWTH, ("fallen", CARGO))]


@pytest.mark.slow
def test_a_day_that_has_passed_is_due_and_not_before(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, Question.SO, "kim", LEE, clock=clock)
    until = verdict("not_enough_evidence") | {"recheck_after": "2031-06-01"}
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | {"verdicts": [until]}
    desk.edit(places, CARGO, fields, seen(places, CARGO), made(RevisionKind.VERDICT), clock)
    desk.publish(places, LEE, clock=clock)
    assert due(places, "2031-06-01") == []
    assert due(places, "2031-06-02") == [(CARGO, ("due", "2031-06-01"))]


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
def test_a_country_a_capital_or_a_bare_date_makes_no_two_claims_contradict(asked: str, known: str) -> None:
    how = compare_profiles(profile_of_text(asked), profile_of_text(known))
    assert how.likeness is Likeness.ALIKE
    assert (
        select_matches_to_show([EarlierClaim("a-aaaa", {}, RecordStage.LISTED, VerificationStatus.NOT_CHECKED, how)])
        == []
    )


def test_what_is_only_alike_goes_along_where_a_figure_and_a_name_are_the_same() -> None:
    def found(known: str) -> EarlierClaim:
        how = compare_profiles(
            profile_of_text("OpenAI got 13 billion dollars, 49% of it in 2023."), profile_of_text(known)
        )
        return EarlierClaim(known, {}, RecordStage.LISTED, VerificationStatus.NOT_CHECKED, how)

    other, part, alike = (
        found("OpenAI got 30 billion dollars."),
        found("OpenAI got 49%."),
        found("OpenAI is in London."),
    )
    assert select_matches_to_show([other, part, alike]) == [other, part]
    assert select_matches_to_show([part, alike]) == [], "nothing among them says the same or another figure"

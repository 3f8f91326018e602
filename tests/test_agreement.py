"""Agreement checks find each planted disagreement by its code, and find nothing in the same case without it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import claims, few, passages

from claimledger.agreement import AGREEMENT_CODES, PassageContext, agreement_findings, open_findings
from claimledger.models import Claim, Waiver
from claimledger.vocabulary import Severity


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    read: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "faults" / name).read_text("utf-8"))["case"]
    return read


CASES = cases("agreement.toml")
LANGUAGES = ("ko", "en")


class ClaimInContext(NamedTuple):
    """A claim with its passages in the article."""

    claim: Claim
    passages: list[PassageContext]


def claim_in_context(case: Mapping[str, Any], language: str, plant: Mapping[str, Any] | None = None) -> ClaimInContext:
    """Return the claim of a case in one language, with the planted values."""
    record: dict[str, Any] = {
        "claim_id": "made-up-aaaa",
        "article_id": "made-up",
        "statement": dict(case["statement"]),
        "attribution": {"mode": "narration"},
        "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
        "quantities": [_quantity(quantity, language) for quantity in case.get("quantities", ())],
        "topics": ["made-up"],
    }
    record |= {name: case[name] for name in ("said_on", "about_on") if name in case}
    if "speaker" in case:
        record["speaker"] = {**case["speaker"]}
        record["attribution"] = {"mode": "indirect_quote", "speaker_basis": "explicit"}
    if "cue" in case:
        record["attribution"]["cue"] = case["cue"][language]
    verdict = dict(case.get("verdict", {}))
    parts = {part: case.get(part, {}).get(language, "") for part in ("passage", "after", "article")}
    for path, value in (plant or {}).items():
        _set({"verdict": verdict, **record} if "." in path else parts, path.split("."), value)
    if verdict:
        record["verdicts"] = [{"question": "so", "rationale": {"en": "Made up."}, **verdict}]
    at_hand = [PassageContext(parts["passage"], "", parts["after"], parts["article"] or parts["passage"])]
    return ClaimInContext(Claim.model_validate(record, strict=False), at_hand if parts["passage"] else [])


def _quantity(quantity: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {"text": quantity[language], **{name: quantity[name] for name in quantity if name not in LANGUAGES}}


def _set(record: Any, path: list[str], value: object) -> None:  # noqa: ANN401  any JSON value
    *way, last = path
    for name in way:
        record = record[int(name)] if isinstance(record, list) else record[name]
    if value == "":
        del record[last]
    else:
        record[last] = value


def all_cases() -> Iterator[Any]:
    """Yield every case in both languages."""
    for case in CASES:
        for language in LANGUAGES:
            yield pytest.param(case, language, id=f"{case['name']}-{language}")


@pytest.mark.parametrize(("case", "language"), list(all_cases()))
def test_planted_disagreement_is_the_only_finding(case: Mapping[str, Any], language: str) -> None:
    claim, at_hand = claim_in_context(case, language, case["plant"][language])
    found = agreement_findings(claim, at_hand)
    assert {problem.code for problem in found} == {case["code"]}, [str(problem) for problem in found]


@pytest.mark.parametrize(("case", "language"), list(all_cases()))
def test_case_without_the_fault_has_no_findings(case: Mapping[str, Any], language: str) -> None:
    claim, at_hand = claim_in_context(case, language)
    assert [str(problem) for problem in (*agreement_findings(claim, at_hand), *agreement_findings(claim))] == []


@pytest.mark.parametrize("case", cases("agreement-clean.toml"), ids=lambda case: case["statement"]["en"])
def test_near_disagreement_is_not_reported(case: Mapping[str, Any]) -> None:
    claim, at_hand = claim_in_context(case, "ko")
    assert [str(problem) for problem in (*agreement_findings(claim, at_hand), *agreement_findings(claim))] == []


def test_cases_cover_every_code() -> None:
    findings = {code for code, meaning in AGREEMENT_CODES.items() if meaning.severity is Severity.FINDING}
    assert {case["code"] for case in CASES} == findings
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(set(case["plant"]) == set(LANGUAGES) for case in CASES)


BRIDGE: dict[str, Any] = {
    "name": "bridge",
    "statement": {"ko": "다리 공사비는 1300억원이다.", "en": "The bridge costs 13 billion won."},
    "quantities": [{"ko": "약 1300억원", "en": "", "amount": "130000000000", "currency": "KRW", "comparator": "about"}],
}


def test_finding_names_field_values_and_remedy() -> None:
    scale, dropped = agreement_findings(claim_in_context(BRIDGE, "ko").claim)
    assert str(scale) == (
        "statement.en: The statement says '13 billion won' (13,000,000,000 KRW), the figure '약 1300억원' "
        "(130,000,000,000 KRW): the power of ten differs by -1. Count the zeros again: 1억 is 100 million, "
        "1조 is 1 trillion. [statement-scale-differs]"
    )
    assert (dropped.code, dropped.field) == ("statement-comparator-differs", "statement.ko")


def test_waiver_covers_only_findings_of_its_code() -> None:
    claim = claim_in_context(BRIDGE, "ko").claim
    waiver = Waiver(code="statement-scale-differs", reason={"en": "Printed so."})
    waived = Claim.model_validate({**dict(claim), "waivers": (waiver,)})
    assert [problem.code for problem in open_findings(waived)] == ["statement-comparator-differs"]
    assert open_findings(claim) == agreement_findings(claim) == agreement_findings(waived)


@pytest.mark.parametrize(("printed", "fields", "english", "korean"), [
    ("12조9000억원", {"amount": "12900000000000", "currency": "KRW"}, "It cost nearly 13 trillion won.",
     "거의 13조원이 들었다."),
    ("3분의 2", {"amount": "0.6667", "unit": "ratio"}, "It is two-thirds, 66.67 percent.", "3분의 2다."),
    ("2시간 30분", {"amount": "150", "unit": "minute"}, "It takes two and a half hours.", "2시간 30분 걸린다."),
    ("4명 중 3명", {"amount": "0.75", "unit": "ratio"}, "Three in four came.", "4명 중 3명이 왔다."),
    ("두 배", {"amount": "2", "unit": "times"}, "It doubled.", "갑절이 됐다."),
    ("10~12%", {"low": "10", "high": "12", "unit": "percent"}, "It is 10 to 12 percent.",
     "10%에서 12% 사이다."),
    ("500여 명", {"amount": "500", "unit": "person", "comparator": "more_than"}, "There were 500-odd people.",
     "500여 명이 왔다."),
    ("15명을 넘을 수 없다", {"amount": "15", "unit": "person", "comparator": "at_most"},
     "No more than 15 people may come.",
     "15명을 넘을 수 없다."),
    ("100명 이상", {"amount": "100", "unit": "person", "comparator": "at_least"}, "More than 100 people came.",
     "100명 이상이 왔다."),
    ("45명", {"amount": "45", "unit": "worker"}, "About 45 people came.", "45명이 왔다."),
])  # fmt: skip
def test_accepted_rewording_of_a_figure_is_not_reported(
    printed: str, fields: dict[str, str], english: str, korean: str
) -> None:
    case = {"statement": {"en": english, "ko": korean}, "quantities": [{"ko": printed, **fields}]}
    assert [str(problem) for problem in agreement_findings(claim_in_context(case, "ko").claim)] == []


@pytest.mark.parametrize(("statement", "compared"), [
    ("도로는 1990년보다 붐빈다.", []),
    ("2019년 이후 집세가 올랐다.", []),
    ("Since 2019 rents have risen.", []),
    ("2019년 집세가 올랐다.", ["statement-date-differs"]),
    ("Rents rose in May 2019.", ["statement-date-differs"]),
])  # fmt: skip
def test_date_used_for_comparison_is_not_the_claims_date(statement: str, compared: list[str]) -> None:
    language = "en" if statement.isascii() else "ko"
    claim = claim_in_context({"statement": {language: statement}, "about_on": "2031"}, language).claim
    assert [problem.code for problem in agreement_findings(claim)] == compared


@pytest.mark.parametrize(("article", "codes"), [
    ("Water is short, Haram Noh told us.", []),  # only the family name
    ("물이 모자란다고 노 하람 구청장이 말했다.", []),  # spaced differently
    ("물이 모자란다고 구청장(Ji Noh)이 말했다.", []),  # the name in the other script
    ("물이 모자란다고 구청장이 말했다.", ["speaker-not-in-text"]),
    ("Water is short, the mayor told us.", ["speaker-not-in-text"]),
    ("水が足りない", []),  # no name is in the article's script
])  # fmt: skip
def test_speaker_is_searched_in_the_script_of_the_article(article: str, codes: list[str]) -> None:
    case = {
        "statement": {"ko": "물이 모자라다."},
        "speaker": {"kind": "person", "name": {"ko": "노하람", "en": "Ji Noh"}},
    }
    claim = claim_in_context(case, "ko").claim
    assert [
        problem.code for problem in agreement_findings(claim, [PassageContext(article[:4], "", "", article)])
    ] == codes


def test_number_before_the_passage_is_accounted_for() -> None:
    claim = claim_in_context({"statement": {"en": "After 14 hours the talks ended."}, "about_on": "2031"}, "en").claim
    assert [problem.code for problem in agreement_findings(claim, [PassageContext("the talks ended.")])] == [
        "statement-number-differs"
    ]
    assert agreement_findings(claim, [PassageContext("the talks ended.", "They sat for 14 hours, then ")]) == []


def test_one_uncut_passage_is_enough() -> None:
    case = {"statement": {"en": "The union strikes."}, "about_on": "2031"}
    cut = PassageContext("The union strikes", "", ", unless wages rise.")
    whole = PassageContext("The union strikes.", "", " It did so before.")
    claim = claim_in_context(case, "en").claim
    assert [problem.code for problem in agreement_findings(claim, [cut])] == ["cut-before-but"]
    assert agreement_findings(claim, [cut, whole]) == []


wild = st.builds(PassageContext, passages, passages, passages, passages)


@pytest.mark.slow
@few
@given(claims(), st.lists(wild, max_size=2))
def test_findings_are_well_formed_for_any_claim_and_text(claim: Claim, at_hand: list[PassageContext]) -> None:
    for problem in agreement_findings(claim, at_hand):
        assert problem.code in AGREEMENT_CODES
        assert problem.sentence.endswith((".", "'."))
        assert problem.field
    assert len(open_findings(claim, at_hand)) <= len(agreement_findings(claim, at_hand))


NUMBERS = st.integers(3, 999_999).filter(lambda number: number % 10 > 0)
BOUNDS = st.sampled_from([
    (None, "", "", ""), ("about", "약 ", "", "about "), ("at_least", "", " 이상", "at least "),
    ("at_most", "최대 ", "", "at most "), ("less_than", "", " 미만", "less than "),
    ("more_than", "", "을 넘는", "more than "),
])  # fmt: skip
UNITS = st.sampled_from([
    ({"unit": "percent"}, "%", "%"), ({"unit": "percentage_point"}, "%포인트", " percentage points"),
    ({"unit": "person"}, "명", " people"), ({"unit": "kilometer"}, "km", " km"),
    ({"currency": "USD"}, "달러", " dollars"),
    ({"currency": "KRW"}, "만원", "0,000 won"), ({"unit": "month"}, "개월", " months"),
])  # fmt: skip


@st.composite
def composed_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a case whose statements are composed from its own quantities."""
    korean, english, quantities = [], [], []
    for _ in range(draw(st.integers(1, 2))):
        number, (comparator, before, after, bound) = draw(NUMBERS), draw(BOUNDS)
        fields, counter, noun = draw(UNITS)
        scale = 10_000 if counter == "만원" else 1
        text = f"{before}{number}{counter}{after}"
        given_bound = {"comparator": comparator} if comparator else {}
        quantities.append({"ko": text, "amount": str(number * scale), **fields, **given_bound})
        korean.append(f"어느 곳은 {text}이라고 한다.")
        english.append(f"One place reports {bound}{number}{noun}.")
    return {"statement": {"ko": " ".join(korean), "en": " ".join(english)}, "quantities": quantities}


@pytest.mark.slow
@given(composed_cases())
def test_statement_composed_from_its_quantities_has_no_findings(case: dict[str, Any]) -> None:
    claim = claim_in_context(case, "ko").claim
    assert [str(problem) for problem in agreement_findings(claim)] == []

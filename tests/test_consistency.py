"""Consistency checks find each planted fault by its code, and find nothing in the same case without it."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger.consistency import (
    CheckContext, FINDING_CODES, Finding, amounts_per_item, conflicting_values, consistency_findings, intervals,
)  # fmt: skip
from claimledger.models import Claim, Document, Quantity
from claimledger.quantities import Figure, FigureRole, find_figures, to_quantity

FAULTS = Path(__file__).parent / "faults"
LANGUAGES = ("ko", "en")


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    read: list[dict[str, Any]] = tomllib.loads((FAULTS / name).read_text("utf-8"))["case"]
    return read


def statement_quantities(statement: str) -> tuple[Quantity, ...]:
    """Return the figures of a statement as quantities of a claim, including durations."""
    figures = (figure for figure in find_figures(statement) if figure.role is not FigureRole.DATE or figure.unit)
    return tuple(_quantity(figure) for figure in figures)


def _quantity(figure: Figure) -> Quantity:
    return to_quantity(figure._replace(role=FigureRole.QUANTITY))


def make_claim(case: Mapping[str, Any], statement: str, language: str, **said: object) -> Claim:
    """Return a claim with this statement."""
    fields: dict[str, Any] = {
        "claim_id": "made-up-aaaa",
        "article_id": "made-up",
        "statement": {language: statement},
        "attribution": {"mode": "narration"},
        "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
        "quantities": statement_quantities(statement),
        "topics": ["made-up"],
        "about_on": case.get("about_on", "2031"),
    }
    return Claim.model_validate(fields | said, strict=False)


def codes(found: Iterable[Finding], code: str) -> set[str]:
    """Return the codes of the blocking findings, and the given code if it was found."""
    return {one.code for one in found if one.is_blocking or one.code == code}


NUMBERS = st.sampled_from(["0", "0.0", "0.4", "1", "2", "10", "12,000", "1.3 million"])
UNITS = {
    "en": st.sampled_from([" percent", " percentage points", " times", " people", " dollars", " tonnes", " years"]),
    "ko": st.sampled_from(["%", "%포인트", "배", "명", "달러", "t", "년"]),
}
FRAMES = {
    "en": [
        "It rose from {} to {}, {}.", "{} of {} people, or {}, went.", "In total {}: {} and {}.",
        "{} items at {} each came to {}.",
    ],
    "ko": [
        "{}에서 {}로 {} 늘었다.", "전체 {} 가운데 {}, 곧 {}이다.", "총 {}으로 {}와 {}이다.",
        "{}를 개당 {}에 사 {}이 들었다.",
    ],
}  # fmt: skip


@pytest.mark.slow
@given(st.data())
@settings(strategies.examples(400))
def test_any_figures_give_known_finding_codes(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    frame = data.draw(st.sampled_from(FRAMES[language]))
    of_values, of_third = data.draw(UNITS[language]), data.draw(UNITS[language])
    figures = [data.draw(NUMBERS) + unit for unit in (of_values, of_values, of_third)]
    claim = make_claim({}, frame.format(*figures), language)
    assert all(
        found.code in FINDING_CODES for found in consistency_findings(claim, CheckContext(published_on="2031-01"))
    )


@pytest.mark.parametrize(
    ("language", "statement"),
    [("en", "It rose from 10 percent to 20 percent, 0 times."), ("ko", "10%에서 20%로 0배 늘었다.")],
)
def test_zero_times_is_not_a_blocking_finding(language: str, statement: str) -> None:
    assert not any(
        found.is_blocking for found in consistency_findings(make_claim({}, statement, language), CheckContext())
    )


SENTENCES = cases("computed.toml")


def in_both_languages(of: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    """Yield every case in both languages."""
    for case in of:
        for language in LANGUAGES:
            yield pytest.param(case, language, id=f"{case['name']}-{language}")


@pytest.mark.parametrize(("case", "language"), list(in_both_languages(SENTENCES)))
def test_planted_fault_is_the_only_finding(case: Mapping[str, Any], language: str) -> None:
    found = consistency_findings(
        make_claim(case, case["plant"][language], language), CheckContext(case.get("published_on", "2023-06-01"))
    )
    assert codes(found, case["code"]) == {case["code"]}, [one.en for one in found]


@pytest.mark.parametrize(("case", "language"), list(in_both_languages(SENTENCES)))
def test_case_without_the_fault_has_no_findings(case: Mapping[str, Any], language: str) -> None:
    found = consistency_findings(
        make_claim(case, case["say"][language], language), CheckContext(case.get("published_on", "2023-06-01"))
    )
    assert codes(found, case["code"]) == set(), [one.en for one in found]


EVIDENCE = cases("computed-evidence.toml")
DOCUMENT: Mapping[str, Any] = {
    "medium": "web", "language": "en", "published_on": "2031-02-01", "obtained_at": "2031-03-01T09:00:00.000Z",
    "captured": "none", "tier": "primary",
}  # fmt: skip


def set_value(record: Any, path: str, value: object) -> None:  # noqa: ANN401  any JSON value
    """Set the value at a dotted path, and create the missing objects on the path."""
    *way, last = path.split(".")
    for name in way:
        record = record[int(name)] if isinstance(record, list) else record.setdefault(name, {})
    record[last] = value


def with_planted_fault(case: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a case with its fault planted."""
    with_fault: dict[str, Any] = deepcopy(dict(case))
    plant = case["plant"]
    for path, value in plant.get(language, plant).items():
        set_value(with_fault, path, value)
    return with_fault


def case_findings(case: Mapping[str, Any], language: str) -> list[Finding]:
    """Return the findings on a claim with its evidence."""
    evidence_entries = case["evidence"]
    evidence = [_evidence(one, language) for one in evidence_entries]
    verdict = {"question": "so", "value": case.get("verdict"), "rationale": {"en": "Made up."}, "as_of": "2031-03-02"}
    claim = make_claim(
        case, case["say"][language], language, evidence=evidence, verdicts=[verdict] if "verdict" in case else []
    )
    documents = [_document(one["document"], case) for one in evidence_entries]
    kept = {name: [texts[language]] for name, texts in case.get("kept", {}).items()}
    return consistency_findings(
        claim, CheckContext("2031-03-01", (), {one.document_id: one for one in documents}, kept)
    )


def _evidence(entry: Mapping[str, Any], language: str) -> dict[str, Any]:
    excerpt = {"excerpt": entry["excerpt"][language]} if "excerpt" in entry else {}
    stance = entry.get("stance", "supports")
    return {"document_id": entry["document"], "stance": stance, "summary": {language: entry[language]}, **excerpt}


def _document(name: str, case: Mapping[str, Any]) -> Document:
    own = {"document_id": name, "title": {"en": f"About {name}"}, **case.get("documents", {}).get(name, {})}
    return Document.model_validate({**DOCUMENT, **own}, strict=False)


@pytest.mark.parametrize(("case", "language"), list(in_both_languages(EVIDENCE)))
def test_fault_planted_in_evidence_is_the_only_finding(case: Mapping[str, Any], language: str) -> None:
    found = case_findings(with_planted_fault(case, language), language)
    assert codes(found, case["code"]) == {case["code"]}, [one.en for one in found]


@pytest.mark.slow
@pytest.mark.parametrize(("case", "language"), list(in_both_languages(EVIDENCE)))
def test_evidence_without_the_fault_has_no_findings(case: Mapping[str, Any], language: str) -> None:
    assert [one.en for one in case_findings(case, language)] == []


ACROSS = cases("computed-across.toml")


def cross_claim_findings(case: Mapping[str, Any], language: str) -> list[Finding]:
    """Return the findings on the first of several claims."""
    claims = [_claim(number, one, language) for number, one in enumerate(case["claims"])]
    placed = [
        amounts_per_item.PlacedClaim(claim, *one["at"])
        for claim, one in zip(claims, case["claims"], strict=True)
        if "at" in one
    ]
    found = [
        *conflicting_value_findings(claims),
        *amounts_per_item.amount_per_count_findings(placed),
        *intervals.interval_findings_across_claims(claims),
    ]
    return [one for one in found if one.claim_id == claims[0].claim_id]


def _claim(number: int, fields: Mapping[str, Any], language: str) -> Claim:
    said: dict[str, Any] = {"claim_id": f"made-up-{'abc'[number] * 4}", "article_id": fields.get("article", "a")}
    if "speaker" in fields:
        said["speaker"] = {"kind": "person", "name": {"en": fields["speaker"]}}
        said["attribution"] = {"mode": "indirect_quote", "speaker_basis": "explicit"}
    return make_claim(fields, fields[language], language, **said)


def conflicting_value_findings(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the findings on claims that give one thing two values."""
    values: dict[str, list[conflicting_values.FigureValue]] = defaultdict(list)
    for claim in claims:
        for place, keys in enumerate(conflicting_values.figure_keys(claim)):
            for key in keys.values():
                values[key].append(
                    conflicting_values.FigureValue(claim.claim_id, claim.article_id, place, claim.quantities[place])
                )
    for of_key in values.values():
        yield from conflicting_values.differing_value_findings(of_key)


@pytest.mark.parametrize(("case", "language"), list(in_both_languages(ACROSS)))
def test_fault_planted_across_claims_is_the_only_finding(case: Mapping[str, Any], language: str) -> None:
    found = cross_claim_findings(with_planted_fault(case, language), language)
    assert {one.code for one in found} == {case["code"]}, [one.en for one in found]


@pytest.mark.parametrize(("case", "language"), list(in_both_languages(ACROSS)))
def test_consistent_claims_have_no_findings(case: Mapping[str, Any], language: str) -> None:
    assert [one.en for one in cross_claim_findings(case, language)] == []


def figure_values(*tonnes: int) -> list[conflicting_values.FigureValue]:
    """Return figures of the same thing, each from another claim."""
    figures = (Quantity(text=f"{one} t", amount=Decimal(one), unit="tonne") for one in tonnes)
    return [
        conflicting_values.FigureValue(f"made-up-{number:04}", "a", 0, figure) for number, figure in enumerate(figures)
    ]


def test_each_conflicting_value_is_reported_once_per_figure() -> None:
    found = [one.en for one in conflicting_values.differing_value_findings(figure_values(10, 10, 20, 30, 20))]
    others = {10: (20, 30), 20: (10, 30), 30: (10, 20)}
    assert found == [
        f"Here it is '{value} t', there '{other} t'." for value in (10, 10, 20, 30, 20) for other in others[value]
    ]


def test_at_most_three_conflicting_values_are_reported_per_figure() -> None:
    found = Counter(
        one.claim_id for one in conflicting_values.differing_value_findings(figure_values(*range(100, 600)))
    )
    assert len(found) == 500
    assert set(found.values()) == {3}


NOTES_TESTED_ELSEWHERE = {
    "conversion-fits", "conversions-of-one-day", "embeds-other-verdict", "hidden-characters", "mixed-scripts"
}  # fmt: skip


def test_cases_cover_every_code() -> None:
    every = [*SENTENCES, *EVIDENCE, *ACROSS]
    assert {case["code"] for case in every} | NOTES_TESTED_ELSEWHERE == set(FINDING_CODES)
    assert len(every) >= 60
    assert len({case["name"] for case in every}) == len(every)


CLEAN = cases("computed-clean.toml")


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case["say"])
def test_near_fault_is_not_a_blocking_finding(case: Mapping[str, Any]) -> None:
    language = "en" if case["say"].isascii() else "ko"
    found = consistency_findings(
        make_claim(case, case["say"], language), CheckContext("2023-06-01", case.get("passages", ()))
    )
    assert [one.en for one in found if one.is_blocking] == []

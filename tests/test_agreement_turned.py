"""Statements that turn their passage round are found; faithful rewordings of the same passage have no finding."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from claimledger.agreement import PassageContext, agreement_findings, agreement_notes
from claimledger.agreement.agreement_codes import AGREEMENT_CODES
from claimledger.agreement.marks import ANTONYMS
from claimledger.consistency import CheckContext, consistency_findings
from claimledger.models import Claim
from claimledger.quantities import FigureRole, find_figures, to_quantity
from claimledger.vocabulary import Severity

FAULTS = Path(__file__).parent / "faults"
MOST_FALSE_NOTES = 0.05


def read_pairs(name: str) -> dict[str, Mapping[str, Any]]:
    """Return the tables of a file of pairs."""
    return tomllib.loads((FAULTS / name).read_text("utf-8"))


TURNED = read_pairs("turned-round.toml") | {
    f"{file} {name}": table
    for file in ("antonyms", "distances", "kinds", "more", "parties", "press", "second")
    for name, table in read_pairs(f"turned-{file}.toml").items()
}
EXACT = read_pairs("computed-exact.toml")
EVIDENCE = read_pairs("turned-evidence.toml")


def claim_saying(statement: str, figures_of: str, **fields: object) -> Claim:
    """Return a claim with this statement and the figures of a text as its quantities."""
    figures = [figure for figure in find_figures(figures_of) if figure.role is not FigureRole.TIME]
    language = "en" if statement.isascii() or not any("가" <= letter <= "힣" for letter in statement) else "ko"
    record: dict[str, Any] = {
        "claim_id": "made-up-aaaa",
        "article_id": "made-up",
        "statement": {language: statement},
        "attribution": {"mode": "narration"},
        "source": {"kind": "own_reporting", "name": {"en": "Made-up Monthly"}},
        "quantities": [
            to_quantity(figure._replace(role=FigureRole.QUANTITY))
            for figure in figures
            if figure.role is not FigureRole.DATE or figure.unit
        ],
        "topics": ["made-up"],
        "about_on": "2031",
    }
    return Claim.model_validate(record | fields, strict=False)


def codes(statement: str, passage: str, published_on: str = "", *, has_quantities: bool) -> set[str]:
    """Return the codes of the findings of all checks on a statement beside its passage."""
    claim = claim_saying(statement, passage if has_quantities else "")
    computed = consistency_findings(claim_saying(statement, statement), CheckContext("2031-06-01", (passage,)))
    context = PassageContext(passage, "", "", passage, published_on)
    found = agreement_findings(claim, [context])
    ignored = {"statement-date-differs"} if published_on else set()  # the claim's own date is made up
    return {one.code for one in found if one.code not in ignored} | {one.code for one in computed if one.is_blocking}


def note_codes(statement: str, passage: str) -> set[str]:
    """Return the codes of the notes on a statement beside its passage."""
    return {
        one.code for one in agreement_notes(claim_saying(statement, ""), [PassageContext(passage, "", "", passage)])
    }


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize("has_quantities", [True, False], ids=["with quantities", "without quantities"])
def test_turned_statement_is_found(name: str, has_quantities: bool) -> None:  # noqa: FBT001
    table = TURNED[name]
    missed = [
        turned
        for passage, _, turned in table["pairs"]
        if not codes(turned, passage, table.get("published", ""), has_quantities=has_quantities)
        and not (table.get("note") and note_codes(turned, passage))
    ]
    assert len(missed) <= table.get("missed", 0), missed


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize("has_quantities", [True, False], ids=["with quantities", "without quantities"])
def test_faithful_statement_has_no_finding(name: str, has_quantities: bool) -> None:  # noqa: FBT001
    table = TURNED[name]
    found = [
        (said, found)
        for passage, said, _ in table["pairs"]
        if (found := codes(said, passage, table.get("published", ""), has_quantities=has_quantities))
    ]
    assert len(found) <= (table.get("false", 0) if has_quantities else 0), found


def test_few_faithful_statements_have_a_note() -> None:
    pairs = [pair for table in TURNED.values() for pair in table["pairs"]]
    noted = [said for passage, said, _ in pairs if note_codes(said, passage)]
    assert len(noted) <= len(pairs) * MOST_FALSE_NOTES, noted


def test_notes_are_reported_for_hedges_and_denials() -> None:
    found = {
        code
        for table in TURNED.values()
        if table.get("note")
        for passage, _, turned in table["pairs"]
        for code in note_codes(turned, passage)
    }
    assert found == {code for code, meaning in AGREEMENT_CODES.items() if meaning.severity is Severity.NOTE}


@pytest.mark.parametrize("name", EXACT)
def test_wrong_exact_figure_is_found(name: str) -> None:
    missed = [wrong for _, wrong in EXACT[name]["pairs"] if not is_computed_wrong(wrong)]
    assert len(missed) <= EXACT[name].get("missed", 0), missed


@pytest.mark.parametrize("name", EXACT)
def test_right_exact_figure_has_no_finding(name: str) -> None:
    assert [right for right, _ in EXACT[name]["pairs"] if is_computed_wrong(right)] == []


def is_computed_wrong(sentence: str) -> bool:
    found = consistency_findings(claim_saying(sentence, sentence), CheckContext("2031-03-01", (sentence,)))
    return any(one.is_blocking for one in found)


@pytest.mark.parametrize(("statement", "summary", "opposite"), EVIDENCE["direction"]["pairs"])
def test_evidence_that_says_the_opposite_is_found(statement: str, summary: str, opposite: str) -> None:
    assert _evidence_codes(statement, opposite) == {"evidence-says-opposite"}
    assert _evidence_codes(statement, summary) == set()


def _evidence_codes(statement: str, summary: str) -> set[str]:
    language = "en" if summary.isascii() else "ko"
    evidence = [{"document_id": "made-up", "stance": "supports", "summary": {language: summary}}]
    claim = claim_saying(statement, statement, evidence=evidence)
    return {one.code for one in consistency_findings(claim, CheckContext()) if one.is_blocking}


def test_statement_may_draw_on_several_passages() -> None:
    claim = claim_saying("Rents fell in Alder.", "")
    rose, fell = (
        PassageContext(text, "", "", "Rents rose in Birch. Rents fell in Alder.")
        for text in ("Rents rose in Birch.", "Rents fell in Alder.")
    )
    assert [problem.code for problem in agreement_findings(claim, [rose])] == ["passage-direction-differs"]
    assert agreement_findings(claim, [rose, fell]) == []


def test_date_of_the_article_explains_a_relative_day() -> None:
    claim = claim_saying("The mayor left on 6 June.", "")
    passage = "The mayor left last Friday, and the vote is on 9 June."
    unexplained = agreement_findings(claim, [PassageContext(passage, "", "", passage)])
    assert [problem.code for problem in unexplained] == ["passage-time-differs"]
    assert agreement_findings(claim, [PassageContext(passage, "", "", passage, "2031-06-11")]) == []


@pytest.mark.parametrize("published_on", ["2031-05-14", "2031", "2031-XX", "../2031", "Y170000002", "0001-03-01", ""])
def test_any_date_of_an_article_can_be_compared(published_on: str) -> None:
    claim = claim_saying("소라통신은 1월에 가입자를 얻었다.", "", about_on="2031-01/2031-03")
    passage = "소라통신은 올해 1분기와 지난 31일, 어제 가입자를 얻었다."
    found = agreement_findings(claim, [PassageContext(passage, "", "", passage, published_on)])
    assert [problem.code for problem in found] == ["passage-time-differs"]


def test_no_word_of_the_antonyms_is_its_own_opposite() -> None:
    rows = {name: row for table in ANTONYMS.values() for name, row in table.items()}
    words = {name: [word for pole in row for word in set(pole.split(", "))] for name, row in rows.items()}
    assert {name: sorted({one for one in row if row.count(one) > 1}) for name, row in words.items()} == {
        name: [] for name in rows
    }
    assert all(len(row) > 1 for row in rows.values())

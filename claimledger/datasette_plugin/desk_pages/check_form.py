"""Conversion of the form of the checking screen into evidence and verdicts, and the places of its problems.

The fields about a document that the desk has end with its identifier (`stance:NAME`); those of a new one begin with
`new_`. Only ticked documents count, and only questions with a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.claim_form import SEARCHED_PLACES, proposed_fields, read_confidential
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import text
from claimledger.desk.document_search import LISTED, DocumentSearch, searched_entry
from claimledger.errors import Problem
from claimledger.vocabulary import Question, VerdictValue

_MOST_CITED = 200
_NEW = "new_"


def cited_evidence(form: FormData) -> list[dict[str, Any]]:
    """Return the evidence (JSON) from each ticked document."""
    names = dict.fromkeys(str(name) for name in form.getlist("cite"))
    return [_evidence(form, name, f":{name}") for name in [*names][:_MOST_CITED]]


def new_evidence(form: FormData, document_id: str) -> dict[str, Any]:
    """Return the evidence (JSON) from the new document."""
    return _evidence(form, document_id, "", _NEW)


def _evidence(form: FormData, document_id: str, end: str, start: str = "") -> dict[str, Any]:
    evidence = {
        "document_id": document_id,
        "stance": text(form, f"{start}stance{end}"),
        "summary": _wording(form, f"{start}summary", end),
    }
    return evidence | ({"excerpt": excerpt} if (excerpt := text(form, f"{start}excerpt{end}")) else {})


def _wording(form: FormData, name: str, end: str = "") -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := text(form, f"{name}_{language}{end}"))}


def new_description(form: FormData) -> dict[str, Any]:
    """Return the description (JSON) of the new document, as far as the form has it.

    Raises:
        ProblemsFound: a choice has a value that the form does not offer.
    """
    fields: dict[str, Any] = {name: text(form, f"{_NEW}{name}") for name in ("tier", "language", "published_on")}
    return {**fields, "title": _wording(form, f"{_NEW}title"), **read_confidential(form)}


def given_verdicts(form: FormData, fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the verdicts (JSON) of the questions that the form answers.

    Raises:
        ProblemsFound: a question has a reason but no verdict, or no question has a verdict.
    """
    answered = {question.value for question in Question if text(form, f"{question.value}_value")}
    proposed = (one for one in proposed_fields(form, fields)["verdicts"] if one["question"] in answered)
    return [_without_unneeded_search(one, fields.get("verdicts", ())) for one in proposed]


def _without_unneeded_search(verdict: dict[str, Any], earlier: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return a verdict without the search that the form filled in before it was chosen, unless evidence is missing."""
    if verdict["value"] == VerdictValue.NOT_ENOUGH_EVIDENCE.value:
        return verdict
    known = [place for one in earlier if one["question"] == verdict["question"] for place in one.get("searched", ())]
    searched = [place for place in verdict.get("searched", ()) if place in known or not _is_listed(place)]
    others = {name: value for name, value in verdict.items() if name != "searched"}
    return {**others, "searched": searched} if searched else others


def _is_listed(place: Mapping[str, Any]) -> bool:
    """Return whether a place that was searched is the list of the desk's documents, in any language."""
    where = place.get("where", {})
    return bool(where) and where.items() <= LISTED.items()


def note_search(form: FormData | None, search: DocumentSearch | None) -> dict[str, str]:
    """Return the fields that name a search as a place that was searched; none without a search.

    Only a question without enough evidence gets it; if no question is answered, the fact check.
    """
    if search is None:
        return {}
    values = {question.value: text(form, f"{question.value}_value") if form else "" for question in Question}
    open_questions = [name for name, value in values.items() if value == VerdictValue.NOT_ENOUGH_EVIDENCE.value]
    if not any(values.values()):
        open_questions = [Question.SO.value]
    noted = (_note_place(form, question, searched_entry(search)) for question in open_questions)
    return {name: value for fields in noted for name, value in fields.items()}


def _note_place(form: FormData | None, question: str, place: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of the first empty place of a question, or of the one that has this search already."""
    for number in range(1, SEARCHED_PLACES + 1):
        start = f"{question}_searched_{number}_"
        where = {f"{start}where_{language}": words for language, words in place["where"].items()}
        typed = {name: text(form, name) if form else "" for name in (*where, f"{start}address")}
        if not any(typed.values()) or typed.items() >= where.items():
            return {**where, f"{start}terms": place["terms"], f"{start}on": place["on"]}
    return {}


def place_problems(
    problems: Iterable[Problem], fields: Mapping[str, Any], cited: Sequence[str], verdicts: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    """Return problems with names in their fields instead of numbers: of documents, and of questions.

    `fields` is the claim before the form (JSON), `cited` the documents that the form adds, the new one as "new", and
    `verdicts` those that the form gives (JSON).
    """
    documents = [*(one["document_id"] for one in fields.get("evidence", ())), *cited]
    answers = {one["question"] for one in (*fields.get("verdicts", ()), *verdicts)}
    names = {"evidence": documents, "verdicts": [one.value for one in Question if one.value in answers]}
    return [problem.relocate(field=_replace_number(problem.field, names)) for problem in problems]


def _replace_number(path: str, names: Mapping[str, Sequence[str]]) -> str:
    match path.split("."):
        case [first, number, *rest] if first in names and number.isdigit() and 0 < int(number) <= len(names[first]):
            return ".".join([first, names[first][int(number) - 1], *rest])
    return path


def form_field(path: str) -> str:
    """Return the form's field that a placed problem is about; an empty string if it has none.

    >>> form_field("verdicts.so.rationale.ko"), form_field("evidence.new.stance"), form_field("evidence.a-b.summary")
    ('so_rationale', 'new_stance', 'summary:a-b')
    """
    match path.split("."):
        case ["verdicts", question, part, *rest]:
            return "_".join([question, part, *(rest if part == "searched" else ())])
        case ["evidence", "new", part, *_]:
            return f"{_NEW}{part}"
        case ["evidence", name, part, *_]:
            return f"{part}:{name}"
        case ["title" | "language" | "tier" | "published_on" as part, *_]:
            return f"{_NEW}{part}"
        case ["address" | "document" | "file" | "excerpt", *_]:
            return "fetch"
    return ""

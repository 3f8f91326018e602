"""Conversion between the forms of a claim's page and the fields of its record.

A form and the claim's current fields (JSON) give the new fields, and a record gives the values of the forms. A field
that the form does not have stays unchanged, and an emptied field is removed. A claim's own values, sent back unchanged,
change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import read_choice, text
from claimledger.errors import Problem, ProblemsFound
from claimledger.publishing.wording import topic_of_name
from claimledger.quantities import FigureRole, find_figures, has_plausible_amount, to_quantity
from claimledger.record_ids import romanize
from claimledger.vocabulary import CaptureExtent, Question

_WORDINGS = ("statement", "note")
_DATES = ("said_on", "about_on")
_SPEAKER_PARTS = ("name", "role", "organization")
_ATTRIBUTION_PARTS = ("mode", "speaker_basis", "cue")
QUANTITY_PARTS = ("text", "amount", "low", "high", "unit", "currency", "comparator", "direction")
"""The parts of a figure, in the order of the form."""
_MOST_QUANTITIES = 100


def changed_fields(form: FormData, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's fields (JSON) with the changes of a form."""
    changed = dict(fields)
    for name in _WORDINGS:
        _set(changed, name, _wording(form, name, changed.get(name)))
    for name in _DATES:
        if name in form:
            _set(changed, name, text(form, name))
    if "topics" in form:
        changed["topics"] = read_topics(text(form, "topics"))
    if "speaker_kind" in form:
        _set(changed, "speaker", _speaker(form, changed.get("speaker")))
    if "attribution_mode" in form:
        changed["attribution"] = _parts(form, "attribution", _ATTRIBUTION_PARTS, changed["attribution"])
    if "source_kind" in form:
        changed["source"] = _source(form, changed["source"])
    if "quantity_0_text" in form:
        current = dict(enumerate(changed.get("quantities", ())))
        rows = [_quantity(form, row, current.get(row, {})) for row in quantity_rows(form)]
        _set(changed, "quantities", rows)
    _set(changed, "verdicts", _verdicts(form, changed.get("verdicts", ())))
    removed = {value for name, value in form.multi_items() if name.startswith("take_back_")}
    evidence = [one for one in changed.get("evidence", ()) if f"{one['document_id']} {one['stance']}" not in removed]
    _set(changed, "evidence", evidence)
    return changed


def proposed_fields(form: FormData, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's fields (JSON) with the verdicts proposed in a form; open questions stay unchanged.

    Raises:
        ProblemsFound: a question has a rationale but no answer, or no question has an answer.
    """
    current = claim_form_values(fields)
    questions = [question for question in Question if f"{question.value}_value" in form]
    answered = [question for question in questions if text(form, f"{question.value}_value")]
    unanswered = [
        question for question in questions if question not in answered and _is_changed(form, question, current)
    ]
    if unanswered or not answered:
        raise ProblemsFound([_no_answer(question) for question in unanswered or [Question.SO]])
    omitted_prefixes = tuple(f"{question.value}_" for question in questions if question not in answered)
    parts = [
        (name, value)
        for name, value in form.multi_items()
        if not omitted_prefixes or not name.startswith(omitted_prefixes)
    ]
    return changed_fields(FormData(parts), fields)


def _is_changed(form: FormData, question: Question, current: Mapping[str, str]) -> bool:
    names = (f"{question.value}_rationale_{language}" for language in LANGUAGES)
    return any(text(form, name) != current.get(name, "") for name in names)


def _no_answer(question: Question) -> Problem:
    field = f"verdicts.{question.value}.value"
    return Problem("no-answer-chosen", field=field)


def read_topics(typed: str) -> list[str]:
    """Return topics, separated by commas or spaces, as they are stored: a known name in either language, or romanised.

    >>> read_topics("수출 통제, chips"), read_topics("항만 cargo"), read_topics("Export controls")
    (['export-controls', 'chips'], ['hangman', 'cargo'], ['export-controls'])
    """
    parts = [part.strip() for part in typed.split(",")]
    found = ([known] if (known := topic_of_name(part)) else part.split() for part in parts)
    return list(dict.fromkeys(_topic(word) for words in found for word in words))


def _topic(word: str) -> str:
    """Return a word as a topic; other characters than Hangul stay, so that the record's rules report them."""
    return topic_of_name(word) or romanize(word)


def _set(fields: dict[str, Any], name: str, value: object) -> None:
    if value:
        fields[name] = value
    else:
        fields.pop(name, None)


def _wording(form: FormData, name: str, current: Mapping[str, str] | None) -> dict[str, str]:
    """Return a text with the form's Korean and English; other languages stay unchanged."""
    values = {language: text(form, f"{name}_{language}") for language in LANGUAGES if f"{name}_{language}" in form}
    return {language: words for language, words in ({**(current or {}), **values}).items() if words}


def _parts(form: FormData, name: str, parts: Sequence[str], current: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a field that are not empty, from the form or else from the current record."""
    values = {part: text(form, f"{name}_{part}") for part in parts if f"{name}_{part}" in form}
    return {part: value for part in parts if (value := values.get(part, current.get(part, "")))}


def _speaker(form: FormData, current: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the speaker. A newly typed name is kept even without a kind, which the record's rules then require."""
    known = current or {}
    parts = {part: _wording(form, f"speaker_{part}", known.get(part)) for part in _SPEAKER_PARTS}
    values = {part: words for part, words in parts.items() if words}
    is_new = any(words != known.get(part) for part, words in values.items())
    return {"kind": text(form, "speaker_kind"), **values} if is_new or text(form, "speaker_kind") else {}


def _source(form: FormData, current: Mapping[str, Any]) -> dict[str, Any]:
    source = dict(current) | {"kind": text(form, "source_kind")}
    source["name"] = _wording(form, "source_name", current.get("name"))
    return source


def quantity_rows(form: FormData) -> list[int]:
    """Return the numbers, from 0, of the rows of figures that are not empty."""
    rows = [row for row in range(_MOST_QUANTITIES) if f"quantity_{row}_text" in form]
    return [row for row in rows if _quantity(form, row, {})]


def _quantity(form: FormData, row: int, current: Mapping[str, str]) -> dict[str, str]:
    """Return a figure; commas between thousands are removed, because the record has none.

    If only the printed text is changed, the values are read from it again.
    """
    parts = _parts(form, f"quantity_{row}", QUANTITY_PARTS, current)
    values, before = ({name: one for name, one in whole.items() if name != "text"} for whole in (parts, current))
    if parts.get("text") and parts["text"] != current.get("text") and values == before:
        return _read_figure(parts["text"]) or parts
    grouped = {part: value for part in _AMOUNTS if _GROUPED.fullmatch(value := parts.get(part, ""))}
    return parts | {part: value.replace(",", "") for part, value in grouped.items()}


def _read_figure(printed: str) -> dict[str, str]:
    """Return the figure (JSON) that a printed text is, or an empty mapping if it is not exactly one figure.

    >>> _read_figure("약 45%"), _read_figure("45% to 50 tons")
    ({'text': '약 45%', 'amount': '45', 'unit': 'percent', 'comparator': 'about'}, {})
    """
    figures = [one for one in find_figures(printed) if one.role is FigureRole.QUANTITY]
    if len(figures) != 1 or not has_plausible_amount(figures[0]):
        return {}
    return {**to_quantity(figures[0]).to_json(), "text": printed}


_AMOUNTS = ("amount", "low", "high")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def _verdicts(form: FormData, current: Any) -> list[dict[str, Any]]:  # noqa: ANN401  any JSON value
    """Return the verdicts with the form's values for each question that the form has."""
    verdicts = {verdict["question"]: verdict for verdict in current}
    for question in (question.value for question in Question if f"{question.value}_value" in form):
        if not text(form, f"{question}_value"):
            verdicts.pop(question, None)
            continue
        before = verdicts.get(question, {})
        verdict: dict[str, Any] = {name: before[name] for name in _KEPT_PARTS if name in before}
        verdict |= {"question": question, "value": text(form, f"{question}_value")}
        verdict["rationale"] = _wording(form, f"{question}_rationale", before.get("rationale"))
        verdict["as_of"] = text(form, f"{question}_as_of")
        recheck_field = f"{question}_recheck_after"
        _set(
            verdict,
            "recheck_after",
            text(form, recheck_field) if recheck_field in form else before.get("recheck_after"),
        )
        if f"{question}_searched_1_on" in form:
            _set(verdict, "searched", _read_searched(form, question))
        verdicts[question] = verdict
    return [verdicts[question.value] for question in Question if question.value in verdicts]


_KEPT_PARTS = ("searched", "machine_wording")
"""The parts of a verdict that stay as they are if the form does not have them."""
SEARCHED_PLACES = 3
"""The number of places in which nothing was found that a form has room for."""
_SEARCHED_PARTS = ("address", "terms", "on")


def _read_searched(form: FormData, question: str) -> list[dict[str, Any]]:
    """Return the places that were searched; a place with only a date is left out."""
    rows = (f"{question}_searched_{row}" for row in range(1, SEARCHED_PLACES + 1))
    return [place for place in (_read_place(form, row) for row in rows) if place.keys() - {"on"}]


def _read_place(form: FormData, row: str) -> dict[str, Any]:
    parts: dict[str, Any] = {part: value for part in _SEARCHED_PARTS if (value := text(form, f"{row}_{part}"))}
    _set(parts, "where", _wording(form, f"{row}_where", None))
    return parts


def claim_form_values(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the value of each form field for a claim (JSON); empty values are left out.

    >>> claim_form_values({"statement": {"ko": "짐이 늘었다."}, "topics": ["cargo", "ports"]})
    {'statement_ko': '짐이 늘었다.', 'topics': 'cargo, ports'}
    """
    return {name: value for name, value in _entries(fields) if value}


def _entries(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _WORDINGS:
        yield from _language_values(name, fields.get(name))
    for name in ("speaker", "source"):
        part = fields.get(name, {})
        yield f"{name}_kind", part.get("kind", "")
        for inner in _SPEAKER_PARTS:
            yield from _language_values(f"{name}_{inner}", part.get(inner))
    for part in _ATTRIBUTION_PARTS:
        yield f"attribution_{part}", fields.get("attribution", {}).get(part, "")
    for row, quantity in enumerate(fields.get("quantities", ())):
        yield from ((f"quantity_{row}_{part}", quantity.get(part, "")) for part in QUANTITY_PARTS)
    yield "topics", ", ".join(fields.get("topics", ()))
    yield from ((name, fields.get(name, "")) for name in _DATES)
    for verdict in fields.get("verdicts", ()):
        question = verdict["question"]
        yield from ((f"{question}_{part}", verdict.get(part, "")) for part in ("value", "as_of", "recheck_after"))
        yield from _language_values(f"{question}_rationale", verdict.get("rationale"))
        for row, place in enumerate(verdict.get("searched", ()), 1):
            start = f"{question}_searched_{row}"
            yield from ((f"{start}_{part}", place.get(part, "")) for part in _SEARCHED_PARTS)
            yield from _language_values(f"{start}_where", place.get("where"))


def _language_values(name: str, words: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    return ((f"{name}_{language}", (words or {}).get(language, "")) for language in LANGUAGES)


_CAPTURED = (CaptureExtent.NONE.value, CaptureExtent.EXCERPT.value)
"""The kinds of copy that can exist of a document that was seen but not added as a file."""


def read_observed_document(form: FormData, document_id: str, obtained_at: str) -> dict[str, Any]:
    """Return a document (JSON) that a checker has seen, from the form for evidence; `obtained_at` is UTC.

    Raises:
        ProblemsFound: a choice has a value that the form does not offer.
    """
    fields: dict[str, Any] = {
        "document_id": document_id,
        "medium": text(form, "medium"),
        "title": _wording(form, "title", None),
        "obtained_at": obtained_at,
        "captured": read_choice(form, "captured", _CAPTURED) if text(form, "captured") else CaptureExtent.NONE.value,
        "tier": text(form, "tier"),
    }
    fields |= read_confidential(form)
    for name in ("language", "address", "archived_address", "published_on"):
        _set(fields, name, text(form, name))
    _set(fields, "publisher", _wording(form, "publisher", None))
    return fields


_WITHHELD: Mapping[str, Mapping[str, bool]] = {
    "": {}, "usual": {}, "yes": {"is_withheld": True}, "no": {"is_withheld": False},
}  # fmt: skip


def read_confidential(form: FormData) -> Mapping[str, bool]:
    """Return the field for a confidential document, or an empty map if the form does not decide it.

    Raises:
        ProblemsFound: the form has another value.
    """
    values = text(form, "withheld")
    return _WITHHELD[read_choice(form, "withheld", list(_WITHHELD)) if values else ""]


_EVIDENCE_FIELDS = (
    "medium", "tier", "captured", "withheld", "language", "address", "published_on", "title_ko", "title_en",
    "publisher_ko", "publisher_en", "stance", "summary_ko", "summary_en", "excerpt",
)  # fmt: skip


def has_evidence(form: Mapping[str, Any]) -> bool:
    """Return whether any field for optional evidence is filled in."""
    return any(str(form.get(name, "")).strip() for name in _EVIDENCE_FIELDS)


def read_evidence(form: FormData, document_id: str) -> dict[str, Any]:
    """Return the evidence of a document on the claim (JSON)."""
    evidence: dict[str, Any] = {
        "document_id": document_id, "stance": text(form, "stance"), "summary": _wording(form, "summary", None),
    }  # fmt: skip
    _set(evidence, "excerpt", text(form, "excerpt"))
    return evidence

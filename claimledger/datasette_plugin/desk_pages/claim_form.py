"""What the forms of a claim's page say, as the fields of its record.

In: a form and the claim's fields as they stand (JSON). Out: all of the fields, with what the form changes. The
invariant: a field that the form does not have stays as it is; an emptied one is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.form_values import text
from claimledger.vocabulary import Question

LANGUAGES = ("ko", "en")
_DATES = ("said_on", "about_on")
_OF_QUANTITY = ("text", "amount", "low", "high", "unit", "currency", "comparator", "direction")


def fields_of(form: FormData, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's fields (JSON) with what a form changes."""
    changed = dict(fields)
    for name in ("statement", "note"):
        _set(changed, name, _wording(form, name, changed.get(name)))
    for name in _DATES:
        if name in form:
            _set(changed, name, text(form, name))
    if "topics" in form:
        changed["topics"] = [topic for topic in text(form, "topics").replace(",", " ").split() if topic]
    if "speaker_kind" in form:
        _set(changed, "speaker", _speaker(form, changed.get("speaker")))
    if "source_kind" in form:
        changed["source"] = _source(form, changed["source"])
    if "quantity_0_text" in form:
        _set(changed, "quantities", _quantities(form))
    _set(changed, "verdicts", _verdicts(form, changed.get("verdicts", ())))
    return changed


def _set(fields: dict[str, Any], name: str, value: object) -> None:
    if value:
        fields[name] = value
    else:
        fields.pop(name, None)


def _wording(form: FormData, name: str, standing: Mapping[str, str] | None) -> dict[str, str]:
    """Return a wording with what the form says in Korean and English; other languages stay."""
    said = {language: text(form, f"{name}_{language}") for language in LANGUAGES if f"{name}_{language}" in form}
    return {language: words for language, words in ({**(standing or {}), **said}).items() if words}


def _speaker(form: FormData, standing: Mapping[str, Any] | None) -> dict[str, Any]:
    if not text(form, "speaker_kind"):
        return {}
    known = standing or {}
    speaker = {"kind": text(form, "speaker_kind")}
    parts = {part: _wording(form, f"speaker_{part}", known.get(part)) for part in ("name", "role", "organization")}
    return speaker | {part: words for part, words in parts.items() if words}


def _source(form: FormData, standing: Mapping[str, Any]) -> dict[str, Any]:
    source = dict(standing) | {"kind": text(form, "source_kind")}
    source["name"] = _wording(form, "source_name", standing.get("name"))
    return source


def _quantities(form: FormData) -> list[dict[str, str]]:
    rows = []
    for number in range(100):
        if f"quantity_{number}_text" not in form:
            break
        row = {part: value for part in _OF_QUANTITY if (value := text(form, f"quantity_{number}_{part}"))}
        rows += [row] if row else []
    return rows


def _verdicts(form: FormData, standing: Any) -> list[dict[str, Any]]:  # noqa: ANN401  any JSON value
    """Return the verdicts with what the form says of each question it asks about."""
    verdicts = {verdict["question"]: verdict for verdict in standing}
    for question in (question.value for question in Question if f"{question.value}_value" in form):
        if not text(form, f"{question}_value"):
            verdicts.pop(question, None)
            continue
        before = verdicts.get(question, {})
        verdict: dict[str, Any] = {"question": question, "value": text(form, f"{question}_value")}
        verdict["rationale"] = _wording(form, f"{question}_rationale", before.get("rationale"))
        verdict["as_of"] = text(form, f"{question}_as_of")
        _set(verdict, "recheck_after", text(form, f"{question}_recheck_after"))
        verdicts[question] = verdict
    return [verdicts[question.value] for question in Question if question.value in verdicts]


def document_of(form: FormData, document_id: str, obtained_at: str) -> dict[str, Any]:
    """Return a document (JSON) that a checker has seen, from the form of evidence; `obtained_at` is UTC."""
    fields: dict[str, Any] = {
        "document_id": document_id,
        "medium": text(form, "medium"),
        "title": _wording(form, "title", None),
        "language": text(form, "language") or "ko",
        "obtained_at": obtained_at,
        "captured": text(form, "captured") or "none",
        "tier": text(form, "tier"),
    }
    fields |= withheld_in(form)
    for name in ("address", "archived_address", "published_on"):
        _set(fields, name, text(form, name))
    _set(fields, "publisher", _wording(form, "publisher", None))
    return fields


_WITHHELD = {"yes": True, "no": False}


def withheld_in(form: FormData) -> dict[str, bool]:
    """Return whether a document is to be withheld, if the form decides that."""
    said = text(form, "withheld")
    return {"is_withheld": _WITHHELD[said]} if said in _WITHHELD else {}


def evidence_of(form: FormData, document_id: str) -> dict[str, Any]:
    """Return what the document says about the claim (JSON)."""
    evidence: dict[str, Any] = {
        "document_id": document_id, "stance": text(form, "stance"), "summary": _wording(form, "summary", None),
    }  # fmt: skip
    _set(evidence, "excerpt", text(form, "excerpt"))
    return evidence

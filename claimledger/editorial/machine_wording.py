"""The public marks of texts that a language model worded: set when a suggestion is accepted, kept when it is edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimledger.models import MachineWording


def mark_wording(suggested: str, language: str, model: str, written: Mapping[str, str]) -> tuple[MachineWording, ...]:
    """Return the mark of a text whose wording a model suggested; none if the text is not written in that language.

    >>> mark_wording("Exports grew 10%.", "en", "m", {"en": "Exports rose 10%."})[0].is_edited
    True
    """
    text = written.get(language, "").strip()
    return (MachineWording(language=language, model=model, is_edited=text != suggested.strip()),) if text else ()


def keep_marks(fields: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's fields (JSON) in which each marked text that differs from the one before is marked as edited.

    >>> mark = {"machine_wording": [{"language": "en", "model": "m"}]}
    >>> keep_marks({"statement": {"en": "Old."}, **mark}, {"statement": {"en": "New."}, **mark})["machine_wording"]
    [{'language': 'en', 'model': 'm', 'is_edited': True}]
    """
    kept = _with_marks(fields, before, "statement")
    earlier = {one.get("question"): one for one in before.get("verdicts", ())}
    verdicts = [
        _with_marks(one, earlier.get(one.get("question"), {}), "rationale") for one in fields.get("verdicts", ())
    ]
    return {**kept, "verdicts": verdicts} if verdicts else kept


def _with_marks(part: Mapping[str, Any], before: Mapping[str, Any], text: str) -> dict[str, Any]:
    marks = list(_marks(part.get("machine_wording", ()), part.get(text) or {}, before.get(text) or {}))
    others = {name: value for name, value in part.items() if name != "machine_wording"}
    return {**others, "machine_wording": marks} if marks else others


def _marks(
    known: Sequence[Mapping[str, Any]], written: Mapping[str, str], before: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the marks of the languages that are still written."""
    for one in known:
        language = one.get("language", "")
        if language in written:
            is_changed = language in before and before[language] != written[language]
            yield {**one, "is_edited": True} if is_changed else dict(one)

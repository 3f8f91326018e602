"""The public marks of texts that a language model worded: set when a suggestion is accepted, kept when it is edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from claimledger.models import MachineWording


class DraftedReason(NamedTuple):
    """A reason of a verdict that a language model drafted."""

    text: str
    """The text."""
    language: str
    """Its language."""
    model: str
    """The model, as the newsroom names it."""


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


def mark_reasons(
    fields: Mapping[str, Any], before: Mapping[str, Any], drafted: Sequence[DraftedReason]
) -> dict[str, Any]:
    """Return a claim's fields (JSON) in which each new reason that is based on a drafted one is marked.

    A reason that is the same as before stays as it is: it is older than the draft.

    >>> drafted = [DraftedReason("The report says 40.", "en", "m")]
    >>> fields = {"verdicts": [{"question": "so", "rationale": {"en": "The report says 40, as printed."}}]}
    >>> mark_reasons(fields, {}, drafted)["verdicts"][0]["machine_wording"]
    [{'language': 'en', 'model': 'm', 'is_edited': True}]
    >>> mark_reasons(fields, fields, drafted) == fields
    True
    """
    if not drafted or not fields.get("verdicts"):
        return dict(fields)
    earlier = {one.get("question"): one.get("rationale") or {} for one in before.get("verdicts", ())}
    verdicts = [_with_reason_marks(one, earlier.get(one.get("question"), {}), drafted) for one in fields["verdicts"]]
    return {**fields, "verdicts": verdicts}


def _with_reason_marks(
    verdict: Mapping[str, Any], before: Mapping[str, str], drafted: Sequence[DraftedReason]
) -> dict[str, Any]:
    written, marks = verdict.get("rationale") or {}, list(verdict.get("machine_wording", ()))
    known = {one["language"] for one in marks}
    for one in drafted:
        text = written.get(one.language, "")
        is_new = text != before.get(one.language, "")
        if is_new and one.language not in known and _is_based_on(text, one.text):
            known.add(one.language)
            marks += [mark.to_json() for mark in mark_wording(one.text, one.language, one.model, written)]
    return {**verdict, "machine_wording": marks} if marks else dict(verdict)


_LEAST_LIKENESS = 0.6
"""The least share of characters in the same order at which a text counts as a changed draft."""


def _is_based_on(text: str, drafted: str) -> bool:
    if not text or not drafted:
        return False
    likeness = SequenceMatcher(None, drafted, text, autojunk=False)
    return drafted in text or (likeness.quick_ratio() >= _LEAST_LIKENESS and likeness.ratio() >= _LEAST_LIKENESS)


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

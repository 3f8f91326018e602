"""The public marks of texts that a language model worded, set in every draft of a claim.

A text is marked if it is new and equals a draft of a model, or is based on one. A mark that a person removes by hand
is set again, except if the whole text was rewritten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from claimledger.desk_vocabulary import SuggestionTask
from claimledger.models import Claim, MachineWording
from claimledger.newsroom.suggestions import read_suggestion, suggestions_of_article, suggestions_of_claim

_DRAFTS_OF = {
    "statement": (SuggestionTask.CLAIMS, SuggestionTask.STATEMENTS, SuggestionTask.TRANSLATION),
    "rationale": (SuggestionTask.RATIONALE,),
}
"""The tasks whose drafts a text of a claim may come from."""
_LEAST_LIKENESS = {"statement": 0.85, "rationale": 0.6}
"""The least share of characters in the same order at which a text counts as a changed draft.

Two people word the statement of one passage almost alike, so a statement needs a greater share.
"""


class ModelDraft(NamedTuple):
    """A statement or a reason that a language model drafted."""

    suggestion_id: int
    """The number of the suggestion."""
    task: SuggestionTask
    """The task."""
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


def read_model_drafts(connection: sqlite3.Connection, claim_id: str, article_id: str) -> list[ModelDraft]:
    """Return the texts that models drafted for a claim or for the claims of its article, the newest first."""
    tasks = [task for tasks in _DRAFTS_OF.values() for task in tasks]
    stored = [
        *(one for one in suggestions_of_article(connection, article_id) if one.claim_id is None),
        *suggestions_of_claim(connection, claim_id),
    ]
    return [
        ModelDraft(one.suggestion_id, one.task, read.wording, read.language, one.model)
        for one in reversed(stored)
        if one.task in tasks and (read := read_suggestion(one))
    ]


def mark_claim(fields: Mapping[str, Any], before: Mapping[str, Any], drafts: Sequence[ModelDraft]) -> dict[str, Any]:
    """Return a claim's fields (JSON) with the marks of its texts; `before` is the version that they replace.

    >>> drafts = [ModelDraft(1, SuggestionTask.RATIONALE, "The report says 40.", "en", "m")]
    >>> fields = {"verdicts": [{"question": "so", "rationale": {"en": "The report says 40, as printed."}}]}
    >>> mark_claim(fields, {}, drafts)["verdicts"][0]["machine_wording"]
    [{'language': 'en', 'model': 'm', 'is_edited': True}]
    >>> mark_claim(fields, fields, drafts) == fields  # a reason that is older than the draft
    True
    """
    marked = _mark_part(fields, before, "statement", drafts)
    verdicts = fields.get("verdicts")
    if not isinstance(verdicts, list) or not all(isinstance(one, dict) for one in verdicts):
        return marked
    earlier = {one.get("question"): one for one in before.get("verdicts", ())}
    return {
        **marked,
        "verdicts": [_mark_part(one, earlier.get(one.get("question"), {}), "rationale", drafts) for one in verdicts],
    }


def _mark_part(
    part: Mapping[str, Any], before: Mapping[str, Any], name: str, drafts: Sequence[ModelDraft]
) -> dict[str, Any]:
    written, earlier = _texts(part, name), _texts(before, name)
    given, known = (_marks_by_language(one) for one in (part, before))
    found: dict[str, Any] = {}
    for language, text in written.items():
        old = earlier.get(language, "")
        mark = _kept_mark(text, old, given.get(language), known.get(language))
        if mark is None and text != old and (one := find_draft(name, language, text, drafts)):
            mark = mark_wording(one.text, language, one.model, written)[0].to_json()
        if mark:
            found[language] = mark
    others = {key: value for key, value in part.items() if key != "machine_wording"}
    in_order = [found[language] for language in dict.fromkeys([*given, *known, *written]) if language in found]
    return {**others, "machine_wording": in_order} if found else others


def _texts(part: Mapping[str, Any], name: str) -> dict[str, str]:
    written = part.get(name)
    return {one: text for one, text in written.items() if isinstance(text, str)} if isinstance(written, dict) else {}


def _marks_by_language(part: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {one.get("language", ""): dict(one) for one in part.get("machine_wording") or ()}


def _kept_mark(
    text: str, earlier: str, given: dict[str, Any] | None, known: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the mark of a text: that of the version before, or a new one; None if it was removed from a new text."""
    if known and not given and _likeness(earlier, text) < _LEAST_LIKENESS["rationale"]:
        return None
    mark = known or given
    is_edited = bool(earlier and text != earlier) or any(one and one.get("is_edited") for one in (given, known))
    return {**mark, "is_edited": True} if mark and is_edited else mark


def kept_marks(given: Mapping[str, Any], stored: Mapping[str, Any]) -> list[str]:
    """Return the languages of marked texts (`statement.ko`, `so.rationale.en`) whose marks only the stored claim has.

    >>> kept_marks({"statement": {"en": "A."}}, {"machine_wording": [{"language": "en", "model": "m"}]})
    ['statement.en']
    """
    own = {one.get("question"): one for one in given.get("verdicts") or ()}
    pairs = [("statement", given, stored)]
    pairs += [(f"{one['question']}.rationale", own.get(one["question"], {}), one) for one in stored.get("verdicts", ())]
    return [
        f"{name}.{language}"
        for name, part, marked in pairs
        for language in _marks_by_language(marked)
        if language not in _marks_by_language(part)
    ]


def claim_texts(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a claim that a model can draft: `statement` or `rationale`, the language and the text."""
    yield from (("statement", language, text) for language, text in claim.statement.items())
    for verdict in claim.verdicts:
        yield from (("rationale", language, text) for language, text in verdict.rationale.items())


def find_draft(name: str, language: str, text: str, drafts: Iterable[ModelDraft]) -> ModelDraft | None:
    """Return the draft that a text equals or comes nearest to, if it is based on one.

    >>> find_draft("statement", "en", "Exports rose.", [ModelDraft(1, SuggestionTask.CLAIMS, "It rained.", "en", "m")])
    """
    own = [one for one in drafts if one.language == language and one.task in _DRAFTS_OF[name]]
    found = [(is_based_on(name, text, one.text), one) for one in own]
    best = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] else None


def is_based_on(name: str, text: str, drafted: str) -> float:
    """Return how like a draft a text is, from 0 to 1; 0 if it is not based on it.

    >>> is_based_on("rationale", "As printed: It says 40.", "It says 40.")
    1.0
    """
    text, drafted = " ".join(text.split()), " ".join(drafted.split())
    if not text or not drafted:
        return 0.0
    if text == drafted or (name == "rationale" and drafted in text):
        return 1.0
    likeness = _likeness(drafted, text)
    return likeness if likeness >= _LEAST_LIKENESS[name] else 0.0


def _likeness(one: str, other: str) -> float:
    """Return the share of characters that two texts have in the same order; 0 if it cannot reach any least share."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= min(_LEAST_LIKENESS.values()) else 0.0

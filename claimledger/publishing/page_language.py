"""Choose what a page in one language shows of reasons and changes that were written in two.

A reason of the log is one text. The desk writes it in both languages with " · " between them; older ones have one
language. A change of a text in another language than the page's is named without its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.site import LANGUAGES, PageLanguage

_HANGUL = re.compile("[가-힣]")
_BETWEEN = " · "
_PROOF_OF_PASSAGE = re.compile(r"(evidence\.[^.]+\.passage)\.(?:whole\.[^.]+|seen_on)")
"""A field that proves which passage a piece of evidence names: its length, hash and day."""


def reason_by_language(reason: str) -> dict[str, str]:
    """Return a reason of the log by the languages in which it was written.

    >>> reason_by_language("A typo was fixed. · 오타를 고쳤다."), reason_by_language("오타를 고쳤다.")
    ({'en': 'A typo was fixed.', 'ko': '오타를 고쳤다.'}, {'ko': '오타를 고쳤다.'})
    """
    english, _, korean = reason.partition(_BETWEEN)
    if korean and not _HANGUL.search(english) and _HANGUL.search(korean):
        return {"en": english, "ko": korean}
    return {"ko" if _HANGUL.search(reason) else "en": reason} if reason else {}


class LanguageChanges(NamedTuple):
    """The changes of a version as a page in one language shows them."""

    shown: Sequence[FieldChange]
    """The changes with their values."""
    other: Sequence[str]
    """The fields whose text changed only in another language, without the language."""


def changes_in_language(changes: Iterable[FieldChange], language: PageLanguage) -> LanguageChanges:
    """Return the changes to show on a page: no text of another language beside those of the page.

    >>> changes = [FieldChange("note.ko", "하나", "둘"), FieldChange("note.en", "one", "two")]
    >>> changes_in_language(changes, "ko")
    LanguageChanges(shown=[FieldChange(field='note.ko', before='하나', after='둘')], other=[])
    >>> changes_in_language(changes[1:], "ko")
    LanguageChanges(shown=[], other=['note'])

    The length, hash and day of a passage are left out beside its place. The document's details and the log have them.

    >>> proof = FieldChange("evidence.yearbook.passage.whole.length", None, "120")
    >>> len(changes_in_language([proof], "ko").shown)
    1
    >>> len(changes_in_language([proof, FieldChange("evidence.yearbook.passage.place.ko", None, "표 3")], "ko").shown)
    1
    """
    every = list(changes)
    placed = {one.field.rpartition(".place.")[0] for one in every}
    every = [one for one in every if not (found := _PROOF_OF_PASSAGE.fullmatch(one.field)) or found[1] not in placed]
    shown = [one for one in every if _language(one.field) in (None, language)]
    here = {one.field.rpartition(".")[0] for one in shown if _language(one.field)}
    bases = dict.fromkeys(one.field.rpartition(".")[0] for one in every if _language(one.field) not in (None, language))
    return LanguageChanges(shown, [base for base in bases if base not in here])


def _language(path: str) -> str | None:
    """Return the language that a path ends with, if its value is a text in one language."""
    base, _, last = path.rpartition(".")
    return last if base and last in LANGUAGES else None

"""Values and changes as the pages show them: figures, kinds, differences word by word, marks beside a status.

In: values of records. Out: text, or safe HTML. The invariant: whatever a value holds is escaped, and no difference is
told by colour alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from claimledger.publishing.field_changes import Change
from claimledger.publishing.site import Language
from claimledger.publishing.wording import label, value_text
from claimledger.vocabulary import SourceKind, SpeakerKind, Stance, Term, VerificationStatus

MARKS: Mapping[str, str] = {
    VerificationStatus.NOT_CHECKED: "○",
    VerificationStatus.SUPPORTED: "✓",
    VerificationStatus.REFUTED: "✕",
    VerificationStatus.CONFLICTING_EVIDENCE: "⇄",
    VerificationStatus.NOT_ENOUGH_EVIDENCE: "?",
    VerificationStatus.NOT_CHECKABLE: "–",
    Stance.SUPPORTS: "▲",
    Stance.REFUTES: "▼",
    Stance.CONTEXT: "◆",
}
"""A shape for each status and each stance, beside its word."""
_PIECES = re.compile(r"\s+|\S+")
_ISSUE = re.compile(r"(?:(?P<year>\d{4})년 ?)?제?(?P<number>\d+)호")
_MOST_COMPARED, _KEPT = 8_000, 1_000
"""Characters of both texts up to which their words are compared, and differences that are kept."""
_MOST_PIECES = 400
"""Words and spaces of both texts up to which a difference is told word by word; finding it takes their square."""


def kinds(of: str, values: str, language: Language) -> str:
    """Return the labels of the kinds in a cell of `speakers` or `sources`; a word we do not know stays as it is.

    >>> kinds("speakers", "person; anonymous", "ko")
    '개인, 익명'
    """
    vocabulary: type[Term] = SpeakerKind if of == "speakers" else SourceKind
    labels = {str(term): label(term, language) for term in vocabulary}
    return ", ".join(labels.get(value, value) for value in values.split("; "))


def issue(printed: str, language: Language) -> str:
    """Return the number and the year of an issue with a Korean name, for an English page; nothing for others.

    >>> issue("158호", "en"), issue("2023년 제14호", "en"), issue("4월호", "en"), issue("158호", "ko")
    ('158', '2023, no. 14', '', '')
    """
    found = _ISSUE.fullmatch(printed) if language == "en" else None
    if not found:
        return ""
    return f"{found['year']}, no. {found['number']}" if found["year"] else found["number"]


def moment(recorded_at: str) -> str:
    """Return a time of the log as people read it, to the minute.

    >>> moment("2031-04-10T09:13:00.000Z")
    '2031-04-10 09:13 UTC'
    """
    return f"{recorded_at[:10]} {recorded_at[11:16]} UTC"


def difference(change: Change, language: Language) -> Markup:
    """Return what a change took out and put in, as HTML with `del` and `ins`; of long texts the whole of both.

    >>> difference(Change("statement.en", "It cost $13 million.", "It cost $14 million."), "en")
    Markup('It cost <del>$13</del><ins>$14</ins> million.')
    """
    before, after = (value_text(change.field, text, language) if text else "" for text in (change.before, change.after))
    if len(before) + len(after) > _MOST_COMPARED:
        return _part("replace", before, after)
    return _word_by_word(before, after)


@lru_cache(maxsize=_KEPT)
def _word_by_word(was: str, says: str) -> Markup:
    """Return a difference; kept, for a correction stands on a page twice, and a page is asked for again."""
    before, after = _PIECES.findall(was), _PIECES.findall(says)
    if len(before) + len(after) > _MOST_PIECES:
        return _part("replace", was, says)
    parts = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Markup().join(
        _part(kind, "".join(before[start:end]), "".join(after[new_start:new_end]))
        for kind, start, end, new_start, new_end in parts
    )


def _part(kind: str, was: str, says: str) -> Markup:
    if kind == "equal":
        return escape(was)
    taken_out = Markup("<del>{}</del>").format(was) if was else Markup()
    return taken_out + (Markup("<ins>{}</ins>").format(says) if says else Markup())

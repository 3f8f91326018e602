"""Values as text for readers: kinds, issues, dates, and the sign beside a status."""

from __future__ import annotations

import re
import unicodedata
from calendar import month_name
from collections.abc import Mapping

from claimledger.publishing.field_changes import FieldChange
from claimledger.publishing.site import PageLanguage
from claimledger.publishing.wording import label, value_text
from claimledger.vocabulary import SourceKind, SpeakerKind, Stance, Term, VerificationStatus

MARKS: Mapping[str, str] = {
    VerificationStatus.NOT_CHECKED: "○",
    VerificationStatus.SUPPORTED: "✓",
    VerificationStatus.REFUTED: "✕",
    VerificationStatus.CONFLICTING_EVIDENCE: "⇄",
    VerificationStatus.NOT_ENOUGH_EVIDENCE: "?",
    VerificationStatus.NOTHING_FOUND: "∅",
    VerificationStatus.NOT_CHECKABLE: "–",
    Stance.SUPPORTS: "▲",
    Stance.REFUTES: "▼",
    Stance.CONTEXT: "◆",
}
"""The sign shown beside the label of each status and each stance."""
LONGEST_TITLE = 70
"""The largest number of characters in the title of a page."""
_ISSUE = re.compile(r"(?:(?P<year>\d{4})년 ?)?제?(?P<number>\d+)호")
_DAY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")
_HEADING_SIZES, _WIDE_CHARACTER = ((96, ""), (135, "m")), 1.75


def kind_labels(of: str, values: str, language: PageLanguage) -> str:
    """Return the labels of the kinds in a cell of `speakers` or `sources`; an unknown value is returned unchanged.

    >>> kind_labels("speakers", "person; anonymous", "ko")
    '인물, 익명'
    """
    vocabulary: type[Term] = SpeakerKind if of == "speakers" else SourceKind
    labels = {str(term): label(term, language) for term in vocabulary}
    return ", ".join(labels.get(value, value) for value in values.split("; "))


def issue_number(printed: str, language: PageLanguage) -> str:
    """Return the number and the year of an issue with a Korean name, for an English page; an empty string for others.

    >>> (issue_number("158호", "en"), issue_number("2023년 제14호", "en"), issue_number("4월호", "en"),
    ...  issue_number("158호", "ko"))
    ('158', '2023, no. 14', '', '')
    """
    found = _ISSUE.fullmatch(printed) if language == "en" else None
    if not found:
        return ""
    return f"{found['year']}, no. {found['number']}" if found["year"] else found["number"]


def minute_text(recorded_at: str) -> str:
    """Return a time of the log (UTC) in a readable form, to the minute.

    >>> minute_text("2031-04-10T09:13:00.000Z")
    '2031-04-10 09:13 UTC'
    """
    return f"{recorded_at[:10]} {recorded_at[11:16]} UTC"


def day_in_words(date: str, language: PageLanguage) -> str:
    """Return a date (EDTF) in words; a form that is not a day, a month, a year or a range of them is not changed.

    >>> [day_in_words("2031-04-10", language) for language in ("en", "ko")]
    ['10 April 2031', '2031년 4월 10일']
    >>> day_in_words("2031-04/2031-05-02", "en"), day_in_words("2031", "ko"), day_in_words("2031-04~", "en")
    ('April 2031 – 2 May 2031', '2031년', '2031-04~')
    """
    parts = [_DAY.fullmatch(part) for part in date.split("/")]
    if not all(parts):
        return date
    return " – ".join(_one_day(part, language) for part in parts if part)


def _one_day(date: re.Match[str], language: PageLanguage) -> str:
    numbers = [int(part) for part in date.groups() if part]
    if language == "ko":
        return " ".join(f"{number}{unit}" for number, unit in zip(numbers, "년월일", strict=False))
    names = [str(numbers[0]), *(month_name[number] for number in numbers[1:2]), *map(str, numbers[2:])]
    return " ".join(reversed(names))


def short_title(title: str, site: str) -> str:
    """Return a title of at most 70 characters; a long one loses the site's name first, then its last words.

    >>> short_title("Incorrect: It fell. · Site", "Site"), short_title(f"{'word ' * 20}· Site", "Site")
    ('Incorrect: It fell. · Site', 'word word word word word word word word word word word word word word…')
    """
    if len(title) <= LONGEST_TITLE:
        return title
    shorter = title.removesuffix(f" · {site}").rstrip()
    if len(shorter) <= LONGEST_TITLE:
        return shorter
    words = shorter[:LONGEST_TITLE].rpartition(" ")[0]
    return f"{words.rstrip(' ,:;') or shorter[: LONGEST_TITLE - 1]}…"


def heading_size(text: str) -> str:
    """Return the class of a headline by its length: empty, `m` for a long one, `s` for a very long one.

    A Korean character counts as 1.75, because it is that much wider.

    >>> [heading_size("a" * length) for length in (96, 97, 136)], heading_size("가" * 60)
    (['', 'm', 's'], 'm')
    """
    width = sum(_WIDE_CHARACTER if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return next((name for longest, name in _HEADING_SIZES if width <= longest), "s")


def change_values(change: FieldChange, language: PageLanguage) -> tuple[str, str]:
    """Return the whole values before and after a change, as labels where they have one; a missing value is empty.

    >>> change_values(FieldChange("verdicts.so.value", "supported", "refuted"), "en")
    ('Confirmed', 'Incorrect')
    """
    before, after = (value_text(change.field, one, language) if one else "" for one in change[1:])
    return before, after

"""Validated values of forms and addresses: texts, vocabulary terms, numbers and versions.

Anyone may send anything. A value that the desk's own pages never send is refused as a `Problem` that names the field.
It never causes an error of the program and is never replaced silently.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from starlette.datastructures import FormData

from claimledger.desk.check_steps import SeenVersion
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.vocabulary import Term

Word = TypeVar("Word", bound=Term)
LARGEST_NUMBER = 2**53 - 1
"""The greatest number in any record or row."""


def text(form: FormData, name: str) -> str:
    """Return the value of a field without surrounding white space; empty if the form has no such field."""
    return str(form.get(name, "")).strip()


def read_term(form: FormData, name: str, vocabulary: type[Word]) -> Word:
    """Return the vocabulary term in a field.

    Raises:
        ProblemsFound: the field is empty or has another value.
    """
    return vocabulary(read_choice(form, name, [term.value for term in vocabulary]))


def read_choice(form: FormData, name: str, words: Sequence[str]) -> str:
    """Return the value of a field, which must be one of the given words.

    Raises:
        ProblemsFound: the field is empty or has another value.
    """
    given = text(form, name)
    if given in words:
        return given
    if not given:
        raise ProblemsFound([Problem("word-missing", field=name, words=tuple(words))])
    raise ProblemsFound([Problem("unknown-word", field=name, value=given[:60], words=tuple(words))])


def read_action(form: FormData, acts: Collection[str]) -> str:
    """Return the action of the button with which a form was sent.

    Raises:
        NotFound: the form names no action or an unknown one.
    """
    value = text(form, "act")
    if value not in acts:
        raise NotFound("act", value, sorted(acts))
    return value


def read_optional_term(form: FormData, name: str, vocabulary: type[Word]) -> Word | None:
    """Return the vocabulary term in a field; None if the field is empty.

    Raises:
        ProblemsFound: the field has another value.
    """
    return read_term(form, name, vocabulary) if text(form, name) else None


def number(form: FormData, name: str) -> int:
    """Return the whole number, from 0, in a hidden field.

    Raises:
        ProblemsFound: the value is not such a number.
    """
    found = whole_number(text(form, name))
    if found is None:
        raise ProblemsFound([Problem("not-a-whole-number/form", field=name, value=text(form, name)[:60])])
    return found


def whole_number(typed: str) -> int | None:
    """Return a whole number from 0 to `LARGEST_NUMBER`; None if the text is not such a number.

    >>> whole_number("12"), whole_number("²"), whole_number("-1"), whole_number("9" * 30)
    (12, None, None, None)
    """
    found = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(LARGEST_NUMBER)) else -1
    return found if 0 <= found <= LARGEST_NUMBER else None


def page_number(typed: str) -> int:
    """Return the page number in an address, from 1; 1 if the text is not a possible page number.

    >>> page_number("3"), page_number("x"), page_number("0"), page_number("9" * 15)
    (3, 1, 1, 1)
    """
    return found if (found := whole_number(typed)) and found <= _LAST_PAGE else 1


_LAST_PAGE = 10**9
"""The largest page number. No list is that long; SQLite counts rows with 64 bits."""


def read_seen_version(form: FormData) -> SeenVersion:
    """Return the version of the record for which a form was filled in.

    Raises:
        ProblemsFound: the form does not name it.
    """
    head, divider, draft = text(form, "seen").partition(":")
    draft_id = whole_number(draft)
    if not divider or (draft and draft_id is None):
        raise ProblemsFound([_VERSION_MISSING])
    return SeenVersion(head or None, draft_id)


_VERSION_MISSING = Problem("version-not-told", field="seen")

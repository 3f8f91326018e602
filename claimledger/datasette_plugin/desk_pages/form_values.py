"""The words and numbers of forms and addresses, read with care: anybody may send anything.

In: a form, or what an address says. Out: text, a word of a vocabulary, a number, the version a form was filled in on.
The invariant: what the desk's own pages never send is refused by name, as a `Problem`; it is never a fault of the
program, and never something else in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from starlette.datastructures import FormData

from claimledger.desk import Seen
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.vocabulary import Term

Word = TypeVar("Word", bound=Term)
MOST = 2**53 - 1
"""The greatest number that any record or row of ours has."""


def text(form: FormData, name: str) -> str:
    """Return what stands in a field of a form, without the space around it."""
    return str(form.get(name, "")).strip()


def word(form: FormData, name: str, vocabulary: type[Word]) -> Word:
    """Return the word of a vocabulary that a field holds.

    Raises:
        ProblemsFound: it holds another, or none.
    """
    return vocabulary(one_of(form, name, [term.value for term in vocabulary]))


def one_of(form: FormData, name: str, words: Sequence[str]) -> str:
    """Return which of some words a field holds.

    Raises:
        ProblemsFound: it holds another, or none.
    """
    given = text(form, name)
    if given in words:
        return given
    known = ", ".join(f"'{word}'" for word in words)
    remedy = f"Write one of {known}."
    if not given:
        raise ProblemsFound([Problem("word-missing", "A word is missing here.", remedy, field=name)])
    raise ProblemsFound([Problem("unknown-word", f"'{given[:60]}' is no word for this field.", remedy, field=name)])


def act_in(form: FormData, acts: Collection[str]) -> str:
    """Return which of some acts a form is sent for: the word of its button.

    Raises:
        NotFound: it names another, or none.
    """
    given = text(form, "act")
    if given not in acts:
        raise NotFound("act", given, sorted(acts))
    return given


def word_if_given(form: FormData, name: str, vocabulary: type[Word]) -> Word | None:
    """Return the word of a vocabulary that a field holds, or none where it is empty.

    Raises:
        ProblemsFound: it holds another.
    """
    return word(form, name, vocabulary) if text(form, name) else None


def number(form: FormData, name: str) -> int:
    """Return the whole number, from 0, that a hidden field holds.

    Raises:
        ProblemsFound: it holds none.
    """
    found = whole(text(form, name))
    if found is None:
        sentence = f"'{text(form, name)[:60]}' is no number."
        raise ProblemsFound([Problem("not-a-whole-number", sentence, "Load the page again.", field=name)])
    return found


def whole(typed: str) -> int | None:
    """Return a whole number from 0 to `MOST`, or none if it is no such number.

    >>> whole("12"), whole("²"), whole("-1"), whole("9" * 30)
    (12, None, None, None)
    """
    found = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST)) else -1
    return found if 0 <= found <= MOST else None


def page_number(typed: str) -> int:
    """Return which page an address asks for, from 1; the first if it asks for none there can be.

    >>> page_number("3"), page_number("x"), page_number("0"), page_number("9" * 15)
    (3, 1, 1, 1)
    """
    return found if (found := whole(typed)) and found <= _LAST_PAGE else 1


_LAST_PAGE = 10**9
"""No list is so long; SQLite counts rows with 64 bits."""


def seen_in(form: FormData) -> Seen:
    """Return the version that a form was filled in on.

    Raises:
        ProblemsFound: the form does not say.
    """
    head, divider, draft = text(form, "seen").partition(":")
    draft_id = whole(draft)
    if not divider or (draft and draft_id is None):
        raise ProblemsFound([_SEEN_LOST])
    return Seen(head or None, draft_id)


_SEEN_LOST = Problem(
    "version-not-told", "The form does not say which version it was filled in on.", "Load the page again.", field="seen"
)

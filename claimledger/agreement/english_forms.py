"""Make the forms of an English verb from an entry of the word table, by the regular rules of spelling."""

from __future__ import annotations

from collections.abc import Iterator


def english_forms(entry: str) -> frozenset[str]:
    """Return the forms of an entry.

    An entry is a verb (climb), a verb whose last letter doubles (drop+), a verb with irregular forms
    (rise/rose/risen), one form only (=more), or a phrase.

    >>> sorted(english_forms("drop+")), sorted(english_forms("rise/rose/risen"))
    (['drop', 'dropped', 'dropping', 'drops'], ['rise', 'risen', 'rises', 'rising', 'rose'])
    >>> sorted(english_forms("deny")), english_forms("=more"), english_forms("a day")
    (['denied', 'denies', 'deny', 'denying'], frozenset({'more'}), frozenset({'a day'}))
    """
    if entry.startswith("=") or " " in entry:
        return frozenset((entry.removeprefix("="),))
    base, *irregular = entry.split("/")
    return frozenset((*_regular_forms(base, has_past=not irregular), *irregular))


def _regular_forms(entry: str, *, has_past: bool) -> Iterator[str]:
    base = entry.removesuffix("+")
    stem = base + base[-1] if entry.endswith("+") else base
    yield base
    if base.endswith("y") and base[-2] not in "aeiou":
        yield from (base[:-1] + "ies", base + "ing", base[:-1] + "ied")
        return
    yield base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
    yield (stem.removesuffix("e")) + "ing"
    if has_past:
        yield stem + ("d" if stem.endswith("e") else "ed")

"""A newsroom's own sign-in in the place of the desk's: one plug-in of the entry point group `claimledger.sign_in`.

In: what is installed. Out: the function that tells whose request it is, if one is installed. The invariant: there is
one way to sign in; two plug-ins, or one that does not load, stop the desk before it answers anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

from starlette.requests import Request

from claimledger.errors import LedgerError

GROUP = "claimledger.sign_in"
"""The entry point group; its entry names a function as `SignIn`."""
SignIn = Callable[[Request], str | None]
"""Returns the name, in the log, of whose request it is; none if nobody signed in. It may take its time. Its attribute
`address`, if it has one, is where people sign in."""


class SeveralSignIns(LedgerError):
    """More than one plug-in wants to say who somebody is."""

    def __init__(self, names: Iterable[str]) -> None:
        """Name them."""
        super().__init__(f"Several plug-ins sign people in: {', '.join(names)}. Leave one of them installed.")


@lru_cache(maxsize=1)
def other_sign_in() -> SignIn | None:
    """Return the sign-in that is installed in the place of the desk's own; it is loaded once.

    Raises:
        SeveralSignIns: there is more than one.
    """
    return load_sign_in(entry_points(group=GROUP))


def load_sign_in(entries: Iterable[EntryPoint]) -> SignIn | None:
    """Return the sign-in that entry points give.

    >>> load_sign_in([]) is None
    True
    """
    found = sorted(entries, key=lambda entry: entry.name)
    if len(found) > 1:
        raise SeveralSignIns(entry.name for entry in found)
    loaded: SignIn | None = found[0].load() if found else None
    return loaded

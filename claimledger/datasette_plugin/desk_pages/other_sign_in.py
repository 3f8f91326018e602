"""A newsroom's own sign-in instead of the desk's: one plug-in of the entry point group `claimledger.sign_in`.

There is only one way to sign in. If two plug-ins are installed, or one cannot be loaded, the desk does not start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

from starlette.requests import Request

from claimledger.errors import LedgerError

GROUP = "claimledger.sign_in"
"""The entry point group; its entry names a function of type `SignIn`."""
SignIn = Callable[[Request], str | None]
"""A function that returns the name (as in the log) of the person of a request, or None if no one is signed in. It
may be slow. Its attribute `address`, if it has one, is the address for signing in.
"""


class SeveralSignIns(LedgerError):
    """Raised when more than one plug-in for signing in is installed."""

    def __init__(self, names: Iterable[str]) -> None:
        """List the plug-ins."""
        super().__init__(names=tuple(names))


@lru_cache(maxsize=1)
def other_sign_in() -> SignIn | None:
    """Return the sign-in that is installed instead of the desk's own, or None; it is loaded once.

    Raises:
        SeveralSignIns: there is more than one.
    """
    return load_sign_in(entry_points(group=GROUP))


def load_sign_in(entries: Iterable[EntryPoint]) -> SignIn | None:
    """Return the sign-in of the entry points; None if there are none.

    >>> load_sign_in([]) is None
    True
    """
    found = sorted(entries, key=lambda entry: entry.name)
    if len(found) > 1:
        raise SeveralSignIns(entry.name for entry in found)
    loaded: SignIn | None = found[0].load() if found else None
    return loaded

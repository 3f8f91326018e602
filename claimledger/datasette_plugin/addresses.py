"""The addresses that the public pages, the door and the desk share; each begins where Datasette's own do.

In: the path below which a server answers (Datasette's `base_url`), empty for the whole server. Out: addresses. The
invariant: nobody else writes one of them out.
"""

from __future__ import annotations

from claimledger.vocabulary import Subject

DESK = "/-/desk"
"""The desk: private, for those who sign in."""
REPORT = "/-/report"
"""Where readers report what is wrong, to the desk."""
_FOLDERS = {Subject.CLAIM: "claims", Subject.ARTICLE: "articles"}


def public_page(subject: Subject, key: str) -> str | None:
    """Return the address of a record's page for readers; none if it has no page of its own.

    >>> public_page(Subject.CLAIM, "port-cargo-a2b3"), public_page(Subject.DOCUMENT, "annual-report-a2b3")
    ('/claims/port-cargo-a2b3', None)
    """
    return f"/{_FOLDERS[subject]}/{key}" if subject in _FOLDERS else None


def below(root: str, path: str) -> str:
    """Return the part of a path that is below the one where a server answers; the path, if it is not below.

    >>> below("/press", "/press/-/desk"), below("/press", "/pressed"), below("", "/-/desk")
    ('/-/desk', '/pressed', '/-/desk')
    """
    return path.removeprefix(root) if path.startswith(f"{root}/") else path

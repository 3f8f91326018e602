"""The rule of independence: a verdict on secondary documents alone takes three that do not rest on one another.

In: a claim's fields (JSON), those of its public version, and the documents by name. Out: yes or no, and by what two
documents are one source. The invariant: a copy never counts twice, whatever it is called: documents that share an
address, held bytes, publisher with title and date, or anything they derive from, over any number of steps, are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

from claimledger.addresses import page_of
from claimledger.models import Document
from claimledger.review import STANCES, is_changed
from claimledger.vocabulary import Stance, Tier

NEEDED = 3
"""So many independent documents stand in for a primary one."""
CODE = "few-independent-documents"
"""The code by which the rule is waived."""
Sign = tuple[str, str]
"""By what a document is told (`origin`, `bytes`, `address`, `title`), and the value."""
DocumentOf = Callable[[str], Document | None]
"""Returns a document by its name; none if there is no such document."""


def lacks_independence(fields: Mapping[str, Any], public: Mapping[str, Any], document_of: DocumentOf) -> bool:
    """Whether a claim brings a verdict its public version has not, on too few documents, and nobody waived that.

    A verdict that was public counts as brought once evidence is taken from it. Evidence that only gives context carries
    no verdict. A claim without evidence is refused for that alone.
    """
    known = () if is_changed("evidence", public, fields) else public.get("verdicts", ())
    new = [verdict for verdict in fields.get("verdicts", ()) if verdict not in known]
    if not any(verdict.get("value") in STANCES for verdict in new) or is_waived(fields):
        return False
    return bool(fields.get("evidence")) and rests_on_few(fields, document_of)


def is_waived(fields: Mapping[str, Any]) -> bool:
    """Whether a claim (JSON) says in public why the rule is let be."""
    return any(waiver.get("code") == CODE for waiver in fields.get("waivers", ()))


def rests_on_few(fields: Mapping[str, Any], document_of: DocumentOf) -> bool:
    """Whether what supports or refutes a claim (JSON) is neither primary nor three independent documents."""
    evidence = (one for one in fields.get("evidence", ()) if one.get("stance") != Stance.CONTEXT.value)
    names = {str(one.get("document_id")) for one in evidence}
    if any(found.tier is not Tier.SECONDARY for name in names if (found := document_of(name))):
        return False
    origins = [origins_of(name, document_of) for name in sorted(names)]
    return not any(_is_apart(chosen) for chosen in combinations(origins, NEEDED))


def _is_apart(origins: Iterable[frozenset[Sign]]) -> bool:
    chosen = list(origins)
    return len(frozenset().union(*chosen)) == sum(len(one) for one in chosen)


def origins_of(document_id: str, document_of: DocumentOf) -> frozenset[Sign]:
    """Return by what a document is told, and what it derives from over any number of steps.

    Two documents that have one of these in common are one source. One that nobody knows yet is its own origin.
    """
    beneath = with_origins([document_id], document_of)
    names = {document_id, *(name for found in beneath.values() for name in found.derives_from)}
    return frozenset({("origin", name) for name in names}.union(*map(_signs, beneath.values())))


def with_origins(document_ids: Iterable[str], document_of: DocumentOf) -> dict[str, Document]:
    """Return documents and those they derive from, over any number of steps, by name, as far as they are known."""
    found: dict[str, Document] = {}
    waiting = [*document_ids]
    while waiting:
        name = waiting.pop()
        if name not in found and (document := document_of(name)):
            found[name] = document
            waiting += document.derives_from
    return found


def _signs(document: Document) -> set[Sign]:
    names = (document.publisher, document.title)
    title = ": ".join(_name(name) for name in names if name) + f" ({document.published_on})" if all(names) else ""
    page = page_of(document.address) if document.address else ""
    told = {"bytes": document.content_sha256, "address": page, "title": title.casefold()}
    return {(kind, value) for kind, value in told.items() if value}


def _name(wording: Mapping[str, str]) -> str:
    """Return one wording of several, the same wherever the same languages are given."""
    return wording[min(wording)]

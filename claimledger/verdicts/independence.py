"""The rule of independence: a verdict on secondary documents alone takes three that do not rest on one another.

In: a claim's fields (JSON), those of its public version, and the documents by name. Out: yes or no. The invariant: a
copy never counts twice; what a copy is, `origins` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from claimledger.origins import DocumentOf, Sign, origins_of
from claimledger.workflow import STANCES, is_changed
from claimledger.vocabulary import Stance, Tier

NEEDED = 3
"""So many independent documents stand in for a primary one."""
CODE = "few-independent-documents"
MEANING = {
    "en": "The verdict rests on fewer than three independent documents, all secondary.",
    "ko": "판정이 서로 독립된 셋이 안 되는 2차 자료에만 기댄다.",
}
"""What the code says, by language."""
"""The code by which the rule is waived."""


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

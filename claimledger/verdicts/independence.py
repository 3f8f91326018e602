"""Check that a verdict based only on secondary documents has three independent ones.

A copy never counts twice; `origins` decides which documents are copies. Claims are given as fields (JSON), with those
of the public version, and documents are looked up by ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from claimledger.origins import DocumentLookup, SourceSign, source_signs
from claimledger.workflow import NEEDED_STANCES, is_changed
from claimledger.vocabulary import Stance, Tier

INDEPENDENT_DOCUMENTS_NEEDED = 3
"""The number of independent secondary documents that replace a primary one."""
CODE = "few-independent-documents"
"""The code of the finding, which a waiver names."""
MEANING = {
    "en": "The verdict is based only on secondary sources, and fewer than three are independent.",
    "ko": "판정의 근거가 2차 자료뿐이고, 서로 독립된 것이 셋이 안 됩니다.",
}
"""The meaning of the code, by language."""


def lacks_independence(fields: Mapping[str, Any], public: Mapping[str, Any], document_of: DocumentLookup) -> bool:
    """Return whether a claim has a new verdict with too few documents, and no waiver for it.

    A verdict is new if the public version does not have it, or if public evidence was changed or removed. Evidence with
    the stance `context` does not support a verdict. A claim without evidence passes here because another rule refuses
    it.
    """
    known = () if is_changed("evidence", public, fields) else public.get("verdicts", ())
    new = [verdict for verdict in fields.get("verdicts", ()) if verdict not in known]
    if not any(verdict.get("value") in NEEDED_STANCES for verdict in new) or is_independence_waived(fields):
        return False
    return bool(fields.get("evidence")) and has_too_few_documents(fields, document_of)


def is_independence_waived(fields: Mapping[str, Any]) -> bool:
    """Return whether a claim (JSON) has a waiver for this rule."""
    return any(waiver.get("code") == CODE for waiver in fields.get("waivers", ()))


def has_too_few_documents(fields: Mapping[str, Any], document_of: DocumentLookup) -> bool:
    """Return whether the evidence of a claim (JSON) has neither a primary nor three independent documents.

    Only evidence that supports or refutes the claim counts.
    """
    evidence = (one for one in fields.get("evidence", ()) if one.get("stance") != Stance.CONTEXT.value)
    names = {str(one.get("document_id")) for one in evidence}
    if any(found.tier is not Tier.SECONDARY for name in names if (found := document_of(name))):
        return False
    origins = [source_signs(name, document_of) for name in sorted(names)]
    return not any(_are_independent(chosen) for chosen in combinations(origins, INDEPENDENT_DOCUMENTS_NEEDED))


def _are_independent(origins: Iterable[frozenset[SourceSign]]) -> bool:
    chosen = list(origins)
    return len(frozenset().union(*chosen)) == sum(len(one) for one in chosen)

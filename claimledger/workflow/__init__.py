"""The workflow's rules, all of them; every interface asks here, and a rule stands nowhere else. Pure.

`table` says who may do what to a claim when, and what each act demands; `following`, what may follow what in public and
what a verdict is given on.
"""

from __future__ import annotations

from claimledger.workflow.revision_rules import (
    JUDGED, MATERIAL, RULES, STANCES, Rule, is_changed, judged_anew, lacks_evidence, material_authors, refusals,
)  # fmt: skip
from claimledger.workflow.table import (
    ACTS, INDEPENDENCE_NEEDED, OPEN_FINDINGS, PROPOSES, REASON_NEEDED, Act, Case, Demand, Staff, decide,
    is_second_person,
)  # fmt: skip

__all__ = [
    "ACTS", "INDEPENDENCE_NEEDED", "JUDGED", "MATERIAL", "OPEN_FINDINGS", "PROPOSES", "REASON_NEEDED", "RULES",
    "STANCES", "Act", "Case", "Demand", "Rule", "Staff", "decide", "is_changed", "is_second_person", "judged_anew",
    "lacks_evidence", "material_authors", "refusals",
]  # fmt: skip

"""The workflow's rules, all of them; every interface asks here, and a rule stands nowhere else. Pure.

`table` says who may do what to a claim when, and what each act demands; `following`, what may follow what in public and
what a verdict is given on.
"""

from __future__ import annotations

from claimledger.workflow.revision_rules import (
    JUDGED_FIELDS, MATERIAL_FIELDS, REVISION_RULES, NEEDED_STANCES, RevisionRule, is_changed, changed_judged_fields,
    lacks_evidence, material_authors, revision_problems,
)  # fmt: skip
from claimledger.workflow.table import (
    ACTION_RULES, INDEPENDENCE_NEEDED, OPEN_FINDINGS, PROPOSING_ACTIONS, REASON_NEEDED, ActionRule, Case, Demand,
    StaffMember, decide, is_second_person,
)  # fmt: skip

__all__ = [
    "ACTION_RULES",
    "INDEPENDENCE_NEEDED",
    "JUDGED_FIELDS",
    "MATERIAL_FIELDS",
    "NEEDED_STANCES",
    "OPEN_FINDINGS",
    "PROPOSING_ACTIONS",
    "REASON_NEEDED",
    "REVISION_RULES",
    "ActionRule",
    "Case",
    "Demand",
    "RevisionRule",
    "StaffMember",
    "changed_judged_fields",
    "decide",
    "is_changed",
    "is_second_person",
    "lacks_evidence",
    "material_authors",
    "revision_problems",
]  # fmt: skip

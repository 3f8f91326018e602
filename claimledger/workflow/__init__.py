"""The rules of the workflow: the only place for them, used by every interface.

`table` defines each action: the roles, the stages of a claim in which it is possible, and the requirements.
`revision_rules` defines the allowed order of public versions and the basis of a verdict. All functions are pure.
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

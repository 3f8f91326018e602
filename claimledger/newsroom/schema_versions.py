"""The versions of the schema of `desk.db`: the statements that make version 1, and those of each later version.

The statements of a version never change once it is on main; `tests/older_stores` has a store of each. A later version
is added to `VERSIONS` as the statements that lead to it from the version before.
"""

from __future__ import annotations

from claimledger.newsroom.derived_tables import (
    EARLIER_INDEX, OPEN_DRAFTS, PUBLIC_FILES, RESTS_ON, TASK_COUNTS, TASK_LIST,
)  # fmt: skip
from claimledger.newsroom.erasure import ERASURES
from claimledger.newsroom.record_tables import (
    ACTS,
    ARTICLE_TABLES,
    CHECKPOINTS,
    DRAFTS,
    EARLIER_PEOPLE,
    EVIDENCE_TABLES,
    NOTICES,
    PEOPLE,
    PERSON_ADDRESSES,
    PUBLICATIONS,
    REPORTS,
    REVIEWS,
)
from claimledger.newsroom.row_hashes import ADDRESS_HASHES, CHOICE_HASHES, ROW_HASHES
from claimledger.newsroom.suggestion_tables import SUGGESTIONS

VERSIONS: tuple[tuple[str, ...], ...] = (
    (
        *DRAFTS, *PUBLICATIONS, *ARTICLE_TABLES, *ACTS, *EVIDENCE_TABLES, *REVIEWS, *REPORTS, *PEOPLE,
        *OPEN_DRAFTS, *TASK_LIST, *RESTS_ON, *EARLIER_INDEX,
    ),
    PUBLIC_FILES,
    (*EARLIER_PEOPLE, *ROW_HASHES),
    CHECKPOINTS,
    (*PERSON_ADDRESSES, *ADDRESS_HASHES, *ERASURES),
    (*NOTICES, *CHOICE_HASHES),
    SUGGESTIONS,
    TASK_COUNTS,
)  # fmt: skip
"""The statements that lead from each version of the store to the next, starting from an empty file."""

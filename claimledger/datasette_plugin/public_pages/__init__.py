"""The pages readers read, beside Datasette's tables, and what they take away: ClaimReview, feeds, pictures.

In: requests that Datasette's router hands on. Out: pages in Korean or English, made from `ledger.db` alone. The
invariants: who may not see the ledger's tables sees none of its pages; every word from the ledger is escaped; a page
asks no other host for anything and runs no script. A Datasette that serves no ledger has none of these pages.
"""

from __future__ import annotations

from claimledger.datasette_plugin.public_pages.routes import ROUTES
from claimledger.datasette_plugin.public_pages.unknown import unknown

__all__ = ["ROUTES", "unknown"]

"""The public pages beside Datasette's tables, and the files readers can download: ClaimReview, feeds, charts.

Datasette's router hands on the requests. The pages are in Korean or English and are made only from `ledger.db`. A
reader who may not see the ledger's tables sees none of its pages. All text from the ledger is escaped. A page loads
nothing from other hosts and runs no script. A Datasette that serves no ledger has none of these pages.
"""

from __future__ import annotations

from claimledger.datasette_plugin.public_pages.routes import ROUTES
from claimledger.datasette_plugin.public_pages.unknown import answer_unknown

__all__ = ["ROUTES", "answer_unknown"]

"""The table of the claims, those about a topic alone: `_topic=chips`, beside every other filter of the table page.

In: requests for that table. Out: a condition. A claim's row has its first topic alone, and `_through`, which would look
through the table of the topics, takes the value of another filter for its own (Datasette 0.65). The invariant: who may
not see the whole ledger learns no topic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.filters import FilterArguments

from claimledger.datasette_plugin.public_pages.counted import counted
from claimledger.datasette_plugin.public_pages.doorway import check_reader, is_ledger
from claimledger.publishing.tables import CLAIMS

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

ARGUMENT = "_topic"
_VALUE = "claimledger_topic"
_CONDITION = f"claim_id IN (SELECT claim_id FROM topics WHERE topic = :{_VALUE})"  # noqa: S608  ours


async def condition(datasette: Datasette, request: Request, database: str, table: str) -> FilterArguments | None:
    """Return the condition a request for the claims adds; none without the argument, or of another table.

    Raises:
        Forbidden: this reader may not see the ledger.
    """
    topic = request.args.get(ARGUMENT)
    if not topic or table != CLAIMS.name or not await counted(datasette.databases[database], is_ledger):
        return None
    await check_reader(datasette, database, request.actor)
    return FilterArguments([_CONDITION], {_VALUE: topic}, [f"a topic is {topic}"])

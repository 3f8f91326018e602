"""Filters for the table of claims by any of their topics or figures: `_topic=chips` and `_figure=money`.

They work beside the other filters of the table page. The filter by topic is faster than the array facet of `topics`,
because the table of topics has an index. Datasette's own `_through`, which would search the same table, mixes up its
value with that of another filter (Datasette 0.65). A reader who may not see the whole ledger learns nothing about
topics and figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datasette.filters import FilterArguments

from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.ledger_access import check_reader, is_ledger
from claimledger.publishing.pages.claim_filter import figure_sql
from claimledger.publishing.tables import CLAIMS

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

TOPIC, FIGURE = "_topic", "_figure"
_CONDITION = "claim_id IN (SELECT claim_id FROM topics WHERE topic = :topic)"


async def claim_conditions(datasette: Datasette, request: Request, database: str, table: str) -> FilterArguments | None:
    """Return the conditions that a request for the claims adds; None without the arguments or for another table.

    Raises:
        Forbidden: this reader may not see the ledger.
    """
    topic, figure = request.args.get(TOPIC), request.args.get(FIGURE)
    if not (topic or figure) or table != CLAIMS.name:
        return None
    if not await cached_result(datasette.databases[database], is_ledger):
        return None
    await check_reader(datasette, database, request.actor)
    found = dict(_conditions(topic, figure))
    return FilterArguments([*found], {"topic": topic, "figure": figure}, [*found.values()])


def _conditions(topic: str | None, figure: str | None) -> Iterator[tuple[str, str]]:
    """Yield the SQL conditions with their descriptions."""
    if topic:
        yield _CONDITION, f"a topic is {topic}"
    if figure:
        found = f"SELECT claim_id FROM quantities WHERE {figure_sql(figure)}"  # noqa: S608  our own text
        yield f"claim_id IN ({found})", f"a figure is {figure}"

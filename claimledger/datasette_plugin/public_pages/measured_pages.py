"""The pages with statistics: the corrections with the policy figures, and the charts with their tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from claimledger.datasette_plugin.public_pages.visit import LARGEST_NUMBER, Visit
from claimledger.publishing import charts, policy
from claimledger.publishing.chart_answers import chart_answer
from claimledger.publishing.charts import ChartName, Chart
from claimledger.publishing.drawing import draw_svg
from claimledger.publishing.pages.claim_page import titles_in_changes
from claimledger.publishing.policy import PolicyMetrics

if TYPE_CHECKING:
    from datasette import Response

PAGE_SIZE = 50
"""The number of corrections on one page."""


class DrawnChart(NamedTuple):
    """A chart as SVG, with its table."""

    picture: Chart
    svg: Markup
    answer: str
    """The sentence that answers the question of its title."""


def draw_chart(visit: Visit, picture: Chart) -> DrawnChart:
    """Draw a chart for a page, in the language of the page."""
    # the SVG comes from this program, which escapes its texts
    return DrawnChart(picture, Markup(draw_svg(picture, visit.language)), chart_answer(picture, visit.language))  # noqa: S704


async def read_chart(visit: Visit, name: ChartName) -> DrawnChart:
    """Return a chart of the whole ledger."""
    return draw_chart(visit, await visit.read(charts.count_chart, name, visit.language))


async def policy_figures(visit: Visit) -> PolicyMetrics:
    """Return the figures of the corrections policy."""
    return await visit.read(policy.measure_policy)


async def corrections(visit: Visit) -> Response:
    """Show the corrections, the newest first, and the figures of the corrections policy."""
    before = visit.number("before", LARGEST_NUMBER)
    found = await visit.read(policy.list_corrections, count=PAGE_SIZE + 1, before=before)
    older = found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None
    fields = [change for one in found[:PAGE_SIZE] for change in one.changes]
    titles = await visit.read(titles_in_changes, fields)
    return await visit.page_in_thread(  # a long page takes long
        "corrections.html",
        found=found[:PAGE_SIZE],
        titles=titles,
        older=older,
        before=before,
        measured=await policy_figures(visit),
    )


async def charts_page(visit: Visit) -> Response:
    """Show every chart that compares something, with its table beside it, and its downloads."""
    return visit.page("charts.html", pictures=await shown_charts(visit, charts.CHARTS))


async def shown_charts(visit: Visit, names: Iterable[ChartName]) -> list[DrawnChart]:
    """Return the charts with these names that have more than one bar."""
    drawn = [await read_chart(visit, name) for name in names]
    return [one for one in drawn if one.picture.is_shown]

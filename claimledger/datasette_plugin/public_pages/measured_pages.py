"""The pages with statistics: the corrections with the policy figures, and the charts with their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from claimledger.datasette_plugin.public_pages.visit import LARGEST, Visit
from claimledger.publishing import charts, counts, policy
from claimledger.publishing.charts import Name, Picture
from claimledger.publishing.drawing import svg
from claimledger.publishing.policy import Measured

if TYPE_CHECKING:
    from datasette import Response

ON_A_PAGE = 50
"""The number of corrections on one page."""


class Drawn(NamedTuple):
    """A chart as SVG, with its table."""

    picture: Picture
    svg: Markup


def drawn(visit: Visit, picture: Picture) -> Drawn:
    """Draw a chart for a page, in the language of the page."""
    # the SVG comes from this program, which escapes its texts
    return Drawn(picture, Markup(svg(picture, visit.language)))  # noqa: S704


async def picture_of(visit: Visit, name: Name) -> Drawn:
    """Return a chart of the whole ledger."""
    return drawn(visit, await visit.read(counts.picture, name, visit.language))


async def policy_kept(visit: Visit) -> Measured:
    """Return the figures of the corrections policy."""
    return await visit.read(counts.measured)


async def corrections(visit: Visit) -> Response:
    """Show the corrections, the newest first, and the figures of the corrections policy."""
    before = visit.number("before", LARGEST)
    found = await visit.read(policy.corrections, count=ON_A_PAGE + 1, before=before)
    older = found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else None
    return await visit.page_from_a_thread(  # comparing word by word takes long
        "corrections.html", found=found[:ON_A_PAGE], older=older, before=before, measured=await policy_kept(visit)
    )


async def pictures(visit: Visit) -> Response:
    """Show every chart with its table below it, and its downloads."""
    return visit.page("charts.html", pictures=[await picture_of(visit, name) for name in charts.PICTURES])

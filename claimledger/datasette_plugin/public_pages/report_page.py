"""The page that tells where an error is reported, and of what: a claim, or what another page shows.

In: visits with `claim`, a claim's name, or `about`, the path of a page. Out: the page; where the desk's form takes the
reports, with the claims that may be meant. The invariant: what `about` leads to is a page of ours.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from markupsafe import Markup, escape

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.public_pages.visit import SHOWN, NotThere, NotUnderstood, Visit
from claimledger.publishing.pages.lines import PAGE
from claimledger.publishing.pages.reported import Reported, reported
from claimledger.scalars import CLAIM_ID

if TYPE_CHECKING:
    from datasette import Response


async def report(visit: Visit) -> Response:
    """Tell where an error is reported, of a claim or of what a page shows, if one is named."""
    claim_id, about = visit.argument("claim"), visit.argument("about")
    if claim_id and not re.fullmatch(CLAIM_ID, claim_id):
        raise NotThere("claims", "claim_id", claim_id[:SHOWN])
    found = await _reported(visit, about)
    return visit.page(
        "report.html", claim_id=claim_id, found=found, about=_about(visit, about, found),
        address=report_link.address_of(visit.datasette),
        href=report_link.href(visit.datasette, claim=claim_id, about=about),
        form=partial(report_link.href, visit.datasette, about=about),
        asks_which=not claim_id and report_link.is_desks(visit.datasette),
        is_last=found is None or visit.page_number * PAGE >= found.claim_count,
    )  # fmt: skip


class About(NamedTuple):
    """The page that a report is about."""

    path: str
    called: Markup


def _about(visit: Visit, about: str, found: Reported | None) -> About | None:
    """Return the page that a report is about and what it is called; none if none is named."""
    if not about:
        return None
    called = visit.wording(found.names) if found else escape(_of_no_record(visit, about))
    return About(str(visit.datasette.urls.path(about)), called)


def _of_no_record(visit: Visit, about: str) -> str:
    """Return what a page of no record is called; what nothing is known of, by its path."""
    page, _, number = about.strip("/").partition("#")
    if "/" in page:
        return unquote(about)[:SHOWN]
    called = visit.say(f"site.{page or 'title'}")
    return f"{called}, {visit.say('claim.log', number=int(number))}" if number else called


async def _reported(visit: Visit, about: str) -> Reported | None:
    """Return the record of the page a report is about; none where that page is of none we have, or none is named.

    Raises:
        NotUnderstood: there is no such page.
    """
    if not about:
        return None
    page = report_link.ABOUT.fullmatch(about)
    if not page:
        raise NotUnderstood("refused.about", about[:SHOWN])
    if not page["name"]:
        return None
    return await visit.read_in_time(reported, page["folder"], unquote(page["name"]), visit.page_number)

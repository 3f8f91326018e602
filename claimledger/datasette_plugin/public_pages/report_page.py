"""The page that shows where to report an error in a claim or on another page.

The argument `claim` is a claim's name, and `about` is the path of a page. If the desk's form accepts reports, the page
also lists the claims of that page to choose from. `about` can only lead to a page of this site.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from markupsafe import Markup, escape

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.public_pages.visit import LONGEST_SHOWN, RecordMissing, ArgumentRefused, Visit
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.publishing.pages.reported import ReportedRecord, reported_record
from claimledger.scalars import CLAIM_ID

if TYPE_CHECKING:
    from datasette import Response


async def report(visit: Visit) -> Response:
    """Show where to report an error, for the named claim or page if there is one."""
    claim_id, about = visit.argument("claim"), visit.argument("about")
    if claim_id and not re.fullmatch(CLAIM_ID, claim_id):
        raise RecordMissing("claims", "claim_id", claim_id[:LONGEST_SHOWN])
    found = await _reported_record(visit, about)
    return visit.page(
        "report.html", claim_id=claim_id, found=found, about=_reported_page(visit, about, found),
        address=report_link.report_address(visit.datasette),
        href=report_link.href(visit.datasette, claim=claim_id, about=about),
        form=partial(report_link.href, visit.datasette, about=about),
        asks_which=not claim_id and report_link.uses_desk_form(visit.datasette),
        is_last=found is None or visit.page_number * LINES_PER_PAGE >= found.claim_count,
    )  # fmt: skip


class ReportedPage(NamedTuple):
    """The page that a report is about."""

    path: str
    called: Markup


def _reported_page(visit: Visit, about: str, found: ReportedRecord | None) -> ReportedPage | None:
    """Return the path and the name of the page that a report is about; None if the address names none."""
    if not about:
        return None
    name = visit.wording(found.names) if found else escape(_page_name(visit, about))
    return ReportedPage(str(visit.datasette.urls.path(about)), name)


def _page_name(visit: Visit, about: str) -> str:
    """Return the name of a page that shows no record; its path if the record is unknown."""
    page, _, number = about.strip("/").partition("#")
    if "/" in page:
        return unquote(about)[:LONGEST_SHOWN]
    name = visit.say(f"site.{page or 'title'}")
    return f"{name}, {visit.say('claim.log', number=int(number))}" if number else name


async def _reported_record(visit: Visit, about: str) -> ReportedRecord | None:
    """Return the record on the page that a report is about; None if that page shows no known record.

    Raises:
        ArgumentRefused: `about` is not the path of a page.
    """
    if not about:
        return None
    page = report_link.REPORTABLE_PATH.fullmatch(about)
    if not page:
        raise ArgumentRefused("refused.about", about[:LONGEST_SHOWN])
    if not page["name"]:
        return None
    return await visit.read_in_time(reported_record, page["folder"], unquote(page["name"]), visit.page_number)

"""The page with an article's audit report: who did what when, with sources and open points. It prints well."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import lookups
from claimledger.desk.audit_report import audit_article, has_query


async def audit(visit: Visit) -> Response:
    """Show the audit report of an article."""
    report = await run_in_threadpool(audit_article, visit.places, visit.request.path_params["article_id"])
    return visit.page("audit.html", report=report, has_query=has_query, today=lookups.newsroom_day().isoformat())


PAGES = (("GET", "/articles/{article_id}/report", audit),)

"""Publishing: all that waits, who may publish it, and which public rows would change, before any does."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.column_labels import cell_label, column_label, table_label
from claimledger.datasette_plugin.desk_pages.form_values import whole
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import Waiting
from claimledger.errors import LedgerError, NotFound
from claimledger.publishing.row_changes import RowChange
from claimledger.review import Staff

_MOST_CHOSEN = 50
"""Records that are shown with all their rows at a time."""
_MOST_LINKED = 40
_PUBLIC = {"claim": "/ledger/claims/", "article": "/ledger/articles/", "document": "/ledger/documents/"}
"""Where the public pages of records are."""


async def publish_page(visit: Visit) -> Response:
    """Show what waits, and the public rows that the chosen part of it would change."""
    asked = visit.request.query_params
    keys = [*asked.getlist("key"), *asked.getlist("claim")]
    found = await run_in_threadpool(_read, visit, keys)
    published = await run_in_threadpool(_published, visit, asked.getlist("published")[:_MOST_LINKED])
    return visit.page(
        "publish.html", keys=keys, published=published, count=asked.get("count", ""),
        table_label=partial(table_label, visit), column_label=partial(column_label, visit),
        cell_label=partial(cell_label, visit), **found,
    )  # fmt: skip


def _read(visit: Visit, keys: list[str]) -> dict[str, Any]:
    waiting, count = desk.waiting(visit.places, visit.staff)
    known = {one.key for one in waiting}
    if missing := [key for key in keys if key not in known]:
        others, _ = desk.waiting(visit.places, visit.staff, missing)
        waiting = [*others, *waiting]
    chosen = [one for one in waiting if not keys or one.key in keys][:_MOST_CHOSEN]
    rows, refusal = _rows(visit, chosen)
    return {"waiting": waiting, "in_all": count, "chosen": chosen, "rows": rows, "refusal": refusal,
            "hindered": [one for one in chosen if one.refusals]}  # fmt: skip


def _rows(visit: Visit, chosen: list[Waiting]) -> tuple[list[RowChange], str]:
    """Return the rows that would change, or why that cannot be told."""
    try:
        return desk.preview(visit.places, visit.staff, [one.key for one in chosen]) if chosen else [], ""
    except LedgerError as refusal:
        return [], visit.told_refusal(refusal)


def _published(visit: Visit, keys: list[str]) -> list[tuple[str, str]]:
    """Return name and public address of what was published."""
    found = []
    with desk.open_store(visit.places) as store:
        for place in keys:
            subject, _, key = place.partition(":")
            if subject in _PUBLIC and any(True for _ in store.bodies_of(key)):
                found.append((key, f"{_PUBLIC[subject]}{key}"))
    return found


async def publish(visit: Visit) -> Response:
    """Publish what was chosen and shown, all of it or nothing."""
    form = await visit.form()
    keys = [str(key) for key in form.getlist("key")]
    seen = {number for one in form.getlist("draft_id") if (number := whole(str(one))) is not None}
    if not keys:
        raise NothingChosen
    count, places = await run_in_threadpool(_publish, visit, visit.staff, keys, seen)
    query = urlencode([("count", count), *(("published", place) for place in places)])
    return visit.go(f"/publish?{query}")


def _publish(visit: Visit, actor: Staff, keys: list[str], seen: set[int]) -> tuple[int, list[str]]:
    waiting, _ = desk.waiting(visit.places, actor, keys)
    count, _ = desk.publish(visit.places, actor, keys, seen=seen)
    return count, [f"{one.subject.value}:{one.key}" for one in waiting[:_MOST_LINKED]]


class NothingChosen(NotFound):
    """A form names nothing to publish."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("choice of", "what to publish")


PAGES = (("GET", "/publish", publish_page), ("POST", "/publish", publish))

"""Publishing: all that waits, who may publish it, and which public rows would change, before any does."""

from __future__ import annotations

from functools import partial
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.addresses import public_page
from claimledger.datasette_plugin.desk_pages.column_labels import column_label, table_label
from claimledger.datasette_plugin.desk_pages.document_names import document_names
from claimledger.datasette_plugin.desk_pages.form_values import act_in, whole
from claimledger.datasette_plugin.desk_pages.publish_rows import rows_by_record, shown_cells, shown_key, shown_value
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import Waiting
from claimledger.errors import LedgerError, NotFound
from claimledger.models import Article, Claim, Document, Subjects
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import EDITION_TEXTS
from claimledger.workflow import Staff
from claimledger.vocabulary import Subject

_MOST_CHOSEN = 50
"""Records that are shown with all their rows at a time."""
_MOST_LINKED = 40


async def publish_page(visit: Visit) -> Response:
    """Show what waits, and the public rows that the chosen part of it would change."""
    asked = visit.request.query_params
    keys = [*asked.getlist("key"), *asked.getlist("claim")]
    found = await run_in_threadpool(_read, visit, keys)
    published = await run_in_threadpool(_published, visit, asked.getlist("published")[:_MOST_LINKED])
    return visit.page(
        "publish.html", published=published, count=whole(asked.get("count", "")) or 0,
        is_chosen_otherwise="otherwise" in asked,
        table_label=partial(table_label, visit), column_label=partial(column_label, visit),
        name_of=partial(name_of, visit, found.pop("names")), cell_label=partial(shown_value, visit),
        shown_cells=shown_cells, shown_key=shown_key, **found,
    )  # fmt: skip


def _read(visit: Visit, keys: list[str]) -> dict[str, Any]:
    """Return what waits, and what of it is chosen: what is asked for, else what somebody approved.

    What nobody approved is approved by whoever publishes it, so they choose it themselves. What an editor may not
    publish is looked at only where nothing else was asked for.
    """
    known, count = _waiting(visit, keys)
    asked = [one for one in known.values() if (one.key in keys if keys else one.approver)]
    why_not = {one.key: _why_not(visit, one, known) for one in known.values()}
    chosen = _first(known, [one for one in asked if not why_not[one.key]] or asked)
    rows, faults = _rows(visit, chosen, known)
    why_not |= {key: [*why_not[key], fault] for key, fault in faults.items()}
    chosen = [one for one in chosen if one.key not in faults]
    return {
        "waiting": list(known.values()), "known": known, "in_all": count, "chosen": chosen, "why_not": why_not,
        "left_out": [one for one in asked if keys and one not in chosen], "row_count": len(rows),
        "undecided": desk.undecided(visit.places, [one.record for one in chosen]), "texts": _texts(rows),
        "names": _names(visit, known),
        "rows": rows_by_record(visit, rows, chosen), "hindered": [one for one in chosen if why_not[one.key]],
    }  # fmt: skip


def _names(visit: Visit, keys: Iterable[str]) -> dict[str, str]:
    """Return what the documents among some records are called, confidential ones too for who may read them."""
    return document_names(visit, desk.documents_named(visit.places, keys, visit.staff))


def _texts(rows: list[RowChange]) -> list[tuple[str, str]]:
    """Return each article whose whole public text is `new`, `gone`, or `changed`: another edition takes its place."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.table == EDITION_TEXTS.name:
            found.setdefault(str(row.key[0]), set()).add(row.what)
    return [(article_id, whats.pop() if len(whats) == 1 else "changed") for article_id, whats in found.items()]


def _waiting(visit: Visit, keys: list[str]) -> tuple[dict[str, Waiting], int]:
    """Return what waits by its key, what is asked for first, with all that must go along; and how much waits in all."""
    first, count = desk.waiting(visit.places, visit.staff)
    known = {one.key: one for one in first}
    while lacking := [key for key in keys if key not in known] or _lacking(known):
        others, _ = desk.waiting(visit.places, visit.staff, lacking)
        known = {one.key: one for one in others} | known
    return known, count


def _lacking(known: Mapping[str, Waiting]) -> list[str]:
    return list(dict.fromkeys(key for one in known.values() for key in one.companions if key not in known))


def _together(one: Waiting, known: Mapping[str, Waiting]) -> dict[str, Waiting]:
    """Return a record with all that must go along."""
    return {key: known[key] for key in (one.key, *one.companions)}


def _first(known: Mapping[str, Waiting], asked: list[Waiting]) -> list[Waiting]:
    """Return the first of what is asked for with all that must go along, as much as is shown at a time."""
    found: dict[str, Waiting] = {}
    for one in asked:
        if len(both := found | _together(one, known)) <= _MOST_CHOSEN:
            found = both
    return list(found.values())


def _why_not(visit: Visit, one: Waiting, known: Mapping[str, Waiting]) -> list[str]:
    """Return why a record may not be published by who looks; or what must go along with it may not."""
    own = [f"{visit.told(problem)} [{problem.code}]" for problem in one.refusals if problem not in one.findings]
    findings = [f"{visit.told(problem)} [{problem.code}]" for problem in one.findings]
    others = [key for key, other in _together(one, known).items() if other.refusals and key != one.key]
    return [*findings, *own, *(visit.say("publish.companion_may_not", name=key) for key in others)]


def _rows(visit: Visit, chosen: list[Waiting], known: Mapping[str, Waiting]) -> tuple[list[RowChange], dict[str, str]]:
    """Return the rows that would change, and why a record cannot be published, if one fails a check."""
    try:
        return _preview(visit, chosen), {}
    except LedgerError:
        faults = {one.key: fault for one in chosen if (fault := _fault(visit, list(_together(one, known).values())))}
    return _preview(visit, [one for one in chosen if one.key not in faults]), faults


def _preview(visit: Visit, chosen: list[Waiting]) -> list[RowChange]:
    return desk.preview(visit.places, visit.staff, [one.key for one in chosen]) if chosen else []


def _fault(visit: Visit, together: list[Waiting]) -> str:
    """Return why some records cannot be published together; empty if they can."""
    try:
        _preview(visit, together)
    except LedgerError as refusal:
        return visit.told_refusal(refusal)
    return ""


def _published(visit: Visit, keys: list[str]) -> list[tuple[str, str | None]]:
    """Return what each record that was published says, and its page for readers, if it has one."""
    found, names = [], _names(visit, (key.partition(":")[2] for key in keys))
    for subject, _, key in (place.partition(":") for place in keys):
        record = desk.public_record(visit.places, Subject(subject), key) if subject in set(Subject) else None
        if record:
            page = public_page(Subject(subject), key)
            found.append((name_of(visit, names, record) or key, visit.public(page) if page else None))
    return found


def name_of(visit: Visit, names: Mapping[str, str], record: Subjects) -> str:
    """Return what a record says of itself, in the language of who reads it; `names` are those of documents."""
    match record:
        case Claim():
            return visit.wording(record.statement)
        case Article():
            return visit.wording(record.headline)
        case Document():
            return names.get(record.document_id) or visit.wording(record.title)
    return ""


async def publish(visit: Visit) -> Response:
    """Publish what was chosen and shown, all of it or nothing; of another choice than was shown, show the rows."""
    form = await visit.form()
    keys, shown = ([str(key) for key in form.getlist(name)] for name in ("key", "shown"))
    if act_in(form, ("show", "publish")) == "show":
        return _shown_anew(visit, keys)
    seen = {number for one in form.getlist("draft_id") if (number := whole(str(one))) is not None}
    if not keys:
        raise NothingChosen
    if set(keys) != set(shown):
        return _shown_anew(visit, keys, ("otherwise", "yes"))
    places = await run_in_threadpool(_publish, visit, visit.staff, keys, seen)
    query = urlencode([("count", len({*keys})), *(("published", place) for place in places)])
    return visit.go(f"/publish?{query}")


def _shown_anew(visit: Visit, keys: list[str], *more: tuple[str, str]) -> Response:
    return visit.go(f"/publish?{urlencode([*(('key', key) for key in keys), *more])}")


def _publish(visit: Visit, actor: Staff, keys: list[str], seen: set[int]) -> list[str]:
    waiting, _ = desk.waiting(visit.places, actor, keys)
    desk.publish(visit.places, actor, keys, seen=seen)
    return [f"{one.subject.value}:{one.key}" for one in waiting[:_MOST_LINKED]]


class NothingChosen(NotFound):
    """A form names nothing to publish."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("choice of", "what to publish")


PAGES = (("GET", "/publish", publish_page), ("POST", "/publish", publish))

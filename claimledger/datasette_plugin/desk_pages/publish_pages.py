"""Publishing: all drafts, who may publish them, and the public rows that would change, before any does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.desk import lookups
from claimledger.datasette_plugin.addresses import public_page
from claimledger.datasette_plugin.desk_pages.column_labels import column_label, table_label
from claimledger.datasette_plugin.desk_pages.document_names import document_names
from claimledger.datasette_plugin.desk_pages.form_values import read_action, whole_number
from claimledger.datasette_plugin.desk_pages.publish_rows import (
    rows_by_record, readable_cells, readable_key, readable_value,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk.lookups import WaitingRecord
from claimledger.errors import LedgerError, NotFound
from claimledger.models import Article, Claim, Document, LedgerRecord
from claimledger.publishing.row_changes import RowChange
from claimledger.publishing.tables import EDITION_TEXTS
from claimledger.workflow import StaffMember
from claimledger.vocabulary import Subject

_MOST_SELECTED = 50
"""The number of records that are shown with all their rows at a time."""
_MOST_LINKED = 40


async def publish_page(visit: Visit) -> Response:
    """Show the drafts, and the public rows that the selected ones would change."""
    parameters = visit.request.query_params
    keys = [*parameters.getlist("key"), *parameters.getlist("claim")]
    found = await run_in_threadpool(_read, visit, keys)
    published = await run_in_threadpool(_published_records, visit, parameters.getlist("published")[:_MOST_LINKED])
    return visit.page(
        "publish.html", published=published, count=whole_number(parameters.get("count", "")) or 0,
        is_chosen_otherwise="otherwise" in parameters,
        table_label=partial(table_label, visit), column_label=partial(column_label, visit),
        name_of=partial(record_title, visit, found.pop("names")), cell_label=partial(readable_value, visit),
        shown_cells=readable_cells, shown_key=readable_key, **found,
    )  # fmt: skip


def _read(visit: Visit, keys: list[str]) -> dict[str, Any]:
    """Return the drafts and the selected ones: those that the address names, or else all approved ones.

    Publishing a draft that no one approved also approves it, so a person has to select it. Drafts that this editor may
    not publish are previewed only if the address names no others.
    """
    known, count = _waiting(visit, keys)
    selected = [one for one in known.values() if (one.key in keys if keys else one.approver)]
    obstacles = {one.key: _obstacles(visit, one, known) for one in known.values()}
    chosen = _select(known, [one for one in selected if not obstacles[one.key]] or selected)
    rows, faults = _rows(visit, chosen, known)
    obstacles |= {key: [*obstacles[key], fault] for key, fault in faults.items()}
    chosen = [one for one in chosen if one.key not in faults]
    return {
        "waiting": list(known.values()), "known": known, "in_all": count, "chosen": chosen, "why_not": obstacles,
        "left_out": [one for one in selected if keys and one not in chosen], "row_count": len(rows),
        "undecided": lookups.undecided_counts(visit.places, [one.record for one in chosen]), "texts": _texts(rows),
        "names": _names(visit, known), "clock_doubt": clock_doubt(visit),
        "rows": rows_by_record(visit, rows, chosen), "hindered": [one for one in chosen if obstacles[one.key]],
    }  # fmt: skip


def clock_doubt(visit: Visit) -> str:
    """Return the sentence that says why the clock may be wrong; empty if it is believed."""
    doubt = lookups.read_clock_doubt(visit.places)
    return doubt.message.sentence(visit.language) if doubt else ""


def _names(visit: Visit, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of the documents among some records; confidential ones too, for people who may read them."""
    return document_names(visit, lookups.documents_at_desk(visit.places, keys, visit.staff))


def _texts(rows: list[RowChange]) -> list[tuple[str, str]]:
    """Return each article whose public text would be `new`, `gone` or `changed` (another edition replaces it)."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.table == EDITION_TEXTS.name:
            found.setdefault(str(row.key[0]), set()).add(row.what)
    return [(article_id, changes.pop() if len(changes) == 1 else "changed") for article_id, changes in found.items()]


def _waiting(visit: Visit, keys: list[str]) -> tuple[dict[str, WaitingRecord], int]:
    """Return the drafts by key, first those named in the address, with companion drafts; and the number of all."""
    first, count = lookups.list_waiting_records(visit.places, visit.staff)
    known = {one.key: one for one in first}
    while missing := [key for key in keys if key not in known] or _missing_keys(known):
        others, _ = lookups.list_waiting_records(visit.places, visit.staff, missing)
        known = {one.key: one for one in others} | known
    return known, count


def _missing_keys(known: Mapping[str, WaitingRecord]) -> list[str]:
    return list(dict.fromkeys(key for one in known.values() for key in one.companions if key not in known))


def _with_companions(one: WaitingRecord, known: Mapping[str, WaitingRecord]) -> dict[str, WaitingRecord]:
    """Return a draft with all its companion drafts."""
    return {key: known[key] for key in (one.key, *one.companions)}


def _select(known: Mapping[str, WaitingRecord], selected: list[WaitingRecord]) -> list[WaitingRecord]:
    """Return as many selected drafts, with their companion drafts, as are shown at a time."""
    found: dict[str, WaitingRecord] = {}
    for one in selected:
        if len(combined := found | _with_companions(one, known)) <= _MOST_SELECTED:
            found = combined
    return list(found.values())


def _obstacles(visit: Visit, one: WaitingRecord, known: Mapping[str, WaitingRecord]) -> list[str]:
    """Return the reasons why this person may not publish a draft or one of its companion drafts."""
    refusals = [
        f"{visit.problem_text(problem)} [{problem.code}]" for problem in one.refusals if problem not in one.findings
    ]
    findings = [f"{visit.problem_text(problem)} [{problem.code}]" for problem in one.findings]
    others = [key for key, other in _with_companions(one, known).items() if other.refusals and key != one.key]
    return [*findings, *refusals, *(visit.say("publish.companion_may_not", name=key) for key in others)]


def _rows(
    visit: Visit, chosen: list[WaitingRecord], known: Mapping[str, WaitingRecord]
) -> tuple[list[RowChange], dict[str, str]]:
    """Return the rows that would change, and the reason for each record that cannot be published."""
    try:
        return _preview(visit, chosen), {}
    except LedgerError:
        faults = {
            one.key: fault for one in chosen if (fault := _fault(visit, list(_with_companions(one, known).values())))
        }
    return _preview(visit, [one for one in chosen if one.key not in faults]), faults


def _preview(visit: Visit, chosen: list[WaitingRecord]) -> list[RowChange]:
    return desk.preview(visit.places, visit.staff, [one.key for one in chosen]) if chosen else []


def _fault(visit: Visit, together: list[WaitingRecord]) -> str:
    """Return the reason why some drafts cannot be published together; empty if they can."""
    try:
        _preview(visit, together)
    except LedgerError as refusal:
        return visit.refusal_text(refusal)
    return ""


def _published_records(visit: Visit, keys: list[str]) -> list[tuple[str, str | None]]:
    """Return the title of each published record and its public page, if it has one."""
    found, names = [], _names(visit, (key.partition(":")[2] for key in keys))
    for subject, _, key in (address.partition(":") for address in keys):
        record = lookups.public_record(visit.places, Subject(subject), key) if subject in set(Subject) else None
        if record:
            page = public_page(Subject(subject), key)
            found.append((record_title(visit, names, record) or key, visit.server_path(page) if page else None))
    return found


def record_title(visit: Visit, names: Mapping[str, str], record: LedgerRecord) -> str:
    """Return the title of a record in the language of the reader; `names` are the names of documents."""
    match record:
        case Claim():
            return visit.wording(record.statement)
        case Article():
            return visit.wording(record.headline)
        case Document():
            return names.get(record.document_id) or visit.wording(record.title)
    return ""


async def publish(visit: Visit) -> Response:
    """Publish the drafts that were selected and shown, all or none; if the selection changed, show its rows first."""
    form = await visit.form()
    keys, shown = ([str(key) for key in form.getlist(name)] for name in ("key", "shown"))
    if read_action(form, ("show", "publish")) == "show":
        return _show_selection(visit, keys)
    seen = {number for one in form.getlist("draft_id") if (number := whole_number(str(one))) is not None}
    if not keys:
        raise NothingChosen
    if set(keys) != set(shown):
        return _show_selection(visit, keys, ("otherwise", "yes"))
    is_clock_right = form.get("clock") == "right"
    places = await run_in_threadpool(_publish, visit, visit.staff, keys, seen, is_clock_right=is_clock_right)
    query = urlencode([("count", len({*keys})), *(("published", address) for address in places)])
    return visit.go(f"/publish?{query}")


def _show_selection(visit: Visit, keys: list[str], *more: tuple[str, str]) -> Response:
    return visit.go(f"/publish?{urlencode([*(('key', key) for key in keys), *more])}")


def _publish(visit: Visit, actor: StaffMember, keys: list[str], seen: set[int], *, is_clock_right: bool) -> list[str]:
    waiting, _ = lookups.list_waiting_records(visit.places, actor, keys)
    desk.publish(visit.places, actor, keys, seen=seen, is_clock_right=is_clock_right)
    return [f"{one.subject.value}:{one.key}" for one in waiting[:_MOST_LINKED]]


class NothingChosen(NotFound):
    """Raised when nothing is chosen to be published."""

    def __init__(self) -> None:
        """Describe the missing selection."""
        LedgerError.__init__(self)


PAGES = (("GET", "/publish", publish_page), ("POST", "/publish", publish))

"""New articles: a text pasted, uploaded or fetched, then what the article is; both become one draft.

In: two forms, the second filled in with what the text says of itself. Out: an article's draft, a new edition, or every
problem at its field. The invariant: what the second form stores is byte for byte what the first one read.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import text
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.editorial.new_editions import Arrived, NameNeeded, likely_language
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.fetching import fetch
from claimledger.intake import LIMIT, Form, Intake, read_in

FIELDS = (
    "article_id", "headline_ko", "headline_en", "publisher_ko", "publisher_en", "published_on", "language",
    "authors", "address", "holder_ko", "holder_en", "statement_ko", "statement_en",
)  # fmt: skip
"""The text fields of the second form."""
ALLOWED = ("may_hold_text", "may_publish_text")
"""Its boxes: what the rights allow."""
_TYPED = ("pasted", "address")
"""The fields of the first form that a person types; a browser brings no file back."""
_WORDINGS = ("headline", "publisher")
_RIGHTS = ("holder", "statement")
PASTED = "pasted"
"""The origin of a text that came from no file and no address."""
_NOTHING_GIVEN = Problem("text-empty", "No text was given.", "Paste the text, choose a file or give an address.")
_LOST = Problem("text-lost", "The text did not come along whole.", "Give it once more.")


@dataclass(frozen=True, slots=True)
class Given:
    """A text as somebody gave it."""

    taken_in: Intake
    """The text."""
    origin: str
    """The file or address it came from."""


async def new_article_page(visit: Visit) -> Response:
    """Ask for a text."""
    return await _ask_text(visit, visit.request.query_params.get("article_id", ""))


async def _ask_text(
    visit: Visit, article_id: str, refusal: LedgerError | None = None, typed: Mapping[str, str] = MappingProxyType({})
) -> Response:
    names = await run_in_threadpool(desk.article_names, visit.places)
    return visit.page(
        "article_new.html", 409 if refusal else 200, step="text", names=names, article_id=article_id,
        problems=refusal.problems if isinstance(refusal, ProblemsFound) else (),
        sentence=visit.told_refusal(refusal) if refusal else "", is_missing=article_id in names and not refusal,
        typed=typed,
    )  # fmt: skip


def _ask_article(visit: Visit, given: Given, values: Mapping[str, str], problems: Sequence[Problem] = ()) -> Response:
    content = given.taken_in.text.decode()
    origin = "" if given.origin == PASTED else given.origin
    return visit.page(
        "article_new.html", 409 if problems else 200, step="article", values=values, problems=problems,
        at=by_field(problems), carried=_packed(given), origin=origin, length=len(content), begin=content[:300],
    )  # fmt: skip


def by_field(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Return the problems by the field of the form they are shown at: the last name of their way that is no language.

    >>> [*by_field([Problem("a", "A.", "B.", field="rights.holder.en"), Problem("a", "A.", "B.", field="topics.1")])]
    ['holder', 'topics']
    """
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        steps = [step for step in problem.field.split(".") if step not in LANGUAGES and not step.isdigit()]
        found.setdefault(steps[-1] if steps else "", []).append(problem)
    return found


async def new_article(visit: Visit) -> Response:
    """Take a text in: as an edition of an article that is there, or, with what it is, as a new article."""
    form = await visit.form()
    if "carried" in form:
        return await _second_form(visit, form)
    article_id = text(form, "article_id")
    try:
        given = await _given(form)
        arrived = await run_in_threadpool(_add, visit, given, article_id or None, {})
    except NameNeeded:
        return _ask_article(visit, given, await run_in_threadpool(_first_values, given))
    except LedgerError as refusal:
        return await _ask_text(visit, article_id, refusal, {name: str(form.get(name, "")) for name in _TYPED})
    finally:
        await form.close()
    return _arrived(visit, arrived)


async def _second_form(visit: Visit, form: FormData) -> Response:
    values = {name: text(form, name) for name in (*FIELDS, *ALLOWED)}
    try:
        given = _unpacked(form)
    except ProblemsFound as refusal:
        return await _ask_text(visit, "", refusal)
    try:
        arrived = await run_in_threadpool(_add, visit, given, values["article_id"], _fields(values))
    except LedgerError as refusal:
        return _ask_article(visit, given, values, visit.problems_of(refusal, "article_id"))
    return _arrived(visit, arrived)


def _add(visit: Visit, given: Given, article_id: str | None, fields: Mapping[str, Any]) -> Arrived:
    made = visit.edit(visit.reason("taken_in"), "update")
    arrived, _ = desk.add_article(
        visit.places, given.taken_in, made, origin=given.origin, article_id=article_id, fields=fields
    )
    return arrived


def _arrived(visit: Visit, arrived: Arrived) -> Response:
    fates = Counter(carried.fate.value for carried in arrived.carried)
    counts = {fate: str(count) for fate, count in fates.items()}
    return visit.go(f"/articles/{arrived.article_id}", done=arrived.novelty.value, **counts)


async def _given(form: FormData) -> Given:
    """Return the text of the first form: the file, else the address, else what was pasted.

    Raises:
        ProblemsFound: there is none, or it cannot be read.
        FetchRefused: the address gave nothing.
    """
    file, address, pasted = form.get("file"), text(form, "address"), str(form.get("pasted", ""))
    if isinstance(file, UploadFile) and file.filename:
        content = await file.read(LIMIT + 1)
        return Given(await run_in_threadpool(read_in, content, name=file.filename), file.filename)
    if address:
        return Given(await run_in_threadpool(_fetched, address), address)
    if not pasted.strip():
        raise ProblemsFound([_NOTHING_GIVEN])
    as_typed = pasted.replace("\r\n", "\n").encode()  # a browser sends every end of a line as these two
    return Given(await run_in_threadpool(read_in, as_typed, name="pasted.txt"), PASTED)


def _fetched(address: str) -> Intake:
    page = fetch(address)
    return read_in(page.content, name=address, content_type=page.content_type, charset=page.charset)


def _packed(given: Given) -> str:
    """Return a text and where it came from as a hidden field brings them along, its line ends untouched."""
    head = f"{given.origin}\n{given.taken_in.form}\n{given.taken_in.encoding or ''}\n".encode()
    return base64.b64encode(zlib.compress(head + given.taken_in.text)).decode()


def _unpacked(form: FormData) -> Given:
    try:
        inflating = zlib.decompressobj()
        content = inflating.decompress(base64.b64decode(text(form, "carried"), validate=True), LIMIT)
        origin, kind, encoding, body = content.split(b"\n", 3)
        body.decode()
        return Given(Intake(body, Form(kind.decode()), encoding.decode() or None), origin.decode())
    except (zlib.error, binascii.Error, ValueError) as error:
        raise ProblemsFound([_LOST]) from error


def _first_values(given: Given) -> dict[str, str]:
    """Return the second form's values as far as the text says them."""
    taken_in = given.taken_in
    language = taken_in.language or likely_language(taken_in)
    shown = language if language in LANGUAGES else "en"
    return dict.fromkeys((*FIELDS, *ALLOWED), "") | {
        f"headline_{shown}": taken_in.headline or "",
        f"publisher_{shown}": taken_in.publisher or "",
        f"holder_{shown}": taken_in.publisher or "",
        "published_on": taken_in.published_on or "",
        "language": language,
        "authors": ", ".join(taken_in.authors),
        "address": taken_in.address or (given.origin if given.origin.startswith("http") else ""),
    }


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    """Return an article's record (JSON) from the second form; what is left empty is missing."""
    language = values["language"] if values["language"] in LANGUAGES else "en"
    fields: dict[str, Any] = {name: _wording(values, name) for name in _WORDINGS}
    fields |= {name: values[name] for name in ("published_on", "language")}
    if values["address"]:
        fields["address"] = values["address"]
    if authors := [name.strip() for name in values["authors"].split(",") if name.strip()]:
        fields["authors"] = [{"name": {language: name}} for name in authors]
    rights = {name: _wording(values, name) for name in _RIGHTS}
    return fields | {"rights": rights | {name: bool(values[name]) for name in ALLOWED}}


def _wording(values: Mapping[str, str], name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := values[f"{name}_{language}"])}

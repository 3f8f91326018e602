"""New articles: a form for a text that is pasted, uploaded or fetched, and a form with the article's details.

The second form is filled in with the details that the text contains. The result is an article's draft or a new edition,
or every problem at its field. The second form stores the text exactly as the first one read it, byte for byte.
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
from claimledger.desk import lookups
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import text
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.editorial.new_editions import IncomingText, NameNeeded, likely_language
from claimledger.editorial.printed_details import add_printed_details
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.fetching import fetch
from claimledger.intake import (
    ARTICLE_SIZE_LIMIT, SourceFormat, ExtractedDocument, extract_article_file, extract_document,
)  # fmt: skip

FIELDS = (
    "article_id", "headline_ko", "headline_en", "publisher_ko", "publisher_en", "published_on", "language",
    "authors", "address", "holder_ko", "holder_en", "statement_ko", "statement_en",
)  # fmt: skip
"""The text fields of the second form."""
RIGHTS_BOXES = ("may_hold_text", "may_publish_text")
"""The check boxes of the second form, for what the rights allow."""
_TYPED_FIELDS = ("pasted", "address")
"""The fields of the first form that a person types; browsers do not keep a chosen file."""
_WORDINGS = ("headline", "publisher")
_RIGHTS = ("holder", "statement")
PASTED = "pasted"
"""The origin of a text that came from neither a file nor an address."""
_TEXT_MISSING = Problem("text-empty")
_TEXT_LOST = Problem("text-lost")


@dataclass(frozen=True, slots=True)
class SubmittedText:
    """A submitted text."""

    intake: ExtractedDocument
    """The text."""
    origin: str
    """The file or address that it came from."""


async def new_article_page(visit: Visit) -> Response:
    """Show the form for the text of an article."""
    return await _ask_text(visit, visit.request.query_params.get("article_id", ""))


async def _ask_text(
    visit: Visit, article_id: str, refusal: LedgerError | None = None, typed: Mapping[str, str] = MappingProxyType({})
) -> Response:
    names = await run_in_threadpool(lookups.list_article_ids, visit.places)
    lacks_text = not await run_in_threadpool(lookups.has_newest_text, visit.places, article_id) if article_id else False
    return visit.page(
        "article_new.html", 409 if refusal else 200, step="text", names=names, article_id=article_id,
        problems=refusal.problems if isinstance(refusal, ProblemsFound) else (),
        sentence=visit.refusal_text(refusal) if refusal else "",
        is_missing=article_id in names and lacks_text and not refusal,
        typed=typed,
    )  # fmt: skip


def _ask_article(
    visit: Visit, submitted: SubmittedText, values: Mapping[str, str], problems: Sequence[Problem] = ()
) -> Response:
    content = submitted.intake.text.decode()
    origin = "" if submitted.origin == PASTED else submitted.origin
    return visit.page(
        "article_new.html",
        409 if problems else 200,
        step="article",
        values=values,
        problems=problems,
        at=problems_by_field(problems),
        carried=_pack(submitted),
        origin=origin,
        length=len(content),
        begin=content[:300],
    )


def problems_by_field(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Return the problems by the field of the form they are shown at: the last name of their way that is no language.

    >>> [*problems_by_field([Problem("text-empty", field="rights.holder.en"), Problem("text-empty", field="topics.1")])]
    ['holder', 'topics']
    """
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        steps = [step for step in problem.field.split(".") if step not in LANGUAGES and not step.isdigit()]
        found.setdefault(steps[-1] if steps else "", []).append(problem)
    return found


async def new_article(visit: Visit) -> Response:
    """Add a text: as an edition of a known article or, with the details of the second form, as a new article."""
    form = await visit.form()
    if "carried" in form:
        return await _second_form(visit, form)
    article_id = text(form, "article_id")
    try:
        submitted = await _submitted_text(form)
        arrived = await run_in_threadpool(_add, visit, submitted, article_id or None, {})
    except NameNeeded:
        return _ask_article(visit, submitted, await run_in_threadpool(_first_values, submitted))
    except LedgerError as refusal:
        return await _ask_text(visit, article_id, refusal, {name: str(form.get(name, "")) for name in _TYPED_FIELDS})
    finally:
        await form.close()
    return _show_article(visit, arrived)


async def _second_form(visit: Visit, form: FormData) -> Response:
    values = {name: text(form, name) for name in (*FIELDS, *RIGHTS_BOXES)}
    try:
        submitted = _unpack(form)
    except ProblemsFound as refusal:
        return await _ask_text(visit, "", refusal)
    try:
        arrived = await run_in_threadpool(_add, visit, submitted, values["article_id"], _fields(values))
    except LedgerError as refusal:
        return _ask_article(visit, submitted, values, visit.refusal_problems(refusal, "article_id"))
    return _show_article(visit, arrived)


def _add(visit: Visit, submitted: SubmittedText, article_id: str | None, fields: Mapping[str, Any]) -> IncomingText:
    edit = visit.edit(visit.reason("taken_in"), "update")
    arrived, _ = desk.add_article(
        visit.places, submitted.intake, edit, origin=submitted.origin, article_id=article_id, fields=fields
    )
    return arrived


def _show_article(visit: Visit, arrived: IncomingText) -> Response:
    fates = Counter(carried.fate.value for carried in arrived.carried)
    counts = {fate: str(count) for fate, count in fates.items()}
    done = "rewritten" if arrived.is_rewritten else arrived.novelty.value
    return visit.go(f"/articles/{arrived.article_id}", done=done, **counts)


async def _submitted_text(form: FormData) -> SubmittedText:
    """Return the text of the first form: the file, or else the page at the address, or else the pasted text.

    Raises:
        ProblemsFound: there is no text, or it cannot be read.
        FetchRefused: the address could not be fetched.
    """
    file, address, pasted = form.get("file"), text(form, "address"), str(form.get("pasted", ""))
    if isinstance(file, UploadFile) and file.filename:
        content = await file.read(ARTICLE_SIZE_LIMIT + 1)
        return SubmittedText(await run_in_threadpool(extract_article_file, content, file.filename), file.filename)
    if address:
        return SubmittedText(await run_in_threadpool(_fetch, address), address)
    if not pasted.strip():
        raise ProblemsFound([_TEXT_MISSING])
    as_typed = pasted.replace("\r\n", "\n").encode()  # a browser sends every line ending as these two characters
    return SubmittedText(await run_in_threadpool(extract_document, as_typed, name="pasted.txt"), PASTED)


def _fetch(address: str) -> ExtractedDocument:
    page = fetch(address)
    return extract_document(page.content, name=address, content_type=page.content_type, charset=page.charset)


def _pack(submitted: SubmittedText) -> str:
    """Return a text and its origin as the text of a hidden field, with its line endings unchanged."""
    head = f"{submitted.origin}\n{submitted.intake.form}\n{submitted.intake.encoding or ''}\n".encode()
    return base64.b64encode(zlib.compress(head + submitted.intake.text)).decode()


def _unpack(form: FormData) -> SubmittedText:
    try:
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(base64.b64decode(text(form, "carried"), validate=True), ARTICLE_SIZE_LIMIT)
        origin, kind, encoding, body = content.split(b"\n", 3)
        body.decode()
        return SubmittedText(
            ExtractedDocument(body, SourceFormat(kind.decode()), encoding.decode() or None), origin.decode()
        )
    except (zlib.error, binascii.Error, ValueError) as error:
        raise ProblemsFound([_TEXT_LOST]) from error


def _first_values(submitted: SubmittedText) -> dict[str, str]:
    """Return the values of the second form that the page or the lines of the text state."""
    taken_in = add_printed_details(submitted.intake)
    language = taken_in.language or likely_language(taken_in)
    shown = language if language in LANGUAGES else "en"
    return dict.fromkeys((*FIELDS, *RIGHTS_BOXES), "") | {
        f"headline_{shown}": taken_in.headline or "",
        f"publisher_{shown}": taken_in.publisher or "",
        f"holder_{shown}": taken_in.publisher or "",
        "published_on": taken_in.published_on or "",
        "language": language,
        "authors": ", ".join(taken_in.authors),
        "address": taken_in.address or (submitted.origin if submitted.origin.startswith("http") else ""),
    }


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    """Return an article's record (JSON) from the second form, without the empty fields."""
    language = values["language"] if values["language"] in LANGUAGES else "en"
    fields: dict[str, Any] = {name: _wording(values, name) for name in _WORDINGS}
    fields |= {name: values[name] for name in ("published_on", "language")}
    if values["address"]:
        fields["address"] = values["address"]
    if authors := [name.strip() for name in values["authors"].split(",") if name.strip()]:
        fields["authors"] = [{"name": {language: name}} for name in authors]
    rights = {name: _wording(values, name) for name in _RIGHTS}
    return fields | {"rights": rights | {name: bool(values[name]) for name in RIGHTS_BOXES}}


def _wording(values: Mapping[str, str], name: str) -> dict[str, str]:
    return {language: words for language in LANGUAGES if (words := values[f"{name}_{language}"])}

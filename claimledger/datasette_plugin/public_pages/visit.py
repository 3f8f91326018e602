"""A visit: one request of a reader, in their language, with what its page is made with.

In: a request and the database that is the ledger. Out: what readers ask of it, pages, machine-readable files. The
invariant: every page carries its language, its permanent address and its policy for the browser (no script, nothing
from another host), and a cache keeps apart what differs by language.
"""

from __future__ import annotations

import asyncio
import datetime
import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette import Response
from datasette.utils import sqlite_timelimit, tilde_encode
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.answering import cache_control
from claimledger.datasette_plugin.public_pages import language as languages
from claimledger.datasette_plugin.public_pages import readable
from claimledger.publishing import exports, wording
from claimledger.publishing.cells import best
from claimledger.publishing.figure_words import figure, measured
from claimledger.publishing.site import LANGUAGES, Language, Site, configured
from claimledger.verdicts.answers import answer
from claimledger.vocabulary import Question, VerdictValue, VerificationStatus

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette
    from datasette.database import Database

    from claimledger.models import Quantity
    from claimledger.publishing.field_changes import Change
    from claimledger.publishing.columns import Meaning
    from claimledger.publishing.pages.lines import Line
    from claimledger.quantities import Figure
    from claimledger.vocabulary import CorrectionKind, RevisionKind, Term

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""Content-Security-Policy of every page: nothing from another host, and no script at all."""
STYLESHEET = "pages.css"
_YEAR = 365 * 24 * 60 * 60
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
LARGEST = 2**31 - 1
"""Number of the log that may be asked for."""
_NUMBER = re.compile(r"[0-9]{1,10}")
_MOST_PAGES = 10_000_000
SHOWN = 100
"""Characters of an argument that a refusal repeats."""
_WEB = ("https://", "http://")

Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class NotThere(Exception):
    """The address names something the ledger does not have: what it is, and its name."""

    def __init__(self, table: str, column: str, name: str) -> None:
        """Keep where the name was looked for: a table and its key."""
        self.table, self.column, self.name = table, column, name
        super().__init__(name)


class NotUnderstood(Exception):
    """An argument of the address cannot be answered; `key` names the wording that tells what to write."""

    def __init__(self, key: str, value: str) -> None:
        """Keep the wording's name and the value."""
        self.key, self.value = key, value
        super().__init__(f"{key}: {value}")


class TookTooLong(Exception):
    """A question took longer than Datasette gives a query."""


@dataclass(frozen=True)
class Visit:
    """One request of a reader."""

    datasette: Datasette
    """The Datasette that serves the ledger."""
    request: Request
    """The request."""
    ledger: Database
    """The database that is the ledger."""
    arguments: tuple[str, ...] = ()
    """Arguments that make another page of the address that was asked for."""

    @cached_property
    def site(self) -> Site:
        """What the ledger says of itself, as configured."""
        found_at = str(self.datasette.absolute_url(self.request, self.datasette.urls.instance()))
        return configured(self.datasette.plugin_config("claimledger") or {}, found_at)

    @cached_property
    def language(self) -> Language:
        """The language of the page."""
        return languages.chosen(self.request)

    async def read(
        self,
        reader: Callable[Concatenate[sqlite3.Connection, Asked], Found],
        *values: Asked.args,
        **named: Asked.kwargs,
    ) -> Found:
        """Return what a reader of `publishing.pages` finds."""
        found: Found = await self.ledger.execute_fn(lambda connection: reader(connection, *values, **named))
        return found

    async def read_in_time(
        self,
        reader: Callable[Concatenate[sqlite3.Connection, Asked], Found],
        *values: Asked.args,
        **named: Asked.kwargs,
    ) -> Found:
        """Return the same within the time Datasette gives a query: for what costs as much as its asker likes.

        Raises:
            TookTooLong: it took longer.
        """
        limit = self.datasette.setting("sql_time_limit_ms")

        def limited(connection: sqlite3.Connection, /, *values: Asked.args, **named: Asked.kwargs) -> Found:
            began = time.perf_counter()
            try:
                with sqlite_timelimit(connection, limit):
                    return reader(connection, *values, **named)
            except sqlite3.OperationalError as fault:  # what it says depends on where it was interrupted
                if (time.perf_counter() - began) * 1000 < limit:
                    raise
                raise TookTooLong from fault

        return await self.read(limited, *values, **named)

    def named(self, part: str) -> str:
        """Return a part of the address, decoded."""
        return unquote(self.request.url_vars[part])

    def argument(self, name: str) -> str:
        """Return an argument of the address, without white space around it; empty if it is not there."""
        return str(self.request.args.get(name) or "").strip()

    @property
    def page_number(self) -> int:
        """The page of a list, from 1.

        Raises:
            NotUnderstood: the argument is no such number.
        """
        return self.number("page", _MOST_PAGES) or 1

    def number(self, name: str, largest: int) -> int | None:
        """Return an argument that is a whole number from 1 up to the largest; none where it is not given.

        Raises:
            NotUnderstood: it is no such number.
        """
        value = self.argument(name)
        if not value:
            return None
        if not _NUMBER.fullmatch(value) or not 0 < int(value) <= largest:
            raise NotUnderstood(f"refused.{name}", value[:SHOWN])
        return int(value)

    @property
    def status(self) -> VerificationStatus | None:
        """The verification status whose claims are asked for with `status`; none for all.

        Raises:
            NotUnderstood: there is no such status.
        """
        value = self.argument("status")
        try:
            return VerificationStatus(value) if value else None
        except ValueError:
            raise NotUnderstood("refused.status", value[:SHOWN]) from None

    @property
    def day(self) -> datetime.date | None:
        """The UTC day whose state is asked for with `on`; none for now.

        Raises:
            NotUnderstood: the argument is no day.
        """
        value = self.argument("on")
        if not value:
            return None
        try:
            if _DAY.fullmatch(value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        raise NotUnderstood("refused.on", value[:SHOWN])

    def say(self, key: str, **values: object) -> str:
        """Return a wording of `words.toml`, such as `front.title`."""
        return languages.words()[key][self.language].format(**values)

    def label(self, term: Term) -> str:
        """Return the label of a vocabulary's word."""
        return wording.label(term, self.language)

    def kind_of_correction(self, kind: CorrectionKind | RevisionKind) -> str:
        """Return what a correction or a withdrawal is called."""
        return wording.kind_of_correction(kind, self.language)

    def said(self, meaning: Meaning) -> str:
        """Return what a picture or a column is called."""
        return wording.said(meaning, self.language)

    def wording(self, texts: Mapping[str, str] | None) -> Markup:
        """Return a wording in the page's language; else in the other, or any, marked as such."""
        if not texts:
            return Markup()
        for language in (self.language, *LANGUAGES, *texts):
            if language in texts:
                return self.in_language(language, texts[language])
        raise AssertionError(texts)

    def others(self, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what a wording says in languages other than the one that is shown: language and text."""
        shown = next((language for language in (self.language, *LANGUAGES) if language in texts), None)
        return [(language, text) for language, text in texts.items() if language != shown]

    def in_language(self, language: str, text: str) -> Markup:
        """Return a text, marked with its language where that is not the page's."""
        if language == self.language:
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(language, text)

    def difference(self, change: Change) -> Markup:
        """Return a change word by word."""
        return readable.difference(change, self.language)

    def field_name(self, path: str, titles: Mapping[str, Mapping[str, str]]) -> str:
        """Return a field's name; a document in it is called by its title, as far as titles are known."""
        return wording.field_name(path, self.language, titles)

    def normalised(self, quantity: Quantity) -> str:
        """Return a figure in plain units."""
        return figure(quantity, self.language)

    def figure_of(self, line: Line) -> Markup:
        """Return a claim's figure: as printed on a page of its article's language, else in words of the page's."""
        if line.quantity is None:
            return Markup()
        if line.language in (self.language, "und"):
            return self.in_language(line.language, line.quantity.text)
        return escape(self.normalised(line.quantity))

    def issue(self, language: str, issue: str) -> Markup:
        """Return which issue it is: on an English page, of one with a Korean name, its number."""
        return escape(found) if (found := readable.issue(issue, self.language)) else self.in_language(language, issue)

    def measured(self, figure: Figure) -> str:
        """Return how many of what a figure in a query says."""
        return measured(figure, self.language)

    def kinds(self, of: str, values: str) -> str:
        """Return the labels of the kinds in a cell of `speakers` or `sources`."""
        return readable.kinds(of, values, self.language)

    def language_name(self, tag: str) -> str:
        """Return the name of a language; its BCP 47 tag where we have none."""
        return languages.words().get(f"site.language_{tag}", {}).get(self.language, tag)

    def path(self, *parts: str, **arguments: object) -> str:
        """Return the path of one of our pages; each part and argument is encoded."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return str(self.datasette.urls.path("/" + "/".join(quote(part, safe="") for part in parts))) + query

    @property
    def database(self) -> str:
        """The path of the ledger in Datasette."""
        return str(self.datasette.urls.database(self.ledger.name))

    def table(self, name: str, **arguments: str) -> str:
        """Return the path of one of the ledger's tables in Datasette."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return str(self.datasette.urls.table(self.ledger.name, name)) + query

    def file(self, name: str, form: str, **arguments: str) -> str:
        """Return the path of rows of one of the ledger's tables as a file."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return f"{self.table(name)}/-/{form}{query}"

    def row(self, table: str, key: object) -> str:
        """Return the path of a row of one of the ledger's tables in Datasette."""
        return str(self.datasette.urls.row(self.ledger.name, table, tilde_encode(str(key))))

    def absolute(self, path: str) -> str:
        """Return the whole address of a path: where the ledger stands as configured, else where it was found."""
        return self.site.page("/" + path.removeprefix(str(self.datasette.urls.instance())))

    def here(self, **changed: str | int | None) -> str:
        """Return the path of this page with other arguments; None takes one away."""
        own = self.request.scope.get("route_path", self.request.path)
        kept = dict(parse_qsl(self.request.query_string))
        arguments = {name: value for name, value in {**kept, **changed}.items() if value is not None}
        return str(self.datasette.urls.path(own)) + (f"?{urlencode(arguments)}" if arguments else "")

    @property
    def canonical(self) -> str:
        """The permanent address of what the page shows now, in the language the address asks for, if it asks."""
        kept = {name: None for name in self.request.args if name not in (*self.arguments, languages.ARGUMENT)}
        return self.absolute(self.here(**kept))

    @property
    def report_href(self) -> str:
        """Where an error of this page is reported."""
        return report_link.from_page(self.datasette, self.request)

    @property
    def report_anything_href(self) -> str:
        """Where an error is reported of what no page shows."""
        return report_link.from_page(self.datasette, None)

    def report_of(self, claim_id: str, about: str) -> str:
        """Return where an error is reported of a claim, as a page with a path tells of it."""
        return report_link.href(self.datasette, claim=claim_id, about=about)

    def page(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:  # noqa: ANN401
        """Return a page."""
        stylesheet = self.datasette.urls.static_plugins("claimledger", STYLESHEET)
        content = _environment().get_template(template).render(
            visit=self, say=self.say, label=self.label, wording=self.wording, said=self.said, marks=readable.MARKS,
            topic_names=wording.topic_names, moment=readable.moment, is_web=is_web,
            stylesheet=stylesheet, languages=LANGUAGES, formats=exports.available(), questions=tuple(Question),
            key_of=best, VerdictValue=VerdictValue, answer=answer, **values,
        )  # fmt: skip
        response = Response(content, status, headers=self._headers(), content_type="text/html; charset=utf-8")
        if asked := languages.asked(self.request):
            path = self.datasette.setting("base_url")
            response.set_cookie(languages.COOKIE, asked, max_age=_YEAR, path=path, httponly=True, samesite="lax")
        return response

    async def page_from_a_thread(self, template: str, **values: Any) -> Response:  # noqa: ANN401
        """Return a page whose making takes long, without holding up other requests."""
        return await asyncio.to_thread(self.page, template, **values)

    def _headers(self) -> dict[str, str]:
        return {
            "cache-control": cache_control(self.datasette, self.request),
            "content-language": self.language,
            "content-security-policy": POLICY,
            "referrer-policy": "strict-origin-when-cross-origin",
            "vary": "Accept-Language, Cookie",
            "x-content-type-options": "nosniff",
        }


def is_web(address: str | None) -> bool:
    """Whether an address may be linked to: a web address and nothing else."""
    return bool(address) and str(address).startswith(_WEB)


@cache
def _environment() -> Environment:
    loader = PackageLoader("claimledger.datasette_plugin.public_pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

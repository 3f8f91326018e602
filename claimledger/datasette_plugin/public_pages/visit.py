"""The request context of the public pages: the request, the reader's language and the helpers that templates use.

Every page names its language and its permanent address. Its security policy allows no script and nothing from another
host. Caches store the languages separately.
"""

from __future__ import annotations

import asyncio
import datetime
import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette import Response
from datasette.utils import sqlite_timelimit, tilde_encode
from markupsafe import Markup, escape

from claimledger.datasette_plugin import report_link
from claimledger.datasette_plugin.answering import cache_control
from claimledger.datasette_plugin.plugin_settings import plugin_settings
from claimledger.datasette_plugin.public_pages import language as languages, readable
from claimledger.datasette_plugin.public_pages.page_templates import available_formats, template_environment
from claimledger.publishing import wording
from claimledger.publishing.figure_words import amount_with_unit, figure_in_words
from claimledger.publishing.signed_log import CHECKPOINT_PATH, has_newest_checkpoint
from claimledger.publishing.site import LANGUAGES, PageLanguage, Site, site_from_settings
from claimledger.vocabulary import VerificationStatus

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette
    from datasette.database import Database

    from claimledger.models import Quantity
    from claimledger.publishing.columns import Meaning
    from claimledger.publishing.pages.lines import ClaimLine
    from claimledger.quantities import Figure
    from claimledger.vocabulary import CorrectionKind, RevisionKind, Term

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""The Content-Security-Policy of every page: nothing from another host, and no script at all."""
STYLESHEET = "pages.css"
_YEAR = 365 * 24 * 60 * 60
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
LARGEST_NUMBER = 2**31 - 1
"""The largest number of a log entry that an address may name."""
_NUMBER = re.compile(r"[0-9]{1,10}")
_LAST_PAGE = 10_000_000
LONGEST_SHOWN = 100
"""The number of characters of an argument that an error page repeats."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class RecordMissing(Exception):
    """Raised when an address names a record that the ledger does not have."""

    def __init__(self, table: str, column: str, name: str) -> None:
        """Store the table, its key column and the name that was searched for."""
        self.table, self.column, self.name = table, column, name
        super().__init__(name)


class ArgumentRefused(Exception):
    """Raised when an argument has the wrong form; `key` names the text that explains what to write."""

    def __init__(self, key: str, value: str) -> None:
        """Store the key of the text and the value of the argument."""
        self.key, self.value = key, value
        super().__init__(f"{key}: {value}")


class TookTooLong(Exception):
    """Raised when a query takes longer than Datasette's time limit."""


@dataclass(frozen=True)
class Visit:
    """The context of one request by a reader."""

    datasette: Datasette
    """The Datasette that serves the ledger."""
    request: Request
    """The request."""
    ledger: Database
    """The database that contains the ledger."""
    arguments: tuple[str, ...] = ()
    """The arguments that lead to a different page of the same address."""

    @cached_property
    def site(self) -> Site:
        """The configuration of the site: its publisher, its address and its texts about itself."""
        request_address = str(self.datasette.absolute_url(self.request, self.datasette.urls.instance()))
        return site_from_settings(plugin_settings(self.datasette), request_address)

    @cached_property
    def language(self) -> PageLanguage:
        """The language of the page."""
        return languages.page_language(self.request)

    async def read(
        self,
        reader: Callable[Concatenate[sqlite3.Connection, Arguments], Result],
        *values: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Run a reader of `publishing.pages` on the ledger and return its result."""
        found: Result = await self.ledger.execute_fn(lambda connection: reader(connection, *values, **named))
        return found

    async def read_in_time(
        self,
        reader: Callable[Concatenate[sqlite3.Connection, Arguments], Result],
        *values: Arguments.args,
        **named: Arguments.kwargs,
    ) -> Result:
        """Run a reader within Datasette's time limit for queries, for example if its cost depends on the request.

        Raises:
            TookTooLong: it took longer.
        """
        limit = self.datasette.setting("sql_time_limit_ms")

        def run_limited(
            connection: sqlite3.Connection, /, *values: Arguments.args, **named: Arguments.kwargs
        ) -> Result:
            began = time.perf_counter()
            try:
                with sqlite_timelimit(connection, limit):
                    return reader(connection, *values, **named)
            except sqlite3.OperationalError as fault:  # its message depends on where the query was interrupted
                if (time.perf_counter() - began) * 1000 < limit:
                    raise
                raise TookTooLong from fault

        return await self.read(run_limited, *values, **named)

    def address_part(self, part: str) -> str:
        """Return a named part of the address, decoded."""
        return unquote(self.request.url_vars[part])

    def argument(self, name: str) -> str:
        """Return an argument of the address, without white space around it; an empty string if it is missing."""
        return str(self.request.args.get(name) or "").strip()

    @property
    def page_number(self) -> int:
        """The page of a list, from 1.

        Raises:
            ArgumentRefused: the argument is not a page number.
        """
        return self.number("page", _LAST_PAGE) or 1

    def number(self, name: str, largest: int) -> int | None:
        """Return an argument as a whole number from 1 to the largest; None if it is missing.

        Raises:
            ArgumentRefused: the argument is not such a number.
        """
        value = self.argument(name)
        if not value:
            return None
        if not _NUMBER.fullmatch(value) or not 0 < int(value) <= largest:
            raise ArgumentRefused(f"refused.{name}", value[:LONGEST_SHOWN])
        return int(value)

    @property
    def status(self) -> VerificationStatus | None:
        """The verification status given with `status`; None for all claims.

        Raises:
            ArgumentRefused: there is no such status.
        """
        value = self.argument("status")
        try:
            return VerificationStatus(value) if value else None
        except ValueError:
            raise ArgumentRefused("refused.status", value[:LONGEST_SHOWN]) from None

    @property
    def day(self) -> datetime.date | None:
        """The UTC day given with `on`; None for the current state."""
        return self.date("on")

    def date(self, name: str) -> datetime.date | None:
        """Return an argument as a UTC day; None if it is missing.

        Raises:
            ArgumentRefused: the argument is not a date.
        """
        value = self.argument(name)
        if not value:
            return None
        try:
            if _DAY.fullmatch(value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        raise ArgumentRefused(f"refused.{name}", value[:LONGEST_SHOWN])

    def say(self, key: str, **values: object) -> str:
        """Return a text of `words.toml`, such as `front.title`, in the page's language."""
        return languages.page_texts()[key][self.language].format(**values)

    def has_text(self, key: str) -> bool:
        """Return whether `words.toml` or the shared labels have a text."""
        return key in languages.page_texts()

    def say_with_links(self, key: str, **values: str | Markup) -> Markup:
        """Return a text with values that may contain links; other values are escaped."""
        return Markup(languages.page_texts()[key][self.language]).format(**values)  # noqa: S704  our own text

    def day_in_words(self, date: str) -> str:
        """Return a date in words."""
        return readable.day_in_words(date, self.language)

    def definition(self, status: Term, question: str = "so") -> str:
        """Return the address of a verdict's definition."""
        return f"{self.path('method')}#{question}-{status}"

    def label(self, term: Term) -> str:
        """Return the label of a vocabulary term."""
        return wording.label(term, self.language)

    def kind_of_correction(self, kind: CorrectionKind | RevisionKind) -> str:
        """Return the display name of a correction or a withdrawal."""
        return wording.correction_label(kind, self.language)

    def meaning_text(self, meaning: Meaning) -> str:
        """Return the name of a chart or a column."""
        return wording.meaning_text(meaning, self.language)

    def wording(self, texts: Mapping[str, str] | None) -> Markup:
        """Return a text in the page's language; if it is missing, in another language and marked as such."""
        if not texts:
            return Markup()
        language = self.shown_language(texts)
        return self.in_language(language, texts[language])

    def shown_language(self, texts: Mapping[str, str]) -> str:
        """Return the language in which `wording` shows a text."""
        return next(language for language in (self.language, *LANGUAGES, *texts) if language in texts)

    def others(self, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the texts in the languages that are not shown, as pairs of language and text."""
        shown = next((language for language in (self.language, *LANGUAGES) if language in texts), None)
        return [(language, text) for language, text in texts.items() if language != shown]

    def in_language(self, language: str, text: str) -> Markup:
        """Return a text, marked with its language if that is not the page's language.

        The text is isolated, so that its direction and its hidden characters change nothing around it.
        """
        if language == self.language:
            return Markup("<bdi>{}</bdi>").format(text)
        return Markup('<bdi lang="{}">{}</bdi>').format(language, text)

    def field_name(self, path: str, titles: Mapping[str, Mapping[str, str]]) -> str:
        """Return a field's name; a document in it is named by its title, if the title is known."""
        return wording.field_name(path, self.language, titles)

    def plain_figure(self, quantity: Quantity) -> str:
        """Return a figure in plain units."""
        return figure_in_words(quantity, self.language)

    def claim_figure(self, line: ClaimLine) -> Markup:
        """Return a claim's figure as printed, or in the page's language if the article is in another one."""
        if line.quantity is None:
            return Markup()
        if line.language in (self.language, "und"):
            return self.in_language(line.language, line.quantity.text)
        return escape(self.plain_figure(line.quantity))

    def issue(self, language: str, issue: str) -> Markup:
        """Return the name of an issue; on an English page, the number of an issue with a Korean name."""
        found = readable.issue_number(issue, self.language)
        return escape(found) if found else self.in_language(language, issue)

    def counted_figure(self, figure: Figure) -> str:
        """Return the number and the unit of a figure in a query."""
        return amount_with_unit(figure, self.language)

    def kinds(self, of: str, values: str) -> str:
        """Return the labels of the kinds in a cell of `speakers` or `sources`."""
        return readable.kind_labels(of, values, self.language)

    def language_name(self, tag: str) -> str:
        """Return the name of a language; its BCP 47 tag if there is no name."""
        return languages.page_texts().get(f"site.language_{tag}", {}).get(self.language, tag)

    def path(self, *parts: str, **arguments: object) -> str:
        """Return the path of a page of this site; each part and argument is encoded."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return f"{self._root}{'/'.join([quote(part, safe='') for part in parts])}{query}"

    @cached_property
    def _root(self) -> str:
        """The path of the front page, with a slash at its end."""
        return str(self.datasette.urls.path("/"))

    @cached_property
    def checkpoint(self) -> str:
        """The path of the newest checkpoint of the log; empty if there is none."""
        return str(self.datasette.urls.path(CHECKPOINT_PATH)) if has_newest_checkpoint(self.ledger.path) else ""

    @cached_property
    def database(self) -> str:
        """The path of the ledger in Datasette."""
        return str(self.datasette.urls.database(self.ledger.name))

    def table(self, name: str, **arguments: str) -> str:
        """Return the path of one of the ledger's tables in Datasette."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return f"{self.database}/{tilde_encode(name)}{query}"

    def file(self, name: str, form: str, **arguments: str) -> str:
        """Return the path of a file with rows of one of the ledger's tables."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return f"{self.table(name)}/-/{form}{query}"

    def row(self, table: str, key: object) -> str:
        """Return the path of a row of one of the ledger's tables in Datasette."""
        return str(self.datasette.urls.row(self.ledger.name, table, tilde_encode(str(key))))

    def absolute(self, path: str) -> str:
        """Return the full address of a path, based on the configured address of the site or on the request."""
        return self.site.page("/" + path.removeprefix(str(self.datasette.urls.instance())))

    def current_path(self, **changed: str | int | None) -> str:
        """Return the path of this page with other arguments; an argument with the value None is removed."""
        route_path = self.request.scope.get("route_path", self.request.path)
        current = parse_qsl(self.request.query_string)
        kept = [pair for pair in current if pair[0] not in changed]
        replaced = {name: changed[name] for name, _ in current if name in changed}
        arguments = [*kept, *((name, value) for name, value in {**replaced, **changed}.items() if value is not None)]
        return str(self.datasette.urls.path(route_path)) + (f"?{urlencode(arguments)}" if arguments else "")

    @cached_property
    def canonical(self) -> str:
        """The permanent address of the page, with the language if the address names one."""
        removed = {name: None for name in self.request.args if name not in (*self.arguments, languages.ARGUMENT)}
        return self.absolute(self.current_path(**removed))

    @property
    def report_href(self) -> str:
        """The address for reporting an error on this page."""
        return report_link.href_from_page(self.datasette, self.request)

    @property
    def general_report_href(self) -> str:
        """The address for reporting an error that is on no particular page."""
        return report_link.href_from_page(self.datasette, None)

    def claim_report_href(self, claim_id: str, about: str) -> str:
        """Return the address for reporting an error in a claim, as shown on the page with a given path."""
        return report_link.href(self.datasette, claim=claim_id, about=about)

    def page(self, template: str, status: int = HTTPStatus.OK, **values: Any) -> Response:  # noqa: ANN401
        """Return the response with a rendered template."""
        stylesheet = self.datasette.urls.static_plugins("claimledger", STYLESHEET)
        texts = {
            "say": self.say, "label": self.label, "wording": self.wording, "meaning_text": self.meaning_text,
            "day_words": self.day_in_words,
        }  # fmt: skip
        shown = template_environment().get_template(template)
        content = shown.render(visit=self, stylesheet=stylesheet, formats=available_formats(), **texts, **values)
        response = Response(content, status, headers=self.headers(), content_type="text/html; charset=utf-8")
        if requested := languages.requested_language(self.request):
            path = self.datasette.setting("base_url")
            response.set_cookie(languages.COOKIE, requested, max_age=_YEAR, path=path, httponly=True, samesite="lax")
        return response

    async def page_in_thread(self, template: str, **values: Any) -> Response:  # noqa: ANN401
        """Render a page that takes long in another thread, so that it does not delay other requests."""
        return await asyncio.to_thread(self.page, template, **values)

    def headers(self) -> dict[str, str]:
        """Return the headers of a page."""
        return {
            "cache-control": cache_control(self.datasette, self.request),
            "content-language": self.language,
            "content-security-policy": CONTENT_POLICY,
            "referrer-policy": "strict-origin-when-cross-origin",
            "vary": "Accept-Language, Cookie",
            "x-content-type-options": "nosniff",
        }

"""The context of one request to the desk: the signed-in person, the language, texts and templates.

It makes pages, redirects and pages for refusals. Every text of a page is escaped, and is in the language of the reader
(`words.toml`, `messages`).
"""

from __future__ import annotations

import hmac
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from claimledger.counting import plural_form
from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.desk_pages.field_labels import path_label, value_label
from claimledger.datasette_plugin.desk_pages.other_sign_in import other_sign_in
from claimledger.datasette_plugin.desk_pages.session import chosen_language, form_secret
from claimledger.desk.account_steps import Person
from claimledger.desk.newsroom_clock import newsroom_time
from claimledger.earlier_claims import spell_name
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.labels import with_shared
from claimledger.newsroom.date_rules import is_past
from claimledger.newsroom.edit_input import Edit, make_edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Quantity
from claimledger.publishing.figure_words import figure_in_words
from claimledger.publishing.site import Site, missing_settings, site_from_settings
from claimledger.workflow import StaffMember
from claimledger.verdicts.answers import labelled_verdict
from claimledger.verdicts.reasons import LONGEST_FIRST_SENTENCE
from claimledger.desk_vocabulary import Action, PassageDecision, ReportStage, Role
from claimledger.vocabulary import Term

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""The HTTP headers of every page of the desk."""


class FormRefused(LedgerError):
    """Raised when a form comes from a page outside the desk, or from a page of another session."""


MOST_FIELDS, LONGEST_FIELD = 3_000, 2_000_000
"""The most fields of a form, of which the checking screen has several for each document, and the bytes of a field."""


class FormUnreadable(LedgerError):
    """Raised when a form has too many fields or a field that is too long, or is damaged."""

    def __init__(self) -> None:
        """Name the limits in the message."""
        super().__init__(fields=MOST_FIELDS, bytes=LONGEST_FIELD)


@dataclass(frozen=True)
class Visit:
    """The context of one request."""

    request: Request
    """The request."""
    person: Person | None
    """The signed-in person; None before signing in."""

    @property
    def places(self) -> LedgerPaths:
        """The files of the ledger."""
        places: LedgerPaths = self.request.app.state.places
        return places

    @property
    def missing_settings(self) -> tuple[str, ...]:
        """The settings that should name who is responsible for the site and have no value."""
        settings: Mapping[str, Any] | None = self.request.app.state.settings
        return () if settings is None else missing_settings(settings)

    @property
    def site(self) -> Site:
        """The public site; without a configured address, at that of the request."""
        return site_from_settings(self.request.app.state.settings or {}, str(self.request.base_url))

    @property
    def desk(self) -> str:
        """The path of the desk's first page."""
        return self.server_path(DESK)

    def server_path(self, path: str) -> str:
        """Return the path of a page of this server, with the path below which the server answers."""
        return f"{self.request.scope.get('root_path', '')}{path}"

    @property
    def language(self) -> str:
        """The language `ko` or `en` of the person, or else of this browser's choice or preference."""
        return self.person.language if self.person else chosen_language(self.request)

    @property
    def staff(self) -> StaffMember:
        """The acting person with their roles, as the workflow table needs them."""
        return StaffMember(self.person.name, self.person.roles) if self.person else StaffMember("nobody", ())

    @property
    def name(self) -> str:
        """The name of the acting person."""
        return self.staff.name

    def edit(self, reason: str, kind: str | None = None) -> Edit:
        """Return an edit by the acting person."""
        return make_edit(author=self.name, reason=reason, kind=kind, roles=self.staff.roles)

    def say(self, key: str, **values: object) -> str:
        """Return a text of `words.toml`, such as `queue.title`, in the language of the reader.

        A text with a `count` may have one form for 1 and one for all other numbers.
        """
        forms = _words()[key][self.language]
        form = forms if isinstance(forms, str) else plural_form(int(str(values["count"])), forms)
        return form.format(**values)

    def reason(self, name: str) -> str:
        """Return a reason that the program supplies, in both languages, because it is published."""
        return " · ".join(str(_words()[f"reasons.{name}"][language]) for language in ("en", "ko"))

    def word(self, key: str) -> str | None:
        """Return a text of `words.toml` without filling in values; None if there is no text with that key."""
        found = _words()[key][self.language] if key in _words() else None
        return found if isinstance(found, str) else None

    def field(self, path: str, titles: Mapping[str, str] = MappingProxyType({})) -> str:
        """Return the label of a field of a record or a form; `titles` are those of documents that the path may name."""
        return path_label(path, self.word, self.label, titles)

    def value(self, path: str, value: str | None) -> str:
        """Return the display form of a field's value; a dash if it is empty."""
        return value_label(path, value, self.label) if value else "–"

    def problem_text(self, problem: Problem) -> str:
        """Return a problem as a sentence with its remedy, in the language of the reader."""
        return problem.text(self.language)

    def refusal_text(self, refusal: LedgerError) -> str:
        """Return the message of a refusal in the language of the reader."""
        return refusal.text(self.language)

    def refusal_problems(self, refusal: LedgerError, field: str = "") -> tuple[Problem, ...]:
        """Return the problems of a refusal for display beside the fields of a form.

        A refusal without problems becomes one problem at `field`.
        """
        if isinstance(refusal, ProblemsFound):
            return refusal.problems
        return (Problem(refusal.message, field=field),)

    def localized_name(self, name: str) -> str:
        """Return a name that two statements share, as it is written in the language of the reader."""
        return spell_name(name, self.language)

    def label(self, term: Term) -> str:
        """Return the label of a vocabulary term."""
        return term.label_ko if self.language == "ko" else term.label_en

    def deadline(self, due_on: str) -> str:
        """Return a deadline for display, with "today" instead of the newsroom's date."""
        day, _, time = due_on.partition("T")
        shown = self.say("work.today") if day == newsroom_time()[: len(day)] else day
        return f"{shown} {time}".rstrip()

    def is_overdue(self, due_on: str) -> bool:
        """Return whether a deadline has passed in the newsroom."""
        return is_past(due_on, newsroom_time())

    def figure(self, quantity: Quantity) -> str:
        """Return a figure in plain units, in the language of the reader."""
        return figure_in_words(quantity, "ko" if self.language == "ko" else "en")

    def wording(self, texts: Mapping[str, str] | None) -> str:
        """Return a text in the language of the reader, or else in any language; an empty string if there is none."""
        return "" if not texts else texts.get(self.language) or next(iter(texts.values()))

    @property
    def form_token(self) -> str:
        """The token that a form must contain; it belongs to the session."""
        return form_token(form_secret(self.request, self.person))

    @property
    def sign_in_address(self) -> str | None:
        """The address of another sign-in, empty if that sign-in does not name one; None if people sign in here."""
        sign_in = other_sign_in()
        return str(getattr(sign_in, "address", "")) if sign_in else None

    def hidden_token(self) -> Markup:
        """Return the hidden field with the token, which every form of the desk contains."""
        return Markup('<input type="hidden" name="form_token" value="{}">').format(self.form_token)

    async def form(self, longest_field: int = LONGEST_FIELD) -> FormData:
        """Return the submitted form; `longest_field` is a limit in bytes that does not apply to files.

        Raises:
            FormRefused: the form did not come from a page of the desk.
        """
        form = await self.request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=longest_field)
        if not is_same_site(self.request) or not hmac.compare_digest(str(form.get("form_token", "")), self.form_token):
            await form.close()
            raise FormRefused
        return form

    def page(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  a template's values
        """Return the response with a rendered template."""
        page = _environment().get_template(template)
        content = page.render(
            visit=self,
            say=self.say,
            label=self.label,
            wording=self.wording,
            problem_text=self.problem_text,
            token=self.hidden_token,
            answer=labelled_verdict,
            field_label=self.field,
            value_label=self.value,
            person=self.person,
            PREFIX=self.desk,
            path=self.request.url.path,
            Role=Role,
            LONGEST_FIRST_SENTENCE=LONGEST_FIRST_SENTENCE,
            **values,
        )
        return HTMLResponse(content, status, headers=dict(HEADERS))

    def go(self, path: str, **query: str) -> Response:
        """Redirect the browser to a page of the desk after an action (status 303)."""
        address = f"{self.desk}{path}{f'?{urlencode(query)}' if query else ''}"
        return RedirectResponse(address, 303, headers=dict(HEADERS))

    def missing_page(self, sentence: str) -> Response:
        """Return the page for an address that does not exist."""
        return self.page("missing.html", 404, sentence=sentence, back=self.back)

    def refusal_page(self, refusal: LedgerError, back: str = "", status: int = 409) -> Response:
        """Return the page that explains why an action was refused and what to do."""
        problems = refusal.problems if isinstance(refusal, ProblemsFound) else ()
        return self.page(
            "refused.html", status, problems=problems, sentence=self.refusal_text(refusal), back=back or self.back
        )

    @property
    def back(self) -> str:
        """The desk's page that the browser came from, or else the first page."""
        referrer = _split_address(self.request.headers.get("referer", ""))
        is_own = referrer.netloc == self.request.url.netloc and referrer.path.startswith(self.desk)
        first = self.desk if self.person else f"{self.desk}/sign-in"
        return referrer._replace(scheme="", netloc="").geturl() if is_own else first


def form_token(session: str) -> str:
    """Return the token for the forms of a session."""
    return hmac.new(session.encode(), b"claimledger form", sha256).hexdigest()


def is_same_site(request: Request) -> bool:
    """Return whether a request's headers (Fetch Metadata, Origin) are those of the desk's own pages, or missing."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or _split_address(origin).netloc == request.headers.get("host")


def _split_address(address: str) -> SplitResult:
    """Return the parts of an address that a browser sent; empty parts if it cannot be read."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


@cache
def _environment() -> Environment:
    loader = PackageLoader("claimledger.datasette_plugin.desk_pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {term.__name__: term for term in (Action, PassageDecision, ReportStage)}
    return environment


@cache
def _words() -> Mapping[str, Mapping[str, str | list[str]]]:
    tables = tomllib.loads(_resource("words.toml"))
    return with_shared({f"{part}.{name}": words for part, table in tables.items() for name, words in table.items()})


def _resource(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")

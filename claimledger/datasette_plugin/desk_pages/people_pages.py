"""Signing in and out, the one-time link, a person's own settings, and the people for administrators."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger.accounts.credential_rules import SignInRefused, SignInThrottled
from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import act_in, text
from claimledger.datasette_plugin.desk_pages.kept_form import read_kept
from claimledger.datasette_plugin.desk_pages.session import COOKIE, client_of, forget, keep, remember_language
from claimledger.datasette_plugin.desk_pages.visit import FormRefused, Visit, form_token, is_same_site
from claimledger.desk import account_steps
from claimledger.desk.account_steps import SignedIn
from claimledger.errors import LedgerError, NotFound
from claimledger.workflow import Case, Staff, decide
from claimledger.vocabulary import Action, Role


async def sign_in_page(visit: Visit) -> Response:
    """Ask for name and password."""
    if visit.person:
        return visit.go("")
    return visit.page(
        "sign_in.html", refusal="", name="", kept=None, asked_for=_inside(visit.request.query_params.get("to", ""))
    )


def _inside(path: str) -> str:
    """Return an address in the desk that somebody asked for before they signed in; empty if it is none."""
    return path if re.fullmatch(r"[ -~]*", path) and path.startswith((f"{DESK}/", f"{DESK}?")) else ""


async def sign_in(visit: Visit) -> Response:
    """Start a session, or say that name and password do not go together; what the last one left unsent comes back."""
    form = await _first_form(visit)
    given, kept = (form.get("name", ""), form.get("password", "")), read_kept(form, visit.desk)
    asked_for = _inside(form.get("to", ""))
    try:
        signed_in = await run_in_threadpool(account_steps.sign_in, visit.places, *given, client_of(visit.request))
    except SignInThrottled as throttled:
        wait = visit.say("sign_in.throttled", seconds=throttled.seconds)
        page = visit.page("sign_in.html", 429, refusal=wait, name=given[0], kept=kept, asked_for=asked_for)
        page.headers["Retry-After"] = str(throttled.seconds)
        return page
    except SignInRefused:
        refusal = visit.say("sign_in.refused")
        return visit.page("sign_in.html", 401, refusal=refusal, name=given[0], kept=kept, asked_for=asked_for)
    here = (
        visit.page("kept.html", kept=kept, new_token=form_token(signed_in.token))
        if kept
        else visit.go(asked_for.removeprefix(DESK))
    )
    return keep(here, visit.request, signed_in.token)


async def _first_form(visit: Visit) -> dict[str, str]:
    """Return a form sent before there is a session; the browser must say that the desk's own page sent it.

    Raises:
        FormRefused: another site's page sent it.
    """
    if not is_same_site(visit.request):
        raise FormRefused
    return {name: str(value) for name, value in (await visit.request.form()).items()}


async def sign_out(visit: Visit) -> Response:
    """End the session."""
    await visit.form()
    await run_in_threadpool(account_steps.sign_out, visit.places, visit.request.cookies.get(COOKIE, ""))
    return forget(visit.go("/sign-in"), visit.request)


async def welcome_page(visit: Visit) -> Response:
    """Let whoever has a one-time link set a password."""
    secret = visit.request.query_params.get("token", "")
    who = await run_in_threadpool(account_steps.invited, visit.places, secret)
    return visit.page("welcome.html", who=who, secret=secret, refusal="")


async def welcome(visit: Visit) -> Response:
    """Set the password that a one-time link allows, and sign in with it."""
    form = await _first_form(visit)
    secret, password = form.get("token", ""), form.get("password", "")

    def settle() -> SignedIn:
        client = client_of(visit.request)
        if password != form.get("password_again", ""):
            raise PasswordsDiffer
        who = account_steps.set_password(visit.places, secret, password, client)
        if who.language != visit.language:  # the page was read, and could be switched, in the browser's
            who = account_steps.change_language(
                visit.places, who.name, language=visit.language, actor=Staff(who.name, who.roles)
            )
        return account_steps.sign_in(visit.places, who.name, password, client)

    try:
        signed_in = await run_in_threadpool(settle)
    except LedgerError as refusal:
        return visit.page("welcome.html", 400, who=None, secret=secret, refusal=visit.told_refusal(refusal))
    return keep(visit.go(""), visit.request, signed_in.token)


class PasswordsDiffer(LedgerError):
    """A password was typed twice, and not the same."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("The two passwords differ. Type the same twice.")


async def language(visit: Visit) -> Response:
    """Remember in which language the desk speaks: to a person, and in this browser to whoever has not signed in."""
    form = await visit.form() if visit.person else await _first_form(visit)
    chosen = str(form.get("language", ""))
    if chosen not in LANGUAGES:
        raise NotFound("language", chosen, list(LANGUAGES))
    if visit.person:
        changed = partial(account_steps.change_language, actor=visit.staff, language=chosen)
        await run_in_threadpool(changed, visit.places, visit.name)
    return remember_language(visit.go(visit.back.removeprefix(visit.desk)), visit.request, chosen)


async def people_page(visit: Visit) -> Response:
    """Show an administrator the people, and what happened to their access."""
    _demand_admin(visit)

    everybody = await run_in_threadpool(account_steps.everybody, visit.places, visit.staff)
    happened = await run_in_threadpool(account_steps.events, visit.places, visit.staff, 50)
    return visit.page("people.html", everybody=everybody, happened=happened, link="")


async def add_person(visit: Visit) -> Response:
    """Add somebody, or give them new roles or a new link, or let them in no longer; an administrator does."""
    _demand_admin(visit)
    form = await visit.form()
    path = await run_in_threadpool(_change, visit, form)
    link = str(visit.request.url.replace(path="", query="")).rstrip("/") + visit.public(path) if path else ""
    everybody = await run_in_threadpool(account_steps.everybody, visit.places, visit.staff)
    return visit.page("people.html", everybody=everybody, happened=(), link=link)


def _change(visit: Visit, form: FormData) -> str:
    """Do what a form says to a person, and return the end of the address of a new link, if they get one."""
    return _ACTS[act_in(form, _ACTS)](visit, text(form, "name"), form)


def _add(visit: Visit, name: str, form: FormData) -> str:
    account_steps.add_person(
        visit.places, name, roles=_roles(form), actor=visit.staff, shown_name=text(form, "shown_name") or None,
        language=text(form, "language") or "en",
    )  # fmt: skip
    return _link(visit, name, form)


def _link(visit: Visit, name: str, _: FormData) -> str:
    return account_steps.invite(visit.places, name, actor=visit.staff)


def _change_roles(visit: Visit, name: str, form: FormData) -> str:
    account_steps.change_roles(visit.places, name, roles=_roles(form), actor=visit.staff)
    return ""


def _deactivate(visit: Visit, name: str, _: FormData) -> str:
    account_steps.deactivate(visit.places, name, actor=visit.staff)
    return ""


def _reactivate(visit: Visit, name: str, _: FormData) -> str:
    account_steps.reactivate(visit.places, name, actor=visit.staff)
    return ""


def _roles(form: FormData) -> list[Role]:
    return [role for role in Role if form.get(role.value)]


_ACTS: Mapping[str, Callable[[Visit, str, FormData], str]] = {
    "add": _add, "link": _link, "roles": _change_roles, "deactivate": _deactivate, "reactivate": _reactivate,
}  # fmt: skip
"""The acts of the page's forms."""


def _demand_admin(visit: Visit) -> None:
    """Demand that somebody may see the people; to others there is no such page.

    Raises:
        NotFound: they may not.
    """
    if decide(Action.READ_PEOPLE, Case(), visit.staff):
        raise NotFound("page", visit.request.url.path)


PAGES = (
    ("GET", "/sign-in", sign_in_page),
    ("POST", "/sign-in", sign_in),
    ("POST", "/sign-out", sign_out),
    ("GET", "/welcome", welcome_page),
    ("POST", "/welcome", welcome),
    ("POST", "/language", language),
    ("GET", "/people", people_page),
    ("POST", "/people", add_person),
)
OPEN = frozenset({sign_in_page, sign_in, welcome_page, welcome, language})
"""Pages that answer before signing in."""

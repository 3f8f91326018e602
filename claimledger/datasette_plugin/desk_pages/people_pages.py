"""Signing in and out, one-time links, a person's own settings, and the list of people for administrators."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger.accounts.credential_rules import SignInRefused, SignInThrottled
from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import read_action, text
from claimledger.datasette_plugin.desk_pages.kept_form import unpack_unsent_form
from claimledger.datasette_plugin.desk_pages.session import (
    COOKIE, request_client, delete_session, set_session, remember_language,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.visit import FormRefused, Visit, form_token, is_same_site
from claimledger.desk import account_steps
from claimledger.desk.account_steps import Event, NewSession
from claimledger.errors import LedgerError, NotFound
from claimledger.workflow import Case, StaffMember, decide
from claimledger.desk_vocabulary import Action, Role


async def sign_in_page(visit: Visit) -> Response:
    """Ask for name and password."""
    if visit.person:
        return visit.go("")
    return visit.page(
        "sign_in.html",
        refusal="",
        name="",
        kept=None,
        asked_for=_desk_address(visit.request.query_params.get("to", "")),
    )


def _desk_address(path: str) -> str:
    """Return an address in the desk that was requested before signing in; empty if it is not in the desk."""
    return path if re.fullmatch(r"[ -~]*", path) and path.startswith((f"{DESK}/", f"{DESK}?")) else ""


async def sign_in(visit: Visit) -> Response:
    """Start a session, or refuse the name and password; a form that could not be sent before is shown again."""
    form = await _form_without_session(visit)
    credentials, kept = (form.get("name", ""), form.get("password", "")), unpack_unsent_form(form, visit.desk)
    requested = _desk_address(form.get("to", ""))
    try:
        signed_in = await run_in_threadpool(
            account_steps.sign_in_user, visit.places, *credentials, request_client(visit.request),
            session_before=visit.request.cookies.get(COOKIE, ""),
        )  # fmt: skip
    except SignInThrottled as throttled:
        wait = visit.say("sign_in.throttled", seconds=throttled.seconds)
        page = visit.page("sign_in.html", 429, refusal=wait, name=credentials[0], kept=kept, asked_for=requested)
        page.headers["Retry-After"] = str(throttled.seconds)
        return page
    except SignInRefused:
        refusal = visit.say("sign_in.refused")
        return visit.page("sign_in.html", 401, refusal=refusal, name=credentials[0], kept=kept, asked_for=requested)
    response = (
        visit.page("kept.html", kept=kept, new_token=form_token(signed_in.token))
        if kept
        else visit.go(requested.removeprefix(DESK))
    )
    return set_session(response, visit.request, signed_in.token)


async def _form_without_session(visit: Visit) -> dict[str, str]:
    """Return a form sent without a session, if the browser says that the desk's own page sent it.

    Raises:
        FormRefused: another site's page sent it.
    """
    if not is_same_site(visit.request):
        raise FormRefused
    return {name: str(value) for name, value in (await visit.request.form()).items()}


async def sign_out(visit: Visit) -> Response:
    """End the session."""
    await visit.form()
    await run_in_threadpool(account_steps.sign_out_user, visit.places, visit.request.cookies.get(COOKIE, ""))
    return delete_session(visit.go("/sign-in"), visit.request)


async def welcome_page(visit: Visit) -> Response:
    """Show the form in which the owner of a one-time link sets a password."""
    secret = visit.request.query_params.get("token", "")
    person = await run_in_threadpool(account_steps.find_invited_user, visit.places, secret)
    return visit.page("welcome.html", who=person, secret=secret, refusal="")


async def welcome(visit: Visit) -> Response:
    """Set the password with a one-time link, and sign in with it."""
    form = await _form_without_session(visit)
    secret, password = form.get("token", ""), form.get("password", "")

    def set_password() -> NewSession:
        client = request_client(visit.request)
        if password != form.get("password_again", ""):
            raise PasswordsDiffer
        person = account_steps.set_user_password(visit.places, secret, password, client)
        if person.language != visit.language:  # the page was in the browser's language, which can be switched there
            person = account_steps.change_user_language(
                visit.places, person.name, language=visit.language, actor=StaffMember(person.name, person.roles)
            )
        return account_steps.sign_in_user(visit.places, person.name, password, client)

    try:
        signed_in = await run_in_threadpool(set_password)
    except LedgerError as refusal:
        return visit.page("welcome.html", 400, who=None, secret=secret, refusal=visit.refusal_text(refusal))
    return set_session(visit.go(""), visit.request, signed_in.token)


async def account_page(visit: Visit) -> Response:
    """Show a person's own password form and sessions."""
    return await _account_page(visit)


async def _account_page(visit: Visit, refusal: str = "", status: int = 200) -> Response:
    if visit.sign_in_address is not None:
        raise NotFound("page", "account")
    sessions = await run_in_threadpool(account_steps.list_own_sessions, visit.places, visit.name)
    done = visit.request.query_params.get("done") == "password"
    return visit.page("account.html", status, sessions=sessions, refusal=refusal, done=done)


async def change_account(visit: Visit) -> Response:
    """Change one's own password, or end all of one's sessions."""
    form = await visit.form()
    if visit.sign_in_address is not None:
        raise NotFound("page", "account")
    if read_action(form, ("password", "sessions")) == "sessions":
        await run_in_threadpool(account_steps.end_own_sessions, visit.places, visit.name)
        return delete_session(visit.go("/sign-in"), visit.request)
    new, client = str(form.get("password", "")), request_client(visit.request)
    try:
        if new != str(form.get("password_again", "")):
            raise PasswordsDiffer
        session = await run_in_threadpool(
            account_steps.change_own_password, visit.places, visit.name, str(form.get("old", "")), new, client
        )
    except SignInRefused:
        return await _account_page(visit, visit.say("account.wrong"), 409)
    except SignInThrottled as throttled:
        return await _account_page(visit, visit.say("sign_in.throttled", seconds=throttled.seconds), 429)
    except LedgerError as refusal:
        return await _account_page(visit, visit.refusal_text(refusal), 409)
    return set_session(visit.go("/account", done="password"), visit.request, session.token)


class PasswordsDiffer(LedgerError):
    """Raised when the two typed passwords differ."""


async def language(visit: Visit) -> Response:
    """Store the language of a person and of this browser; without signing in, of this browser only."""
    form = await visit.form() if visit.person else await _form_without_session(visit)
    chosen = str(form.get("language", ""))
    if chosen not in LANGUAGES:
        raise NotFound("language", chosen, list(LANGUAGES))
    if visit.person:
        change = partial(account_steps.change_user_language, actor=visit.staff, language=chosen)
        await run_in_threadpool(change, visit.places, visit.name)
    return remember_language(visit.go(visit.back.removeprefix(visit.desk)), visit.request, chosen)


async def people_page(visit: Visit) -> Response:
    """Show an administrator the people, and the latest changes to their access."""
    _check_admin(visit)

    events = await run_in_threadpool(account_steps.read_account_events, visit.places, visit.staff, 50)
    return await _people_page(visit, happened=events)


async def _people_page(visit: Visit, *, happened: Sequence[Event] = (), link: str = "") -> Response:
    """Show the people, the signs that one person has two accounts, recent events and a new link."""
    read = partial(run_in_threadpool, places=visit.places, reader=visit.staff)
    everybody, addresses = await read(account_steps.list_users), await read(account_steps.list_user_addresses)
    sessions, shared = await read(account_steps.find_accounts_of_one)
    return visit.page(
        "people.html", everybody=everybody, addresses=addresses, sessions=sessions, shared=shared, happened=happened,
        link=link,
    )  # fmt: skip


async def add_person(visit: Visit) -> Response:
    """Add a person, or change their roles, their link or their access; only administrators may."""
    _check_admin(visit)
    form = await visit.form()
    path = await run_in_threadpool(_change, visit, form)
    link = str(visit.request.url.replace(path="", query="")).rstrip("/") + visit.server_path(path) if path else ""
    return await _people_page(visit, link=link)


def _change(visit: Visit, form: FormData) -> str:
    """Apply a form to a person; return the end of the address of a new link, if there is one."""
    return _ACTS[read_action(form, _ACTS)](visit, text(form, "name"), form)


def _add(visit: Visit, name: str, form: FormData) -> str:
    account_steps.add_user(
        visit.places, name, roles=_roles(form), actor=visit.staff, shown_name=text(form, "shown_name") or None,
        language=text(form, "language") or "en", address=text(form, "email"),
    )  # fmt: skip
    return _link(visit, name, form)


def _link(visit: Visit, name: str, _: FormData) -> str:
    return account_steps.invite_user(visit.places, name, actor=visit.staff)


def _change_roles(visit: Visit, name: str, form: FormData) -> str:
    account_steps.change_user_roles(visit.places, name, roles=_roles(form), actor=visit.staff)
    return ""


def _change_address(visit: Visit, name: str, form: FormData) -> str:
    account_steps.change_user_address(visit.places, name, address=text(form, "email"), actor=visit.staff)
    return ""


def _deactivate(visit: Visit, name: str, _: FormData) -> str:
    account_steps.deactivate_user(visit.places, name, actor=visit.staff)
    return ""


def _reactivate(visit: Visit, name: str, _: FormData) -> str:
    account_steps.reactivate_user(visit.places, name, actor=visit.staff)
    return ""


def _roles(form: FormData) -> list[Role]:
    return [role for role in Role if form.get(role.value)]


_ACTS: Mapping[str, Callable[[Visit, str, FormData], str]] = {
    "add": _add, "link": _link, "roles": _change_roles, "address": _change_address,
    "deactivate": _deactivate, "reactivate": _reactivate,
}  # fmt: skip
"""The actions of the page's forms."""


def _check_admin(visit: Visit) -> None:
    """Check that a person may see the list of people; for others the page does not exist.

    Raises:
        NotFound: they may not see it.
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
    ("GET", "/account", account_page),
    ("POST", "/account", change_account),
    ("GET", "/people", people_page),
    ("POST", "/people", add_person),
)
OPEN_PAGES = frozenset({sign_in_page, sign_in, welcome_page, welcome, language})
"""The pages that need no sign-in."""

"""Whose browser it is: the session's cookie, and who a request is of.

In: a request. Out: the person, or none; cookies set and taken away. The invariants: the cookie is HttpOnly, SameSite,
and Secure wherever the connection is not one of this machine with itself; where another sign-in is installed, it alone
says who somebody is, and only an active person of the desk is anybody.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.desk_pages.other_sign_in import SignIn, other_sign_in
from claimledger.desk import account_steps
from claimledger.desk.account_steps import Client, Person
from claimledger.ledger.files import Places

COOKIE = "claimledger_desk"
"""The name of the session's cookie."""
LANGUAGE_COOKIE = "claimledger_language"
"""The name of the cookie in which a browser remembers the language, for the pages before signing in."""
_YEAR = 365 * 24 * 60 * 60
_SECRET = secrets.token_urlsafe(32)
"""What makes forms unguessable where there is no session of ours; another one each time the server starts."""
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def person_of(places: Places, request: Request) -> Person | None:
    """Return who signed in with this browser."""
    if sign_in := other_sign_in():
        return _named(places, sign_in, request)
    token = request.cookies.get(COOKIE, "")
    return account_steps.session(places, token) if token else None


def _named(places: Places, sign_in: SignIn, request: Request) -> Person | None:
    """Return the active person that another sign-in names."""
    name = sign_in(request)
    return account_steps.named(places, name) if name else None


def form_secret(request: Request, person: Person | None) -> str:
    """Return what the forms of a session are made with: its cookie, or the person where another sign-in has none."""
    if other_sign_in():
        return f"{person.name if person else ''} {_SECRET}"
    return request.cookies.get(COOKIE, "")


def client_of(request: Request) -> Client:
    """Return where a request came from, for the record of sign-ins."""
    return Client(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def keep(response: Response, request: Request, token: str) -> Response:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", secure=_is_secure(request), path=_path(request)
    )
    return response


def forget(response: Response, request: Request) -> Response:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_secure(request), path=_path(request))
    return response


def chosen_language(request: Request) -> str:
    """Return the language an address asks for, else what the browser remembers, else what it asks for: `ko` or `en`."""
    asked = (
        request.query_params.get("lang")
        or request.cookies.get(LANGUAGE_COOKIE)
        or request.headers.get("accept-language", "")
    )
    return "ko" if asked.startswith("ko") else "en"


def remember_language(response: Response, request: Request, language: str) -> Response:
    """Let the browser remember a language for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="strict", secure=_is_secure(request),
        path=_path(request),
    )  # fmt: skip
    return response


def _path(request: Request) -> str:
    """Return below which addresses a browser sends the desk's cookies."""
    return f"{request.scope.get('root_path', '')}{DESK}"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https" or request.url.hostname not in _OWN_MACHINE

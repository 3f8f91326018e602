"""The session cookie of the desk, and the person of a request.

The cookie is HttpOnly, SameSite, and Secure, except for connections within this machine. If another sign-in is
installed, only that sign-in identifies people. In both cases only active people of the desk count as signed in.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from claimledger.datasette_plugin.addresses import DESK
from claimledger.datasette_plugin.desk_pages.other_sign_in import SignIn, other_sign_in
from claimledger.desk import account_steps
from claimledger.desk.account_steps import Client, Person
from claimledger.ledger.files import LedgerPaths

COOKIE = "claimledger_desk"
"""The name of the session cookie."""
LANGUAGE_COOKIE = "claimledger_language"
"""The name of the cookie in which a browser remembers the language, for the pages before signing in."""
_YEAR = 365 * 24 * 60 * 60
_SECRET = secrets.token_urlsafe(32)
"""The secret for form tokens when there is no session of the desk; it changes each time the server starts."""
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def signed_in_person(places: LedgerPaths, request: Request) -> Person | None:
    """Return the person who is signed in with this browser; None if there is none."""
    if sign_in := other_sign_in():
        return _identified_person(places, sign_in, request)
    token = request.cookies.get(COOKIE, "")
    return account_steps.find_session_user(places, token) if token else None


def _identified_person(places: LedgerPaths, sign_in: SignIn, request: Request) -> Person | None:
    """Return the active person that another sign-in identifies."""
    name = sign_in(request)
    return account_steps.find_active_user(places, name) if name else None


def form_secret(request: Request, person: Person | None) -> str:
    """Return the secret for a session's form tokens: its cookie, or the name if another sign-in has none."""
    if other_sign_in():
        return f"{person.name if person else ''} {_SECRET}"
    return request.cookies.get(COOKIE, "")


def request_client(request: Request) -> Client:
    """Return the network address and the browser of a request, for the record of sign-ins."""
    return Client(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def set_session(response: Response, request: Request, token: str) -> Response:
    """Set the session cookie on a response."""
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", secure=_is_secure(request), path=_path(request)
    )
    return response


def delete_session(response: Response, request: Request) -> Response:
    """Delete the session cookie on a response."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_secure(request), path=_path(request))
    return response


def chosen_language(request: Request) -> str:
    """Return the language (`ko` or `en`) of the address, or else of the browser's cookie, or else of its preference."""
    preference = (
        request.query_params.get("lang")
        or request.cookies.get(LANGUAGE_COOKIE)
        or request.headers.get("accept-language", "")
    )
    return "ko" if preference.startswith("ko") else "en"


def remember_language(response: Response, request: Request, language: str) -> Response:
    """Store a language in the browser for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="strict", secure=_is_secure(request),
        path=_path(request),
    )  # fmt: skip
    return response


def _path(request: Request) -> str:
    """Return the path below which a browser sends the desk's cookies."""
    return f"{request.scope.get('root_path', '')}{DESK}"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https" or request.url.hostname not in _OWN_MACHINE

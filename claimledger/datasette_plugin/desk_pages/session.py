"""Whose browser it is: the session's cookie, and who a request is of.

In: a request. Out: the person, or none; cookies set and taken away. The invariant: the cookie is HttpOnly and SameSite,
and Secure wherever the connection is not one of this machine with itself.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from claimledger.desk import open_store, utc_now
from claimledger.ledger.account_events import Client
from claimledger.ledger.files import Places
from claimledger.ledger.people import Person
from claimledger.ledger.signing_in import session

COOKIE = "claimledger_desk"
"""The name of the session's cookie."""
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def person_of(places: Places, request: Request) -> Person | None:
    """Return who signed in with this browser."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    with open_store(places) as store:
        return session(store, token, utc_now())


def client_of(request: Request) -> Client:
    """Return where a request came from, for the record of sign-ins."""
    return Client(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def keep(response: Response, request: Request, token: str) -> Response:
    """Give the browser its session."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=_is_secure(request), path="/-/desk")
    return response


def forget(response: Response, request: Request) -> Response:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_is_secure(request), path="/-/desk")
    return response


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https" or request.url.hostname not in _OWN_MACHINE

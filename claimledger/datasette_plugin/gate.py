"""The outermost gate of the server: it refuses a request before anything reads its body, and guards Datasette's CSV.

The gate runs before every other plug-in and before Datasette's protection of forms, which reads a whole body into
memory. A body is counted while it is read, so that one without a declared length is limited too. The desk raises the
limit of a request with `allow_body` once it knows that a person is signed in.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from claimledger.datasette_plugin.addresses import desk_folder
from claimledger.datasette_plugin.gate_rules import (
    BODY_LIMIT, GateRules, RequestRefused, RequestTooLarge, declared_length, gate_rules, trusted_proxies,
)  # fmt: skip
from claimledger.datasette_plugin.guarded_csv import is_guarded, with_guarded_csv
from claimledger.datasette_plugin.plugin_settings import plugin_settings

if TYPE_CHECKING:
    from datasette.app import Datasette

    from claimledger.datasette_plugin.streaming import AsgiApp, Message, Receive, Scope, Send

_BODY = "claimledger.body"
"""The key of a request's scope with its `LimitedBody`."""
_PROXIES_VARIABLE = "FORWARDED_ALLOW_IPS"
"""The environment variable in which Uvicorn looks for trusted proxies after it has got the application."""
_SERVER_ERROR = 500
_CLOSE = (b"connection", b"close")
"""The header after which the server does not read the rest of a body."""


class LimitedBody:
    """The body of a request, which can only be read up to a limit."""

    def __init__(self, receive: Receive, declared: int) -> None:
        """Begin with the limit for people who are not signed in."""
        self.limit = BODY_LIMIT
        self.is_exceeded = False
        self._receive, self._declared, self._read = receive, declared, 0

    async def receive(self) -> Message:
        """Return the next part.

        Raises:
            RequestTooLarge: the body is, or says it is, larger than the limit.
        """
        self._check(self._declared)
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._check(self._read)
        return message

    @property
    def is_left_unread(self) -> bool:
        """True if the rest of the body is not to be read, not even to be thrown away."""
        return self.is_exceeded or self._declared > self.limit

    def _check(self, length: int) -> None:
        if length > self.limit:
            self.is_exceeded = True
            raise RequestTooLarge(self.limit)


def allow_body(scope: Scope, limit: int) -> None:
    """Raise the limit of a request's body, if the gate is in front of this application."""
    body: LimitedBody | None = scope.get(_BODY)
    if body:
        body.limit = limit


def with_gate(app: AsgiApp, datasette: Datasette) -> AsgiApp:
    """Return an application that only gets the requests which the settings of this server allow."""
    settings = plugin_settings(datasette)
    root = str(datasette.setting("base_url"))
    rules = gate_rules(settings, root, has_desk=desk_folder(datasette) is not None)
    if (proxies := trusted_proxies(settings)) or _PROXIES_VARIABLE not in os.environ:
        os.environ[_PROXIES_VARIABLE] = proxies  # by default, Uvicorn would trust every program of this machine

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
        elif scope["type"] == "http":
            await _answer(rules, app, scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    return answer


async def _answer(rules: GateRules, app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        rules.check(scope)
    except RequestRefused as refusal:
        await _refuse(refusal, send)
        return
    body = LimitedBody(receive, declared_length(scope))
    answered = _Answer(body, with_guarded_csv(send) if is_guarded(scope) else send)
    try:
        await app({**scope, _BODY: body}, body.receive, answered.send)
    except RequestTooLarge:
        if answered.is_begun:
            raise
    if body.is_exceeded and not answered.is_begun:
        await _refuse(RequestTooLarge(body.limit), send)


class _Answer:
    """The answer of the application, except for an error page that it makes of a body that is too large."""

    def __init__(self, body: LimitedBody, send: Send) -> None:
        self.is_begun = False
        self._body, self._send = body, send

    async def send(self, message: Message) -> None:
        is_start = message["type"] == "http.response.start"
        if is_start and not (self._body.is_exceeded and message["status"] >= _SERVER_ERROR):
            self.is_begun = True
        if is_start and self._body.is_left_unread:
            message = {**message, "headers": [*message["headers"], _CLOSE]}
        if self.is_begun:
            await self._send(message)


async def _refuse(refusal: RequestRefused, send: Send) -> None:
    """Answer with the refusal in both languages, because nothing about the reader is known yet."""
    content = f"{refusal.bilingual()}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        _CLOSE,
        *refusal.headers,
    ]
    await send({"type": "http.response.start", "status": int(refusal.status), "headers": headers})
    await send({"type": "http.response.body", "body": content})

"""Send one request to an OpenAI-compatible server with the library `llm`, and to no other address.

This is the only module that may import `llm`. It loads none of its plug-ins and never asks for a default model: it
makes the one model that the newsroom named, with a client that uses no proxy of the environment, follows no redirect
and tries once. An answer has at most `LONGEST_ANSWER` bytes and `SECONDS` seconds. The library is loaded inside the
call, because importing it takes longer than most commands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from claimledger.desk_vocabulary import ModelReach
from claimledger.suggesting.exchange import (
    AddressRefused, ModelAnswer, ModelRequest, ModelSettings, ModelUnavailable, SuggesterMissing,
)  # fmt: skip

SECONDS = 60
"""The longest time of a call."""
LONGEST_ANSWER = 2_000_000
"""The most bytes of a response that are read."""
_NO_PLUGINS = ""
"""The value of LLM_LOAD_PLUGINS with which `llm` loads no installed plug-in."""


class LlmSuggester(NamedTuple):
    """The suggester that uses the library `llm`."""

    name: str = "llm"

    def check_installed(self) -> None:
        """Check that the library is installed; it is not loaded.

        Raises:
            SuggesterMissing: it is not.
        """
        if find_spec("llm") is None:
            raise SuggesterMissing(self.name, "llm")

    def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
        """Send one request to the model of these settings and return its answer.

        Raises:
            AddressRefused: a model of this computer has another address than a loopback one, or an outside one has no
                HTTPS address.
            SuggesterMissing: the library is not installed.
            ModelUnavailable: the server gives no whole answer.
        """
        check_model_address(settings)
        self.check_installed()
        start = time.monotonic()
        try:
            found = _send(request, settings)
        except Exception as error:  # noqa: BLE001  the library may fail in any way
            raise ModelUnavailable(settings.name, _reason(error)) from None
        return found._replace(milliseconds=round((time.monotonic() - start) * 1000))


def check_model_address(settings: ModelSettings) -> None:
    """Check that a model's address is of the kind that its settings name; a name may resolve to any address.

    Raises:
        AddressRefused: it is not.

    >>> check_model_address(ModelSettings("m", ModelReach.THIS_MACHINE, "http://127.0.0.1:8080/v1"))
    """
    try:
        address = urlsplit(settings.address)
    except ValueError:  # for example an IPv6 address without its bracket
        raise AddressRefused(settings.name, settings.address) from None
    if settings.reaches is ModelReach.THIS_MACHINE:
        is_right = address.scheme in ("http", "https") and _is_loopback(address.hostname or "")
    else:
        is_right = address.scheme == "https" and bool(address.hostname)
    if not is_right or address.username is not None:
        raise AddressRefused(settings.name, settings.address)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _send(request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
    os.environ["LLM_LOAD_PLUGINS"] = _NO_PLUGINS
    with _careful_client() as client:
        response = _model(settings, client).prompt(
            request.user,
            system=request.system,
            schema=dict(request.schema),
            stream=False,
            max_tokens=request.max_tokens,
        )
        text = response.text()
    usage = response.usage()
    model = str((response.response_json or {}).get("model") or settings.name)[:200]
    return ModelAnswer(text, model, usage.input, usage.output)


def _model(settings: ModelSettings, client: Any) -> Any:  # noqa: ANN401  classes of a library that may be missing
    """Return the one model of these settings; `client` reaches only its address."""
    import openai  # noqa: PLC0415
    from llm.default_plugins.openai_models import Chat  # noqa: PLC0415

    class _OneServer(Chat):  # type: ignore[misc]  # a class of a library without types
        needs_key = None

        def get_client(self, key: object, *, async_: bool = False) -> Any:  # noqa: ANN401, ARG002
            secret = os.environ.get(settings.key, "") if settings.key else ""
            return openai.OpenAI(
                base_url=settings.address, api_key=secret or "none", max_retries=0, timeout=SECONDS,
                http_client=client,
            )  # fmt: skip

    return _OneServer(settings.name, can_stream=False, supports_schema=True)


def _careful_client() -> Any:  # noqa: ANN401
    import httpx2  # noqa: PLC0415

    class _BoundedStream(httpx2.SyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any) -> None:  # noqa: ANN401
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            size, end = 0, time.monotonic() + SECONDS
            for piece in self._stream:
                size += len(piece)
                if size > LONGEST_ANSWER or time.monotonic() > end:
                    raise _TooLarge
                yield piece

        def close(self) -> None:
            self._stream.close()

    class _BoundedTransport(httpx2.HTTPTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:  # noqa: ANN401
            response = super().handle_request(request)
            if response.headers.get("content-encoding", "identity") != "identity":
                response.close()
                raise _TooLarge
            return httpx2.Response(
                response.status_code, headers=response.headers, stream=_BoundedStream(response.stream),
                extensions=response.extensions,
            )  # fmt: skip

    return httpx2.Client(
        trust_env=False, follow_redirects=False, timeout=SECONDS, transport=_BoundedTransport(trust_env=False),
        headers={"Accept-Encoding": "identity"},
    )  # fmt: skip


class _TooLarge(Exception):
    """Raised when a response is longer, later or otherwise encoded than an answer may be."""


def _reason(error: Exception) -> str:
    """Return the kind of an error and its status; the text of an error may repeat the request."""
    status = getattr(error, "status_code", None)
    kind = type(error.__cause__ if isinstance(error.__cause__, _TooLarge) else error).__name__.lstrip("_")
    return f"{kind} ({status})" if isinstance(status, int) else kind

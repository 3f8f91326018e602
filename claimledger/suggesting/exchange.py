"""One request to a language model, and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, runtime_checkable

from claimledger.desk_vocabulary import ModelReach, SuggestionTask
from claimledger.errors import LedgerError


class ModelSettings(NamedTuple):
    """The settings of one model, as the newsroom wrote them."""

    name: str
    """The model's name, exactly as the server knows it."""
    reaches: ModelReach
    """The place where the model runs."""
    address: str
    """The base address of the server, for example http://127.0.0.1:8080/v1."""
    key: str = ""
    """The name of the environment variable with the server's key; empty if it needs none."""
    suggester: str = "llm"
    """The suggester's entry point."""


class ModelRequest(NamedTuple):
    """A request: the rules, the data, and the form of the answer."""

    task: SuggestionTask
    """The task."""
    system: str
    """The rules for the model."""
    user: str
    """The data, as JSON text."""
    schema: Mapping[str, Any]
    """The JSON schema of the answer."""
    max_tokens: int
    """The greatest length of the answer, in tokens."""

    @property
    def prompt_sha256(self) -> str:
        """The hash of the rules and of the form of the answer."""
        values = [self.system, dict(self.schema), self.max_tokens]
        canonical = json.dumps({"values": values}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @property
    def data_sha256(self) -> str:
        """The hash of the data."""
        return sha256(self.user.encode()).hexdigest()


class ModelAnswer(NamedTuple):
    """An answer as it came, before anything is read."""

    text: str
    """The answer's text; it may be anything."""
    model: str
    """The model as the server names it."""
    tokens_in: int | None = None
    """The tokens of the request; None if the server does not count them."""
    tokens_out: int | None = None
    """The tokens of the answer; None if the server does not count them."""
    milliseconds: int = 0
    """The time that the call took."""


class Suggester(Protocol):
    """A connection to language models; it gets nothing but the request."""

    @property
    def name(self) -> str:
        """The name of its entry point."""

    def answer(self, request: ModelRequest, settings: ModelSettings) -> ModelAnswer:
        """Send one request to a model and return its answer; there is no second try.

        Raises:
            ModelUnavailable: the model cannot be reached, refuses, or gives no whole answer.
        """


@runtime_checkable
class ChecksItself(Protocol):
    """A suggester that can say before a call whether everything that it needs is installed."""

    def check_installed(self) -> None:
        """Check that everything that the suggester needs is installed; nothing is sent.

        Raises:
            SuggesterMissing: a library is missing.
        """


class ModelUnavailable(LedgerError):
    """Raised when a model gives no answer; nothing was stored but the fact of the call."""

    def __init__(self, model: str, reason: str) -> None:
        """Name the model and the reason, which contains no text of a request."""
        super().__init__(model=model, reason=reason)


class SuggesterMissing(LedgerError):
    """Raised when a suggester is not installed, or a library that it needs."""

    def __init__(self, name: str, library: str = "") -> None:
        """Name the suggester and, if only this is missing, the library."""
        super().__init__("library" if library else "", name=name, library=library)


class AddressRefused(LedgerError):
    """Raised when a model that runs on this computer has another address."""

    def __init__(self, model: str, address: str) -> None:
        """Name the model and its address."""
        super().__init__(model=model, address=address)

"""What every test shares: reproducible generated cases, and no way out to the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import datasette.app  # noqa: F401  before its plug-ins: one that a test imports first would be registered half made
import page_reading
import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None, max_examples=40)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
settings.load_profile("ci" if "CI" in os.environ else "here")

HERE = ("127.0.0.1", "::1", "localhost")
TAKES_LONG = frozenset({"slow", "journey"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long come first, and of that what is in one piece: begun last, it keeps one core busy alone."""
    items.sort(key=lambda item: (not takes_long(item), takes_long(item) and hasattr(item, "callspec")))


def takes_long(item: pytest.Item) -> bool:
    return any(mark.name in TAKES_LONG for mark in item.iter_markers())


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401  its form depends on the family
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HERE:
            pytest.fail(f"A test tried to connect to {address}; hand in a transport instead.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture
def serve() -> Iterator[Callable[..., Any]]:
    """Serve ledgers with `page_reading.serving` until the test is over."""
    begun: list[Any] = []

    def start(*where: Any, **options: Any) -> Any:  # noqa: ANN401
        begun.append(page_reading.serving(*where, **options))
        return begun[-1]

    yield start
    for one in begun:
        page_reading.stop(one)

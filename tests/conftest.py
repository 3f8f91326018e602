"""Fixtures and settings for every test: reproducible generated cases, and no access to the network."""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partialmethod
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from hypothesis import settings
from jinja2 import Environment
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from tiers import QUICK_TESTS, spare

settings.register_profile("here", deadline=None, max_examples=40)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=10)  # scripts/test asks for it
settings.load_profile("ci" if "CI" in os.environ else "here")

HERE = ("127.0.0.1", "::1", "localhost")
BIGGER = ("kiwipiepy", "playwright", "pyarrow", "spacy")
"""Packages that the quick tests do not use, even if they are installed, so that the results are the same everywhere."""
TAKES_LONG = frozenset({"slow", "journey", "soak"})
WHOLE_FILE = re.compile(r"^pytestmark = (?:\[\n(?s:.*?)\n\]|.*)$", re.MULTILINE)
"""The statement that marks every test of a file."""


def pytest_configure(config: pytest.Config) -> None:
    if "not slow" in config.option.markexpr:
        for name in BIGGER:
            sys.modules[name] = None  # type: ignore[assignment]  # importing it is an ImportError
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        gc.disable()  # what is imported and collected stays: looking for garbage in it takes a fifth of the time
        importlib.import_module("datasette.app")  # before its plug-ins, or the first one is registered half made
        share_compiled_templates(config)


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled templates of all environments of one process, kept for the other workers and the next run."""

    def __init__(self, folder: Path | None) -> None:
        """Keep them in a folder too, if there is one."""
        super().__init__(str(folder) if folder else None)
        self.codes: dict[tuple[str, str], CodeType] = {}
        self.has_folder = folder is not None

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))
        if self.has_folder and bucket.code is None:
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self.codes[bucket.key, bucket.checksum] = bucket.code
            if self.has_folder:
                super().dump_bytecode(bucket)


def share_compiled_templates(config: pytest.Config) -> None:
    """Let each environment use the templates that another one has compiled, which takes longer than to render them.

    Those of different versions of Jinja or Datasette are kept apart; a changed template has another checksum.
    """
    folder = None
    if hasattr(config, "cache"):  # not with '-p no:cacheprovider'
        versions = "-".join(importlib.metadata.version(name) for name in ("jinja2", "datasette"))
        folder = config.cache.mkdir(f"compiled-templates-{versions}")
    templates = CompiledTemplates(folder)
    Environment.__init__ = partialmethod(Environment.__init__, bytecode_cache=templates)  # type: ignore[assignment]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import a file if all its tests are deselected: the packages that it needs may be missing."""
    if not collection_path.match("test_*.py"):
        return None
    marked = WHOLE_FILE.search(collection_path.read_text(encoding="utf-8"))
    return True if marked and left_out(config).intersection(re.findall(r"mark\.(\w+)", marked[0])) else None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> list[pytest.Item] | None:
    """Make no items of a slow test that is deselected: the several thousand would take seconds.

    A test that is asked for by its name is made, so that pytest says that it is deselected, not that it is missing.
    """
    markers = left_out(collector.config)
    if not markers or any("::" in argument for argument in collector.config.args):
        return None
    marks = {mark.name for mark in getattr(obj, "pytestmark", ()) if isinstance(mark, pytest.Mark)}
    quick = QUICK_TESTS.get(collector.path.stem)
    is_slow = "slow" in markers and quick is not None and name.startswith("test") and name not in quick
    return [] if is_slow or markers & marks else None


def left_out(config: pytest.Config) -> set[str]:
    """Return the markers whose tests are deselected."""
    return set(re.findall(r"\bnot (\w+)", config.option.markexpr))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run slow tests first, so that no core is busy alone at the end; those of a file stay together and share more."""
    for item in items:
        quick = QUICK_TESTS.get(item.path.stem)
        if quick is not None and item.name.partition("[")[0] not in quick:
            item.add_marker("slow")
    items.sort(key=lambda item: not takes_long(item))
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        if hasattr(item, "callspec") and not takes_long(item):
            tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for row in [row for rows in tables.values() for row in spare(rows)]:
        row.add_marker("slow")  # after sorting, so that with --all a table is run in one piece


def pytest_collection_finish() -> None:
    """Look for garbage again, but only in what the tests make."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


def takes_long(item: pytest.Item) -> bool:
    return any(mark.name in TAKES_LONG for mark in item.iter_markers())


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401  its form depends on the family
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HERE:
            pytest.fail(f"A test tried to connect to {address}; hand in a transport instead.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def _late_clock() -> Iterator[None]:
    """Let entries of the log be dated up to 2099, because most tests are set in 2031."""
    arrivals = importlib.import_module("claimledger.newsroom.arrivals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrivals, "clock_time", lambda: datetime(2099, 1, 1, tzinfo=UTC))
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Yield a browser for the tests of a file; while it runs, no other event loop can be started."""
    import desk_browser  # noqa: PLC0415  the quick tests do without a browser

    with desk_browser.browser() as browser:
        yield browser


@pytest.fixture
def running(chromium: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the browser and close all its windows after the test; windows share neither cookies nor storage."""
    yield chromium
    for context in [*chromium.contexts]:
        context.close()


@pytest.fixture(scope="module")
def serve_shared() -> Iterator[Callable[..., Any]]:
    """Serve each ledger with the same options once for all tests of a file; these share one event loop too.

    Only for ledgers that no test replaces.
    """
    import page_reading  # noqa: PLC0415  it imports Datasette

    served: dict[str, Any] = {}

    def start(path: Path, **options: Any) -> Any:  # noqa: ANN401
        key = repr((path, sorted(options.items())))
        if key not in served:
            served[key] = page_reading.serving(path, **options)
        return served[key]

    yield start
    for one in served.values():
        page_reading.stop(one)


@pytest.fixture
def serve() -> Iterator[Callable[..., Any]]:
    """Serve ledgers with `page_reading.serving` until the test is over."""
    import page_reading  # noqa: PLC0415  it imports Datasette

    begun: list[Any] = []

    def start(*where: Any, **options: Any) -> Any:  # noqa: ANN401
        begun.append(page_reading.serving(*where, **options))
        return begun[-1]

    yield start
    for one in begun:
        page_reading.stop(one)

"""Public pages and desk in one real server under odd and ordinary requests: no error, no lost act, flat memory."""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import desk_visits
import pytest
import running
import staff
from http_fuzz import SignedIn, made_desk_requests, made_requests
from newsroom import ARTICLE_ID, CARGO, GROWTH
from server_process import serving_process

from claimledger.datasette_plugin.addresses import DESK, DESK_VARIABLE
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.datasette_plugin.desk_pages.visit import form_token
from claimledger.desk import step_setup
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow
SOAK = int(os.environ.get("CLAIMLEDGER_SOAK", "50000"))
"""The number of requests of the long run."""
SOAK_SECONDS = float(os.environ.get("CLAIMLEDGER_SOAK_SECONDS", "inf"))
"""The long run ends earlier after so many seconds; its report has the number of requests that were made."""
WARM = 500
"""The requests after which the memory of the server is measured first."""
MOST_GROWTH = 60_000
"""The kilobytes by which the server's memory may grow after that."""
SECRET = "The harbour master asked us not to print this."


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    made = desk_visits.made(tmp_path / "ledger")
    client = desk_visits.signed_in(made, "kim")
    desk_visits.sent(client, f"/claims/{CARGO}/comment", text=SECRET)
    assert SECRET in client.get(f"{DESK}/claims/{CARGO}").text
    monkeypatch.setenv(DESK_VARIABLE, str(made.root))
    return made


def exchange(port: int, request: bytes) -> bytes:
    """Send the bytes of a request, and return those of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=running.LONGEST_WAIT) as connection:
        received = []
        try:
            connection.sendall(request)
            while piece := connection.recv(1 << 16):
                received.append(piece)
        except ConnectionError:  # a refused body ends the connection
            pass
        return b"".join(received)


def memory(process_id: int) -> int:
    """Return the resident memory of a process in kilobytes."""
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


class Person:
    """A person who is signed in, and assigns a claim again and again."""

    def __init__(self, places: LedgerPaths, port: int) -> None:
        with step_setup.open_store(places) as store:
            self._session = staff.sign_in(store, "lee", now=step_setup.utc_now()).token
        self._port, self.acknowledged = port, 0

    def assign(self) -> None:
        """Assign the claim, and count the act if the desk acknowledged it."""
        form = {
            "form_token": form_token(self._session),
            "question": "said",
            "assignee": ("kim", "choi")[self.acknowledged % 2],
        }
        headers = {"Cookie": f"{COOKIE}={self._session}", "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=running.LONGEST_WAIT)) as connection:
            connection.request("POST", f"{DESK}/claims/{CARGO}/assign", urlencode(form), headers)
            assert connection.getresponse().status == 303
        self.acknowledged += 1


def writer(places: LedgerPaths) -> SignedIn:
    """Return a checker who is an editor, too, and fills in the forms of a claim that is not assigned here."""
    with step_setup.open_store(places) as store:
        session = staff.sign_in(store, "choi", now=step_setup.utc_now()).token
    return SignedIn(f"{COOKIE}={session}", form_token(session), GROWTH, ARTICLE_ID)


def acts(places: LedgerPaths) -> int:
    """Return the number of stored assignments."""
    with closing(sqlite3.connect(places.desk)) as connection:
        return int(connection.execute("SELECT count(*) FROM act WHERE action = 'assign'").fetchone()[0])


class Exchange(NamedTuple):
    """A request and its answer."""

    request: str
    """The beginning of the request."""
    answer: bytes
    """The bytes of the answer."""
    is_public: bool
    """True if the request came from a reader."""


def exchanges(port: int, count: int, person: Person, form_writer: SignedIn) -> Iterator[Exchange]:
    """Yield requests with their answers: two thirds of readers, one third of a writer; every fiftieth is an act."""
    forms = made_desk_requests(1, form_writer, DESK)
    for number, request in enumerate(made_requests(1, count)):
        if number % 50 == 0:
            person.assign()
        is_public = number % 3 > 0
        sent = request if is_public else next(forms)
        answer = exchange(port, sent.encode("127.0.0.1"))
        yield Exchange(f"{sent.method} {sent.target} {sent.headers} {sent.body[:500]!r}", answer, is_public)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("count", [1_000, pytest.param(SOAK, marks=pytest.mark.soak)])
def test_server_survives_odd_requests(
    places: LedgerPaths, count: int, record_property: Callable[[str, object], None]
) -> None:
    before = acts(places)
    with serving_process(places.ledger) as (port, server):
        person, failed, warm, end = Person(places, port), [], 0, time.monotonic() + SOAK_SECONDS
        for number, one in enumerate(exchanges(port, count, person, writer(places))):
            is_fault = one.answer.startswith(b"HTTP/1.1 5") or not one.answer
            if is_fault or (one.is_public and SECRET.encode() in one.answer):
                failed.append((one.request, one.answer[:200]))
            if number == WARM:
                warm = memory(server.pid)
            if number > WARM and time.monotonic() > end:
                count = number + 1
                break
        grown = memory(server.pid) - warm
        assert server.poll() is None
    stored = acts(places) - before
    record_property(
        "measured",
        f"{count:,} requests to public pages and desk: {len(failed)} with status 5xx, no answer or private text; "
        f"{person.acknowledged:,} assignments acknowledged, {stored:,} stored; memory of the server {warm:,} kB after "
        f"{WARM} requests and {warm + grown:,} kB at the end",
    )
    assert failed == []
    assert stored == person.acknowledged == (count + 49) // 50
    assert grown < MOST_GROWTH, f"{grown} kB more than {warm} kB"

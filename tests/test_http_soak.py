"""Public pages and desk in one real server under odd and ordinary requests: no error, no lost act, flat memory."""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import desk_visits
import pytest
import running
import staff
from http_fuzz import MadeRequest, SignedIn, made_desk_requests, made_requests
from newsroom import ARTICLE_ID, CARGO, GROWTH, actor, edit_by
from server_process import serving_process

from claimledger import desk
from claimledger.datasette_plugin.addresses import DESK, DESK_VARIABLE
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.datasette_plugin.desk_pages.visit import form_token
from claimledger.desk import lookups, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow
SOAK = int(os.environ.get("CLAIMLEDGER_SOAK", "50000"))
"""The number of requests of the long run."""
CONNECTIONS = 4
"""The connections that send requests at the same time."""
PARTS = 10
"""The measurements of memory in a run, the first after a tenth of the requests."""
MOST_GROWTH = 60_000
"""The kilobytes by which the server's memory may grow from the first measurement to the last."""
SECRET = "The harbour master asked us not to print this."


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    made = desk_visits.made(tmp_path / "ledger")
    client = desk_visits.signed_in(made, "kim")
    desk_visits.sent(client, f"/claims/{CARGO}/comment", text=SECRET)
    assert SECRET in client.get(f"{DESK}/claims/{CARGO}").text
    monkeypatch.setenv(DESK_VARIABLE, str(made.root))
    return made


class Connection:
    """A connection to the server that stays open between requests, if the server and the request allow it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def exchange(self, request: MadeRequest) -> bytes:
        """Send a request, and return the bytes of the answer; of an ordinary one the status and the content."""
        if request.is_odd:
            return exchange_once(self._port, request.encode("127.0.0.1"))
        self._socket = self._socket or connect(self._port)
        self._socket.sendall(request.encode("127.0.0.1"))
        answer = http.client.HTTPResponse(self._socket, method=request.method)
        answer.begin()
        content = answer.read()
        if answer.will_close:
            self.close()
        return f"HTTP/1.1 {answer.status}\r\n".encode() + content

    def close(self) -> None:
        """End the connection."""
        if self._socket:
            self._socket.close()
        self._socket = None


def connect(port: int) -> socket.socket:
    """Return a new connection to the server."""
    return socket.create_connection(("127.0.0.1", port), timeout=running.LONGEST_WAIT)


def exchange_once(port: int, request: bytes) -> bytes:
    """Send the bytes of a request, and return everything that the server sends until it ends the connection."""
    with connect(port) as connection:
        received = []
        try:
            connection.sendall(request)
            while piece := connection.recv(1 << 16):
                received.append(piece)
        except ConnectionError:  # a refused body ends the connection
            pass
        return b"".join(received)


class Process(NamedTuple):
    """The measurements of a process by the system."""

    memory: int
    """Its resident memory in kilobytes."""
    seconds: float
    """Its processor time."""


def read_process(process_id: int) -> Process:
    """Return the present memory and processor time of a process."""
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    times = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    memory = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return Process(memory, sum(map(int, times)) / os.sysconf("SC_CLK_TCK"))


class Acts:
    """Acts on one claim of which the desk said that it has stored them: assignments, comments, publications."""

    def __init__(self, places: LedgerPaths, port: int) -> None:
        with step_setup.open_store(places) as store:
            self._session = staff.sign_in(store, "lee", now=step_setup.utc_now()).token
        self._places, self._port = places, port
        self._before = self._count_acts()
        self.acknowledged = Counter[str]()

    def act(self, number: int) -> None:
        """Assign the claim or comment on it, and at every tenth act publish a changed note, too."""
        name = ("assign", "comment")[number % 2]
        form = {"question": "said", "assignee": ("kim", "choi")[number // 2 % 2], "text": f"{SECRET} {number}"}
        headers = {"Cookie": f"{COOKIE}={self._session}", "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=running.LONGEST_WAIT)) as connection:
            sent = urlencode({"form_token": form_token(self._session), **form})
            connection.request("POST", f"{DESK}/claims/{CARGO}/{name}", sent, headers)
            assert connection.getresponse().status == 303
        self.acknowledged[name] += 1
        if number % 10 == 0:
            self._publish(f"Counted again, round {number}.")

    def _publish(self, note: str) -> None:
        """Publish a note on the claim from this process, and find it on the page that the server shows next."""
        found = lookups.claim_at_desk(self._places, CARGO)
        fields = found.claim.to_json() | {"note": {"en": note, "ko": note}}
        seen = SeenVersion(found.head_sha256, None)
        desk.edit(self._places, CARGO, fields, seen, edit_by("kim", "Counted again", RevisionKind.UPDATE))
        desk.approve(self._places, CARGO, lookups.claim_at_desk(self._places, CARGO).newest_draft_id, actor("lee"))
        desk.publish(self._places, actor("park"), [CARGO])
        self.acknowledged["publication"] += 1
        request = MadeRequest("GET", f"/claims/{CARGO}", [], b"", is_odd=True)
        page = exchange_once(self._port, request.encode("127.0.0.1"))
        assert note.encode() in page, page[:500]

    def count_stored(self) -> Counter[str]:
        """Return the number of acts that the desk has stored since the beginning."""
        return self._count_acts() - self._before

    def _count_acts(self) -> Counter[str]:
        with closing(sqlite3.connect(self._places.desk)) as connection:
            acts = "SELECT action, count(*) FROM act WHERE claim_id = ? AND action IN ('assign', 'comment') GROUP BY 1"
            published = "SELECT 'publication', count(*) FROM publication WHERE key = ?"
            return Counter(dict([*connection.execute(acts, [CARGO]), *connection.execute(published, [CARGO])]))


def writer(places: LedgerPaths) -> SignedIn:
    """Return a checker who is an editor, too, and fills in the forms of a claim that is not assigned here."""
    with step_setup.open_store(places) as store:
        session = staff.sign_in(store, "choi", now=step_setup.utc_now()).token
    return SignedIn(f"{COOKIE}={session}", form_token(session), GROWTH, ARTICLE_ID)


class Soak:
    """Requests over several connections at the same time, and what was noticed."""

    def __init__(self, places: LedgerPaths, port: int, process_id: int, count: int) -> None:
        self.acts, self.count = Acts(places, port), count
        self.failed: list[tuple[str, bytes]] = []
        self.statuses = Counter[str]()
        self.processes = list[Process]()
        self._port, self._process_id = port, process_id
        self._numbers = iter(range(count))
        self._readers, self._forms = made_requests(1, CARGO, ARTICLE_ID), made_desk_requests(1, writer(places), DESK)
        self._next, self._act = threading.Lock(), threading.Lock()

    def run(self) -> None:
        """Send every request."""
        threads = [threading.Thread(target=self._send_all) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send_all(self) -> None:
        connection = Connection(self._port)
        with closing(connection):
            for number, request, is_public in self._take_requests():
                try:
                    self._send(connection, number, request, is_public=is_public)
                except (OSError, http.client.HTTPException, AssertionError) as fault:
                    self.failed.append((f"{number} {request.target}", repr(fault).encode()))
                    connection.close()

    def _take_requests(self) -> Iterator[tuple[int, MadeRequest, bool]]:
        """Yield requests with their numbers for one connection: two thirds of readers, one third of a writer."""
        while True:
            with self._next:
                number = next(self._numbers, None)
                if number is None:
                    return
                is_public = number % 3 > 0
                request = next(self._readers if is_public else self._forms)
            yield number, request, is_public

    def _send(self, connection: Connection, number: int, request: MadeRequest, *, is_public: bool) -> None:
        answer = connection.exchange(request)
        self.statuses[answer[9:12].decode()] += 1
        if not answer or answer.startswith(b"HTTP/1.1 5") or (is_public and SECRET.encode() in answer):
            self.failed.append((f"{request.method} {request.target} {request.headers}", answer[:200]))
        with self._act:
            if number % 50 == 0:
                self.acts.act(number // 50)
            if number % (self.count // PARTS) == 0:
                self.processes.append(read_process(self._process_id))

    def sentences(self, seconds: float) -> str:
        """Return the measurements."""
        used = 1000 * (self.processes[-1].seconds - self.processes[0].seconds) / self.count
        statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(self.statuses.items()))
        memory = ", ".join(f"{one.memory:,}" for one in self.processes)
        acknowledged, stored = ({**counts} for counts in (self.acts.acknowledged, self.acts.count_stored()))
        return (
            f"{self.count:,} requests to public pages and desk over {CONNECTIONS} connections in {seconds:,.0f} s, "
            f"{used:.1f} ms of the server's processor time each ({statuses}): {len(self.failed)} with status 5xx, no "
            f"answer or private text; acts acknowledged {acknowledged}, stored {stored}; memory of the server at the "
            f"start and after each tenth of the run: {memory} kB"
        )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("count", [500, pytest.param(SOAK, marks=pytest.mark.soak)])
def test_server_survives_odd_requests(
    places: LedgerPaths, count: int, record_property: Callable[[str, object], None]
) -> None:
    with serving_process(places.ledger) as (port, server):
        soak, start = Soak(places, port, server.pid, count), time.monotonic()
        soak.run()
        assert server.poll() is None
        soak.processes.append(read_process(server.pid))
    record_property("measured", soak.sentences(time.monotonic() - start))
    assert soak.failed == []
    assert soak.acts.count_stored() == soak.acts.acknowledged
    assert soak.acts.acknowledged.total() == (count + 49) // 50 + (count + 499) // 500
    grown = soak.processes[-1].memory - soak.processes[2].memory
    assert grown < MOST_GROWTH, f"{grown} kB more than {soak.processes[2].memory} kB"

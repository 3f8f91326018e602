"""Concurrent actions: no update is lost, the later person sees both values, and the counts add up."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import newsroom
import pytest
import running
import uvicorn
from newsroom import CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.datasette_plugin.desk_pages.visit import form_token
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.step_setup import utc_now
from claimledger.errors import LedgerError, ProblemsFound
from claimledger.accounts import credentials, people
from claimledger.accounts.credentials import CredentialKind
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import Question

pytestmark = pytest.mark.slow

ROUNDS = 25
WRITERS = tuple(f"writer-{number}" for number in range(6))


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    clock = Clock()
    clock.now = utc_now() - timedelta(hours=2)
    places = newsroom.write_all(tmp_path / "ledger")
    desk.record(places, [], newsroom.edit_by("author", "First reading"), clock)
    desk.publish(places, actor("publisher"), clock=clock)
    newsroom.hire(places, *WRITERS)
    return places


def seen_version(places: LedgerPaths, claim_id: str = CARGO) -> SeenVersion:
    claim = lookups.claim_at_desk(places, claim_id)
    return SeenVersion(claim.head_sha256, claim.draft.draft_id if claim.draft else None)


def save(places: LedgerPaths, name: str, fields: Mapping[str, Any], shown: SeenVersion) -> object:
    return desk.edit(places, CARGO, fields, shown, Edit(name, "더 낫다.", None, None, (Role.CHECKER,)))


def run_at_once(*acts: Callable[[], object]) -> list[object]:
    """Run functions at the same time in threads of their own, and return the result or the refusal of each."""
    gate = threading.Barrier(len(acts), timeout=running.LONGEST_WAIT)

    def do(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except LedgerError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def test_concurrent_edit_shows_both_values(places: LedgerPaths) -> None:
    for number in range(ROUNDS):
        both_saw, fields = seen_version(places), lookups.claim_at_desk(places, CARGO).claim.to_json()
        topics = {name: f"topic-{name}-{number}" for name in ("kim", "park")}
        before = fields["topics"][0]
        saves = (partial(save, places, name, fields | {"topics": [topic]}, both_saw) for name, topic in topics.items())
        outcomes = run_at_once(*saves)
        refused = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, ProblemsFound)]
        assert len(refused) == 1
        refusal = outcomes[refused[0]]
        assert isinstance(refusal, ProblemsFound)
        message = " ".join(problem.sentence for problem in refusal.problems)
        assert all(topic in message for topic in topics.values())
        claim = lookups.claim_at_desk(places, CARGO).claim.to_json()
        assert claim["topics"] == [[*topics.values()][1 - refused[0]]]
        assert before != claim["topics"][0]


def test_concurrent_save_is_never_approved_unseen(places: LedgerPaths) -> None:
    for number in range(ROUNDS):
        fields = lookups.claim_at_desk(places, CARGO).claim.to_json()
        save(places, "kim", fields | {"topics": [f"first-{number}"]}, seen_version(places))
        draft_id = lookups.claim_at_desk(places, CARGO).newest_draft_id
        run_at_once(
            partial(save, places, "kim", fields | {"topics": [f"second-{number}"]}, seen_version(places)),
            partial(desk.approve, places, CARGO, draft_id, actor("lee")),
        )
        claim = lookups.claim_at_desk(places, CARGO)
        assert claim.claim.to_json()["topics"] == [f"second-{number}"]
        assert claim.approver is None


@pytest.fixture
def address(places: LedgerPaths) -> Iterator[str]:
    config = uvicorn.Config(desk_application(places), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    latest = time.monotonic() + running.LONGEST_WAIT
    while not server.started:
        assert time.monotonic() < latest
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    running.join(thread)


def browser(places: LedgerPaths, address: str, name: str) -> tuple[httpx.Client, str]:
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.insert_person(connection, name, roles=[Role.CHECKER], author="setup", now=utc_now())
        session = credentials.issue_credential(connection, CredentialKind.SESSION, name, utc_now(), author=name)
    return httpx.Client(base_url=address, cookies={COOKIE: session}, timeout=60), form_token(session)


def send_edit(client: httpx.Client, token: str, shown: str, topic: str) -> httpx.Response:
    form = {"form_token": token, "seen": shown, "topics": topic, "reason": "더 낫다."}
    return client.post(f"{PREFIX}/claims/{CARGO}/edit", data=form)


def test_concurrent_save_in_a_browser_shows_both_values(places: LedgerPaths, address: str) -> None:
    clients = {name: browser(places, address, name) for name in ("kim", "park")}
    for number in range(ROUNDS):
        at = seen_version(places)
        shown = f"{at.head_sha256}:{at.draft_id or ''}"

        answers = run_at_once(
            *(partial(send_edit, *known, shown, f"topic-{name}-{number}") for name, known in clients.items())
        )
        assert all(isinstance(answer, httpx.Response) for answer in answers)
        saved, refused = sorted(
            (one for one in answers if isinstance(one, httpx.Response)), key=lambda one: one.status_code
        )
        assert (saved.status_code, refused.status_code) == (303, 409)
        assert all(f"topic-{name}-{number}" in refused.text for name in clients)
    for client, _ in clients.values():
        client.close()


def run_writer(root: Path, acts: int, name: str) -> tuple[int, int]:
    """Do actions in a separate process, and return how many were recorded and how many refused."""
    places = LedgerPaths(root)
    recorded = refused = 0
    for number in range(acts):
        claim_id = (CARGO, GROWTH)[number % 2]
        try:
            recorded += act(places, claim_id, name, number) is not None
        except LedgerError as refusal:
            refused += bool(str(refusal))
    return recorded, refused


def act(places: LedgerPaths, claim_id: str, name: str, number: int) -> object:
    """Do one action, and return something other than None if it left a row."""
    staff = actor(name)
    if number % 5 == 0:
        return desk.comment(places, claim_id, f"{name} {number}", staff)
    if number % 5 == 1:
        desk.assign(places, claim_id, Question.SO, name, staff)
        return True
    if number % 50 == 22:
        return desk.publish(places, actor("publisher"), [claim_id])
    if number % 5 == 2:
        desk.approve(places, claim_id, lookups.claim_at_desk(places, claim_id).newest_draft_id, staff)
        return True
    at, fields = seen_version(places, claim_id), lookups.claim_at_desk(places, claim_id).claim.to_json()
    made = Edit(name, f"{name} {number}", None, None, staff.roles)
    return desk.edit(places, claim_id, fields | {"topics": [f"{name}-{number}"]}, at, made)


@pytest.mark.parametrize("acts", [30, pytest.param(200, marks=pytest.mark.soak)])
def test_six_writers_lose_nothing(places: LedgerPaths, acts: int) -> None:
    with closing(sqlite3.connect(places.desk)) as connection:
        before = counts(connection)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(WRITERS), mp_context=context) as pool:
        outcomes = list(pool.map(partial(run_writer, places.root, acts), WRITERS))
    recorded = sum(done for done, _ in outcomes)
    assert sum(map(sum, outcomes)) == len(WRITERS) * acts
    with closing(sqlite3.connect(places.desk)) as connection:
        drafts, acts, published = (now - then for now, then in zip(counts(connection), before, strict=True))
        # a publication records one act, and a second one if it also approves
        approvals = connection.execute(
            "SELECT count(*) FROM act a JOIN act b ON b.act_id = a.act_id + 1 AND b.action = 'publish' "
            "AND a.action = 'approve' AND a.actor = b.actor AND a.draft_id = b.draft_id AND a.recorded_at >= "
            "(SELECT json_extract(body, '$.recorded_at') FROM publication p WHERE p.draft_id = a.draft_id)"
        ).fetchone()[0]
    assert recorded == drafts + acts - approvals
    assert recorded > len(WRITERS) * acts // 5
    assert published > 0
    assert [problem for checked in desk.check(places) for problem in checked.problems] == []


def counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    row: tuple[int, int, int] = connection.execute(
        "SELECT (SELECT count(*) FROM draft), (SELECT count(*) FROM act), (SELECT count(*) FROM publication)"
    ).fetchone()
    return row

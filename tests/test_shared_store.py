"""A page of the desk opens the store once, and closes it; a form opens its own for each step."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest
from desk_visits import PREFIX, made, signed_in, token
from newsroom import CARGO

from claimledger.desk import lookups, step_setup
from claimledger.newsroom import schema, store as desk_store


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    seen: list[sqlite3.Connection] = []
    open_desk = schema.open_desk

    def recording(path: Path) -> object:
        found = open_desk(path)
        seen.append(found[0])
        return found

    monkeypatch.setattr(desk_store, "open_desk", recording)
    return seen


def test_page_opens_the_store_once_and_closes_it(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    client = signed_in(made(tmp_path), "lee")
    for path in ("?view=review", f"/check/{CARGO}?view=all", "/articles"):
        connections.clear()
        assert client.get(f"{PREFIX}{path}").status_code == 200
        assert len(connections) == 1, path
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connections[0].execute("SELECT 1")


def test_form_sees_what_was_written_between_its_steps(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    client = signed_in(made(tmp_path), "lee")
    fields = {"form_token": token(client), "text": "Ask the port."}
    connections.clear()
    assert client.post(f"{PREFIX}/claims/{CARGO}/comment", data=fields, follow_redirects=False).status_code == 303
    assert len(connections) >= 2


def test_shared_store_is_used_until_its_end(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    places = made(tmp_path)
    connections.clear()
    sharing = step_setup.share_store()
    lookups.open_drafts(places)
    lookups.open_drafts(places)
    sharing.end()
    assert len(connections) == 1
    lookups.open_drafts(places)
    assert len(connections) == 2


def test_store_that_another_thread_ended_is_not_used_again(
    tmp_path: Path, connections: list[sqlite3.Connection]
) -> None:
    places = made(tmp_path)
    connections.clear()
    sharing = step_setup.share_store()
    lookups.open_drafts(places)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, sharing.end).result()
    lookups.open_drafts(places)
    assert len(connections) == 2

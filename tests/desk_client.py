"""A newsroom with four people and a browser for each, the desk's application in process."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import newsroom
from newsroom import CARGO, GROWTH, TEXT, Clock, actor
from staff import CHEAP, HERE, PASSWORD

from claimledger import desk
from claimledger.accounts import HASHER
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.datasette_plugin.desk_pages.visit import _form_token
from claimledger.desk import Seen, utc_now
from claimledger.intake import read_in
from claimledger.ledger import credentials, people, signing_in
from claimledger.ledger.credentials import Kind
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.vocabulary import Question, Role

SECRET = "소장의 비서에게 다시 전화하기로 한 약속"
HOST = "https://desk.example"
NAMES: Mapping[str, tuple[Role, ...]] = {
    "checker": (Role.CHECKER,), "editor": (Role.EDITOR,), "admin": (Role.ADMIN,), "chief": tuple(Role),
}  # fmt: skip


def make_newsroom(root: Path) -> Places:
    """Make a desk: one claim with nothing waiting and the checker's to judge, the other with a draft waiting."""
    clock = Clock()
    clock.now = utc_now() - timedelta(hours=2)
    places = newsroom.write_all(root)
    desk.record(places, [], newsroom.edit_by("author", "First reading"), clock)
    desk.publish(places, actor("publisher"), clock=clock)
    desk.assign(places, CARGO, Question.SO, "checker", actor("publisher"), clock=clock)
    growth = desk.claim_at_desk(places, GROWTH)
    made = Edit("author", "더 낫다.", None, None, (Role.CHECKER,))
    desk.edit(
        places, GROWTH, growth.claim.to_json() | {"topics": ["ports"]}, Seen(growth.head_sha256, None), made, clock
    )
    desk.comment(places, CARGO, SECRET, actor("author"), clock)
    text = read_in(TEXT.encode(), name="harbour.txt")
    desk.add_article(places, text, newsroom.edit_by("author", "The text"), origin="harbour.txt", clock=clock)
    desk.report(places, CARGO, "이 수는 틀렸다.", "", address="203.0.113.9")
    with desk.open_store(places) as store:
        for name, roles in NAMES.items():
            with store.writing() as connection:
                people.add_person(connection, name, roles=roles, author="setup", now=utc_now(), language="en")
                link = signing_in.invite(connection, name, author="setup", now=utc_now())
            signing_in.set_password(
                store, link, PASSWORD, HERE, utc_now(), hasher=HASHER if name == "checker" else CHEAP
            )
    return places


def copied_to(made: Places, root: Path) -> Places:
    """Return a copy of a newsroom, its open store included."""
    copied = Places(Path(shutil.copytree(made.root, root, ignore=shutil.ignore_patterns("desk.db*"))))
    with closing(sqlite3.connect(made.desk)) as held, closing(sqlite3.connect(copied.desk)) as copy:
        held.backup(copy)
    return copied


class Browser:
    """A browser of somebody, or of nobody."""

    def __init__(self, places: Places, name: str = "nobody", *, session: str = "", host: str = HOST) -> None:
        self.application, self.host, self.name = desk_application(places), host, name
        self.session = session or (session_of(places, name) if name in NAMES else "")

    def send(
        self, method: str, path: str, form: Mapping[str, str] | None = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        if form is not None:
            form = {"form_token": _form_token(self.session) if token is None else token, **form}
            form = {name: value.format(name=self.name) for name, value in form.items() if value != "-"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self.application)
            cookies = {COOKIE: self.session} if self.session else {}
            async with httpx.AsyncClient(transport=transport, base_url=self.host, cookies=cookies) as client:
                return await client.request(method, f"{PREFIX}{path}", data=form, headers=named)

        return asyncio.run(sent())


def session_of(places: Places, name: str, before: timedelta = timedelta()) -> str:
    with desk.open_store(places) as store, store.writing() as connection:
        return credentials.issue(connection, Kind.SESSION, name, utc_now() - before, author=name)


def stored(places: Places) -> tuple[object, ...]:
    """Return what stands on the desk, but for who tried to sign in."""
    tables = ("draft", "publication", "act", "decision", "person_version", "password", "credential", "text")
    with closing(sqlite3.connect(places.desk)) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
    return (*counts, [path.read_bytes() for path in sorted(places.log.iterdir())])

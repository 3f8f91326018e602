"""The desk's pages of articles in tests: a newsroom, a signed-in browser and short helpers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import newsroom
import staff
from newsroom import ARTICLE_ID, TEXT, actor, edit_by

from claimledger import desk
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import PREFIX, desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.intake import extract_document
from claimledger.accounts import people
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article
from claimledger.desk_vocabulary import Coverage
from claimledger.vocabulary import RevisionKind, Subject

FIRST = edit_by(author="checker", reason="First reading", kind=RevisionKind.UPDATE)
HERE = f"{PREFIX}/articles/{ARTICLE_ID}"
STAFF = "직원은 40명이다"
NEW = "바다신문은 <b>배</b>가 30척 늘었다고 밝혔다.\r\n이소라 대표는 “내년에는 5% 는다”고 말했다.\r\n"


def make_newsroom(root: Path) -> LedgerPaths:
    """Make a newsroom with a public article, two public claims, the text on the desk, and four people."""
    places = newsroom.write_all(root)
    desk.record(places, [], edit_by("checker", "First reading"))
    desk.publish(places, actor("editor"))
    add(places, TEXT)
    with step_setup.open_store(places) as store:
        for name, role in (("checker", "checker"), ("other", "checker"), ("editor", "editor"), ("admin", "admin")):
            staff.enrol(store, name, role, now=step_setup.utc_now())
    return places


def add(places: LedgerPaths, text: str) -> None:
    desk.add_article(
        places, extract_document(text.encode(), name="a.txt"), FIRST, origin="a.txt", article_id=ARTICLE_ID
    )


class Browser:
    """A browser on the desk, signed in as `name`, or not signed in if the name is empty."""

    def __init__(self, places: LedgerPaths, name: str = "checker", language: str = "en") -> None:
        self.application = desk_application(places)
        self.cookies: dict[str, str] = {}
        if name:
            with step_setup.open_store(places) as store:
                self.cookies = {COOKIE: staff.sign_in(store, name, now=step_setup.utc_now()).token}
                with store.writing() as connection:
                    people.change_person(connection, name, author="admin", now=step_setup.utc_now(), language=language)

    def ask(self, method: str, address: str, **given: Any) -> httpx.Response:  # noqa: ANN401  what httpx takes
        """Return the answer to a request, redirects followed."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.application)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost", cookies=self.cookies, follow_redirects=True
            ) as client:
                return await client.request(method, address, **given)

        return asyncio.run(send())

    def get(self, address: str) -> str:
        answer = self.ask("GET", address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, to: str, files: Any = None, **fields: str) -> httpx.Response:  # noqa: ANN401  what httpx takes
        """Send a form with the token that the desk's pages give."""
        found = re.search(r'name="form_token" value="(\w+)"', self.get(f"{PREFIX}/articles/new"))
        assert found
        return self.ask("POST", to, data={"form_token": found[1], **fields}, files=files)


def span_fields(words: str, text: str = TEXT) -> dict[str, str]:
    start = text.index(words)
    return {"start": str(start), "end": str(start + len(words))}


def candidate_state(places: LedgerPaths, words: str) -> Coverage:
    found, _ = desk.list_candidates(places, ARTICLE_ID)
    return next(one.state for one in found if one.candidate.quote == words)


def drafted_article(places: LedgerPaths, article_id: str = ARTICLE_ID) -> Article:
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject is Subject.ARTICLE and one.key == article_id]
    assert isinstance(draft.record, Article)
    return draft.record

"""Fetching evidence from slow, lying or endless servers: a specific error, and nothing is stored."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hostile import HOSTILE, SMALL
from loopback import Answer, Names, made_certificate, page, sent_on, serving
from made_documents import html_page
from newsroom import CARGO, Clock, actor, edit_by, published

from claimledger import desk
from claimledger.desk import evidence_steps, step_setup
from claimledger.errors import LedgerError
from claimledger.evidence import DocumentEmpty, DocumentFetcher
from claimledger.fetching import (
    AddressForbidden, AddressMalformed, CertificateRefused, FetchLimits, NotAnswered, PlainHttpForbidden, fetch,
)  # fmt: skip
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    return published(tmp_path_factory.mktemp("newsroom"), Clock())


def desk_contents(places: LedgerPaths) -> dict[str, object]:
    """Return all rows of the desk's tables and the bytes of all other files."""
    with step_setup.open_store(places) as store:
        tables = [name for (name,) in store.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = {name: store.connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
    kept = {str(path): path.read_bytes() for path in _files(places.root) if not path.name.startswith("desk.db")}
    return {**rows, **kept}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def attach_page(places: LedgerPaths, address: str, fetch_it: DocumentFetcher) -> None:
    """Fetch a page and attach it as evidence, as a checker."""
    incoming = evidence_steps.fetch_for_claim(places, CARGO, address, actor("checker"), fetch_it)
    document = evidence_steps.describe_document(
        incoming, {"tier": "secondary", "title": {"en": "A page"}, "language": "en"}
    )
    evidence = {"document_id": document["document_id"], "stance": "context", "summary": {"en": "It says x."}}
    desk.attach(places, CARGO, document, evidence, None, edit_by("checker", "Seen."), incoming=incoming)


def attach_refused_page(places: LedgerPaths, address: str, fetch_it: DocumentFetcher) -> LedgerError:
    """Return the error of a refused page; check that the desk has not changed."""
    before = desk_contents(places)
    with pytest.raises(LedgerError) as refusal:
        attach_page(places, address, fetch_it)
    assert desk_contents(places) == before
    return refusal.value


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_server_leaves_nothing_stored(places: LedgerPaths, name: str) -> None:
    case = HOSTILE[name]
    with serving(case.answer) as server:
        error = attach_refused_page(places, server.address, partial(fetch, limits=case.limits, allow=server.allow))
    assert type(error) is case.refusal
    assert case.sentence in str(error)


def test_empty_document_is_refused(places: LedgerPaths) -> None:
    with serving(page(b"")) as server:
        error = attach_refused_page(places, server.address, partial(fetch, limits=SMALL, allow=server.allow))
    assert isinstance(error, DocumentEmpty)


PATIENT = FetchLimits(size=10_000, total_seconds=10, attempts=3, pause_seconds=0.01)


@pytest.mark.parametrize("first", [sent_on("/next"), page(b"", status="503 Busy")], ids=["redirect", "retry"])
def test_host_that_changes_to_a_private_address_is_refused(places: LedgerPaths, first: Answer) -> None:
    for private in ("10.0.0.7", "::1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"):
        names = Names(["127.0.0.1"], [private])
        with serving(first, page(b"secret")) as server:
            fetch_it = partial(fetch, limits=PATIENT, allow=server.allow, resolve=names)
            error = attach_refused_page(places, f"http://news.example:{server.port}/", fetch_it)
        assert isinstance(error, AddressForbidden)
        assert len(server.requests) == 1


def test_host_with_one_private_address_is_not_contacted(places: LedgerPaths) -> None:
    with serving(page(b"x")) as server:
        names = Names(["127.0.0.1", "192.168.0.7"])
        fetch_it = partial(fetch, limits=SMALL, allow=server.allow, resolve=names)
        assert isinstance(
            attach_refused_page(places, f"http://news.example:{server.port}/", fetch_it), AddressForbidden
        )
    assert server.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_spellings_of_the_local_host_are_not_contacted(places: LedgerPaths, host: str) -> None:
    with serving(page(b"x")) as server:
        error = attach_refused_page(places, f"http://{host}:{server.port}/", partial(fetch, limits=SMALL))
    assert isinstance(error, AddressForbidden | AddressMalformed | NotAnswered)
    assert server.requests == []


def test_server_with_a_wrong_certificate_is_refused(places: LedgerPaths, tmp_path: Path) -> None:
    tls, trust = made_certificate("news.example", tmp_path)
    names = Names(["127.0.0.1"])
    with serving(page(b"x"), tls=tls) as server, serving(page(b"x")) as plain:
        fetch_it = partial(fetch, limits=SMALL, allow=server.allow, resolve=names)
        error = attach_refused_page(places, f"https://news.example:{server.port}/", fetch_it)
        assert isinstance(error, CertificateRefused)
        error = attach_refused_page(places, f"https://other.example:{server.port}/", partial(fetch_it, trust=trust))
        assert isinstance(error, CertificateRefused)
    assert server.requests == plain.requests == []


def test_redirect_from_https_to_http_is_refused(places: LedgerPaths, tmp_path: Path) -> None:
    tls, trust = made_certificate("news.example", tmp_path)
    with serving(page(b"x")) as plain, serving(sent_on(plain.address), tls=tls) as server:
        allow = [*server.allow, *plain.allow]
        fetch_it = partial(fetch, limits=SMALL, allow=allow, resolve=Names(["127.0.0.1"]), trust=trust)
        assert isinstance(
            attach_refused_page(places, f"https://news.example:{server.port}/", fetch_it), PlainHttpForbidden
        )
    assert plain.requests == []


def test_recovered_server_is_fetched_without_cookies(places: LedgerPaths) -> None:
    body = html_page()
    lines = ("Set-Cookie: who=1", "Content-Type: text/html; charset=euc-kr")
    busy, sends_on = page(b"", "Set-Cookie: who=1", status="503 Busy"), sent_on("/next")
    with serving(busy, sends_on, page(body, *lines)) as server:
        fetch_it = partial(fetch, limits=PATIENT, allow=server.allow)
        incoming = evidence_steps.fetch_for_claim(places, CARGO, server.address, actor("checker"), fetch_it)
    assert incoming.capture.content == body
    assert len(server.requests) == 3
    assert not any(b"cookie" in request.lower() for request in server.requests)

"""The public log over HTTP: its files as they are, and nothing else of the folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimledger.datasette_plugin import log_route

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

ROOT = Path(__file__).parent.parent
LOG = ROOT / "claims" / "log"
NEWEST = max(file.name for file in LOG.glob("*.jsonl"))
NAMES = re.compile(log_route.PATH)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger with its log and a file of somebody else in the folder."""
    folder = tmp_path_factory.mktemp("ledger")
    shutil.copyfile(ROOT / "ledger.db", folder / "ledger.db")
    shutil.copytree(LOG, folder / "claims" / "log")
    (folder / "claims" / "log" / "keys").mkdir()
    (folder / "claims" / "log" / "keys" / "000001.note").write_text("key\n", encoding="utf-8")
    (folder / "claims" / "log" / "private.txt").write_text("secret", encoding="utf-8")
    return folder / "ledger.db"


async def test_files_of_the_log_are_served_as_they_are(ledger: Path, serve_shared: Callable[..., Any]) -> None:
    client = serve_shared(ledger).client
    for file in sorted(LOG.glob("*.jsonl")):
        answer = await client.get(f"/-/log/{file.name}")
        assert (answer.status_code, answer.content) == (200, file.read_bytes())
        assert answer.headers["content-type"].startswith("text/plain")


async def test_full_files_may_be_kept_and_the_last_one_is_asked_for(
    ledger: Path, serve_shared: Callable[..., Any]
) -> None:
    client = serve_shared(ledger).client
    kept = {name: (await client.get(f"/-/log/{name}")).headers["cache-control"] for name in (
        "000000.jsonl", NEWEST, "keys/000001.note", "verify_log.py",
    )}  # fmt: skip
    assert "immutable" in kept["000000.jsonl"]
    assert "immutable" in kept["keys/000001.note"]
    assert kept[NEWEST] == kept["verify_log.py"] == "no-cache"


async def test_file_that_the_reader_has_is_not_sent_again(ledger: Path, serve_shared: Callable[..., Any]) -> None:
    client = serve_shared(ledger).client
    etag = (await client.get("/-/log/000001.jsonl")).headers["etag"]
    answer = await client.get("/-/log/000001.jsonl", headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_verifier_is_served_with_the_log(ledger: Path, serve_shared: Callable[..., Any]) -> None:
    answer = await serve_shared(ledger).client.get("/-/log/verify_log.py")
    assert answer.content == (ROOT / "claimledger" / "verify_log.py").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", [
    "999999.jsonl", "checkpoint", "checkpoints/000000505.note", "private.txt", "%2e%2e/%2e%2e/ledger.db", "keys/", "",
])  # fmt: skip
async def test_nothing_else_is_served(ledger: Path, serve_shared: Callable[..., Any], name: str) -> None:
    answer = await serve_shared(ledger).client.get(f"/-/log/{name}")
    assert answer.status_code in {302, 404}  # Datasette redirects from addresses with a final slash
    assert "secret" not in answer.text


@pytest.mark.slow
async def test_server_without_the_log_says_so(tmp_path: Path, serve: Callable[..., Any]) -> None:
    shutil.copyfile(ROOT / "ledger.db", tmp_path / "ledger.db")
    answer = await serve(tmp_path / "ledger.db").client.get("/-/log/000000.jsonl")
    assert answer.status_code == 404


async def test_log_cannot_be_written(ledger: Path, serve_shared: Callable[..., Any]) -> None:
    answer = await serve_shared(ledger).client.post("/-/log/000000.jsonl")
    assert answer.status_code in {403, 405}


async def test_names_stay_in_the_folder() -> None:
    assert not [name for name in ("/-/log/../x.jsonl", "/-/log/keys/../../x", "/-/log/1.jsonl") if NAMES.match(name)]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/method", "/claims", "/corrections"])
async def test_foot_links_to_the_checkpoint_only_if_there_is_one(
    ledger: Path, serve_shared: Callable[..., Any], path: str
) -> None:
    client, link = serve_shared(ledger).client, 'href="/-/log/checkpoint"'
    note = ledger.parent / "claims" / "log" / "checkpoint"
    if path != "/":  # the front page is served before it is signed
        note.write_text("a note\n", "utf-8")
    page = (await client.get(f"{path}?lang=en")).text
    assert page.count(link) == {"/": 0, "/method": 2}.get(path, 1)
    assert (await client.get("/-/log/checkpoint")).status_code == (404 if path == "/" else 200)
    if path in {"/", "/method"}:
        feed = (await client.get(f"/feeds/{'verdicts' if path == '/' else 'corrections'}.atom")).text
        assert ("/-/log/checkpoint" in feed) is (path != "/")
    note.unlink(missing_ok=True)

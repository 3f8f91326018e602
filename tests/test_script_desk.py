"""The demonstration newsroom, the folders it does not touch, and the people whom `scripts/desk` lets in."""

from __future__ import annotations

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from running import LONGEST_WAIT, read_until, running_script
from test_scripts import script

from claimledger import desk
from claimledger.desk import lookups
from claimledger.hosting import demonstration, new_ledger
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.desk_vocabulary import Role


@contextmanager
def running_desk(*options: str) -> Iterator[tuple[str, str]]:
    """Start the script, yield its output and address, then stop it with SIGTERM and check how it ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running_script(["scripts/desk", "--port", str(port), *options]) as (serving, output):
        printed = read_until(output, "Ctrl-C stops")
        try:
            yield printed, f"http://127.0.0.1:{port}"
        finally:
            serving.terminate()
            rest = output.read()
        assert serving.wait(timeout=LONGEST_WAIT) == 0
    assert "Traceback" not in rest


class RunningDemonstration(NamedTuple):
    """A demonstration newsroom that the script has created and serves."""

    folder: Path
    printed: str
    address: str


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemonstration]:
    folder = tmp_path_factory.mktemp("newsrooms") / "demo"
    with running_desk("--folder", str(folder)) as (printed, address):
        yield RunningDemonstration(folder, printed, address)


@pytest.fixture(scope="module")
def demo(demo_server: RunningDemonstration) -> Path:
    """Return the folder of a demonstration newsroom."""
    return demo_server.folder


def passwords(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  ([a-z-]+) +(\S+)   ", text, re.MULTILINE))


# --- founding ---


@pytest.mark.slow
def test_demonstration_newsroom_has_a_person_for_every_role(demo: Path) -> None:
    roles = [somebody.role for somebody in demonstration.DEMONSTRATION_PEOPLE]
    assert set(roles) == set(Role)
    assert roles.count(Role.EDITOR) == 2
    sign_ins = demo / demonstration.SIGN_INS
    assert set(passwords(sign_ins.read_text("utf-8"))) == {
        somebody.name for somebody in demonstration.DEMONSTRATION_PEOPLE
    }
    if os.name == "posix":
        assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
    assert not list(demo.parent.glob("*.part"))


@pytest.mark.slow
def test_demonstration_newsroom_has_an_article_in_progress(demo: Path) -> None:
    rows, _ = lookups.queue(LedgerPaths(demo), WorkFilter({"article_id": demonstration.ARTICLE_ID}))
    assert sorted((row.record, row.so, row.queries, row.findings) for row in rows) == [
        ("draft", "open", 0, 0), ("draft", "open", 0, 1), ("listed", "assigned", 1, 0),
    ]  # fmt: skip
    _, accounted = desk.coverage(LedgerPaths(demo), demonstration.ARTICLE_ID)
    assert 0 < accounted.share() < 1


@pytest.mark.slow
def test_new_newsroom_gets_a_link_until_it_has_an_admin(tmp_path: Path, demo: Path) -> None:
    own = LedgerPaths(tmp_path / "own")
    for _ in range(2):
        assert new_ledger.first_admin_path(own).startswith("/-/desk/welcome?token=")
    assert not new_ledger.first_admin_path(LedgerPaths(demo))


# --- existing folders ---


def test_folder_of_something_else_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "desk.db").touch()
    with pytest.raises(demonstration.NotADemonstration, match="Nothing was changed"):
        demonstration.create_demonstration(tmp_path)
    assert (tmp_path / "desk.db").exists()


@pytest.mark.parametrize("words", [("--newsroom", "a", "--fresh"), ("--newsroom", "a", "--folder", "b")])
def test_demonstration_options_are_refused_with_newsroom(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        script("desk").parse(words)


# --- serving ---


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of a console are another matter there")
def test_printed_accounts_sign_in_and_find_the_article(demo_server: RunningDemonstration) -> None:
    folder, printed, address = demo_server
    known = passwords(printed)
    with httpx.Client(base_url=address) as browser:
        assert f"The desk is at {address}/-/desk" in printed
        assert (folder / "claims" / "economyinsight-158-gpt").is_dir()
        assert browser.get("/").status_code == 200
        assert browser.get("/-/desk").headers["location"] == "/-/desk/sign-in"
        for name in ("checker", "editor", "second-editor", "admin"):
            signed_in = browser.post("/-/desk/sign-in", data={"name": name, "password": known[name]})
            assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/-/desk")
        assert browser.post("/-/desk/sign-in", data={"name": "editor", "password": "-"}).status_code == 401
        queue = browser.get("/-/desk", params={"view": "all", "article_id": demonstration.ARTICLE_ID}).text
        assert queue.count("haneul-cargo-in-2030-") > 0
    with running_desk("--folder", str(folder)) as (again, _):
        assert passwords(again) == known
        assert "Creating" not in again


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of a console are another matter there")
def test_first_admin_signs_in_with_the_printed_link(tmp_path: Path) -> None:
    options = ("--newsroom", str(tmp_path / "own"))
    with running_desk(*options) as (printed, address), httpx.Client(base_url=address) as browser:
        link = next(line for line in printed.splitlines() if "/welcome?token=" in line)
        assert browser.get(link).status_code == 200
        chosen = {"password": "eleven patient otters", "password_again": "eleven patient otters"}
        welcomed = browser.post("/-/desk/welcome", data={"token": link.partition("=")[2], **chosen})
        assert (welcomed.status_code, welcomed.headers["location"]) == (303, "/-/desk")
        assert browser.get("/-/desk/people").status_code == 200
    with running_desk(*options) as (again, _):
        assert "welcome?token=" not in again

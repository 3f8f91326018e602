"""The folder of a new ledger, its server's command, and what both refuse."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from click.testing import CliRunner

from claimledger import __version__
from claimledger.accounts import people
from claimledger.cli import main
from claimledger.desk import step_setup
from claimledger.errors import ProblemsFound
from claimledger.hosting import new_ledger, server
from claimledger.hosting.server import Place
from claimledger.ledger.files import LedgerPaths
from claimledger.publishing.site import SETTINGS, read_settings_file

LONGEST_WAIT = 60
GIVEN = {
    "organization": '한빛일보 "사실" 팀',
    "address": "https://facts.hanbit.example",
    "report_address": "mailto:a@b.example",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new ledger, made inside a folder that has a README."""
    folder = tmp_path_factory.mktemp("facts")
    (folder / "README.md").write_text("Ours.\n", encoding="utf-8")
    made = new_ledger.create_ledger(folder, GIVEN, language="ko", admin="haru")
    assert {path.name for path in made.written} == {"claimledger.toml", ".gitignore"}
    assert [path.name for path in made.kept] == ["README.md"]
    return folder


# --- init ---


def test_settings_are_written_and_read_back(folder: Path) -> None:
    assert read_settings_file(folder) == GIVEN
    text = (folder / "claimledger.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(text)) == list(SETTINGS)
    for meaning in SETTINGS.values():
        assert f"# {meaning.english}\n# {meaning.korean}\n" in text


def test_file_that_exists_is_not_changed(folder: Path) -> None:
    assert (folder / "README.md").read_text(encoding="utf-8") == "Ours.\n"


def test_private_files_are_kept_out_of_git(folder: Path) -> None:
    ignored = (folder / ".gitignore").read_text(encoding="utf-8").split()
    assert {"desk.db", "desk-evidence/"} <= set(ignored)


def test_administrator_has_the_name_and_language_given(folder: Path) -> None:
    with step_setup.open_store(LedgerPaths(folder)) as store:
        (admin,) = people.all_people(store.connection)
    assert (admin.name, admin.language, admin.roles) == ("haru", "ko", ("admin",))


@pytest.mark.slow
def test_new_ledger_passes_every_check(folder: Path) -> None:
    done = CliRunner().invoke(main, ["--root", str(folder), "check"])
    assert done.exit_code == 0, done.output


def test_folder_with_a_ledger_is_left_alone(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = CliRunner().invoke(main, ["init", str(folder)])
    assert done.exit_code == 1
    assert "There is a ledger" in done.output
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_bad_settings_are_reported_together_and_write_nothing(tmp_path: Path) -> None:
    wrong = {"address": "facts.hanbit.example", "report_address": "http://[", "corrections_policy": "javascript:a"}
    with pytest.raises(ProblemsFound) as found:
        new_ledger.create_ledger(tmp_path / "new", wrong, admin="Kim Haru")
    fields = {problem.field for problem in found.value.problems}
    assert fields == {"address", "report_address", "corrections_policy", "name"}
    assert not (tmp_path / "new").exists()


# --- a folder without a ledger ---


@pytest.mark.parametrize("command", ["drafts", "queue", "tasks port", "person list", "check", "list", "export claims"])
def test_reading_command_names_init_and_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("CLAIMLEDGER_TOKEN", raising=False)
    done = CliRunner().invoke(main, ["--root", str(tmp_path), *command.split()])
    assert done.exit_code == 1
    assert "claimledger init" in done.output
    assert not list(tmp_path.iterdir())


# --- serve ---


@pytest.mark.parametrize(("installed", "has_configuration"), [("0.65.5", False), ("1.0a41", True)])
def test_each_datasette_version_gets_its_metadata_option(
    monkeypatch: pytest.MonkeyPatch, installed: str, *, has_configuration: bool
) -> None:
    monkeypatch.setattr(server, "version", lambda _: installed)
    command = server.server_command(Path("ledger.db"), Path("metadata.yml"), Place(base_path="/press/"))
    assert command[command.index("-m", 3) + 1] == "metadata.yml"
    assert ("-c" in command) is has_configuration
    settings = {command[at + 1]: command[at + 2] for at, word in enumerate(command) if word == "--setting"}
    assert settings == {**server.DATASETTE_SETTINGS, "base_url": "/press/"}


def test_port_in_use_is_reported_at_once() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(server.PortUnavailable, match=r"Port \d+ is already in use\. .* --port \d+$"):
            server.check_place(Place(port=other.getsockname()[1]))
    with pytest.raises(server.PortUnavailable, match=r"Cannot listen on port 8001 of 192\.0\.2\.1: "):
        server.check_place(Place("192.0.2.1"))


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Return a folder for a socket, whose path may have about 100 characters; `tmp_path` can be longer."""
    with TemporaryDirectory() as made:
        yield Path(made)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("free.sock", ""),
        ("left.sock", ""),
        ("used.sock", "Another server uses the socket '.*used.sock'. Stop it"),
        ("a-file", "Cannot create the socket '.*a-file': Address already in use"),
        ("missing/one.sock", "Cannot create the socket '.*one.sock': No such file or directory. Choose"),
        ("x" * 200, "The path of the socket is too long for this system: '.*xx'. Choose one with at most 100 bytes"),
    ],
)
def test_socket_that_cannot_be_used_is_named_before_the_server_starts(
    short_folder: Path, name: str, sentence: str
) -> None:
    (short_folder / "a-file").touch()
    with socket.socket(socket.AF_UNIX) as left, socket.socket(socket.AF_UNIX) as used:
        left.bind(str(short_folder / "left.sock"))
        used.bind(str(short_folder / "used.sock"))
        used.listen()
        left.close()
        done = CliRunner().invoke(main, ["--root", str(short_folder), "serve", "--uds", str(short_folder / name)])
    assert done.exit_code == 1
    assert re.search(sentence or "claimledger init", done.output), done.output
    assert sorted(path.name for path in short_folder.iterdir()) == ["a-file", "left.sock", "used.sock"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no Unix sockets")
def test_server_answers_at_a_unix_socket_until_it_is_ended(folder: Path, short_folder: Path) -> None:
    path = short_folder / "ledger.sock"
    command = [sys.executable, "-c", "from claimledger.cli import main; main()", "--root", str(folder), "serve"]
    with subprocess.Popen([*command, "--uds", str(path)], stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout
        told = next(line for line in serving.stdout if line.startswith("The ledger is at"))
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
            found = client.get("http://localhost/-/health").json()
        serving.terminate()
        assert serving.wait(LONGEST_WAIT) == 0
    assert str(path) in told
    assert found.keys() == {"version", "log_size", "log_root"}
    assert (found["version"], found["log_size"]) == (__version__, 0)


def test_server_that_ends_early_is_a_failure() -> None:
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"]) as ended:
        ended.wait(LONGEST_WAIT)
        with pytest.raises(server.ServerDidNotStart, match="ended before it answered"):
            server.wait_for_answer(ended, "http://127.0.0.1:1/")


def test_desk_without_its_packages_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "DESK_PACKAGES", ("starlette", "not_installed_anywhere"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = CliRunner().invoke(main, ["--root", str(tmp_path), "serve", "--desk", "--port", str(port)])
    assert done.exit_code == 1
    assert "The desk needs packages that are not installed: not_installed_anywhere." in done.output


def test_metadata_is_printed_for_those_who_start_datasette(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["metadata"])
    head, _, rest = done.output.partition("\n")
    assert "claimledger metadata" in head
    generated = (Path(__file__).parent.parent / "metadata.yml").read_text(encoding="utf-8")
    assert rest == generated.partition("\n")[2]

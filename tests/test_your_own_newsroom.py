"""The page "Your own newsroom", run literally: from the source, and from the built wheel with pip, pipx and uvx.

The wheel is installed on each Python of this machine that the project supports. In the shell of the walk no other
program is found, not even git.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "your-own-newsroom.md").read_text(encoding="utf-8")
MOST_SECONDS = 25
"""The processor time from an empty folder to a served ledger, without the installation."""
LONGEST_WAIT = 600


def blocks() -> list[list[str]]:
    """Return the shell commands of the page, block by block, without comments."""
    found = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [block.replace("\\\n", " ").strip().splitlines() for block in found]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs(folder: Path, claimledger: str, datasette: str) -> dict[str, str]:
    """Return the variables of a shell in which `claimledger` and `datasette` are commands."""
    folder.mkdir()
    for name, command in {"claimledger": claimledger, "datasette": datasette}.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    for name in ("dirname", "realpath"):  # uv's scripts look for their Python with them
        (folder / name).symlink_to(shutil.which(name) or name)
    known = ("HOME", "PIP_", "SSL_", "TMPDIR", "UV_")  # the settings with which this machine fetches packages
    kept = {name: value for name, value in os.environ.items() if name.startswith(known)}
    return {**kept, "PATH": str(folder), "PYTHONUTF8": "1"}


def walk(folder: Path, variables: Mapping[str, str]) -> float:
    """Run the two commands and the last one of the page in an empty folder; return the seconds of processor time."""
    _, (init, serve), (datasette,) = blocks()
    (describe,) = re.findall(r"`(claimledger metadata > [^`]+)`", PAGE)
    run = {"cwd": folder, "env": dict(variables), "stdin": subprocess.DEVNULL}
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(shlex.split(init), check=True, timeout=LONGEST_WAIT, **run)  # type: ignore[call-overload]
    listed = re.findall(
        r"^\| `([^|]+)` \|", PAGE.partition("| file in the folder |")[2].partition("\n\n")[0], re.MULTILINE
    )
    made = {path.name for path in (folder / "facts").iterdir()}
    assert {name.strip("`,/ ").split("/")[0] for name in listed} - {"desk.db`, `desk-evidence"} <= made
    server = [*shlex.split(serve), "--port", str(free_port())]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True, **run) as serving:  # type: ignore[call-overload]
        lines = iter(serving.stdout)
        link = next(line.strip() for line in lines if "/-/desk/" in line)
        with httpx.Client(timeout=LONGEST_WAIT, follow_redirects=True) as client:
            assert client.get(link).status_code == httpx.codes.OK
            site = link.partition("/-/")[0]
            assert "Harbour Desk" in client.get(f"{site}/").text
            assert client.get(f"{site}/ledger?sql=select+1").status_code == httpx.codes.FORBIDDEN
            assert client.get(f"{site}/ledger.db").status_code == httpx.codes.FORBIDDEN
            assert "https://creativecommons.org/licenses/by/4.0/" in client.get(f"{site}/ledger").text
        serving.terminate()
        assert serving.wait(LONGEST_WAIT) == 0
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    run["cwd"] = folder / "facts"
    subprocess.run(["/bin/sh", "-c", describe], check=True, **run)  # type: ignore[call-overload]
    line = f"{datasette} --get /-/health"
    told = subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, text=True, **run)  # type: ignore[call-overload]
    assert json.loads(told.stdout)["log_size"] == 0
    return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime


@pytest.mark.slow
def test_page_leads_from_an_empty_folder_to_a_served_ledger(tmp_path: Path) -> None:
    script = f"{sys.executable} -c 'from claimledger.cli import main; main()'"
    variables = programs(tmp_path / "bin", script, f"{sys.executable} -m datasette")
    assert walk(tmp_path, {**variables, "PYTHONPATH": str(ROOT)}) <= MOST_SECONDS


@pytest.mark.slow
def test_page_of_past_checks_leads_from_a_spreadsheet_to_public_checks(tmp_path: Path) -> None:
    script = f"{sys.executable} -c 'from claimledger.cli import main; main()'"
    variables = {**programs(tmp_path / "bin", script, f"{sys.executable} -m datasette"), "PYTHONPATH": str(ROOT)}
    run = {"env": variables, "capture_output": True, "text": True, "timeout": LONGEST_WAIT}
    subprocess.run(["/bin/sh", "-c", "claimledger init facts"], check=True, cwd=tmp_path, **run)  # type: ignore[call-overload]
    sheet = "Check no.,Statement,Verdict,URL,Date\nA-1,Fares doubled.,Mostly FALSE!,https://seorae.example/1,7/4/2031\n"
    (tmp_path / "facts" / "archive.csv").write_text(sheet, encoding="utf-8")
    page = (ROOT / "docs" / "past-checks.md").read_text(encoding="utf-8")
    (editors, commands), (mapping,) = (re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("sh", "toml"))
    draft, propose, approve = commands.strip().splitlines()
    edit, answered = 'printf %s "$MAPPING" > archive.mapping.toml', approve.replace(" archive ", " archive <answer ")
    (tmp_path / "facts" / "answer").write_text("y\n", encoding="utf-8")
    run["env"] = {**variables, "MAPPING": mapping}
    lines = f"set -eu\n{editors}\n{draft}\n{edit}\n{propose}\n{answered}"
    done = subprocess.run(["/bin/sh", "-c", lines], check=True, cwd=tmp_path / "facts", **run)  # type: ignore[call-overload]
    assert "1 earlier check published." in done.stdout
    with closing(sqlite3.connect(tmp_path / "facts" / "ledger.db")) as connection:
        found = [*connection.execute("SELECT claim, rating, checked_on, publisher, language FROM earlier_checks")]
    assert found == [("Fares doubled.", "Mostly FALSE!", "2031-04-07", "Seorae Daily", "ko")]


@pytest.mark.slow
def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(command in readme for command in blocks()[1])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_WAIT)
    (found,) = folder.glob("*.whl")
    return found


def find_python(version: str) -> str:
    """Return the path of a Python of this version; skip the test if this machine has none."""
    try:
        done = subprocess.run(
            [f"python{version}", "-c", "import sys; print(sys.executable)"],
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"Python {version} is not installed on this machine")
    return done.stdout.strip()


def with_pip(folder: Path, wheel: Path, python: str) -> tuple[str, str]:
    subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True)
    subprocess.run([folder / "venv/bin/pip", "install", "-q", f"{wheel}[desk]"], check=True, timeout=LONGEST_WAIT)
    return str(folder / "venv/bin/claimledger"), str(folder / "venv/bin/datasette")


def with_pipx(folder: Path, wheel: Path, python: str) -> tuple[str, str]:
    variables = {**os.environ, "PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "pipx-bin")}
    command = ["pipx", "install", "--python", python, f"{wheel}[desk]"]
    subprocess.run(command, check=True, env=variables, timeout=LONGEST_WAIT)
    return str(folder / "pipx-bin/claimledger"), str(folder / "pipx/venvs/claimledger/bin/datasette")


def with_uvx(_folder: Path, wheel: Path, python: str) -> tuple[str, str]:
    run = f"{shutil.which('uvx')} --python {python} --from 'claimledger[desk] @ {wheel.as_uri()}'"
    return f"{run} claimledger", f"{run} datasette"


@pytest.mark.soak
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("name", "install"), [("pip", with_pip), ("pipx", with_pipx), ("uvx", with_uvx)])
def test_wheel_leads_to_a_served_ledger(
    tmp_path: Path,
    wheel: Path,
    name: str,
    install: object,
    version: str,
    record_property: Callable[[str, object], None],
) -> None:
    if name != "pip" and not shutil.which(name):
        pytest.skip(f"{name} is not installed on this machine")
    assert callable(install)
    variables = programs(tmp_path / "bin", *install(tmp_path, wheel, find_python(version)))
    subprocess.run(
        [tmp_path / "bin" / "claimledger", "--version"], check=True, env=variables, timeout=LONGEST_WAIT
    )  # uvx downloads here
    seconds = walk(tmp_path, variables)
    assert seconds <= MOST_SECONDS
    record_property("measured", f"Wheel with {name} on Python {version}: {seconds:.1f} s of processor time to a ledger")

"""The files of docs/deploying: real proxies before a real server, the unit, the image and the job that publishes."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
import yaml

from claimledger.hosting.server import wait_for_answer

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "deploying"
LONGEST_WAIT = 60
MOST_PAGES = 60
RUN = [sys.executable, "-c", "from claimledger.cli import main; main()"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: list[str], address: str) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for_answer(running, address)
            yield
        finally:
            running.terminate()
            running.wait(LONGEST_WAIT)


def nginx(folder: Path, name: str, port: int, inner: int) -> list[str]:
    """Return the command of nginx with our configuration, on other ports."""
    server = (FOLDER / name).read_text(encoding="utf-8").replace("listen 80", f"listen 127.0.0.1:{port}")
    server = server.replace("127.0.0.1:8001", f"127.0.0.1:{inner}")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/pid; error_log {folder}/errors; events {{}} http {{ access_log off; {paths} {server} }}"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors"), "-g", "daemon off;"]


def caddy(folder: Path, name: str, port: int, inner: int) -> list[str]:
    """Return the command of Caddy with our configuration, on other ports and without certificates."""
    site = (FOLDER / name).read_text(encoding="utf-8").replace("127.0.0.1:8001", f"127.0.0.1:{inner}")
    site = re.sub(r"^[a-z]+[.a-z]*\.example \{", f"http://127.0.0.1:{port} {{", site, flags=re.MULTILINE)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES = {"nginx": (nginx, "nginx.conf", "nginx-path.conf"), "caddy": (caddy, "Caddyfile", "Caddyfile-path")}


@pytest.mark.soak
@pytest.mark.datasette_lines
@pytest.mark.parametrize("path", ["", "/press"])
@pytest.mark.parametrize("name", PROXIES)
def test_site_behind_a_real_proxy_has_no_wrong_link(tmp_path: Path, name: str, path: str) -> None:
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed on this machine")
    begin, own, below = PROXIES[name]
    port, inner = free_port(), free_port()
    site = f"http://127.0.0.1:{port}{path}"
    shutil.copytree(ROOT / "claims", tmp_path / "facts" / "claims")
    shutil.copy(ROOT / "ledger.db", tmp_path / "facts")
    (tmp_path / "facts" / "claimledger.toml").write_text(f'address = "{site}"\nproxies = ["127.0.0.1"]\n', "utf-8")
    serving = [*RUN, "--root", str(tmp_path / "facts"), "serve", "--port", str(inner)]
    serving += ["--base-path", f"{path}/"] if path else []
    with (
        process(serving, f"http://127.0.0.1:{inner}{path}/"),
        process(begin(tmp_path, below if path else own, port, inner), f"{site}/"),
        httpx.Client(timeout=LONGEST_WAIT) as client,
    ):
        assert crawl(client, site, path) == []
        front = client.get(f"{site}/?lang=ko").text
        assert f'<link rel="canonical" href="{site}/?lang=ko">' in front
        assert f"<loc>{site}/sitemap-pages.xml</loc>" in client.get(f"{site}/sitemap.xml").text
        assert "<main" not in client.get(f"{site}/", headers={"host": "other.example"}).text


def crawl(client: httpx.Client, site: str, path: str) -> list[str]:
    """Return the addresses that are outside the path, doubled, or not answered."""
    todo, seen, faults = [f"{site}/ledger/claims", f"{site}/ledger/evidence?_size=20", f"{site}/"], set[str](), []
    while todo and len(seen) < MOST_PAGES:
        here = todo.pop(0)
        if here in seen:
            continue
        seen.add(here)
        answer = client.get(here, follow_redirects=True)
        if answer.status_code != httpx.codes.OK:
            faults.append(f"{answer.status_code} {here}")
        if "html" not in answer.headers["content-type"]:
            continue
        for link in map(unescape, re.findall(r'\b(?:href|action)="([^"]*)"', answer.text)):
            target = urljoin(here, link).partition("#")[0]
            if urlsplit(target).netloc != urlsplit(site).netloc:
                continue
            if not urlsplit(target).path.startswith(f"{path}/") or (path and f"{path}{path}" in target):
                faults.append(f"{here} links to {target}")
            todo.append(target)
    return faults


@pytest.mark.slow
def test_unit_is_valid_and_closed(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed on this machine")
    text = (FOLDER / "claimledger.service").read_text(encoding="utf-8")
    program = tmp_path / "claimledger"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit = tmp_path / "claimledger.service"
    unit.write_text(text.replace("/opt/claimledger/bin/claimledger", str(program)), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_WAIT)
    assert "claimledger.service" not in done.stderr, done.stderr
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_WAIT).stdout
    level = re.search(r"Overall exposure level for claimledger\.service: ([0-9.]+)", told)
    assert level, told
    assert float(level[1]) <= 4


def test_image_and_compose_use_files_and_extras_that_exist() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra in re.findall(r'"\.\[([a-z,]+)\]"', text):
        assert set(extra.split(",")) <= project["optional-dependencies"].keys()
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    (service,) = yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))["services"].values()
    build = service["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).resolve() == FOLDER / "Dockerfile"


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="the job is a shell script")
def test_job_publishes_and_stops_at_a_damaged_log(tmp_path: Path) -> None:
    facts, out, programs = tmp_path / "facts", tmp_path / "out", tmp_path / "bin"
    programs.mkdir()
    program = programs / "claimledger"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "from claimledger.cli import main; main()" "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    variables = {"PATH": f"{programs}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    subprocess.run([program, "init", "facts"], cwd=tmp_path, env=variables, check=True, stdin=subprocess.DEVNULL)
    job = [str(FOLDER / "publish.sh"), str(out), "https://facts.harbour.example"]
    empty = subprocess.run(job, cwd=facts, env=variables, check=False, capture_output=True, text=True)
    assert (empty.returncode, "Nothing is published yet" in empty.stderr) == (1, True)
    shutil.rmtree(facts / "claims")
    (facts / "desk.db").unlink()  # a clone has no desk
    shutil.copytree(ROOT / "claims", facts / "claims")
    assert subprocess.run(job, cwd=facts, env=variables, check=False).returncode == 0
    assert (out / "index.html").is_file()
    first = facts / "claims" / "log" / "000000.jsonl"
    first.write_bytes(first.read_bytes().replace(b'"approver":"', b'"approver":"x', 1))
    (out / "index.html").unlink()
    assert subprocess.run(job, cwd=facts, env=variables, check=False).returncode == 1
    assert not (out / "index.html").exists()

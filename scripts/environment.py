"""The project's virtual environments: made when missing, renewed when stale, for the scripts beside this file.

An environment is current when its stamp names the wanted packages and the hash of pyproject.toml, of its constraints
and of where it stands; then nothing is done and no network is needed. pip alone decides what an installation is.
This file and the scripts stay readable for Python 3.6, so that an old Python gets a sentence, not a syntax error.
"""

import hashlib
import importlib
import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  pip would say so too, but only later and in more words
    sys.exit("This needs Python 3.11 or newer, and this is Python {}.{}.".format(*sys.version_info[:2]))

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STAMP = "claimledger.stamp"
LAST_LINES = 15
LONGEST_STEP = 1800
"""Seconds that a quiet step, such as an installation, may take."""


class Failed(Exception):
    """A step that did not work; its text is meant for the person at the keyboard."""


class Environment(NamedTuple):
    """A virtual environment and its packages besides the core."""

    folder: Path
    """Its folder."""
    constraints: Path
    """The file of its exact versions."""
    extra: str = ""
    """The extra of the project."""
    group: str = ""
    """The dependency group."""

    def tool(self, name: str) -> str:
        """Return the path of one of its commands."""
        if os.name == "nt":
            return str(self.folder / "Scripts" / f"{name}.exe")
        return str(self.folder / "bin" / name)

    def works(self) -> bool:
        """Return whether it stands and its Python is still there."""
        return Path(self.tool("python")).exists()


CORE = Environment(ROOT / ".venv", ROOT / "constraints.txt")
DESK = CORE._replace(extra="desk")
QUICK = CORE._replace(extra="evidence", group="test")
FULL = DESK._replace(group="dev")
FAULTS = DESK._replace(group="faults")
PEERS = CORE._replace(folder=ROOT / ".venv-peers", group="peers")
NEXT_CORE = Environment(ROOT / ".venv-1.0", ROOT / "constraints-1.0.txt")
NEXT = NEXT_CORE._replace(group="lines")


def say(sentence: str) -> None:
    """Tell the person at the keyboard what is going on, at once even into a pipe."""
    print(sentence, flush=True)


def finish(main: Callable[[Sequence[str]], int]) -> None:
    """Run a script's `main` on the command line's arguments and leave Python with its result."""
    try:
        result = main(sys.argv[1:])
    except Failed as failure:
        print(failure, file=sys.stderr)
        result = 1
    except KeyboardInterrupt:
        result = 130
    sys.exit(result)


def enter(environment: Environment, script: str, arguments: Sequence[str]) -> None:
    """Make sure that `script` runs in `environment`: if it does not, run it again there and leave."""
    prepare(environment)
    if Path(sys.prefix).resolve() != environment.folder.resolve():
        sys.exit(run([environment.tool("python"), script, *arguments]))


def run(command: Sequence[str], more: Mapping[str, str] = MappingProxyType({})) -> int:
    """Run a command in the project's folder, its output going where ours goes; return its exit code.

    `more` are environment variables besides those of `variables`. A command has no limit here: each test has one.
    """
    return subprocess.run(command, cwd=ROOT, env={**variables(), **more}, check=False).returncode


def become(command: Sequence[str]) -> int:
    """Run a command in the project's folder in place of this process, which therefore gets its signals.

    Windows has no such call: there the command is run, and its exit code returned.
    """
    if os.name == "nt":
        return run(command)
    os.chdir(ROOT)
    return os.execve(command[0], list(command), dict(variables()))  # noqa: S606  our own command, no shell


def run_quietly(command: Sequence[str], *, otherwise: str) -> None:
    """Run a command without showing what it prints.

    Raises:
        Failed: it did not work, or not in time; says `otherwise` and the last lines it printed.
    """
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=variables(), check=False, stdin=subprocess.DEVNULL, timeout=LONGEST_STEP,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Failed(f"{otherwise}\n  no end after {LONGEST_STEP} seconds") from None
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        raise Failed("\n".join([otherwise, *("  " + line for line in lines[-LAST_LINES:])]))


def variables() -> Mapping[str, str]:
    """Return the environment variables of the commands we run: UTF-8 on Windows too, and what is compiled is kept.

    The tests start some hundred processes; without `__pycache__` each of them compiles the package anew.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONUTF8": "1"}


def prepare(environment: Environment) -> None:
    """Bring an environment up to date; a current one is left alone.

    Raises:
        Failed: it cannot be made here, or pip did not get what it needs.
    """
    digest = wanted_digest(environment)
    if is_current(environment, digest):
        return
    make_folder(environment)
    name = environment.folder.name
    say(f"Installing the packages into {name} (up to a minute the first time) ...")
    pip = [environment.tool("python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run_quietly(
        [*pip, "--constraint", str(environment.constraints), *requirements(environment)],
        otherwise=f"The packages could not be installed into {name}. Is the network there? pip's last lines:",
    )
    there = contents(environment) | stamped(environment, digest)
    stamp(environment).write_text("\n".join([digest, *sorted(there)]) + "\n", encoding="utf-8")


def is_current(environment: Environment, digest: str) -> bool:
    """Return whether the stamp says that all that is wanted is there, in the versions wanted."""
    return environment.works() and contents(environment) <= stamped(environment, digest)


def stamped(environment: Environment, digest: str) -> set[str]:
    """Return what an environment has in the versions wanted, as its stamp says; pip only adds to that."""
    if not stamp(environment).is_file():
        return set()
    first, *there = stamp(environment).read_text(encoding="utf-8").splitlines()
    return set(there) if first == digest else set()


def stamp(environment: Environment) -> Path:
    """Return the file that says what an environment holds."""
    return environment.folder / STAMP


def contents(environment: Environment) -> set[str]:
    """Return the words by which a stamp names what an environment holds."""
    extras = included_extras(environment.extra) if environment.extra else ()
    groups = included(dependency_groups(), environment.group) if environment.group else ()
    return {"core"} | {f"extra {extra}" for extra in extras} | {f"group {group}" for group in groups}


def wanted_digest(environment: Environment) -> str:
    """Return the hash of all that decides what an environment holds and whether it works where it stands."""
    digest = hashlib.sha256(str(environment.folder).encode())
    for file in (ROOT / "pyproject.toml", environment.constraints):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def make_folder(environment: Environment) -> None:
    """Make the virtual environment itself, unless there is one that works.

    Raises:
        Failed: this Python cannot make one.
    """
    if environment.works():
        return
    for module in ("venv", "ensurepip"):
        try:
            importlib.import_module(module)
        except ImportError:
            raise Failed(venv_missing(sys.version_info)) from None
    say(f"Making {environment.folder.name} ...")
    run_quietly(
        [sys.executable, "-m", "venv", "--clear", str(environment.folder)],
        otherwise=venv_missing(sys.version_info),
    )


def venv_missing(version: Sequence[Any]) -> str:
    """Return the sentence for a Python that makes no virtual environment."""
    return (
        "This Python cannot make a virtual environment: its 'venv' module is missing or incomplete. On Debian and "
        f"Ubuntu install it with 'apt install python{version[0]}.{version[1]}-venv' (as root), then try again."
    )


def requirements(environment: Environment) -> list[str]:
    """Return what pip is asked for: the project itself, editable, and the packages of the group."""
    extra = f"[{environment.extra}]" if environment.extra else ""
    group = members(dependency_groups(), environment.group) if environment.group else ()
    return ["--editable", f".{extra}", *group]


def pyproject() -> Mapping[str, Any]:
    """Return what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def dependency_groups() -> Mapping[str, Sequence[Any]]:
    """Return the dependency groups of pyproject.toml."""
    groups: Mapping[str, Sequence[Any]] = pyproject()["dependency-groups"]
    return groups


def included_extras(name: str) -> Iterator[str]:
    """Yield the name of an extra and of the extras that it includes, as in 'claimledger[ko,evidence]'."""
    yield name
    for requirement in pyproject().get("project", {}).get("optional-dependencies", {}).get(name, ()):
        if requirement.startswith("claimledger["):
            for other in requirement.partition("[")[2].rstrip("]").split(","):
                yield from included_extras(other.strip())


def included(groups: Mapping[str, Sequence[Any]], name: str) -> Iterator[str]:
    """Yield the name of a dependency group and of the groups it includes (PEP 735)."""
    yield name
    for member in groups[name]:
        if not isinstance(member, str):
            yield from included(groups, member["include-group"])


def members(groups: Mapping[str, Sequence[Any]], name: str) -> Iterator[str]:
    """Yield the requirements of a dependency group and of the groups it includes (PEP 735)."""
    for member in groups[name]:
        if isinstance(member, str):
            yield member
        else:
            yield from members(groups, member["include-group"])

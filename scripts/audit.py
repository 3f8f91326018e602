"""Look up the known vulnerabilities of every package version that the constraints name, and compare what is installed.

The registry (PyPI) answers for each version. A registry that does not know the vulnerability of `CANARY`, such as a
mirror that leaves this part out, or that does not answer, proves nothing: then the result is a sentence, never "none".
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from environment import FULL, ROOT, Failed, pyproject

CONSTRAINTS = ("constraints.txt", "constraints-1.0.txt")
ADDRESS = "https://pypi.org/pypi/{name}/{version}/json"
LONGEST_WAIT = 20
"""Seconds until the registry has to answer."""
_LISTING = (
    "import importlib.metadata as m, json; print(json.dumps([[d.name, d.version, bool(d.read_text('direct_url.json'))] "
    "for d in m.distributions()]))"
)


class Pin(NamedTuple):
    """A package with its exact version."""

    name: str
    version: str

    def __str__(self) -> str:
        """Return the package as pip writes it."""
        return f"{self.name}=={self.version}"


CANARY = Pin("jinja2", "2.4.1")
"""A version that has had known vulnerabilities since 2014 (CVE-2014-1402)."""


class NotLookedUp(Failed):
    """Raised when nothing is known about vulnerabilities; the text says why."""


def find_vulnerabilities() -> Sequence[str]:
    """Return a sentence for each known vulnerability of a pinned version.

    Raises:
        NotLookedUp: the registry does not answer, or what it answers proves nothing.
    """
    if not read_vulnerabilities(CANARY):
        raise NotLookedUp(f"could not be looked up: the registry knows no vulnerability of {CANARY}, which has some")
    pins = sorted({pin for name in CONSTRAINTS for pin in read_pins(ROOT / name)})
    with ThreadPoolExecutor(8) as readers:
        found = [*readers.map(read_vulnerabilities, pins)]
    return [sentence(pin, one) for pin, some in zip(pins, found, strict=True) for one in some]


def read_pins(file: Path) -> Iterator[Pin]:
    """Yield the exact versions in a file of constraints."""
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, version = line.partition("#")[0].strip().partition("==")
        if equals:
            yield Pin(name, version)


def read_vulnerabilities(pin: Pin) -> Sequence[Mapping[str, Any]]:
    """Return the vulnerabilities of a version that the registry knows, without those that were withdrawn.

    Raises:
        NotLookedUp: the registry does not answer for this version.
    """
    try:
        with urlopen(ADDRESS.format(name=pin.name, version=pin.version), timeout=LONGEST_WAIT) as answer:  # noqa: S310  https
            known = json.load(answer)["vulnerabilities"]
    except HTTPError as error:
        raise NotLookedUp(f"could not be looked up: the registry answers {error.code} for {pin}") from error
    except (URLError, OSError, ValueError, KeyError) as error:
        raise NotLookedUp(f"could not be looked up: the registry does not answer for {pin}") from error
    return [one for one in known if not one.get("withdrawn")]


def sentence(pin: Pin, one: Mapping[str, Any]) -> str:
    """Return the sentence for one vulnerability."""
    fixed = ", ".join(one.get("fixed_in") or ()) or "no version"
    return f"{pin}: {one['id']}, mended in {fixed}. {one.get('summary') or ''}".strip()


def find_strange_packages() -> Sequence[str]:
    """Return a sentence for each installed package that the constraints do not name in this version."""
    done = subprocess.run([FULL.tool("python"), "-c", _LISTING], check=True, capture_output=True, encoding="utf-8")
    return strange_packages(
        json.loads(done.stdout), read_pins(FULL.constraints), pyproject()["project"]["dependencies"]
    )


def strange_packages(
    installed: Sequence[tuple[str, str, bool]], pins: Iterator[Pin], dependencies: Sequence[str]
) -> list[str]:
    """Return the complaints about installed packages (name, version, comes from an address) and about dependencies."""
    known = {_plain(pin.name): pin.version for pin in pins}
    ours = {"claimledger", "pip", "setuptools"}
    others = [(name, version, is_direct) for name, version, is_direct in installed if _plain(name) not in ours]
    names = [re.split(r"[\[<>=!~; ]", one)[0] for one in dependencies]
    missing = [name for name in names if _plain(name) not in known]
    return [
        *(f"{name} comes from an address and not from the registry" for name, _, is_direct in others if is_direct),
        *(
            f"{name} {version} is installed; the constraints say {known[_plain(name)]}"
            for name, version, _ in others
            if known.get(_plain(name), version) != version
        ),
        *(f"{name} has no version in the constraints" for name in missing),
    ]


def _plain(name: str) -> str:
    """Return a package's name in the form in which names are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()

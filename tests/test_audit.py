"""Known vulnerabilities: a registry that does not answer, or knows none at all, is never taken for a clean result."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from urllib.error import HTTPError, URLError

import audit
import pytest

FAULT = {"id": "CVE-2031-7", "fixed_in": ["9.1"], "summary": "A page runs a script.", "withdrawn": None}
CANARY = {"id": "CVE-2014-1402", "fixed_in": ["2.7.2"], "summary": "", "withdrawn": None}


def registry(known: dict[str, object]) -> Callable[..., io.BytesIO]:
    """Return a registry that knows the vulnerabilities of some packages, and of all others none."""

    def answer(address: str, timeout: float) -> io.BytesIO:
        assert timeout
        found = known.get(address.split("/")[4], [])
        if isinstance(found, Exception):
            raise found
        return io.BytesIO(json.dumps({"vulnerabilities": found}).encode())

    return answer


@pytest.fixture(autouse=True)
def _one_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "read_pins", lambda file: iter([audit.Pin("harbour", "9.0")]))


def test_known_vulnerability_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    withdrawn = {**FAULT, "withdrawn": "2031-01-01"}
    monkeypatch.setattr(audit, "urlopen", registry({"jinja2": [CANARY], "harbour": [FAULT, withdrawn]}))
    assert audit.find_vulnerabilities() == ["harbour==9.0: CVE-2031-7, mended in 9.1. A page runs a script."]
    monkeypatch.setattr(audit, "urlopen", registry({"jinja2": [CANARY]}))
    assert audit.find_vulnerabilities() == []


@pytest.mark.parametrize("known", [
    {},
    {"jinja2": URLError("no network")},
    {"jinja2": [CANARY], "harbour": HTTPError("", 404, "", {}, None)},  # type: ignore[arg-type]
], ids=["knows none", "no network", "unknown version"])  # fmt: skip
def test_without_an_answer_nothing_is_called_good(monkeypatch: pytest.MonkeyPatch, known: dict[str, object]) -> None:
    monkeypatch.setattr(audit, "urlopen", registry(known))
    with pytest.raises(audit.NotLookedUp, match="could not be looked up"):
        audit.find_vulnerabilities()


def test_other_versions_and_packages_from_addresses_are_named() -> None:
    installed = [("Harbour", "9.1", False), ("quay", "1", True), ("claimledger", "0", True)]
    assert audit.strange_packages(installed, iter([audit.Pin("harbour", "9.0")]), ["harbour>=9", "crane[x]>=1"]) == [
        "quay comes from an address and not from the registry",
        "Harbour 9.1 is installed; the constraints say 9.0",
        "crane has no version in the constraints",
    ]

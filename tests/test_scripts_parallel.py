"""What the scripts do at one time: a test breaks unless the others come while the first one waits."""

from __future__ import annotations

import threading

import pytest
from environment import Environment, Failed
from running import LONGEST_WAIT
from test_scripts import script


def test_environments_and_browser_are_brought_at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    test, brought = script("test"), set[str]()
    together = threading.Barrier(3, timeout=LONGEST_WAIT)

    def bring(wanted: Environment | None = None) -> None:
        together.wait()
        brought.add(wanted.folder.name if wanted else "browser")

    monkeypatch.setattr(test, "prepare", bring)
    monkeypatch.setattr(test, "bring_browser", bring)
    test.bring_everything()
    assert brought == {".venv", ".venv-1.0", "browser"}


def test_what_cannot_be_brought_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    test = script("test")

    def no_network(wanted: Environment) -> None:
        raise Failed(f"nothing for {wanted.folder.name}")

    monkeypatch.setattr(test, "prepare", no_network)
    monkeypatch.setattr(test, "bring_browser", lambda: None)
    with pytest.raises(Failed, match="nothing for"):
        test.bring_everything()


def test_checks_run_as_many_at_once_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    check, together = script("check"), threading.Barrier(2, timeout=LONGEST_WAIT)
    monkeypatch.setattr(check, "prepare", lambda wanted: None)
    monkeypatch.setattr(check.os, "cpu_count", lambda: 2)

    def met() -> list[str]:
        together.wait()
        return []

    monkeypatch.setattr(check, "CHECKS", {"one": met, "two": met})
    assert check.main([]) == 0

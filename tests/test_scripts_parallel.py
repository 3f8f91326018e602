"""Parallel steps of the scripts: a barrier fails the test unless all steps run at the same time."""

from __future__ import annotations

import threading

import pytest
from environment import Environment, Failed
from running import LONGEST_WAIT
from test_scripts import script


def test_environments_and_browser_are_installed_in_parallel(monkeypatch: pytest.MonkeyPatch) -> None:
    test, installed = script("test"), set[str]()
    together = threading.Barrier(3, timeout=LONGEST_WAIT)

    def install(wanted: Environment | None = None) -> None:
        together.wait()
        installed.add(wanted.folder.name if wanted else "browser")

    monkeypatch.setattr(test, "prepare", install)
    monkeypatch.setattr(test, "bring_browser", install)
    test.bring_everything()
    assert installed == {".venv", ".venv-1.0", "browser"}


def test_failed_installation_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    test = script("test")

    def no_network(wanted: Environment) -> None:
        raise Failed(f"nothing for {wanted.folder.name}")

    monkeypatch.setattr(test, "prepare", no_network)
    monkeypatch.setattr(test, "bring_browser", lambda: None)
    with pytest.raises(Failed, match="nothing for"):
        test.bring_everything()


def test_as_many_checks_run_at_once_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    check, together = script("check"), threading.Barrier(2, timeout=LONGEST_WAIT)
    monkeypatch.setattr(check, "prepare", lambda wanted: None)
    monkeypatch.setattr(check.os, "cpu_count", lambda: 2)

    def wait_for_the_other() -> list[str]:
        together.wait()
        return []

    monkeypatch.setattr(check, "CHECKS", {"one": wait_for_the_other, "two": wait_for_the_other})
    assert check.main([]) == 0

"""Read pytest's reports (JUnit XML): counts and the names of failed tests, for the scripts that run tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree


class Counts(NamedTuple):
    """The numbers of passed, failed and skipped tests."""

    passed: int
    failed: int
    skipped: int

    def __str__(self) -> str:
        """Return the counts on one line."""
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def counts(reports: Sequence[Path]) -> Counts:
    """Return the total of some reports; an error counts as a failure."""
    trees = [ElementTree.parse(report) for report in reports]  # noqa: S314  pytest has just written them
    suites = [suite for tree in trees for suite in tree.iter("testsuite")]
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return Counts(tests - failures - errors - skipped, failures + errors, skipped)


def failed_names(report: Path) -> list[str]:
    """Return the name of each failed test of a report, after that of its module."""
    return [
        f"{case.get('classname')}.{case.get('name')}"
        for case in ElementTree.parse(report).iter("testcase")  # noqa: S314  pytest has just written it
        if case.find("failure") is not None or case.find("error") is not None
    ]


def measurements(report: Path) -> list[str]:
    """Return the sentences that tests recorded as the property `measured`."""
    properties = ElementTree.parse(report).iter("property")  # noqa: S314  pytest has just written it
    return [one.get("value", "") for one in properties if one.get("name") == "measured"]


def case_results(report: Path) -> dict[str, str]:
    """Return the result of each test by its name for pytest: an attack that a passed test makes is refused."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  pytest has just written it
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        problem = next((tag for tag in ("failure", "error", "skipped") if case.find(tag) is not None), "")
        found[name] = {"": "refused", "skipped": "SKIPPED"}.get(problem, "FAILED")
    return found

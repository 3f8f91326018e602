"""Attacks on four eyes and on sign-in that go through several interfaces: the same refusal on each way."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result
from newsroom import CARGO, Clock, acting, actor
from staff import PASSWORD

from claimledger import desk
from claimledger.cli import main
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.desk import bulk_steps, lookups
from claimledger.errors import LedgerError
from claimledger.ledger import log
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow

permissions = importlib.import_module("tests.test_desk_permissions")
template = permissions.template


@pytest.fixture
def waiting(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom with a public claim and a correction of it by haru, with an attached document."""
    clock = Clock()
    places = newsroom.published(tmp_path / "ledger", clock)
    newsroom.hire(places, "haru", "sora")
    newsroom.attach(places, CARGO, clock, author="haru")
    assert [draft.key for draft in lookups.open_drafts(places, [CARGO])] == [CARGO]
    return places


def newest_draft(places: LedgerPaths) -> int:
    return lookups.claim_at_desk(places, CARGO).newest_draft_id


def run(places: LedgerPaths, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=acting(places, "haru"))


def approve_by_step(places: LedgerPaths) -> None:
    desk.approve(places, CARGO, newest_draft(places), actor("haru"))


def publish_by_step(places: LedgerPaths) -> None:
    desk.publish(places, actor("haru"), [CARGO], is_clock_right=True)


def publish_everything(places: LedgerPaths) -> None:
    desk.publish(places, actor("haru"), is_clock_right=True)


def approve_after_an_edit_by_another(places: LedgerPaths) -> None:
    """The second author's text does not make the first one a stranger to the draft."""
    newsroom.attach(places, CARGO, Clock(), author="sora")
    approve_by_step(places)


def approve_in_the_list(places: LedgerPaths) -> None:
    bulk_steps.approve_many(places, [(CARGO, newest_draft(places))], actor("haru"))


def approve_on_the_command_line(places: LedgerPaths) -> None:
    result = run(places, "approve", CARGO, "--yes")
    assert result.exit_code == 1
    raise PermissionError(result.stderr)


def publish_on_the_command_line(places: LedgerPaths) -> None:
    result = run(places, "publish", CARGO, "--yes", "--clock-is-right")
    assert result.exit_code == 1
    raise PermissionError(result.stderr)


ROUTES: tuple[Callable[[LedgerPaths], None], ...] = (
    approve_by_step, publish_by_step, publish_everything, approve_after_an_edit_by_another,
    approve_in_the_list, approve_on_the_command_line, publish_on_the_command_line,
)  # fmt: skip


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.__name__)
def test_author_cannot_approve_by_any_route(waiting: LedgerPaths, route: Callable[[LedgerPaths], None]) -> None:
    size = log.newest_body(waiting.log)[0]
    with pytest.raises((LedgerError, PermissionError), match="second-person-needed") as refused:
        route(waiting)
    assert "Traceback" not in str(refused.value)
    assert log.newest_body(waiting.log)[0] == size
    assert lookups.open_drafts(waiting, [CARGO])


@pytest.mark.parametrize("given", ["chosen-by-a-stranger", "of another person"])
def test_session_given_before_sign_in_does_not_stay(places: LedgerPaths, given: str) -> None:
    session = permissions.open_session(places, "editor") if given == "of another person" else given
    browser = permissions.Browser(places, session=session)
    answer = browser.send("POST", "/sign-in", {"name": "checker", "password": PASSWORD})
    assert answer.status_code == 303
    new = answer.cookies.get(COOKIE)
    assert new
    assert new != session
    page = permissions.Browser(places, session=given).send("GET", "")
    assert page.status_code == 303  # the value that was set before is not a session of the person who signed in


places = permissions.places

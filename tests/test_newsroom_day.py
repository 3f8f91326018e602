"""The newsroom's day: the meaning of "today" on the pages of the desk and on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner
from desk_visits import PREFIX, made, signed_in
from newsroom import CARGO

from claimledger import desk
from claimledger.desk import lookups
from claimledger.cli import main
from claimledger.desk.newsroom_clock import TIMEZONE_VARIABLE, UnknownTimeZone, newsroom_day
from claimledger.vocabulary import Question

pytestmark = pytest.mark.slow

EARLY = datetime(2031, 4, 2, 20, 30, tzinfo=UTC)
"""In Seoul it is 05:30 on 3 April, in Honolulu 10:30 on 2 April."""


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Seoul", date(2031, 4, 3)), ("Pacific/Honolulu", date(2031, 4, 2)), ("UTC", date(2031, 4, 2))],
)
def test_newsroom_day_uses_the_newsroom_time_zone(monkeypatch: pytest.MonkeyPatch, zone: str, day: date) -> None:
    monkeypatch.setenv(TIMEZONE_VARIABLE, zone)
    assert newsroom_day(lambda: EARLY) == day


@pytest.mark.parametrize("zone", ["Asia/Seuol", "../etc/passwd", "한국"])
def test_unknown_time_zone_is_refused(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv(TIMEZONE_VARIABLE, zone)
    with pytest.raises(UnknownTimeZone, match="not a known time zone"):
        newsroom_day(lambda: EARLY)


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12"])
def test_pages_and_commands_use_the_newsroom_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv(TIMEZONE_VARIABLE, zone)
    places = made(tmp_path)
    today = newsroom_day().isoformat()  # one of the two zones has a different day than UTC
    kim = signed_in(places, "kim")
    page = kim.get(f"{PREFIX}/claims/{CARGO}").text
    assert f'name="so_as_of" type="text" value="{today}"' in page
    name = kim.get(f"{PREFIX}/sheets/export").headers["content-disposition"]
    assert f"review-{today}.csv" in name
    desk.assign(places, CARGO, Question.SO, "kim", newsroom.actor("lee"))
    environment = newsroom.acting(places, "kim", "checker")
    verdict = ("--so", "not_checkable", "--rationale-en", "A forecast.")
    ran = CliRunner().invoke(main, ["--root", str(places.root), "propose", CARGO, *verdict], env=environment)
    assert ran.exit_code == 0, ran.output
    assert [one.as_of for one in lookups.claim_at_desk(places, CARGO).claim.verdicts] == [today]

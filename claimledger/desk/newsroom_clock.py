"""The current date in the newsroom, which decides deadlines, overdue tasks and "as of today", instead of UTC.

Every page and command of a desk uses the same time zone: `CLAIMLEDGER_TIMEZONE` (IANA time zone database), or else that
of the machine the desk runs on.
"""

from __future__ import annotations

import os
from datetime import date, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from claimledger.desk.step_setup import Clock, utc_now
from claimledger.errors import LedgerError

TIMEZONE_VARIABLE = "CLAIMLEDGER_TIMEZONE"
"""The environment variable with the newsroom's time zone, such as Asia/Seoul."""


class UnknownTimeZone(LedgerError):
    """Raised when the environment names an unknown time zone."""

    def __init__(self, name: str) -> None:
        """Say which value to set."""
        super().__init__(variable=TIMEZONE_VARIABLE, name=name)


def newsroom_day(clock: Clock = utc_now) -> date:
    """Return the current date in the newsroom.

    Raises:
        UnknownTimeZone: the environment names an unknown time zone.
    """
    return clock().astimezone(_zone()).date()


def newsroom_time(clock: Clock = utc_now) -> str:
    """Return the current time in the newsroom to the minute, such as `2031-04-03T17:30`.

    Raises:
        UnknownTimeZone: the environment names an unknown time zone.
    """
    return clock().astimezone(_zone()).replace(tzinfo=None).isoformat(timespec="minutes")


def _zone() -> tzinfo | None:
    """Return the newsroom's time zone; None means the zone of the machine."""
    name = os.environ.get(TIMEZONE_VARIABLE, "").strip()
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error

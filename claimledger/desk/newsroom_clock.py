"""The day it is in the newsroom: what is due, overdue or "as of today" is asked of it, not of UTC.

In: a clock (UTC) and the environment. Out: a day. The invariant: every page and command of one desk has the same day:
that of the zone in `CLAIMLEDGER_TIMEZONE` (IANA time zone database), else that of the machine the desk runs on.
"""

from __future__ import annotations

import os
from datetime import date, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from claimledger.desk.step_setup import Clock, utc_now
from claimledger.errors import LedgerError

VARIABLE = "CLAIMLEDGER_TIMEZONE"
"""Environment variable that names the newsroom's time zone, such as Asia/Seoul."""


class UnknownTimeZone(LedgerError):
    """The environment names a time zone that there is not."""

    def __init__(self, name: str) -> None:
        """Say what to write."""
        super().__init__(
            f"{VARIABLE} is '{name}', which is no time zone known here. Write one like 'Asia/Seoul'; "
            "on Windows, install the package 'tzdata'."
        )


def newsroom_day(clock: Clock = utc_now) -> date:
    """Return the day it is in the newsroom.

    Raises:
        UnknownTimeZone: the environment names none that is known.
    """
    return clock().astimezone(_zone()).date()


def _zone() -> tzinfo | None:
    """Return the newsroom's time zone; none stands for the machine's."""
    name = os.environ.get(VARIABLE, "").strip()
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error

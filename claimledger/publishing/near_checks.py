"""Find the earlier checks by others that resemble a statement, from the full-text index of `earlier_checks`.

The index has the look-up keys of each check beside its texts. Nothing is stored, so a search sees what the file
contains now; its cost is limited by the number of postings and of checks that are compared.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from claimledger.earlier_claims import (
    ClaimComparison, Profile, compare_profiles, profile_keys, profile_of_spoken_text, rank_by_keys,
)  # fmt: skip
from claimledger.models import EarlierCheck
from claimledger.publishing.columns import sql_identifiers
from claimledger.publishing.earlier_check_rows import EarlierCheckRow
from claimledger.publishing.search import encode_tokens, join_text_tokens, record_tokens
from claimledger.publishing.tables import CHECK_INDEX, EARLIER_CHECKS

_KEY_MARK, _SPACE_IN_KEY = "\ue002", "\ue003"
_WITH_KEY = f"SELECT rowid FROM {CHECK_INDEX} WHERE {CHECK_INDEX} MATCH ? LIMIT ?"  # noqa: S608  ours
MOST_COMPARED = 12
"""The largest number of checks that are compared in full for a page."""


class NearCheck(NamedTuple):
    """An earlier check that resembles a statement."""

    check: EarlierCheckRow
    compared: ClaimComparison
    """The comparison of its claim with the statement."""


def earlier_check_tokens(check: EarlierCheck) -> str:
    """Return the tokens of an earlier check: those of its texts, then its look-up keys."""
    texts = [check.claim, check.headline, check.speaker, *check.publisher.values(), check.rating, *check.topics]
    keys = profile_keys(profile_of_spoken_text(check.claim, check.speaker))
    return join_text_tokens(record_tokens(filter(None, texts)), " ".join(map(_key_token, keys)))


def _key_token(key: str) -> str:
    """Return the token of a look-up key; no text has such a token, because it begins with a private character."""
    return encode_tokens([_KEY_MARK + key.replace(" ", _SPACE_IN_KEY)])


def near_checks(connection: sqlite3.Connection, asked: Profile, most: int = MOST_COMPARED) -> list[NearCheck]:
    """Return the listed checks most like a statement, the nearest first."""
    rows = rank_by_keys(profile_keys(asked), partial(_checks_with_key, connection), most)
    found = [NearCheck(check, compare_profiles(asked, _profile(check))) for check in read_checks(connection, rows)]
    listed = (one for one in found if one.check.record_state == "listed")
    return sorted(listed, key=lambda one: (one.compared.rank, one.check.earlier_check_id))


def _checks_with_key(connection: sqlite3.Connection, key: str, most: int) -> list[int]:
    rows = connection.execute(_WITH_KEY, (f'"{_key_token(key)}"', most))
    return [number for (number,) in rows]


def _profile(check: EarlierCheckRow) -> Profile:
    return profile_of_spoken_text(check.claim, check.speaker)


def read_checks(connection: sqlite3.Connection, rows: Sequence[int]) -> list[EarlierCheckRow]:
    """Return the checks with these row numbers, in the same order."""
    if not rows:  # SQLite would scan the table
        return []
    marks = ", ".join("?" * len(rows))
    sql = f"SELECT {sql_identifiers(EARLIER_CHECKS.stored)} FROM earlier_checks WHERE rowid IN ({marks})"  # noqa: S608
    found = {number: EarlierCheckRow(*row) for number, *row in connection.execute(sql, rows)}
    return [found[number] for number in rows]

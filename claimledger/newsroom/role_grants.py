"""Approvers who gave themselves the role by which they approve: the log names them, so that readers know."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from claimledger.desk_vocabulary import Role

_VERSIONS = "SELECT roles, author FROM person_version WHERE name = ? ORDER BY version_id"


def find_self_granted(
    connection: sqlite3.Connection, names: Collection[str], role: Role = Role.EDITOR
) -> frozenset[str]:
    """Return those of `names` who have a role that they gave themselves the last time they got it."""
    return frozenset(name for name in names if _granted_by(connection, name, role) == name)


def _granted_by(connection: sqlite3.Connection, name: str, role: Role) -> str | None:
    """Return the person who last gave a person a role, or None if they do not have it."""
    giver = None
    for roles, author in connection.execute(_VERSIONS, (name,)):
        if role not in json.loads(roles):
            giver = None
        elif giver is None:
            giver = author
    return giver

"""Decide which words of old versions `ledger.db` may still show, and describe the versions that were redacted.

Once a record was redacted, no cell contains a value, a note or a reason of an earlier version, or of the values that
the redaction removed. Actors, times and the hash of each body stay (docs/decisions/0004). Where an article no longer
allows its passages, their words become lengths and hashes in every version, and the hash of the body remains that of
the unchanged body (docs/decisions/0005). The log itself does not change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from claimledger.ledger.canonical import encode_body
from claimledger.selectors import hash_passage
from claimledger.vocabulary import RevisionKind


def newest_redaction(kinds: Sequence[str]) -> int:
    """Return the place, from 0, of the newest redaction among the kinds of a record's versions; -1 if there is none."""
    return max((place for place, kind in enumerate(kinds) if kind == RevisionKind.REDACTION), default=-1)


def without_passages(body: str) -> str:
    """Return a body of an article or appearance with a length and a hash in place of each quoted text."""
    revision = msgspec.json.decode(body)
    quotes = [quote for quote in _quotes(revision["record"]) if any(isinstance(part, str) for part in quote.values())]
    for quote in quotes:
        quote |= {name: _hash(part) for name, part in quote.items()}
    return encode_body(revision).decode() if quotes else body


def _quotes(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the quote of an appearance, or the quotes of the passages that an article's editions dismiss."""
    left_out = [one["quote"] for edition in record.get("editions", ()) for one in edition.get("dismissed", ())]
    return [record["quote"]] if "quote" in record else left_out


def _hash(part: object) -> object:
    return hash_passage(part).to_json() if isinstance(part, str) else part


def redacted_envelope(row: sqlite3.Row) -> dict[str, Any]:
    """Return the remaining data of a redacted version: number, kind, time and people."""
    kept = {name: row[name] for name in ("number", "revision", "recorded_at", "approver")}
    return {**kept, "kind": RevisionKind(row["kind"]), "authors": (row["actor"],), "reason": "", "correction": None}

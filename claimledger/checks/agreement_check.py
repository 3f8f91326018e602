"""The check of wording: every public claim against its figures and, where the desk has the text, its passage."""

from __future__ import annotations
import sqlite3
from contextlib import AbstractContextManager, closing, nullcontext
from claimledger.errors import Problem
from claimledger.checks.public_records import PublicRecords
from claimledger.checks.results import CheckResult, make_check_result
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Appearance
from claimledger.editorial.agreement_at_desk import (
    TextCache, wording_findings, newest_edition_passages, resolve_passages,
)  # fmt: skip


def check_agreement(places: LedgerPaths, public: PublicRecords) -> CheckResult:
    """Check the wording of every public claim, and compare it with its passage where the desk has the text.

    Raises:
        LogDamaged: the log cannot be read.
    """
    entries_of: dict[str, list[Appearance]] = {}
    for place in public.appearances:
        entries_of.setdefault(place.claim_id, []).append(place)
    articles = {article.article_id: article for article in public.articles}
    claims = public.claims
    with _open_texts(places) as connection:
        texts = TextCache(connection)
        found, with_text = list[Problem](), 0
        for claim in claims:
            entries = newest_edition_passages(entries_of.get(claim.claim_id, ()), articles.get)
            found += wording_findings(claim, list(resolve_passages(entries, texts, articles.get)))
            with_text += any(texts.find(entry.edition_sha256) for entry in entries)
    return make_check_result(
        "agreement", f"{len(claims):,} claims, {with_text:,} of them against their text too", found
    )


def _open_texts(places: LedgerPaths) -> AbstractContextManager[sqlite3.Connection | None]:
    """Open the desk read-only, or return None if it does not exist or has no texts; nothing is repaired."""
    if not places.desk.exists():
        return nullcontext(None)
    connection = sqlite3.connect(f"{places.desk.absolute().as_uri()}?mode=rw", uri=True)
    connection.execute("PRAGMA query_only = ON")  # a read-only connection would leave its journal file behind
    try:
        connection.execute("SELECT 1 FROM text LIMIT 1")
    except sqlite3.DatabaseError:  # an older version or a damaged file: the check of the desk reports it
        connection.close()
        return nullcontext(None)
    return closing(connection)

"""Checks of the bytes and texts that the ledger shares, against the hashes in public records and against rights.

The checks need only a ledger's files; those of a clone are enough. Every content that a public document names must be
in claims/evidence byte for byte. Every file in claims/texts must be an edition of an article whose rights allow its
text. Neither folder may contain anything else. A text may be absent; the result says how many are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from claimledger.counting import format_count
from claimledger.errors import Problem
from claimledger.ledger import log, printing, shared_files
from claimledger.checks.results import CheckResult, make_check_result
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Appearance, Article, record_key
from claimledger.vocabulary import RevisionKind, Subject


def check_shared_evidence(places: LedgerPaths) -> CheckResult:
    """Check every content that a public document names against its hash.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    shelf = shared_files.shared_evidence_folder(
        printing.newest_records(log.read_log(places.log), Subject.DOCUMENT), places
    )
    problems = [
        *(Problem("evidence-missing", file=places.relative_name(path))
          for path in shelf.lacking),
        *(Problem("evidence-altered", file=places.relative_name(path))
          for path in shelf.altered_files),
        *(Problem("evidence-not-named", file=places.relative_name(path))
          for path in shelf.unexpected_files),
    ]  # fmt: skip
    return make_check_result("evidence", f"the bytes of {len(shelf.named):,} documents against their hashes", problems)


def _forbidden_quotes(places: LedgerPaths, forbidding: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each public passage whose words are stored although its article forbids it.

    Passages of withdrawn claims are ignored, because such a claim can no longer change; `ledger.db` does not show them.
    """
    newest = printing.newest_records(log.read_log(places.log), Subject.APPEARANCE) if forbidding else []
    passages = [one.record for _, one in newest if isinstance(one.record, Appearance)]
    found = [one for one in passages if one.quote.has_text and one.article_id in forbidding]
    claims = printing.newest_records(log.read_log(places.log), Subject.CLAIM) if found else []
    withdrawn = {one.key for _, one in claims if one.kind is RevisionKind.WITHDRAWAL}
    for one in found:
        if one.claim_id not in withdrawn:
            yield Problem("passage-not-allowed", file=record_key(one), field="quote", article=one.article_id)


def check_shared_texts(places: LedgerPaths) -> CheckResult:
    """Check the files in claims/texts against their hashes and rights, and each passage against its rights.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    articles = printing.newest_records(log.read_log(places.log), Subject.ARTICLE)
    shelf = shared_files.shared_texts_folder(articles, places)
    forbidding = {
        one.key for _, one in articles if isinstance(one.record, Article) and not one.record.rights.may_hold_text
    }
    problems = [
        *_forbidden_quotes(places, forbidding),
        *(Problem("text-altered", file=places.relative_name(path))
          for path in shelf.altered_files),
        *(Problem("text-not-public", file=places.relative_name(path))
          for path in shelf.unexpected_files),
    ]  # fmt: skip
    absent = len(shelf.lacking)
    held = format_count(len(shelf.named) - absent, "text against its hash", "texts against their hashes")
    more = f"; {absent:,} more not held here" if absent else ""
    return make_check_result("texts", f"{held} and the rights of the article{more}", problems)

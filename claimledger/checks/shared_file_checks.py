"""Checks of the bytes and texts that the ledger shares, against the hashes in public records and against rights.

The checks need only a ledger's files; those of a clone are enough. Every content that a public document names must be
in claims/evidence byte for byte. Every file in claims/texts must be an edition of an article whose rights allow its
text. Neither folder may contain anything else. A text may be absent; the result says how many are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from claimledger.counting import counted
from claimledger.errors import Problem
from claimledger.ledger import log, printing, shared_files
from claimledger.checks.results import Checked, outcome
from claimledger.ledger.files import Places
from claimledger.models import Appearance, Article, key_of
from claimledger.vocabulary import RevisionKind, Subject


def check_held(places: Places) -> Checked:
    """Check every content that a public document names against its hash.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    shelf = shared_files.evidence(printing.heads(log.read_log(places.log), Subject.DOCUMENT), places)
    problems = [
        *(Problem("evidence-missing", file=places.name_of(path))
          for path in shelf.lacking),
        *(Problem("evidence-altered", file=places.name_of(path))
          for path in shelf.altered),
        *(Problem("evidence-not-named", file=places.name_of(path))
          for path in shelf.unnamed),
    ]  # fmt: skip
    return outcome("evidence", f"the bytes of {len(shelf.named):,} documents against their hashes", problems)


def _forbidden_quotes(places: Places, forbidding: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each public passage whose words are stored although its article forbids it.

    Passages of withdrawn claims are ignored, because such a claim can no longer change; `ledger.db` does not show them.
    """
    newest = printing.heads(log.read_log(places.log), Subject.APPEARANCE) if forbidding else []
    passages = [one.record for _, one in newest if isinstance(one.record, Appearance)]
    found = [one for one in passages if one.quote.holds_text and one.article_id in forbidding]
    claims = printing.heads(log.read_log(places.log), Subject.CLAIM) if found else []
    withdrawn = {one.key for _, one in claims if one.kind is RevisionKind.WITHDRAWAL}
    for one in found:
        if one.claim_id not in withdrawn:
            yield Problem("passage-not-allowed", file=key_of(one), field="quote", article=one.article_id)


def check_texts(places: Places) -> Checked:
    """Check the files in claims/texts against their hashes and rights, and each passage against its rights.

    Raises:
        LogDamaged, ValidationError, DecodeError: The log cannot be read.
    """
    articles = printing.heads(log.read_log(places.log), Subject.ARTICLE)
    shelf = shared_files.texts(articles, places)
    forbidding = {
        one.key for _, one in articles if isinstance(one.record, Article) and not one.record.rights.may_hold_text
    }
    problems = [
        *_forbidden_quotes(places, forbidding),
        *(Problem("text-altered", file=places.name_of(path))
          for path in shelf.altered),
        *(Problem("text-not-public", file=places.name_of(path))
          for path in shelf.unnamed),
    ]  # fmt: skip
    absent = len(shelf.lacking)
    held = counted(len(shelf.named) - absent, "text against its hash", "texts against their hashes")
    more = f"; {absent:,} more not held here" if absent else ""
    return outcome("texts", f"{held} and the rights of the article{more}", problems)

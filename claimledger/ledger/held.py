"""The bytes of documents that the ledger holds, held against the hashes that public records give.

In: a ledger's files; a clone's are enough. Out: the outcome of one check. The invariant: every content that a public
document names stands in claims/evidence byte for byte, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimledger.errors import Problem
from claimledger.ledger import contents, log, printing
from claimledger.ledger.checks import Checked, outcome
from claimledger.ledger.contents import ContentAltered, content_of, place_of
from claimledger.ledger.files import Places
from claimledger.ledger.store import Draft
from claimledger.models import Document

_ATTACH = "Attach the document, or write that an excerpt of it or nothing is held."
_RESTORE = "Restore it from git; where the desk has it, delete it and run 'claimledger build'."


def not_held(places: Places, drafts: Sequence[Draft]) -> list[Problem]:
    """Return a problem for each draft of a document whose bytes, which it says are held, are not here."""
    whole = [(draft, draft.record) for draft in drafts if isinstance(draft.record, Document)]
    folders = (places.kept_evidence, places.shared_evidence)
    return [
        Problem("bytes-not-held", "Its bytes are not here.", _ATTACH, draft.key, field="content_sha256")
        for draft, document in whole
        if document.content_sha256 and not any(content_of(one, document.content_sha256) for one in folders)
    ]


def check_held(places: Places) -> Checked:
    """Hold every content that a public document names against its hash.

    Raises:
        LogDamaged, ValidationError, DecodeError: the log cannot be read.
    """
    named = contents.shared_in(printing.heads(log.read_log(places.log)))
    problems = [*_faults(places, named), *_foreign(places, named)]
    return outcome("evidence", f"the bytes of {len(named):,} documents against their hashes", problems)


def _faults(places: Places, named: set[str]) -> Iterator[Problem]:
    for content_sha256 in sorted(named):
        file = places.name_of(place_of(places.shared_evidence, content_sha256))
        try:
            if content_of(places.shared_evidence, content_sha256) is None:
                yield Problem("evidence-missing", "The document's bytes are missing.", _RESTORE, file)
        except ContentAltered:
            yield Problem("evidence-altered", "The bytes are not those of the document.", _RESTORE, file)


def _foreign(places: Places, named: set[str]) -> Iterator[Problem]:
    demanded = {place_of(places.shared_evidence, content_sha256) for content_sha256 in named}
    for path in sorted(places.shared_evidence.rglob("*")):
        if path not in demanded and not path.is_dir():
            yield Problem(
                "evidence-not-named", "No public document has these bytes.", "Take the file away.", places.name_of(path)
            )

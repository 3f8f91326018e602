"""Records a batch at a time, from bodies of the log to rows: the part of a build that several processes share.

In: the versions of some records, as the log holds them. Out: their rows, their words for the search, and a tally of the
claims among them. The invariant: every body is validated and every chain followed, and what comes out is the same, in
the same order, however many processes there are. No database is known here.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain
from typing import Any, NamedTuple

from pydantic import ValidationError, create_model

from claimledger.consistency import CheckContext
from claimledger.errors import LedgerError
from claimledger.models import MODELS, Article, Claim, Document, Revision, LedgerRecord
from claimledger.origins import collect_origins
from claimledger.publishing import projection, search
from claimledger.publishing.projection import TableRow, RecordVersion
from claimledger.publishing.search_figures import figure_tokens
from claimledger.publishing.tally import Tally
from claimledger.vocabulary import Subject


class RevisionUnusable(LedgerError):
    """A body of the log is no revision, or does not continue its record."""

    def __init__(self, number: int, what: str) -> None:
        """Name the body by its number in the log, from 1, and say what is wrong with it."""
        self.number, self.what = number, what
        super().__init__(number=number, reason=what)

    def __reduce__(self) -> tuple[type[RevisionUnusable], tuple[int, str]]:
        """Let the refusal pass from one process to another."""
        return type(self), (self.number, self.what)


Logged = tuple[int, str, str]
"""Number, hash and text of a body of the log."""


class Batch(NamedTuple):
    """Some records of one subject, each with its versions, oldest first."""

    subject: Subject
    records: Mapping[str, Sequence[Logged]]
    """The records by their names."""
    alike: frozenset[str] = frozenset()
    """For claims: the names that more than one source has."""
    claim_counts: Mapping[str, int] = {}
    """For articles and documents: name to number of claims."""
    beside: Sequence[tuple[Subject, Logged]] = ()
    """For claims: the newest versions of their articles and documents."""
    passages: Mapping[str, Sequence[str]] = {}
    """For claims: name to the passages that the ledger holds."""


class ProjectedBatch(NamedTuple):
    """What a batch became."""

    rows: Mapping[type[Any], Sequence[TableRow]]
    """The rows by the NamedTuple of their table, as plain tuples: those pass between processes twice as fast."""
    words: Sequence[str]
    """For each claim in order the tokens it is found by."""
    tally: Tally
    revisions: int
    """How many versions the records have."""


def project(batch: Batch) -> ProjectedBatch:
    """Return the rows of a batch.

    Raises:
        RevisionUnusable: a body is no revision or does not continue its record.
    """
    rows: dict[type[Any], list[TableRow]] = defaultdict(list)
    words: list[str] = []
    tally = Tally(batch.alike)
    beside = {
        revision.key: revision.record for revision in (_validated(at, one[0], one[2]) for at, one in batch.beside)
    }
    for key, logged in batch.records.items():
        versions = _versions(batch.subject, logged)
        for row in chain(_rows(batch, key, versions, beside), projection.change_rows(versions)):
            rows[type(row)].append(tuple(row))
        if batch.subject is Subject.CLAIM:
            claim = projection.newest_record(versions, Claim)
            tally.add(claim)
            words.append(
                search.join_text_tokens(
                    search.record_tokens(projection.search_texts(claim)), figure_tokens(claim.quantities)
                )
            )
    return ProjectedBatch(rows, words, tally, sum(map(len, batch.records.values())))


def _rows(
    batch: Batch, key: str, versions: Sequence[RecordVersion], beside: Mapping[str, LedgerRecord]
) -> Iterator[TableRow]:
    match batch.subject:
        case Subject.CLAIM:
            claim = projection.newest_record(versions, Claim)
            return projection.claim_rows(versions, batch.alike, _at_hand(batch, beside, claim))
        case Subject.APPEARANCE:
            return projection.appearance_rows(versions)
        case Subject.ARTICLE:
            return projection.article_rows(versions, batch.claim_counts.get(key, 0))
        case Subject.DOCUMENT:
            return projection.document_rows(versions, batch.claim_counts.get(key, 0))


def _at_hand(batch: Batch, records: Mapping[str, LedgerRecord], claim: Claim) -> CheckContext:
    """Return what the public ledger has beside a claim: the day of its article, its passages, its documents."""
    article = records.get(claim.article_id)

    def document(name: str) -> Document | None:
        found = records.get(name)
        return found if isinstance(found, Document) else None

    return CheckContext(
        published_on=article.published_on if isinstance(article, Article) else None,
        passages=batch.passages.get(claim.claim_id, ()),
        documents=collect_origins((one.document_id for one in claim.evidence), document),
    )


_REVISIONS: Mapping[Subject, type[Revision]] = {
    subject: create_model(f"{model.__name__}Revision", __base__=Revision, record=(model, ...))
    for subject, model in MODELS.items()
}
"""`Revision` with the one sort of record its subject allows; tried against all four, it takes twice as long."""


def _versions(subject: Subject, logged: Sequence[Logged]) -> list[RecordVersion]:
    versions: list[RecordVersion] = []
    for number, digest, body in logged:
        version = RecordVersion(_validated(subject, number, body), digest, body)
        if fault := _fault(version.revision, versions):
            raise RevisionUnusable(number, f"{version.revision.key}: {fault}")
        versions.append(version)
    return versions


def _validated(subject: Subject, number: int, body: str) -> Revision:
    try:
        return _REVISIONS[subject].model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise RevisionUnusable(number, f"It is no revision: {where}: {first['msg']}.") from error


def _fault(revision: Revision, earlier: Sequence[RecordVersion]) -> str:
    if revision.revision != len(earlier) + 1:
        return f"version {revision.revision} stands where {len(earlier) + 1} is due."
    if earlier and revision.prev != earlier[-1].sha256:
        return "it does not name the hash of the version before it."
    if earlier and revision.number < earlier[-1].revision.number:
        return "it stands before the version it follows."
    return ""


def each_projected(batches: Iterable[Batch], processes: int) -> Iterator[ProjectedBatch]:
    """Yield what each batch became, in order; a few batches are under way at a time.

    Raises:
        RevisionUnusable: as `project`.
    """
    if processes == 1:
        yield from map(project, batches)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context(_start_method())) as pool:
        under_way: deque[Future[ProjectedBatch]] = deque()
        for batch in batches:
            under_way.append(pool.submit(project, batch))
            if len(under_way) > 2 * processes:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _start_method() -> str:
    """Return how processes are started: copied where that is safe, which is on Linux and without threads."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"

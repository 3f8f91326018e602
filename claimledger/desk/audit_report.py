"""The audit report of an article: its claims with their checks, documents and actions, in the order of the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from claimledger.desk.step_setup import open_store
from claimledger.editorial.agreement_at_desk import TextCache
from claimledger.editorial.claim_at_desk import ClaimAtDesk, read_claim_at_desk
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import NotFound
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Article, Document
from claimledger.newsroom import work_items
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import WORK_ITEMS_PER_PAGE, WorkFilter
from claimledger.desk_vocabulary import QueryAnswer


class AuditReport(NamedTuple):
    """The content of an audit report."""

    article: Article
    """The article."""
    claims: list[ClaimAtDesk]
    """Its claims, in the order of the text; their checks have run."""
    documents: Mapping[str, Document]
    """The documents of their evidence in public form, by identifier."""

    @property
    def open_claims(self) -> list[ClaimAtDesk]:
        """The claims with an open point: no verdict, a waiting version, a finding or an unanswered query."""
        return [one for one in self.claims if not one.claim.verdicts or one.waiting or one.findings or has_query(one)]


def has_query(claim: ClaimAtDesk) -> bool:
    """Return whether the writer has not answered a question about a claim."""
    return any(one.answer is QueryAnswer.OPEN for one in claim.queries())


def audit_article(places: LedgerPaths, article_id: str) -> AuditReport:
    """Return the audit report of an article.

    Raises:
        NotFound: the article does not exist.
    """
    with open_store(places) as store:
        update_queue(store)
        desk = read_current_records(store)
        article = desk.article_or_draft(article_id)
        if not isinstance(article, Article):
            raise NotFound("article", article_id, [one.article_id for one in desk.articles()])
        texts = TextCache(store.connection)
        names = _claim_ids(store, article_id)
        claims = [read_claim_at_desk(read_current_records(store, one), one, texts).with_findings() for one in names]
        cited = dict.fromkeys(entry.document_id for one in claims for entry in one.claim.evidence)
        documents = {name: document for name in cited if (document := desk.document(name))}
    return AuditReport(article, sorted(claims, key=lambda one: _position(one, article)), documents)


def _claim_ids(store: DeskStore, article_id: str) -> list[str]:
    filters = WorkFilter({"article_id": article_id})
    pages = -(-work_items.count_work_items(store, filters) // WORK_ITEMS_PER_PAGE)
    return [row.claim_id for page in range(pages) for row in work_items.read_work_items(store, filters, page + 1)]


def _position(claim: ClaimAtDesk, article: Article) -> tuple[int, int]:
    """Return the place of a claim's first passage in the newest edition that has one; claims without one come last."""
    editions = [one.edition_sha256 for one in article.editions]
    own = [one for one in claim.appearances if one.edition_sha256 in editions]
    newest = max((editions.index(one.edition_sha256) for one in own), default=-1)
    starts = [one.position.start for one in own if editions.index(one.edition_sha256) == newest]
    return (0, min(starts)) if starts else (1, 0)

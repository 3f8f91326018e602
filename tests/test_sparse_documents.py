"""Public pages and files with evidence documents of every medium that have only the required fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, EVIDENCE, FIRST_EDITION, HIDDEN_QUOTE, OWN, SO, SPEED, LogMaker, appearance
from page_reading import got, markup, seen
from tiers import each_language

from claimledger.ledger.log import LogEntry
from claimledger.models import Document
from claimledger.publishing import exports, ledger_db
from claimledger.vocabulary import Medium

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]
Serve = Callable[..., Datasette]
DESCRIPTIVE_FIELDS = ("title", "language", "obtained_at")
"""The fields that only a withheld document may omit."""


def sparse_document(medium: Medium, *, is_withheld: bool) -> dict[str, Any]:
    """Return a document (JSON) with only the required fields."""
    name = f"document-{medium.replace('_', '-')}-{'withheld' if is_withheld else 'bare'}"
    least = {"document_id": name, "medium": str(medium), "captured": "none", "tier": "primary"}
    described = {"title": {"ko": "통화"}, "language": "ko", "obtained_at": "2031-04-05T08:00:00.000Z"}
    return least | ({"is_withheld": True} if is_withheld else described)


DOCUMENTS = [sparse_document(medium, is_withheld=withheld) for medium in Medium for withheld in (False, True)]
CLAIMS = [f"claim-of-{document['document_id']}-aaaa" for document in DOCUMENTS]


def entries() -> list[LogEntry]:
    """Return a log with one claim for each document, which is its evidence."""
    log = LogMaker()
    log.add(ARTICLE)
    for claim_id, document in zip(CLAIMS, DOCUMENTS, strict=True):
        claim = {**SPEED, "claim_id": claim_id, "source": OWN, "quantities": []}
        evidence = [{**EVIDENCE[1], "document_id": document["document_id"]}]
        log.add(claim)
        log.add(document)
        log.add(appearance(claim, FIRST_EDITION, 100, HIDDEN_QUOTE))
        log.add({**claim, "evidence": evidence, "verdicts": [SO]}, "verdict")
    return log.entries


async def test_documents_have_only_required_fields() -> None:
    for document in DOCUMENTS:
        required = {name for name, field in Document.model_fields.items() if field.is_required()}
        assert document.keys() - required == ({"is_withheld"} if "is_withheld" in document else set(DESCRIPTIVE_FIELDS))


@each_language("ko")
async def test_every_page_and_file_answers_for_sparse_documents(
    serve: Serve,
    tmp_path: Path,
    language: str,
) -> None:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(entries(), path)
    datasette = serve(path)
    asked, ahead = set[str](), ["/", *(f"/claims/{claim}{day}" for claim in CLAIMS for day in ("", "?on=2031-05-01"))]
    tables, forms = ("claims", "evidence", "documents"), exports.available_formats()
    ahead += [f"/ledger/{table}/-/{form.value}" for table in tables for form in forms]
    while ahead:
        address = ahead.pop()
        if address in asked or not address.startswith("/"):
            continue
        asked.add(address)
        answer = await got(datasette, address, cookies={"claimledger_language": language}, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.text[:300]}"
        if answer.headers["content-type"].startswith("text/html") and not address.startswith("/ledger"):
            ahead += [link.split("#")[0].removeprefix("http://localhost") for link in markup(answer.text).links()]
    reached = {urlsplit(address).path for address in asked}
    assert reached >= {"/corrections", "/charts", "/feeds/verdicts.atom", *(f"/claims/{one}.jsonld" for one in CLAIMS)}
    assert reached >= {f"/ledger/documents/{document['document_id']}" for document in DOCUMENTS}


@pytest.mark.parametrize(("language", "words"), [
    ("ko", ("비공개 문서", "열람 일시 비공개")), ("en", ("Confidential document", "Accessed Not disclosed")),
])  # fmt: skip
async def test_withheld_document_is_labelled_confidential(
    serve: Serve,
    tmp_path: Path,
    language: str,
    words: tuple[str, ...],
) -> None:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(entries(), path)
    datasette = serve(path)
    for claim, document in zip(CLAIMS, DOCUMENTS, strict=True):
        page = await seen(datasette, f"/claims/{claim}?lang={language}")
        assert all((word in page.words) == ("is_withheld" in document) for word in words)

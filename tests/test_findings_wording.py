"""The wording of findings on claim pages: quoted words, language and grouping."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from made_ledger import ARTICLE, COLUMN, JOBS, SPEED, LogMaker
from page_reading import seen

from claimledger.consistency.evidence_checks import evidence_findings
from claimledger.models import Claim, Document
from claimledger.publishing import ledger_db

Serve = Callable[..., Datasette]
PAPER: Mapping[str, Any] = {name: value for name, value in COLUMN.items() if name != "derives_from"}
OTHER: Mapping[str, Any] = {**PAPER, "document_id": "other-column"}


def citing(document_id: str, **summary: str) -> dict[str, Any]:
    return {"document_id": document_id, "stance": "supports", "summary": summary}


@pytest.mark.parametrize(
    ("summary", "english", "korean"),
    [
        ({"ko": "통신사를 인용했다.", "en": "Citing an agency."}, "has 'Citing',", "나온 말: ‘인용했다’."),
        ({"ko": "통신사를 인용해 썼다."}, "has '인용해' (Korean),", "나온 말: ‘인용해’."),
        ({"ko": "전재: 통신사."}, "has '전재' (Korean),", "나온 말: ‘전재’."),
        ({"en": "Reprinted."}, "has 'Reprint',", "나온 말: ‘Reprint’(영어)."),
    ],
)
def test_finding_quotes_the_whole_word_in_the_readers_language(
    summary: dict[str, str], english: str, korean: str
) -> None:
    claim = Claim.model_validate_json(json.dumps({**JOBS, "evidence": [citing("column-on-yearbook", **summary)]}))
    document = Document.model_validate_json(json.dumps(PAPER))
    (found,) = evidence_findings(claim, {document.document_id: document}, {})
    assert found.code == "source-only-in-summary"
    assert english in found.en
    assert korean in found.ko


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["ko", "en"])
async def test_findings_of_one_code_are_grouped(serve: Serve, tmp_path: Path, language: str) -> None:
    log = LogMaker()
    for record in (ARTICLE, PAPER, OTHER):
        log.add(record)
    evidence = [citing(name, ko="통신사를 인용했다.") for name in ("column-on-yearbook", "other-column")]
    log.add({**SPEED, "evidence": evidence})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    page = await seen(serve(tmp_path / "ledger.db"), f"/claims/{SPEED['claim_id']}?lang={language}")
    meaning = {"ko": "요약에는 다른 문서를 인용했다고", "en": "According to the summary, a secondary source"}[language]
    assert page.words.count(meaning) == 1
    assert page.words.count("source-only-in-summary") == 1
    for document_id in ("column-on-yearbook", "other-column"):
        sentence = {"ko": f"‘{document_id}’의 요약에 나온 말", "en": f"The summary of '{document_id}' has"}[language]
        assert sentence in page.words

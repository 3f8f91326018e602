"""The check sheet: queries, verdicts and findings of the claims, and excerpts that begin and end at whole words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_visits import PREFIX, made, signed_in
from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT, actor, edit_by

from claimledger import desk
from claimledger.desk import check_steps, lookups
from claimledger.intake import extract_document
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import QueryAnswer
from claimledger.vocabulary import Question, RevisionKind

LONG = (
    "하늘항만공사가 낸 지난해 결산 자료를 보면 부두 임대 수입은 모두 12.5% 줄었고, 창고를 빌려 쓰는 회사들이 낸 돈은 "
    "1,334만원으로 그 전해의 같은 기간보다 조금 늘었지만 오래된 건물들을 고치는 데에는 예년보다 많은 돈이 들었다.\n"
)


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    places = made(tmp_path)
    article = extract_document((TEXT + LONG).encode(), name="a.txt")
    desk.add_article(
        places, article, edit_by("kim", "New text", kind=RevisionKind.UPDATE), origin="a.txt", article_id=ARTICLE_ID
    )
    return places


@pytest.mark.slow
@pytest.mark.parametrize(("language", "answer"), [("ko", "수정함"), ("en", "Fixed")])
def test_sheet_shows_queries_and_verdicts(places: LedgerPaths, language: str, answer: str) -> None:
    number = desk.query(places, CARGO, "약 120만t", "약 <112>만t", actor("kim"))
    desk.record_answer(places, CARGO, number, QueryAnswer.FIXED, "고쳤다.", actor("kim"))
    found = lookups.claim_at_desk(places, GROWTH)
    verdict = {"question": "so", "value": "not_checkable", "rationale": {"en": "A forecast."}, "as_of": "2026-04-03"}
    desk.assign(places, GROWTH, Question.SO, "kim", actor("kim"))
    fields = found.claim.to_json() | {"verdicts": [verdict]}
    desk.edit(
        places,
        GROWTH,
        fields,
        check_steps.SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None),
        edit_by("kim", "Read.", kind=RevisionKind.VERDICT),
    )
    page = desk.check_sheet(places, ARTICLE_ID, language)
    assert f'<td class="query">약 120만t → 약 &lt;112&gt;만t ({answer})</td>' in page
    said = {
        "ko": f"({GROWTH}). 사실 확인: 검증 대상 아님 (판정안, 아직 공개되지 않음)",
        "en": f"({GROWTH}). Fact check: Not a checkable fact (proposed, not public yet)",
    }[language]
    assert said in page
    desk.publish(places, actor("lee"), [GROWTH])
    public = desk.check_sheet(places, ARTICLE_ID, language)
    assert said.partition(" (판정안")[0].partition(" (proposed")[0] in public
    assert said not in public


@pytest.mark.slow
@pytest.mark.parametrize(("language", "finding"), [
    ("ko", "수치의 값·단위·통화가 기사 표기와 다릅니다. [figure-text-differs]"),
    ("en", "The number, unit or currency of a figure differs from its text in the article. [figure-text-differs]"),
])  # fmt: skip
def test_sheet_shows_a_claim_with_its_findings(places: LedgerPaths, language: str, finding: str) -> None:
    assert "⚠" not in desk.check_sheet(places, ARTICLE_ID, language)
    found = lookups.claim_at_desk(places, CARGO)
    fields = found.claim.to_json()
    fields["quantities"][0]["amount"] = "1250000"
    desk.edit(
        places,
        CARGO,
        fields,
        check_steps.SeenVersion(found.head_sha256, None),
        edit_by("kim", "Read.", RevisionKind.UPDATE),
    )
    assert f"<strong>⚠ {finding}</strong>" in desk.check_sheet(places, ARTICLE_ID, language)


def test_sheet_excerpts_consist_of_whole_words(places: LedgerPaths) -> None:
    page = desk.check_sheet(places, ARTICLE_ID, "ko")
    words = set(re.split(r"\s+", (TEXT + LONG).strip()))
    rows = re.findall(
        r'<span class="context">([^<]*)</span><mark>([^<]*)</mark><span class="context">([^<]*)</span>', page
    )
    assert [row for row in rows if "…" in row[0]]
    assert [row for row in rows if "…" in row[2]]
    for before, item, after in rows:
        shown = (before + item + after).replace("…", " ").split()
        assert [word for word in shown if word not in words] == []


def test_served_sheet_has_a_back_link_and_a_print_button(places: LedgerPaths) -> None:
    page = signed_in(places, "kim").get(f"{PREFIX}/articles/{ARTICLE_ID}/sheet?lang=ko").text
    assert f'href="{PREFIX}/articles/{ARTICLE_ID}"' in page
    assert f'href="{PREFIX}/articles/{ARTICLE_ID}/sheet?lang=en"' in page
    assert '<button type="button" id="print">인쇄</button>' in page
    assert "<script" not in desk.check_sheet(places, ARTICLE_ID, "ko")

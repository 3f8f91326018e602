"""An article page shows its open numbers and quotations, and the number of claims without a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from made_ledger import GRAINS, HERALD, HERALD_EDITION, RIVAL, SHOWN_QUOTE, SO, LogMaker, appearance, write_texts
from page_reading import Markup, seen

from claimledger.publishing import ledger_db
from claimledger.publishing.pages import undecided
from claimledger.publishing.site import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.datasette_lines, pytest.mark.asyncio]

Serve = Callable[..., Datasette]
PAGE = f"/articles/{HERALD['article_id']}"
MEN = {
    "position": {"start": 39, "end": 44},
    "quote": {"exact": "“men”"},
    "reason": {"en": "No claim.", "ko": "주장 아님"},
}
"""A dismissed quotation of the article."""
MEN_AT = {"en": "characters 40 to 44: “men”", "ko": "40~44번째 글자: “men”"}
NUMBER_AT = {"en": "characters 8 to 11: 12 %", "ko": "8~11번째 글자: 12 %"}
COUNTED = {"en": "Numbers and quotations still open {}", "ko": "검토 전 숫자와 인용 {}"}
UNCOUNTED = {"en": "because the text is not stored here", "ko": "기사 본문이 없어 남은 수를 셀 수 없습니다"}
LONG = {"en": "They are not counted, because the text is long.", "ko": "본문이 길어 남은 수를 세지 않습니다."}


def build_ledger(folder: Path, *, texts: bool = True, withdrawn: bool = False, **edition: Any) -> Path:  # noqa: ANN401
    """Build a ledger of an article with one claim for its number and one claim without a passage."""
    log = LogMaker()
    log.add({**HERALD, "editions": [{**HERALD["editions"][0], **edition}]})
    claim: dict[str, Any] = {key: value for key, value in RIVAL.items() if key != "relations"}
    log.add({**claim, "verdicts": [SO]})
    log.add(GRAINS)
    log.add(appearance(RIVAL, HERALD_EDITION, 7, SHOWN_QUOTE))
    if withdrawn:
        log.add({**claim, "verdicts": [SO]}, "withdrawal")
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db", write_texts(folder) if texts else None)
    return folder / "ledger.db"


async def article_page(serve: Serve, ledger: Path, language: str) -> Markup:
    return await seen(serve(ledger), f"{PAGE}?lang={language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("options", "places"),
    [
        ({}, [MEN_AT]),
        ({"dismissed": [MEN]}, []),
        ({"furniture": [{"start": 38, "end": 45}]}, []),
        ({"withdrawn": True}, [NUMBER_AT, MEN_AT]),
    ],
    ids=["open", "left out", "furniture", "withdrawn"],
)
async def test_open_numbers_and_quotations_are_listed_with_their_text(
    serve: Serve, tmp_path: Path, options: Mapping[str, Any], places: list[Mapping[str, str]], language: str
) -> None:
    page = await article_page(serve, build_ledger(tmp_path, **options), language)
    assert COUNTED[language].format(len(places)) in page.words
    assert all(place[language] in page.words for place in places)
    folded = {"en": "Show what is still open", "ko": "검토 전 항목 보기"}[language]
    assert (folded in page.words) == bool(places)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_article_without_its_text_says_that_nothing_is_counted(
    serve: Serve, tmp_path: Path, language: str
) -> None:
    page = await article_page(serve, build_ledger(tmp_path, texts=False), language)
    assert UNCOUNTED[language] in page.words
    assert "“men”" not in page.words


@pytest.mark.parametrize("language", LANGUAGES)
async def test_long_text_is_not_counted_and_a_long_list_is_cut(
    serve: Serve, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = build_ledger(tmp_path, withdrawn=True)
    monkeypatch.setattr(undecided, "MAX_LISTED", 1)
    page = await article_page(serve, ledger, language)
    assert {"en": "The first 1 are shown.", "ko": "처음 1개입니다."}[language] in page.words
    assert COUNTED[language].format(2) in page.words
    assert ": 12 %" in page.words
    assert ": “men”" not in page.words
    length = HERALD["editions"][0]["length"]
    monkeypatch.setattr(undecided, "MAX_TEXT_LENGTH", length)
    assert COUNTED[language].format(2) in (await article_page(serve, ledger, language)).words
    monkeypatch.setattr(undecided, "MAX_TEXT_LENGTH", length - 1)
    assert LONG[language] in (await article_page(serve, ledger, language)).words


@pytest.mark.parametrize(("language", "expected"), [
    ("en", "Claims without a verdict 1 of 2"), ("ko", "아직 판정이 없는 주장 2건 중 1건"),
])  # fmt: skip
async def test_number_of_claims_without_a_verdict_is_shown(
    serve: Serve, tmp_path: Path, language: str, expected: str
) -> None:
    assert expected in (await article_page(serve, build_ledger(tmp_path), language)).words

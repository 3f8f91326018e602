"""Explanations on the public pages match their content, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from datasette.app import Datasette
from made_ledger import HERALD, OWN, RIVAL, SPEED, LogMaker, made_entries, write_texts
from page_reading import got, seen

from claimledger.agreement.agreement_codes import AGREEMENT_CODES
from claimledger.publishing import claim_review, ledger_db, ledger_reader
from claimledger.publishing.site import LANGUAGES, Site

pytestmark = [pytest.mark.datasette_lines, pytest.mark.asyncio]

FIRST = Path(__file__).parent.parent / "ledger.db"
Serve = Callable[..., Datasette]
HERALD_PAGE = f"/articles/{HERALD['article_id']}"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(tmp_path))
    return path


def build_article_with_rights(folder: Path, **allowed: bool) -> Path:
    """Build a ledger of an article with these rights, whose text is stored beside it."""
    log = LogMaker()
    rights = {name: value for name, value in HERALD["rights"].items() if not name.startswith("may_")}
    log.add({**HERALD, "rights": rights | allowed})
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db", write_texts(folder))
    return folder / "ledger.db"


NO_TEXT = {"en": "its rights do not allow it", "ko": "허락하지 않아 본문은 싣지 않습니다"}
PASSAGES = {"en": "Only the passages that contain a claim", "ko": "주장이 있는 구절만 싣습니다"}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ({"may_publish_text": True}, None),
        ({"may_publish_text": True, "may_hold_text": True}, None),
        ({"may_hold_text": True}, PASSAGES),
        ({}, NO_TEXT),
    ],
)
async def test_note_on_the_text_follows_the_publication_rights(
    serve: Serve, tmp_path: Path, allowed: Mapping[str, bool], expected: Mapping[str, str] | None, language: str
) -> None:
    page = await seen(serve(build_article_with_rights(tmp_path, **allowed)), f"{HERALD_PAGE}?lang={language}")
    assert [one for one in (NO_TEXT, PASSAGES) if one[language] in page.words] == ([expected] if expected else [])
    assert ("It was 12 % slower." in page.words) == ("may_publish_text" in allowed)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
async def test_not_checked_only_says_that_there_is_no_verdict(serve: Serve, tmp_path: Path, language: str) -> None:
    log = LogMaker()
    log.add(HERALD)
    note = {"en": "Nothing was found.", "ko": "찾았으나 없었다."}
    plain: dict[str, Any] = {**RIVAL, "source": OWN, "verdicts": [], "evidence": []}
    log.add({**plain, "claim_id": "sought-in-vain-aaaa", "note": note})
    log.add({key: value for key, value in plain.items() if key != "note"})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db", write_texts(tmp_path))
    datasette = serve(tmp_path / "ledger.db")
    sought = await seen(datasette, f"/claims/sought-in-vain-aaaa?lang={language}")
    nobody = await seen(datasette, f"/claims/{RIVAL['claim_id']}?lang={language}")
    front = await seen(datasette, f"/?lang={language}")
    none, noted = {"en": ("o verdict yet", "see the editor's note"), "ko": ("아직 판정이 없", "‘편집자 주’")}[language]
    assert all(none in page.words for page in (sought, nobody, front))
    assert noted in sought.words
    assert noted not in nobody.words
    denied = {"en": "Nobody has checked", "ko": "아직 살피지 않"}[language]
    assert not any(denied in page.words for page in (sought, nobody, front))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "english", "korean"),
    [
        ("/nope", "Check the address or search", "주소를 확인하거나"),
        ("/charts/nope.svg", "Check the address or search", "주소를 확인하거나"),
        (f"/claims/{RIVAL['claim_id']}.jsonld", "No ClaimReview", "ClaimReview가 없습니다"),
    ],
)
async def test_unknown_address_gives_a_404_page_with_links(
    serve: Serve, ledger: Path, path: str, english: str, korean: str
) -> None:
    datasette = serve(ledger)
    for language, text, other in (("en", english, korean), ("ko", korean, english)):
        page = await seen(datasette, f"{path}?lang={language}", 404)
        assert page.one("html")["lang"] == language
        assert text in page.words
        assert other not in page.words
        assert {"/", "/search", "/articles"} <= set(page.links())


@pytest.mark.slow
async def test_datasette_answers_its_own_missing_addresses(serve: Serve, ledger: Path) -> None:
    datasette = serve(ledger, allow={"id": "kim"})
    assert (await got(datasette, "/nope.json")).json()["ok"] is False
    for path in ("/nope", "/ledger/nope"):
        answer = await got(datasette, path)
        assert "Check the address" not in answer.text, path
        assert answer.status_code in {403, 404}, path


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/ledger/claims/-/xls", "/ledger/speakers/-/xls?_col=name"])
async def test_unknown_format_is_answered_with_the_known_ones(serve: Serve, ledger: Path, path: str) -> None:
    datasette = serve(ledger)
    for language, text in (("en", "“xls” does not exist"), ("ko", "‘xls’ 형식은 없습니다")):
        page = await seen(datasette, path, 404, params={"lang": language})
        assert text in page.words
        assert "csv, xlsx, json, jsonl, parquet" in page.words


@pytest.mark.slow
async def test_unknown_address_is_a_404_and_prints_no_variables(
    serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    console = SimpleNamespace(print_exception=lambda **_: printed.append("variables"))
    monkeypatch.setattr("datasette.handle_exception.rich", SimpleNamespace(get_console=lambda: console))
    datasette = serve(ledger, allow={"id": "kim"})
    for path in ("/ledger/claims/-/xls", "/no/such/page/at/all", "/-/no.json"):
        assert (await got(datasette, path)).status_code == 404, path
    assert printed == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "role", "organization"),
    [("en", "founder", "Baidu"), ("ko", "창업자", "바이두")],
)
async def test_speaker_page_shows_role_and_organisation_in_its_language(
    serve: Serve, language: str, role: str, organization: str
) -> None:
    page = await seen(serve(FIRST), f"/speakers/Robin%20Li?lang={language}")
    (facts,) = re.findall(r"(?:Role at the time|발언 당시 직책) (.*?) (?:Claims by verdict|판정별 주장 수)", page.words)
    assert role in facts
    assert organization in facts
    assert (re.search("[a-z]", facts) is None) == (language == "ko")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "english", "korean"),
    [
        ("few-independent-documents", "fewer than three", "서로 독립된 것이 셋"),
        ("cut-before-but", AGREEMENT_CODES["cut-before-but"].en, AGREEMENT_CODES["cut-before-but"].ko),
        ("evidence-percent-for-points", "percent and the evidence says percentage points", "근거에는 %포인트로"),
    ],
)
async def test_accepted_exception_is_shown_in_words(
    serve: Serve, tmp_path: Path, code: str, english: str, korean: str
) -> None:
    log = LogMaker()
    log.add(HERALD)
    log.add({**RIVAL, "source": OWN, "waivers": [{"code": code, "reason": {"en": "Seen to.", "ko": "살펴보았다."}}]})
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    datasette = serve(tmp_path / "ledger.db")
    for language, text in (("en", english), ("ko", korean)):
        page = await seen(datasette, f"/claims/{RIVAL['claim_id']}?lang={language}")
        shown = page.words[: page.words.index("SHA-256") if "SHA-256" in page.words else None]
        assert text in shown
        assert f"{code}:" not in shown


@pytest.mark.slow
@pytest.mark.parametrize(("language", "publishers"), [("en", ["Economy Insight"]), ("ko", ["이코노미인사이트"])])
async def test_claim_review_names_publishers_in_its_language(language: str, publishers: list[str]) -> None:
    with ledger_reader.open_ledger(FIRST) as connection:
        every = list(claim_review.claim_reviews(connection, Site("https://ledger.example.org"), language))
    assert {work.publisher for review in every for work in review.appearances} == set(publishers)
    cited = {work.publisher for review in every for work in review.citations}
    assert ("허깅페이스 페이퍼스" in " ".join(map(str, cited))) == (language == "ko")


@pytest.mark.slow
@pytest.mark.parametrize("of", ["speakers", "sources"])
async def test_korean_lists_sort_names_by_their_korean_form(serve: Serve, of: str) -> None:
    datasette = serve(FIRST)
    with ledger_reader.open_ledger(FIRST) as connection:
        rows = connection.execute(f"SELECT {of[:-1]}, name_ko FROM {of}").fetchall()  # noqa: S608  ours
    korean = {str(name): str(name_ko or name) for name, name_ko in rows}
    for language in LANGUAGES:
        page = await seen(datasette, f"/{of}?lang={language}")
        listed = [unquote(link.split("/")[2]) for link in page.links() if link.startswith(f"/{of}/")]
        in_hangul = [korean[name] for name in listed if "가" <= korean[name][0] <= "힣"]
        assert (listed == sorted(listed)) == (language == "en")
        assert (in_hangul == sorted(in_hangul)) == (language == "ko")
        if language == "ko":
            assert in_hangul == [korean[name] for name in listed[: len(in_hangul)]]


async def test_correction_titles_begin_with_correction(serve: Serve, ledger: Path) -> None:
    datasette = serve(ledger)
    for language, called in (("en", "Correction: "), ("ko", "정정: ")):
        assert called in (await seen(datasette, f"/corrections?lang={language}")).words
        feed = (await got(datasette, f"/feeds/corrections.atom?lang={language}")).text
        assert f"<title>{called}" in feed


@pytest.mark.slow
async def test_formula_guard_of_a_chart_csv_can_be_turned_off(serve: Serve, ledger: Path) -> None:
    datasette = serve(ledger)
    path = "/charts/status-over-time.csv"
    assert "\n'2031-04," in (await got(datasette, path)).text
    assert "\n2031-04," in (await got(datasette, f"{path}?_guard=off")).text


@pytest.mark.slow
async def test_page_of_a_future_day_names_the_day(serve: Serve, ledger: Path) -> None:
    datasette = serve(ledger)
    for language, text in (("en", "up to the end of 9999-12-31 (UTC)"), ("ko", "9999-12-31(UTC) 기준")):
        page = await seen(datasette, f"/claims/{RIVAL['claim_id']}?on=9999-12-31&lang={language}")
        assert text in page.words


@pytest.mark.slow
@pytest.mark.parametrize(("language", "place"), [("en", "characters 8 to 19"), ("ko", "8~19번째 글자")])
async def test_history_shows_the_first_publication_in_full(
    serve: Serve, ledger: Path, language: str, place: str
) -> None:
    page = await seen(serve(ledger), f"/claims/{SPEED['claim_id']}?lang={language}")
    history = page.words.rindex({"en": "First published", "ko": "첫 공개"}[language])
    assert SPEED["statement"][language] in page.words[history : history + 200]
    page = await seen(serve(ledger), f"/claims/{RIVAL['claim_id']}?lang={language}")
    assert len(re.findall(place, page.words)) == 2  # at its position in the text, and in the history

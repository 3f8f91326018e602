"""The form for a new claim is filled with what text and ledger know: speaker, source, period, figures."""

from __future__ import annotations

import re
from pathlib import Path

import newsroom
import pytest
from article_pages import HERE, Browser, add, make_newsroom, span_fields
from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.claim_form import changed_fields, claim_form_values
from claimledger.desk import lookups
from claimledger.editorial.known_speakers import KnownSpeaker, find_known_speaker
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import SpeakerKind

SAYS = "서미래는 짐이 2030년 5% 늘었다고 말했다"
NARRATED = "2030년 4월 부두는 7개였다"
TEXT = newsroom.TEXT + f"{NARRATED}.\n{SAYS}.\n"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    places = make_newsroom(tmp_path_factory.mktemp("filled"))
    add(places, TEXT)
    return places


def form_at(places: LedgerPaths, words: str) -> str:
    span = span_fields(words, TEXT)
    page = Browser(places).get(f"{HERE}?at={span['start']}-{span['end']}")
    return page[page.index('id="accept"') : page.index('id="dismiss"')]


def form_values(form: str) -> dict[str, str]:
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return values | dict(re.findall(r'<select name="(\w+)"(?:(?!</select>).)*?value="(\w+)" selected', form, re.DOTALL))


@pytest.mark.slow
def test_own_words_have_the_publication_as_source_and_the_only_date(places: LedgerPaths) -> None:
    form = form_at(places, NARRATED)
    values = form_values(form)
    publisher = newsroom.article()["publisher"]
    assert (values["source_kind"], values["source_name_ko"]) == ("own_reporting", publisher["ko"])
    assert values["about_on"] == "2030-04"
    assert '<option value="2030-04">2030년 4월</option>' in form


@pytest.mark.slow
def test_known_speaker_fills_the_other_spelling_and_the_kind(places: LedgerPaths) -> None:
    form = form_at(places, SAYS)
    values = form_values(form)
    assert [values[name] for name in ("speaker_name_ko", "speaker_name_en", "speaker_kind", "about_on")] == [
        "서미래", "Seo Mirae", "person", "",
    ]  # fmt: skip
    assert '<option value="Seo Mirae">Person · director</option>' in form


@pytest.mark.slow
def test_typed_name_of_a_known_speaker_needs_no_kind(tmp_path: Path) -> None:
    places = make_newsroom(tmp_path)
    span = span_fields("직원은 40명이다")
    fields = {"statement_ko": "직원은 마흔 명이다.", "topics": "staff", "source_kind": "speech", "source_name_ko": "말"}
    fields |= {"has_speaker": "yes", "speaker_name_en": "Haneul Port Authority", "seen": "{start}-{end}".format(**span)}
    Browser(places).post(f"{HERE}/accept", **span, **fields)
    (draft,) = [one for one in lookups.open_drafts(places) if one.subject.value == "claim"]
    assert draft.record.to_json()["speaker"]["kind"] == "organization"


def test_other_spelling_finds_a_speaker_and_two_of_one_name_none() -> None:
    company = KnownSpeaker(SpeakerKind.ORGANIZATION, {"ko": "오픈AI", "en": "OpenAI"}, {}, {})
    assert find_known_speaker("오픈에이아이", [company]) == company
    kim, other = (KnownSpeaker(SpeakerKind.PERSON, {"ko": "김하나", "en": name}, {}, {}) for name in ("Kim", "Gim"))
    assert (find_known_speaker("김하나", [kim]), find_known_speaker("김하나", [kim, other])) == (kim, None)
    nameless = KnownSpeaker(SpeakerKind.ANONYMOUS, {"ko": "관계자"}, {}, {})
    assert find_known_speaker("관계자", [nameless]) is None


@pytest.mark.parametrize(
    ("changed", "figure"),
    [
        ({"text": "45% 이상"}, {"text": "45% 이상", "amount": "45", "unit": "percent", "comparator": "at_least"}),
        ({"text": "45%", "amount": "46"}, {"text": "45%", "amount": "46", "unit": "percent"}),
        ({"text": "크게"}, {"text": "크게", "amount": "40", "unit": "percent"}),
    ],
)
def test_figure_is_read_again_if_only_its_printed_text_changes(changed: dict[str, str], figure: dict[str, str]) -> None:
    fields = newsroom.cargo() | {"quantities": [{"text": "40%", "amount": "40", "unit": "percent"}]}
    form = claim_form_values(fields) | {f"quantity_0_{part}": value for part, value in changed.items()}
    assert changed_fields(FormData(form), fields)["quantities"] == [figure]

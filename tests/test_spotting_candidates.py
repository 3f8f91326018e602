"""Candidates are verbatim for any text, take limited time, have three output formats, and languages are plug-ins."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from io import StringIO
from pathlib import Path

import pytest
import sentencex
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger.models import Span
from claimledger.spotting import (
    Candidate, CandidateFormat, candidate_to_json, sentences, spot_files, spot_text, write_candidates,
)  # fmt: skip
from claimledger.spotting.many_files import LARGEST_FILE
from claimledger.spotting.korean_sentence import LONGEST_KOREAN_SENTENCE
from claimledger.spotting.language import ReportedStatement, SpottedSpeaker
from claimledger.spotting.registry import LANGUAGE_GROUP, load_languages
from claimledger.vocabulary import AttributionMode, SpeakerBasis

KOREAN = (
    "김하나 별그룹 대표는", "그는", "이들은", "통계청에 따르면", "업계 관계자들도", "매출이", "2031년 4월 5일",
    "약 130억달러(약 17조원)를", "40% 정도 낮은", "“값이 3배로 뛰었다”고", "“끝났다”며", "‘새 길’을", "것으로",
    "늘었다고", "하도록", "말했다.", "전망했다.", "촉구했다.", "밝힌", "전망이다.", "는 이유로", "“열린 인용",
    "닫힌”", "(", ")", "\n", "\r\n", "공유\n", "😀", "\u200f", "\u00a0", "\u1112\u1161\u11ab", "라며",
    "다는 입장이다.", "것이 박 교수의 설명이다.",
)  # fmt: skip
ENGLISH = (
    "Prices rose 3%", "“We lost $1.2bn,”", "said Jane Doe.", "about 12,000 people", '"', "'", "U.S.",
    "on March 5, 2031", "\n", "it’s", "By Jane Doe\n", "half a million",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(KOREAN + ENGLISH) | st.text(max_size=4), max_size=30).map(" ".join)


def is_verbatim(text: str, found: Sequence[Candidate]) -> bool:
    return all(
        text[one.start : one.end] == one.quote
        and one.quote.strip()
        and all(
            one.start <= figure.start and figure.end <= one.end and text[figure.start : figure.end] == figure.text
            for figure in one.figures
        )
        for one in found
    )


@settings(strategies.examples(150))
@given(TEXTS)
def test_every_candidate_is_verbatim_and_contains_its_figures(text: str) -> None:
    found = spot_text(text)
    assert is_verbatim(text, found)
    for one in found:
        if one.speaker:
            assert 0 <= one.speaker.span.start < one.speaker.span.end <= len(text)


@settings(strategies.examples(60))
@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    assert is_verbatim(text, spot_text(text))


def test_a_lone_surrogate_is_read_and_printed() -> None:
    lines = StringIO()
    assert write_candidates([("", spot_text("값이 \ud800 2배로 뛰었다."))], lines, CandidateFormat.JSONL) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\u200f", "“", "(((", "\r"])
def test_a_text_with_nothing_in_it_gives_nothing(text: str) -> None:
    assert spot_text(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "그는 값이 2배로 뛰었다고 말했다.",
        "그는 값이\u00a02배로 뛰었다고 말했다.",
        "그는 \u200f값이 2배로 뛰었다고 말했다.",
        "😀 값이 2배로 뛰었다.\r\n끝.",
    ],
)
def test_spaces_marks_and_line_ends_do_not_hide_a_figure(text: str) -> None:
    (found,) = spot_text(text)
    assert is_verbatim(text, [found])
    assert [figure.text.strip() for figure in found.figures] == ["2배"]


def test_decomposed_hangul_is_read_as_whole_syllables() -> None:
    import unicodedata  # noqa: PLC0415

    text = unicodedata.normalize("NFD", "김하나 대표는 “매출이 2배로 늘었다”고 말했다.")
    (found,) = spot_text(text)
    assert is_verbatim(text, [found])
    assert found.speaker is not None
    assert found.speaker.name == "김하나"


RUNS = (
    "1", "1,", "1% ", "가", "가 ", "“", "“가. ", "“가”", "“가”고 말했다. ", "‘", '"', "(", "(가", "다고 ",
    "말했다 ", "그는 말했다. ", "공유 ", "a@b.c ", "a_", "\u1112\u1161\u11ab", "😀", "\n",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_long_run_is_split_into_bounded_pieces(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given_to_splitter: list[int] = []
    split = sentencex.get_sentence_boundaries

    def recording_split(language: str, piece: str) -> object:
        given_to_splitter.append(len(piece))
        return split(language, piece)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", recording_split)
    text = run * (20_000 // len(run))
    found = spot_text(text)
    assert is_verbatim(text, found)
    assert max(given_to_splitter, default=0) <= sentences.CHUNK
    assert sum(given_to_splitter) <= 3 * len(text)
    assert max((len(one.quote) for one in found), default=0) <= LONGEST_KOREAN_SENTENCE * 2


def test_unclosed_quotation_mark_does_not_affect_others() -> None:
    found = spot_text("그는 “열었다. 김하나 대표는 “닫았다”고 말했다.")
    assert [one.speaker.name for one in found if one.speaker] == ["김하나"]


def test_a_sentence_too_long_to_quote_is_cut_around_its_figures() -> None:
    text = "가나 " * 400 + "값 12% " + "다라 " * 400
    (found,) = spot_text(text)
    assert found.figures[0].text == "12%"
    assert len(found.quote) < 200


def test_candidate_in_json() -> None:
    text = "2031년 4월 5일 김하나 별그룹 대표는 “매출이 약 3조원이다”라고 말했다."
    row = candidate_to_json(spot_text(text)[0])
    assert row["quote"] == text[:-1]
    assert row["kind"] == "both"
    assert row["speaker"] == {
        "name": "김하나", "role": "대표", "organization": "별그룹", "is_anonymous": False, "basis": "explicit",
        "aliases": [],
    }  # fmt: skip
    assert row["attribution"] == {"mode": "direct_quote", "cue": "말했다", "cue_class": "say"}
    start = text.index("약 3조원")
    assert row["figures"] == [
        {
            "text": "약 3조원", "start": start, "end": start + 5, "amount": "3000000000000", "unit": None,
            "currency": "KRW", "comparator": "about", "low": None, "high": None, "direction": None,
        }
    ]  # fmt: skip


def test_csv_and_jsonl_say_the_same_and_a_formula_stays_text() -> None:
    text = "=1+1% 늘었다. 김하나 대표는 “2배다”라고 말했다."
    found = spot_text(text)
    lines, cells = StringIO(), StringIO()
    assert write_candidates([("a.txt", found)], lines, CandidateFormat.JSONL, label="file") == len(found)
    write_candidates([("a.txt", found)], cells, CandidateFormat.CSV, label="file")
    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    printed = list(csv.DictReader(StringIO(cells.getvalue().removeprefix("\ufeff"))))
    assert [(row["file"], str(row["start"]), row["attribution"]["mode"]) for row in rows] == [
        (row["file"], row["start"], row["mode"]) for row in printed
    ]
    assert all(not row["quote"].startswith(("=", "+", "-", "@")) for row in printed)


def test_a_table_is_aligned_in_terminal_cells() -> None:
    lines = StringIO()
    write_candidates(
        [("", spot_text("김하나 대표는 “2배다”라고 말했다.\nPrices rose 3%."))], lines, CandidateFormat.TABLE
    )
    assert len(lines.getvalue().splitlines()) == 2
    assert "김하나 대표" in lines.getvalue()


def test_files_are_read_in_order_despite_a_bad_one(tmp_path: Path) -> None:
    good, binary, latin, large = (tmp_path / name for name in ("a.txt", "b.bin", "c.txt", "d.txt"))
    good.write_text("값이 2배로 뛰었다.", encoding="utf-8")
    binary.write_bytes(b"\x89PNG\x00\x01")
    latin.write_bytes("값".encode("euc-kr"))
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    seen: list[tuple[int, str]] = []
    paths = [good, binary, latin, large, tmp_path / "none.txt"]
    found = list(spot_files(paths, progress=lambda done, path: seen.append((done, path))))
    assert [len(row.candidates) for row in found] == [1, 0, 0, 0, 0]
    assert [row.problem.code if row.problem else "" for row in found] == [
        "", "text-not-utf8", "text-not-utf8", "text-too-large", "text-not-read",
    ]  # fmt: skip
    assert seen == [(number, str(path)) for number, path in enumerate(paths, 1)]


@pytest.mark.slow
def test_two_spawned_workers_give_what_one_gives(tmp_path: Path) -> None:
    """Only one text is Korean, so that only one of the workers loads the morphemes, which takes seconds."""
    (tmp_path / "0.txt").write_text("김하나 대표는 “2배다”라고 말했다.", encoding="utf-8")
    for number in range(1, 6):
        (tmp_path / f"{number}.txt").write_text(f"“It grew {number + 2} times,” said Kim Hana.", encoding="utf-8")
    paths = sorted(tmp_path.iterdir())
    found = list(spot_files(paths, workers=2))
    assert found == list(spot_files(paths))
    assert [len(row.candidates) for row in found] == [1] * 6


def test_offsets_count_carriage_returns_as_stored(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("첫 줄\r\n값이 2배로 뛰었다.\r\n".encode())
    (spotted,) = spot_files([file])
    assert spotted.candidates[0].start == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "import claimledger.spotting",
        "from claimledger.quantities import find_figures; find_figures('값이 2배로 뛰었다')",
        "from claimledger.spotting import spot_text; assert spot_text('값이 2배로 뛰었다. 2031년 문을 열었다.')",
    ],
)
def test_kiwi_is_not_imported_where_nothing_is_reported(code: str) -> None:
    ending = "; import sys; sys.exit('kiwipiepy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code + ending], check=False, timeout=60).returncode == 0


class Pidgin:
    """A made-up language: NAME sez: WORDS."""

    code = "x-pidgin"

    def share(self, paragraph: str) -> float:
        return 1.0 if " sez: " in paragraph else 0.0

    def sentences(self, text: str, paragraph: Span) -> list[Span]:
        return [
            Span(start=found.start(), end=found.end())
            for found in re.finditer(r"[^!\n]+!?", text[: paragraph.end])
            if found.start() >= paragraph.start
        ]

    def reported(self, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
        found: list[ReportedStatement] = []
        for span in sentences:
            if match := re.match(r"\s*(\w+) (sez): ([^!]+)", text[span.start : span.end]):
                name, cue, said = (
                    Span(start=span.start + match.start(n), end=span.start + match.end(n)) for n in (1, 2, 3)
                )
                speaker = SpottedSpeaker(name, match[1], None, None, is_anonymous=False, basis=SpeakerBasis.EXPLICIT)
                found.append(ReportedStatement(said, AttributionMode.INDIRECT_QUOTE, cue, "say", speaker))
        return found


class Broken:
    """A class that does not implement a language."""


def failing() -> None:
    raise RuntimeError("no dictionary")


def entry(name: str) -> EntryPoint:
    return EntryPoint(name.lower(), f"{__name__}:{name}", LANGUAGE_GROUP)


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or sys.modules[Pidgin.__module__])


@pytest.mark.usefixtures("importable")
def test_a_third_language_is_added_without_touching_the_package() -> None:
    languages = load_languages(
        [entry("Pidgin"), EntryPoint("ko", "claimledger.spotting.korean:Korean", LANGUAGE_GROUP)]
    )
    text = "Bo sez: fish cost 3 dollars!\n김하나 대표는 “2배다”라고 말했다."
    found = spot_text(text, languages)
    assert [(one.speaker.name, one.cue, one.kind.value) for one in found if one.speaker] == [
        ("Bo", "sez", "both"),
        ("김하나", "말했다", "both"),
    ]
    assert is_verbatim(text, found)


@pytest.mark.usefixtures("importable")
def test_failing_plugin_is_reported_and_the_others_work() -> None:
    languages = load_languages(
        [entry("failing"), entry("Broken"), entry("Pidgin"), EntryPoint("zz", "no_such_module:X", LANGUAGE_GROUP)]
    )
    assert [language.code for language in languages.found] == ["x-pidgin"]
    assert [problem.code for problem in languages.problems] == ["language-plugin-failed"] * 3
    assert "no dictionary" in languages.problems[1].sentence


def test_language_that_fails_on_a_paragraph_keeps_its_figures() -> None:
    class Falling(Pidgin):
        def share(self, paragraph: str) -> float:
            return 1.0

        def reported(self, text: str, sentences: Sequence[Span]) -> list[ReportedStatement]:
            raise RuntimeError

    from claimledger.spotting.registry import LoadedLanguages  # noqa: PLC0415

    assert [one.quote for one in spot_text("Fish cost 3 dollars", LoadedLanguages((Falling(),), ()))] == [
        "Fish cost 3 dollars"
    ]

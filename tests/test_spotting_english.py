"""Made-up English sentences with their reported statements, checked by hand."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.models import Span
from claimledger.spotting import english_parse
from claimledger.spotting.english import MOST_TOKENS, PARSER_VARIABLE, English, StatementScope, from_environment
from claimledger.spotting.english_quotes import find_english_quotations
from claimledger.spotting.english_sentences import split_english_sentences
from claimledger.spotting.english_speakers import SourceDescription, describe_source
from claimledger.spotting.english_lexicon import REPORTABLE_CLASSES, REPORTING_VERBS, VerbForm
from claimledger.spotting.language import LanguagePlugin, ReportedStatement
from claimledger.vocabulary import SpeakerBasis


def read_cases() -> list[tuple[str, list[str]]]:
    """Return the paragraphs of spotting_english.txt with the statements each reports."""
    cases: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / "spotting_english.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            cases[-1][1].append(line.strip())
        elif line and not line.startswith("#"):
            cases.append((line, []))
    return cases


CASES = read_cases()
needs_parser = pytest.mark.skipif(not english_parse.is_installed(), reason="the extra 'en' is not installed")

NAMED: list[tuple[str, str, str | None, str | None, tuple[str, ...]]] = [
    ("Park Jae-hoon, the chairman of Hanbit Labs", "Park Jae-hoon", "chairman", "Hanbit Labs", ()),
    ("Hanbit Labs founder and CEO Kim Min-ji", "Kim Min-ji", "founder and CEO", "Hanbit Labs", ()),
    ("Kim Min-ji of Hanbit Labs", "Kim Min-ji", None, "Hanbit Labs", ()),
    ("Daon's chief technology officer, Lee Soo-jin", "Lee Soo-jin", "chief technology officer", "Daon", ()),
    ("Bank of Korea Governor Rhee Chang-yong", "Rhee Chang-yong", "Governor", "Bank of Korea", ()),
    ("Wang Xing (王兴), founder of Meituan", "Wang Xing", "founder", "Meituan", ("王兴",)),
    ("Senator Ruth Okafor (D-Md.)", "Ruth Okafor", "Senator", None, ()),
    ("Mr. King, 82", "King", None, None, ()),
    ("the Harbor Times", "the Harbor Times", None, "the Harbor Times", ()),
    ("Samsung, LG and SK hynix", "Samsung, LG and SK hynix", None, None, ()),
]
"""Descriptions of sources with the name, role, organisation and aliases in them."""

DESCRIBED: list[tuple[str, str | None, str | None]] = [
    ("the chairman of Hanbit Labs", "chairman", "Hanbit Labs"),
    ("a senior official at the ministry", None, None),
    ("two people familiar with the matter", None, None),
    ("Harbor Board officials", None, "Harbor Board"),
    ("officials", None, None),
]
"""Descriptions of sources without a name, with the role and organisation in them."""

QUOTATIONS: list[tuple[str, list[str]]] = [
    ("He said “no” and “yes.”", ["“no”", "“yes.”"]),
    ('He said "no" and "yes."', ['"no"', '"yes."']),
    ("He said ''no'' today.", ["''no''"]),
    ("He said 'no' today.", ["'no'"]),
    ("The workers' rights and the '90s and Kim's.", []),
    ("“He said ‘no,’ I think,” she said.", ["“He said ‘no,’ I think,”"]),
    ('“He said "no," I think,” she said.', ['“He said "no," I think,”']),
    ('“Mixed marks," she said.', ['“Mixed marks,"']),
    ("“Never closed. It goes on", ["“Never closed. It goes on"]),
    ("Closed” never opened.", []),
    ('A 6" pipe and a 5" pipe.', []),
    ("«Oui,» he said.", ["«Oui,»"]),
    ("„Ja“, sagte er.", ["„Ja“"]),
]


def find_statements(text: str, language: English | None = None) -> list[ReportedStatement]:
    """Return the statements that a paragraph reports."""
    language = language or English()
    return language.reported(text, language.sentences(text, Span(start=0, end=len(text))))


def format_statement(text: str, one: ReportedStatement) -> str:
    """Return a statement in the format of CASES."""
    cue = text[one.cue.start : one.cue.end] if one.cue else ""
    name = one.speaker.name if one.speaker else ""
    is_plain = one.speaker is None or one.speaker.basis is SpeakerBasis.EXPLICIT
    basis = "" if is_plain or one.speaker is None else f" ({one.speaker.basis.value})"
    return f"{one.mode.value.split('_')[0]} [{name}] <{cue}> {{{text[one.content.start : one.content.end]}}}{basis}"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_statements_of_a_paragraph(text: str, expected: list[str]) -> None:
    assert [format_statement(text, one) for one in find_statements(text)] == expected


@pytest.mark.parametrize(("words", "name", "role", "organization", "aliases"), NAMED)
def test_named_source_is_described(
    words: str, name: str, role: str | None, organization: str | None, aliases: tuple[str, ...]
) -> None:
    assert describe_source(words) == SourceDescription(name, role, organization, is_anonymous=False, aliases=aliases)


@pytest.mark.parametrize(("words", "role", "organization"), DESCRIBED)
def test_anonymous_source_is_described(words: str, role: str | None, organization: str | None) -> None:
    assert describe_source(words) == SourceDescription(words, role, organization, is_anonymous=True, aliases=())


@pytest.mark.parametrize(("text", "expected"), QUOTATIONS)
def test_quotations_are_found(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_english_quotations(text, 0, len(text))] == expected


def test_there_are_enough_sentences() -> None:
    assert len(CASES) >= 80


def test_english_is_a_language_plugin() -> None:
    language: LanguagePlugin = English()
    assert language.code == "en"


def test_share_counts_latin_letters() -> None:
    assert English().share("Kim said 40%") == 1.0
    assert English().share("김민지 says") == pytest.approx(4 / 7)
    assert English().share("40%") == 0.0


def test_a_quotation_of_several_sentences_is_not_cut() -> None:
    text = "“It broke. We fixed it. It broke,” Cho said. Then it rained."
    sentences = English().sentences(text, Span(start=0, end=len(text)))
    assert [text[one.start : one.end] for one in sentences] == [text[:44], "Then it rained."]


def test_spans_count_from_the_start_of_the_text() -> None:
    text = "Title\n\nKim said sales rose."
    language = English()
    sentences = language.sentences(text, Span(start=7, end=len(text)))
    assert [format_statement(text, one) for one in language.reported(text, sentences)] == [
        "indirect [Kim] <said> {sales rose}"
    ]


def test_a_pronoun_points_to_the_name_it_means() -> None:
    text = "Kim Min-ji said sales rose. She added that profit doubled."
    speaker = find_statements(text)[1].speaker
    assert speaker is not None
    assert (text[speaker.span.start : speaker.span.end], speaker.basis) == ("Kim Min-ji", SpeakerBasis.PRONOUN)


@pytest.mark.parametrize("text", [
    "Mr. Lee met Mr. Choi. He said the deal was off.",
    "Lee Min-ho met Choi Da-in. She said the deal was off.",
    "Cho Ye-rin spoke first. They said the deal was off.",
    "He said the deal was off.",
    "Officials met Ha Ji-won and Noh Se-ra. She said the deal was off.",
])  # fmt: skip
def test_ambiguous_pronoun_names_no_speaker(text: str) -> None:
    assert [one.speaker for one in find_statements(text)] == [None]


def test_default_scope_has_reportable_classes_and_scope_all_has_all() -> None:
    text = "Noh wants to sell the harbor. The critic who attacked Noh fears that jobs will go."
    assert not find_statements(text)
    assert [one.cue_class for one in find_statements(text, English(scope=StatementScope.ALL))] == ["want", "criticize"]
    assert {one.cue_class for text, _ in CASES for one in find_statements(text)} - {None} <= {
        name for name, is_reportable in REPORTABLE_CLASSES.items() if is_reportable
    }


def test_every_listed_class_is_known() -> None:
    assert {verb.cue_class for verbs in REPORTING_VERBS.values() for verb in verbs} <= set(REPORTABLE_CLASSES)


@pytest.mark.parametrize(("word", "lemma", "form"), [
    ("denies", "deny", VerbForm.THIRD), ("admitted", "admit", VerbForm.PAST), ("writing", "write", VerbForm.GERUND),
    ("told", "tell", VerbForm.PAST), ("planning", "plan", VerbForm.GERUND), ("signaled", "signal", VerbForm.PAST),
    ("swore", "swear", VerbForm.PAST), ("agreeing", "agree", VerbForm.GERUND), ("stressed", "stress", VerbForm.PAST),
])  # fmt: skip
def test_every_form_of_a_verb_is_known(word: str, lemma: str, form: VerbForm) -> None:
    assert (lemma, form) in {(verb.lemma, verb.form) for verb in REPORTING_VERBS[word]}


def test_environment_variable_enables_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not from_environment().parser
    monkeypatch.setenv(PARSER_VARIABLE, "1")
    assert from_environment().parser


def test_missing_parser_is_reported_and_not_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(english_parse, "is_installed", lambda: False)
    lacking = English(parser=True).lacks()
    assert lacking is not None
    assert lacking.code == "english-parser-missing"
    assert English().lacks() is None
    text, expected = CASES[0]
    assert [format_statement(text, one) for one in find_statements(text, English(parser=True))] == expected


@needs_parser
def test_most_paragraphs_read_alike_with_the_parser() -> None:
    language = English(parser=True)
    alike = sum(
        [format_statement(text, one) for one in find_statements(text, language)] == expected for text, expected in CASES
    )
    assert alike >= 0.9 * len(CASES)


@needs_parser
@pytest.mark.parametrize(("text", "expected"), [
    ("Her claims surprised the board.", []),
    ("The workers on the night shift at the harbor grumbled the pay was late.",
     ["indirect [The workers on the night shift at the harbor] <grumbled> {the pay was late}"]),
])  # fmt: skip
def test_cases_that_only_the_parser_reads(text: str, expected: list[str]) -> None:
    assert [format_statement(text, one) for one in find_statements(text, English(parser=True))] == expected


WORDS = st.sampled_from([
    "he", "she", "they", "Kim", "Mr.", "said", "says", "told", "according", "to", "that", "by", "was", "criticized",
    "of", "the", "plan", "for", "who", "and", ",", ".", ";", ":", "“", "”", '"', "'", "’s", "(", ")", "—", "adding",
    "expected", "!", "?", "40%", "$3", "officials", "n't", "not", "\n", "김민지", "𝔘", "''", "«", "»", "Poll", "in",
    "an", "interview",
])  # fmt: skip
SENTENCES = st.lists(WORDS, max_size=60).map(" ".join)
HEAPS = st.lists(WORDS, max_size=40).map("".join)


@pytest.mark.slow
@given(st.one_of(st.text(max_size=200), SENTENCES, HEAPS))
def test_any_text_is_read_with_spans_inside_it(text: str) -> None:
    if not text:
        return
    for scope in StatementScope:
        language = English(scope=scope)
        sentences = language.sentences(text, Span(start=0, end=len(text)))
        assert all(one.end <= other.start for one, other in pairwise(sentences))
        for one in language.reported(text, sentences):
            spans = [one.content, one.cue, one.speaker and one.speaker.span]
            assert all(span.end <= len(text) for span in spans if span)
            assert text[one.content.start : one.content.end].strip()
            assert one.speaker is None or one.speaker.name


@pytest.mark.slow
@pytest.mark.parametrize("unit", [
    "he said ", "“", "“a” ", '"a ', "X, ", "was criticized by X, the Y, ", "and said that ", "X (a ",
    "“A,” he said. “B.” ", "Mr. Kim met Ms. Lee. He said no. ", "A", "Aa Bb said x. They said y. ", "'a ",
    "according to X, ", "‘a ", "he’s “ ",
])  # fmt: skip
def test_work_grows_linearly_with_length(unit: str) -> None:
    short, long = (count_lines_run(unit * times) for times in (MOST_TOKENS, 4 * MOST_TOKENS))
    assert long <= 4.4 * short + 2000


def count_lines_run(text: str) -> int:
    """Return how many lines of the spotter run for a text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - typeshed names no type for it
        nonlocal count
        count += event == "line"
        return trace if "english" in frame.f_code.co_filename.rpartition("/")[2] else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find_statements(text, English(scope=StatementScope.ALL))
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("month", ["in May", "last May", "by 12 May", "of May", "this May"])
def test_may_at_the_end_of_a_sentence_ends_it(month: str) -> None:
    """Otherwise the speaker of the second sentence would get the figure of the first."""
    text = f"Output fell 3.2% {month}. Okafor said the firm would close two plants."
    spans = split_english_sentences(text, Span(start=0, end=len(text)))
    assert [text[one.start : one.end].partition(" ")[0] for one in spans] == ["Output", "Okafor"]

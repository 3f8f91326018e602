"""English sentences made up for the purpose, with what is reported in each checked by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimledger.models import Span
from claimledger.spotting.english import MOST_TOKENS, English, Scope
from claimledger.spotting.english_quotes import find_quotations
from claimledger.spotting.english_speakers import Described, describe
from claimledger.spotting.english_words import REPORTABLE, VERBS, Form
from claimledger.spotting.language import Language, Reported
from claimledger.vocabulary import SpeakerBasis

CASES: list[tuple[str, list[str]]] = [
    (
        "Kim Min-ji said the plant would open in 2027.",
        [
            "indirect [Kim Min-ji] <said> {the plant would open in 2027}",
        ],
    ),
    (
        "Park Jae-hoon, the chairman of Hanbit Labs, said sales rose 40 percent.",
        [
            "indirect [Park Jae-hoon] <said> {sales rose 40 percent}",
        ],
    ),
    (
        "“We will hire 300 people,” said Lee Soo-jin, chief executive of Daon Motors.",
        [
            "direct [Lee Soo-jin] <said> {“We will hire 300 people,”}",
        ],
    ),
    ("“We will hire 300 people,” Lee Soo-jin said.", ["direct [Lee Soo-jin] <said> {“We will hire 300 people,”}"]),
    (
        "\"We lost half our orders,\" Choi told reporters on Friday.",
        [
            "direct [Choi] <told> {\"We lost half our orders,\"}",
        ],
    ),
    (
        "“The bridge,” Mayor Ruth Okafor said, “is not safe.”",
        [
            "direct [Ruth Okafor] <said> {“The bridge,”}",
            "direct [Ruth Okafor] <said> {“is not safe.”}",
        ],
    ),
    (
        "“The bridge is closed,” Okafor said. “It will stay closed until May.”",
        [
            "direct [Okafor] <said> {“The bridge is closed,”}",
            "direct [Okafor] <said> {“It will stay closed until May.”} (carried)",
        ],
    ),
    ("Okafor said: “The bridge is closed.”", ["direct [Okafor] <said> {“The bridge is closed.”}"]),
    ("Okafor said, \"The bridge is closed.\"", ["direct [Okafor] <said> {\"The bridge is closed.\"}"]),
    (
        "The minister told parliament that exports fell 12 percent.",
        [
            "indirect [The minister] <told> {that exports fell 12 percent}",
        ],
    ),
    ("Officials said the fire began in the cellar.", ["indirect [Officials] <said> {the fire began in the cellar}"]),
    ("The fire began in the cellar, officials said.", ["indirect [officials] <said> {The fire began in the cellar}"]),
    ("According to the police, 40 people were hurt.", ["indirect [the police] <According to> {40 people were hurt}"]),
    (
        "Forty people were hurt, according to the police.",
        [
            "indirect [the police] <according to> {Forty people were hurt}",
        ],
    ),
    (
        "According to a report by Daon Securities, chip prices will fall 8 percent.",
        [
            "document [a report by Daon Securities] <According to> {chip prices will fall 8 percent}",
        ],
    ),
    (
        "Chip prices will fall 8 percent, according to two people familiar with the matter.",
        [
            "indirect [two people familiar with the matter] <according to> {Chip prices will fall 8 percent}",
        ],
    ),
    (
        "The report estimated that 12 million phones were sold.",
        [
            "document [The report] <estimated> {that 12 million phones were sold}",
        ],
    ),
    ("Analysts predicted that prices would double.", ["indirect [Analysts] <predicted> {that prices would double}"]),
    (
        "The company denied that it had copied the design.",
        [
            "indirect [The company] <denied> {that it had copied the design}",
        ],
    ),
    ("Jang admitted the figures were wrong.", ["indirect [Jang] <admitted> {the figures were wrong}"]),
    ("Bae asked whether the tests had been done.", ["indirect [Bae] <asked> {whether the tests had been done}"]),
    ("Bae asked, “Who paid for this?”", ["direct [Bae] <asked> {“Who paid for this?”}"]),
    (
        "The union demanded that wages rise 5 percent.",
        [
            "indirect [The union] <demanded> {that wages rise 5 percent}",
        ],
    ),
    (
        "Hanbit Labs announced a plan to build two plants.",
        [
            "indirect [Hanbit Labs] <announced> {a plan to build two plants}",
        ],
    ),
    (
        "Hanbit Labs announced that it would build two plants.",
        [
            "indirect [Hanbit Labs] <announced> {that it would build two plants}",
        ],
    ),
    ("The senator who called for a ban left early.", []),
    ("He said so.", []),
    ("The officials did not say how many were hurt.", []),
    (
        "Kim Min-ji said sales rose. She added that profit doubled.",
        [
            "indirect [Kim Min-ji] <said> {sales rose}",
            "indirect [Kim Min-ji] <added> {that profit doubled} (pronoun)",
        ],
    ),
    (
        "Mr. Lee met Ms. Choi on Friday. He said the deal was off.",
        [
            "indirect [Lee] <said> {the deal was off} (pronoun)",
        ],
    ),
    ("Mr. Lee met Mr. Choi on Friday. He said the deal was off.", ["indirect [] <said> {the deal was off}"]),
    (
        "“Sales rose,” Kim Min-ji said. “Profit doubled.”",
        [
            "direct [Kim Min-ji] <said> {“Sales rose,”}",
            "direct [Kim Min-ji] <said> {“Profit doubled.”} (carried)",
        ],
    ),
    ("“It was a mistake.”", ["direct [] <> {“It was a mistake.”}"]),
    ("The so-called “miracle drug” costs $3.", ["direct [] <> {“miracle drug”}"]),
    (
        "A spokesman for Daon Motors said the recall covers 9,000 cars.",
        [
            "indirect [A spokesman for Daon Motors] <said> {the recall covers 9,000 cars}",
        ],
    ),
    (
        "Daon Motors spokeswoman Hana Seo said the recall covers 9,000 cars.",
        [
            "indirect [Hana Seo] <said> {the recall covers 9,000 cars}",
        ],
    ),
    ("Seo said of the recall that it covers 9,000 cars.", ["indirect [Seo] <said> {that it covers 9,000 cars}"]),
    (
        "Wang Xing (王兴), founder of Meituan, said the market had shrunk.",
        [
            "indirect [Wang Xing] <said> {the market had shrunk}",
        ],
    ),
    ("SenseTime (商汤) said it would appeal.", ["indirect [SenseTime] <said> {it would appeal}"]),
    (
        "“He told me ‘never again’ and left,” Rhee said.",
        [
            "direct [Rhee] <said> {“He told me ‘never again’ and left,”}",
        ],
    ),
    ("'We are done here,' Rhee said.", ["direct [Rhee] <said> {'We are done here,'}"]),
    ("“We are not finished, Rhee said.", ["direct [] <> {“We are not finished, Rhee said.}"]),
    (
        "The study shows that one in four drivers was tired.",
        [
            "document [The study] <shows> {that one in four drivers was tired}",
        ],
    ),
    (
        "A survey by Mori found that 61 percent of voters were undecided.",
        [
            "document [A survey by Mori] <found> {that 61 percent of voters were undecided}",
        ],
    ),
    ("Poll: Most Drivers Want Cheaper Fuel", ["document [Poll] <:> {Most Drivers Want Cheaper Fuel}"]),
    ("Mayor Says Bridge Is Unsafe", ["indirect [Mayor] <Says> {Bridge Is Unsafe}"]),
    ("The bank expects growth of 3 percent.", ["indirect [The bank] <expects> {growth of 3 percent}"]),
    ("Shares are expected to rise 4 percent.", ["indirect [] <are expected> {to rise 4 percent}"]),
    (
        "Cho insisted the tests were sound, adding that results would follow.",
        [
            "indirect [Cho] <insisted> {the tests were sound}",
            "indirect [Cho] <adding> {that results would follow}",
        ],
    ),
    (
        "Cho warned that the dam could burst and said repairs would cost $2 million.",
        [
            "indirect [Cho] <warned> {that the dam could burst}",
            "indirect [Cho] <said> {repairs would cost $2 million}",
        ],
    ),
    ("“No,” said Cho.", ["direct [Cho] <said> {“No,”}"]),
    ("“Is it safe?” asked Cho.", ["direct [Cho] <asked> {“Is it safe?”}"]),
    ("“It is safe!” Cho shouted.", ["direct [Cho] <shouted> {“It is safe!”}"]),
    ("''The road is open,'' Cho said.", ["direct [Cho] <said> {''The road is open,''}"]),
    ("Cho called the plan “a gift to polluters.”", ["indirect [Cho] <called> {the plan “a gift to polluters.”}"]),
    ("Cho accused the firm of hiding losses.", ["indirect [Cho] <accused> {the firm of hiding losses}"]),
    ("Critics say the rule is unfair.", ["indirect [Critics] <say> {the rule is unfair}"]),
    (
        "Many economists believe that rates will fall.",
        [
            "indirect [Many economists] <believe> {that rates will fall}",
        ],
    ),
    ("The president's plan to cut taxes drew crowds.", []),
    ("I said the road was open.", []),
    ("We asked the ministry about the delay.", []),
    ("To say that the road is open is wrong.", []),
    ("Nobody would say the road is open.", []),
    ("Cho, 54, told The Daily Harbor that the port was full.", ["indirect [Cho] <told> {that the port was full}"]),
    (
        "In an interview on Tuesday, Cho said that the port was full.",
        [
            "indirect [Cho] <said> {that the port was full}",
        ],
    ),
    ("On Monday Cho said the port was full.", ["indirect [Cho] <said> {the port was full}"]),
    ("But the port, Cho said, was full.", ["indirect [Cho] <said> {But the port, Cho said, was full}"]),
    ("The port was full, said Cho, who runs the harbor office.", ["indirect [Cho] <said> {The port was full}"]),
    ("Cho wrote in a letter that the port was full.", ["indirect [Cho] <wrote> {that the port was full}"]),
    ("Cho tweeted: “The port is full!”", ["direct [Cho] <tweeted> {“The port is full!”}"]),
    (
        "Ha Ji-won, an economist at the Bank of Korea, estimated growth at 2.1 percent.",
        [
            "indirect [Ha Ji-won] <estimated> {growth at 2.1 percent}",
        ],
    ),
    (
        "Bank of Korea Governor Rhee Chang-yong said inflation would ease.",
        [
            "indirect [Rhee Chang-yong] <said> {inflation would ease}",
        ],
    ),
    (
        "The ministry rejected the claim that it had hidden the data.",
        [
            "indirect [The ministry] <rejected> {the claim that it had hidden the data}",
        ],
    ),
    ("“A,” said Lee. “B,” said Choi.", ["direct [Lee] <said> {“A,”}", "direct [Choi] <said> {“B,”}"]),
    (
        "The workers, many of them in their sixties, said the heat was unbearable.",
        [
            "indirect [The workers] <said> {the heat was unbearable}",
        ],
    ),
    ("Both Cho and Ha said the port was full.", ["indirect [Both Cho and Ha] <said> {the port was full}"]),
    ("The court ruled that the merger was void.", ["indirect [The court] <ruled> {that the merger was void}"]),
    (
        "Prosecutors allege that Moon took $90,000 in bribes.",
        [
            "indirect [Prosecutors] <allege> {that Moon took $90,000 in bribes}",
        ],
    ),
    ("Moon pledged to repay $90,000.", ["indirect [Moon] <pledged> {to repay $90,000}"]),
    ("Moon refused to comment.", []),
    ("It's said that walls have ears.", []),
    (
        "“We grew 40 percent,” Moon said, citing company records.",
        [
            "direct [Moon] <said> {“We grew 40 percent,”}",
            "indirect [Moon] <citing> {company records}",
        ],
    ),
    (
        "Moon acknowledged that revenue, which had grown for years, fell 7 percent.",
        [
            "indirect [Moon] <acknowledged> {that revenue, which had grown for years, fell 7 percent}",
        ],
    ),
    ("She said the port was full.", ["indirect [] <said> {the port was full}"]),
    ("They said the port was full.", ["indirect [] <said> {the port was full}"]),
    (
        "Officials said the port was full. They added that ships were waiting.",
        [
            "indirect [Officials] <said> {the port was full}",
            "indirect [Officials] <added> {that ships were waiting} (pronoun)",
        ],
    ),
    ("“One,” Cho said; “two,” Ha replied.", ["direct [Cho] <said> {“One,”}", "direct [Ha] <replied> {“two,”}"]),
    ("Moon said “yes” and “no.”", ["direct [Moon] <said> {“yes” and “no.”}"]),
    (
        "The head of the agency, Ruth Okafor, said the vaccine was safe.",
        [
            "indirect [Ruth Okafor] <said> {the vaccine was safe}",
        ],
    ),
    ("Asked about the delay, Cho said the parts were late.", ["indirect [Cho] <said> {the parts were late}"]),
    ("The parts were late, Cho explained.", ["indirect [Cho] <explained> {The parts were late}"]),
    (
        "“We need 5,000 masks,” the hospital said in a statement.",
        [
            "direct [the hospital] <said> {“We need 5,000 masks,”}",
        ],
    ),
    (
        "A statement from the hospital said 5,000 masks were needed.",
        [
            "document [A statement from the hospital] <said> {5,000 masks were needed}",
        ],
    ),
    ("Kim Min-ji of Hanbit Labs said the chip was ready.", ["indirect [Kim Min-ji] <said> {the chip was ready}"]),
    (
        "Dr. Ahn Hye-jin, who leads the trial, said 12 patients had recovered.",
        [
            "indirect [Ahn Hye-jin] <said> {12 patients had recovered}",
        ],
    ),
    ("“Is it ‘safe’? I doubt it,” Ahn said.", ["direct [Ahn] <said> {“Is it ‘safe’? I doubt it,”}"]),
    ("«It is done,» said Luc Martin.", ["direct [Luc Martin] <said> {«It is done,»}"]),
    (
        "“We lost \"everything\" that day,” Ahn recalled.",
        [
            "direct [Ahn] <recalled> {“We lost \"everything\" that day,”}",
        ],
    ),
    ("Ahn recalled that the river rose 2 meters.", ["indirect [Ahn] <recalled> {that the river rose 2 meters}"]),
    (
        "The firm forecast that demand would reach 3 million units.",
        [
            "indirect [The firm] <forecast> {that demand would reach 3 million units}",
        ],
    ),
    (
        "Economists at Daon Securities project that rates will fall.",
        [
            "indirect [Economists at Daon Securities] <project> {that rates will fall}",
        ],
    ),
    (
        "The ministry confirmed that 14 ships had left.",
        [
            "indirect [The ministry] <confirmed> {that 14 ships had left}",
        ],
    ),
    ("Noh conceded, “We were late.”", ["direct [Noh] <conceded> {“We were late.”}"]),
    (
        "Noh argued that the tax, which costs families $400 a year, is unfair.",
        [
            "indirect [Noh] <argued> {that the tax, which costs families $400 a year, is unfair}",
        ],
    ),
    (
        "A senior official at the ministry, who asked not to be named, said talks had failed.",
        [
            "indirect [A senior official at the ministry] <said> {talks had failed}",
        ],
    ),
    ("Reuters reported that talks had failed.", ["indirect [Reuters] <reported> {that talks had failed}"]),
    ("Talks had failed, Reuters reported.", ["indirect [Reuters] <reported> {Talks had failed}"]),
    (
        "Officials in Busan said 300 homes were flooded.",
        [
            "indirect [Officials in Busan] <said> {300 homes were flooded}",
        ],
    ),
    (
        "Three hundred homes were flooded, the mayor said, and two bridges fell.",
        [
            "indirect [the mayor] <said> {Three hundred homes were flooded, the mayor said, and two bridges fell}",
        ],
    ),
    ("The mayor said Monday that two bridges fell.", ["indirect [The mayor] <said> {that two bridges fell}"]),
    ("“Two bridges fell,” she said.", ["direct [] <said> {“Two bridges fell,”}"]),
    (
        "Mayor Ruth Okafor said two bridges fell. “It was a long night,” she said.",
        [
            "indirect [Ruth Okafor] <said> {two bridges fell}",
            "direct [Ruth Okafor] <said> {“It was a long night,”} (pronoun)",
        ],
    ),
    (
        "Okafor promised that repairs would begin soon; Ha warned they would take years.",
        [
            "indirect [Okafor] <promised> {that repairs would begin soon}",
            "indirect [Ha] <warned> {they would take years}",
        ],
    ),
    ("Ha said she expected repairs to take years.", ["indirect [Ha] <said> {she expected repairs to take years}"]),
    ("What Ha said surprised nobody.", []),
    ("Ha's statement that repairs would take years surprised nobody.", []),
    (
        "Samsung, LG and SK hynix said they would cut output.",
        [
            "indirect [Samsung, LG and SK hynix] <said> {they would cut output}",
        ],
    ),
    (
        "The index, according to Daon Securities, fell 3 percent.",
        [
            "indirect [Daon Securities] <according to> {The index, according to Daon Securities, fell 3 percent}",
        ],
    ),
    (
        "The 2024 census shows that Korea has 51 million people.",
        [
            "document [The 2024 census] <shows> {that Korea has 51 million people}",
        ],
    ),
    (
        "“The census counts 51 million people,” the filing said.",
        [
            "direct [the filing] <said> {“The census counts 51 million people,”}",
        ],
    ),
    ("Choi, the company's founder, wrote: “We owe $9 million.”", ["direct [Choi] <wrote> {“We owe $9 million.”}"]),
    (
        "U.S. Treasury Secretary Jane Doe said tariffs would stay.",
        [
            "indirect [Jane Doe] <said> {tariffs would stay}",
        ],
    ),
]
"""A paragraph, and of each statement: mode [speaker] <cue> {content} (basis unless explicit)."""

SOURCES: list[tuple[str, Described]] = [
    ("Park Jae-hoon, the chairman of Hanbit Labs", Described("Park Jae-hoon", "chairman", "Hanbit Labs", False, ())),
    ("Hanbit Labs founder and CEO Kim Min-ji", Described("Kim Min-ji", "founder and CEO", "Hanbit Labs", False, ())),
    ("Kim Min-ji of Hanbit Labs", Described("Kim Min-ji", None, "Hanbit Labs", False, ())),
    ("Daon's chief technology officer, Lee Soo-jin", Described("Lee Soo-jin", "chief technology officer", "Daon", False, ())),
    ("Bank of Korea Governor Rhee Chang-yong", Described("Rhee Chang-yong", "Governor", "Bank of Korea", False, ())),
    ("Wang Xing (王兴), founder of Meituan", Described("Wang Xing", "founder", "Meituan", False, ("王兴",))),
    ("Senator Ruth Okafor (D-Md.)", Described("Ruth Okafor", "Senator", None, False, ())),
    ("Mr. King, 82", Described("King", None, None, False, ())),
    ("the Harbor Times", Described("the Harbor Times", None, "the Harbor Times", False, ())),
    ("the chairman of Hanbit Labs", Described("the chairman of Hanbit Labs", "chairman", "Hanbit Labs", True, ())),
    ("a senior official at the ministry", Described("a senior official at the ministry", None, None, True, ())),
    ("two people familiar with the matter", Described("two people familiar with the matter", None, None, True, ())),
    ("Harbor Board officials", Described("Harbor Board officials", None, "Harbor Board", True, ())),
    ("officials", Described("officials", None, None, True, ())),
    ("Samsung, LG and SK hynix", Described("Samsung, LG and SK hynix", None, None, False, ())),
]

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


def found(text: str, language: English | None = None) -> list[Reported]:
    """Return what a paragraph reports."""
    language = language or English()
    return language.reported(text, language.sentences(text, Span(start=0, end=len(text))))


def printed(text: str, one: Reported) -> str:
    """Return a statement in the form of CASES."""
    cue = text[one.cue.start : one.cue.end] if one.cue else ""
    name = one.speaker.name if one.speaker else ""
    is_plain = one.speaker is None or one.speaker.basis is SpeakerBasis.EXPLICIT
    basis = "" if is_plain or one.speaker is None else f" ({one.speaker.basis.value})"
    return f"{one.mode.value.split('_')[0]} [{name}] <{cue}> {{{text[one.content.start : one.content.end]}}}{basis}"


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_a_paragraph_reports(text: str, expected: list[str]) -> None:
    assert [printed(text, one) for one in found(text)] == expected


@pytest.mark.parametrize(("words", "expected"), SOURCES)
def test_who_a_source_is(words: str, expected: Described) -> None:
    assert describe(words) == expected


@pytest.mark.parametrize(("text", "expected"), QUOTATIONS)
def test_where_quotations_stand(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_quotations(text, 0, len(text))] == expected


def test_there_are_enough_sentences() -> None:
    assert len(CASES) >= 80


def test_english_is_a_language() -> None:
    language: Language = English()
    assert language.code == "en"


def test_the_share_of_latin_letters() -> None:
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
    assert [printed(text, one) for one in language.reported(text, sentences)] == ["indirect [Kim] <said> {sales rose}"]


def test_a_pronoun_points_to_the_name_it_means() -> None:
    text = "Kim Min-ji said sales rose. She added that profit doubled."
    speaker = found(text)[1].speaker
    assert speaker is not None
    assert (text[speaker.span.start : speaker.span.end], speaker.basis) == ("Kim Min-ji", SpeakerBasis.PRONOUN)


@pytest.mark.parametrize("text", [
    "Mr. Lee met Mr. Choi. He said the deal was off.",
    "Lee Min-ho met Choi Da-in. She said the deal was off.",
    "Cho Ye-rin spoke first. They said the deal was off.",
    "He said the deal was off.",
    "Officials met Ha Ji-won and Noh Se-ra. She said the deal was off.",
])  # fmt: skip
def test_nobody_is_named_where_two_could_be_meant(text: str) -> None:
    assert [one.speaker for one in found(text)] == [None]


def test_the_desk_is_offered_reportable_classes_and_a_scholar_all() -> None:
    text = "Noh wants to sell the harbor. The critic who attacked Noh fears that jobs will go."
    assert not found(text)
    assert [one.cue_class for one in found(text, English(scope=Scope.ALL))] == ["want", "criticize"]
    assert {one.cue_class for text, _ in CASES for one in found(text)} - {None} <= {
        name for name, is_reportable in REPORTABLE.items() if is_reportable
    }


def test_every_listed_class_is_known() -> None:
    assert {verb.cue_class for verbs in VERBS.values() for verb in verbs} <= set(REPORTABLE)


@pytest.mark.parametrize(("word", "lemma", "form"), [
    ("denies", "deny", Form.THIRD), ("admitted", "admit", Form.PAST), ("writing", "write", Form.GERUND),
    ("told", "tell", Form.PAST), ("planning", "plan", Form.GERUND), ("signaled", "signal", Form.PAST),
    ("swore", "swear", Form.PAST), ("agreeing", "agree", Form.GERUND), ("stressed", "stress", Form.PAST),
])  # fmt: skip
def test_every_form_of_a_verb_is_known(word: str, lemma: str, form: Form) -> None:
    assert (lemma, form) in {(verb.lemma, verb.form) for verb in VERBS[word]}


WORDS = st.sampled_from([
    "he", "she", "they", "Kim", "Mr.", "said", "says", "told", "according", "to", "that", "by", "was", "criticized", "of",
    "the", "plan", "for", "who", "and", ",", ".", ";", ":", "“", "”", '"', "'", "’s", "(", ")", "—", "adding", "expected",
    "!", "?", "40%", "$3", "officials", "n't", "not", "\n", "김민지", "𝔘", "''", "«", "»", "Poll", "in", "an", "interview",
])  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=40).map("".join)))
def test_any_text_is_read_with_spans_inside_it(text: str) -> None:
    if not text:
        return
    for scope in Scope:
        language = English(scope=scope)
        sentences = language.sentences(text, Span(start=0, end=len(text)))
        assert all(one.end <= other.start for one, other in zip(sentences, sentences[1:], strict=False))
        for one in language.reported(text, sentences):
            spans = [one.content, one.cue, one.speaker and one.speaker.span]
            assert all(span.end <= len(text) for span in spans if span)
            assert text[one.content.start : one.content.end].strip()
            assert one.speaker is None or one.speaker.name


@pytest.mark.parametrize("unit", [
    "he said ", "“", "“a” ", '"a ', "X, ", "was criticized by X, the Y, ", "and said that ", "X (a ", "“A,” he said. “B.” ",
    "Mr. Kim met Ms. Lee. He said no. ", "A", "Aa Bb said x. They said y. ", "'a ", "according to X, ",
])  # fmt: skip
def test_work_grows_with_length_alone(unit: str) -> None:
    short, long = (lines_run(unit * times) for times in (MOST_TOKENS, 4 * MOST_TOKENS))
    assert long <= 4.4 * short + 2000


def lines_run(text: str) -> int:
    """Return how many lines of the spotter run over a text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        nonlocal count
        count += event == "line"
        return trace if "english" in frame.f_code.co_filename.rpartition("/")[2] else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        found(text, English(scope=Scope.ALL))
    finally:
        sys.settrace(before)
    return count

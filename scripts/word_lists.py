"""The words and forms that the wording checks count, in English and Korean.

A hit is a hint, not a verdict: "held" is right for a lock. Accept such a place with a reason in plain_words.toml.
"""

import re
from typing import NamedTuple


class WordList(NamedTuple):
    """Words of one language that have a plainer replacement."""

    expression: re.Pattern[str]
    """The words, each kind in a named group."""
    advice: dict[str, str]
    """The replacement of each kind."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


def word_list(kinds: dict[str, tuple[str, str]]) -> WordList:
    r"""Return the list of kinds, each with its regular expression and its replacement; a space matches a line end.

    >>> words = word_list({"gone": ("no more", "no longer")})
    >>> words.expression.search("are no\n  more.").lastgroup
    'gone'
    """
    joined = "|".join(f"(?P<{kind}>{form})" for kind, (form, _) in kinds.items()).replace(" ", r"\s+")
    return WordList(re.compile(joined), {kind: advice for kind, (_, advice) in kinds.items()})


ENGLISH = word_list(
    {
        "stand": (r"\b(?:stands?|stood|standing)\b(?! (?:alone|out)\b)", "is, appears, is listed, means"),
        "tell": (r"\b(?:told|tells?|telling)\b", "shows, reports, says"),
        "hold": (r"\b(?:held|holds?|holding)\b(?! (?:down|back|on)\b)", "is stored, contains, has; compare"),
        "bring": (r"\b(?:brings?|brought|bringing)\b", "add, import, upload, fetch"),
        "ask": (r"\b(?:is|are|was|were|be|been) asked\b|\basked (?:of|about)\b", "requested, required, needed"),
        "said": (r"\b(?:said|says?) (?:of|otherwise|so)\b", "described as; shows; or else"),
        "no": (
            (
                r"(?<!\b[Tt]here\s)\b(?:is|are|was|were) (?:no|none|nobody's|nothing)\b"
                r"(?! (?:longer|later|less|more than|need|one)\b)"
            ),
            "is not a; there is none",
        ),
        "more": (r"\b(?:no more(?! than)|any more(?! than)|nowhere|anew)\b", "no longer; again"),
        "old": (r"\b(?:thereby|therein|hence|beforehand|of late|meanwhile|but for)\b", "before, since then, except"),
        "whoever": (
            r"\b(?:[Ww]hoever|[Ww]hatever|whichever|[Ss]omebody|[Nn]obody)\b",
            "the person who, someone, no one",
        ),
        "relative": (r"\b[Oo]f what\b|\b[Bb]y what\b|\b[Oo]f that which\b", "name the noun"),
        "become": (r"\b(?:comes?|came) (?:to|of)\b|\bbec(?:ame|omes?) of\b", "results in, is; result, outcome"),
        "let": (r"\b(?:let|lets|letting) (?:stand|be|pass)\b", "accept, keep"),
        "take": (r"\btake(?:s|n)? in\b|\btook in\b|\btake(?:s|n)? (?:away|back)\b", "add, import; remove, download"),
        "alone": (r"(?<!stand\s)(?<!leave\s)(?<!left\s)(?<!let\s)\balone\b", "only"),
    }
)
"""English words of the project's old dialect."""

KOREAN = word_list(
    {
        "page": (r"(?<![가-힣\d])(?<!어느\s)(?<!틀린\s)쪽(?!지)", "페이지"),
        "reason": ("까닭", "이유"),
        "question": ("물음", "질문"),
        "form": ("꼴", "형식"),
        "compare": ("견주|견줄|견준", "비교"),
        "remove": ("거두|거둔|거둡", "삭제, 취소"),
        "base": (r"기댄|기대고|기대지|기대게|기대는(?! 것)", "근거로 삼다"),
        "fall": ("무너", "반박·철회됨"),
        "link": ("이은 주장|잇기|이어진 앞", "연결, 관련 주장"),
        "note": ("덧붙임", "편집자 주"),
        "history": ("내력", "이력"),
        "seen": ("본 때", "열람 일시"),
        "value": ("풀어 쓴", "값"),
        "download": ("가져가", "내려받기"),
        "chart": ("그림", "차트, 통계"),
        "waiting": ("기다림|기다립|기다리는", "대기"),
        "waive": ("면제", "예외로 인정"),
        "passage": ("대목", "구절"),
        "date": ("말한 때|가리키는 때", "발언일, 대상 시점"),
        "withheld": ("밝히지 않는", "비공개"),
        "ledger": ("원장", "공개 기록, 이 사이트"),
        "listing": ("등재", "첫 공개"),
        "unchecked": ("미검증", "검증 전"),
    }
)
"""Korean words that readers of the interface do not use; the replacements are those of the newsroom."""

RELATIVES = r"(?:What|Who|Whom|Whose|Whoever|Whatever|Of|Where|Whether|That|Which|How|By|When|Why)"
RELATIVE_START = re.compile(rf"{RELATIVES}\b")
"""A docstring or commit subject that begins with a relative or a preposition instead of a verb or a noun."""
RETURN_RELATIVE = re.compile(
    r"(?:Return|Yield)s?,? (?:what|who|whom|whose|where|which|of|by|how(?! (?:many|much|long|far|often)))\b"
)
"""A docstring that returns a relative; "Return whether" is right for booleans."""
SENTENCE_START = re.compile(
    r"(?:^[ \t>*_#|-]*(?:\d+\. +)?|[.!?:] |\| *)(?P<relative>What|Who|Whom|Whose|Whoever|Whatever|Whether|"
    r"Of(?! (?:these|those|them|course|the)\b))\b[^.!?\n|]*(?![^.!?|]*\?)",
    re.MULTILINE,
)
"""A sentence or a label that has a relative for its subject; questions are left out."""

LONGEST_SUBJECT = 72
LONGEST_ENTRY = 240
LONGEST_TEST_NAME = 70

IRREGULAR = word_set(
    "asked begun bought bound brought built caught chosen cut done drawn driven fallen felt found given gone held "
    "hidden  kept known laid led left lost made meant met paid put read said seen sent set shown spelt spent "
    "spoken stood  taken taught told thought understood withheld won written"
)
"""Past participles that do not end in -ed."""
NOT_PARTICIPLES = word_set("bed embed exceed feed hundred indeed kindred need proceed red seed shed speed")
VERBS_TOO = word_set("cut put read set")
"""Participles that are verbs as well, so that they name functions."""
ADVERBS = word_set(
    "about across after again against alone along anew apart around aside at away back before behind beside "
    "between  beyond by good here in now of off on out over there together under until up what where who whom "
    "whose with within  without"
)
PRONOUN_START = re.compile(r"(?:who|what|whom|whose|where|of|by|other_than|may_be|beside|that)_")
DIALECT_NAME = re.compile(r"(?:^|_)(?:told|tells?|stands?|stood|standing|held|holds?|brings?|brought|whoever)(?:_|\b)")
RELATIVE_NAME = re.compile(r"test_(?:what|who|whose|whom|of|where|that|whether|which|whoever)_")

NOT_IMPERATIVE = word_set(
    "a an the this that these those each every any all some no none not only both either neither one two three "
    "four five  six ten many few more most much other others another same it its he she they we you i there here "
    "then now in on at  by for from to of with without after before during until while since if when where what "
    "who whom whose whoever  whatever which whether why how as and or but also again still never always english "
    "korean"
)
"""First words of a subject that are no verbs."""
VERBS_IN_S = word_set(
    "access address bypass compress cross discuss dismiss express focus guess miss pass press process"
)
VERBS_IN_ING = word_set("bring string swing")


def is_participle(word: str) -> bool:
    """Return whether a lower-case word looks like a bare past participle.

    >>> [is_participle(word) for word in ("told", "looked", "feed", "passage")]
    [True, True, False, False]
    """
    if word in NOT_PARTICIPLES:
        return False
    return word in IRREGULAR or (len(word) > len("used") and word.endswith("ed"))


def name_parts(name: str) -> list[str]:
    """Return the lower-case words of a name.

    >>> name_parts("_BroughtBefore"), name_parts("read_CSV")
    (['brought', 'before'], ['read', 'csv'])
    """
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def is_imperative(subject: str) -> bool:
    """Return whether a commit subject seems to begin with a verb in the imperative, capitalised.

    >>> [is_imperative(subject) for subject in ("Add a feed", "Adds a feed", "Added it", "The feed is added", "fix it")]
    [True, False, False, False, False]
    """
    first = re.match(r"[A-Z][a-z]+(?=[ -]|$)", subject)
    word = first[0].lower() if first else ""
    if not word or word in NOT_IMPERATIVE or (is_participle(word) and word not in VERBS_TOO):
        return False
    if word.endswith("ing"):
        return word in VERBS_IN_ING
    return not word.endswith("s") or word in VERBS_IN_S

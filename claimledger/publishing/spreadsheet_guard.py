"""Decide which CSV cells a spreadsheet would execute or change, and guard them with a leading apostrophe.

docs/csv.md describes what spreadsheets do to cells.
"""

from __future__ import annotations

import re

CELL_START = "\x1f"
"""The mark before every cell while a column is searched at once. A cell that contains it is still checked correctly."""
_END = rf"(?:{CELL_START}|\Z)"
_BLANK = "[ \u00a0]"
_PART = "(?:[0-9]{1,2}|[0-9]{4})"
_MONTH = "(?:0?[1-9]|1[0-2])"
_MONTH_NAME = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_FULL_DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = "[0-9]{1,4}:(?:[0-9]{1,2}(?::[0-9]{1,2}(?:[.][0-9]*)?)?)?"
_PLAIN_NUMBER = "(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:[.][0-9]+)?"
_HARMLESS = f"(?:0|[1-9][0-9]{{0,14}}%?|[1-9][0-9]{{0,7}}[.][0-9]{{1,6}}|{_FULL_DATE}(?:T[0-9:.]+Z)?)"
"""Frequent cells that only look dangerous. Recognising them first makes the guard twice as fast."""
_NEXT_CHARACTER = "[-/:.,%eEaApPJFMSONDjfmsond($₩€£¥년월시年月時\u00a0 ]"
"""Characters after the first digits of a cell that needs the detailed comparison. In "130억달러" there is none."""
_CHANGED = "|".join((
    "-?[0.,]*[1-9](?:[.,]?[0-9]){14}[0-9.,]*[1-9][0.,]*",  # more than 15 significant digits
    "0[0-9]+(?:[.][0-9]*)?",  # leading zeros
    "(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)[eE][+-]?[0-9]+",  # 1e5
    r"[0-9.,]*(?![0-9])\d[\d.,]*",  # digits of another script: full-width １２３
    r"[(][$₩€£¥]?[0-9][0-9,.]*[)]",  # (5) is -5
    "-?[$₩€£¥]?[0-9][0-9,]*[.](?:[0-9]|[0-9]{3,})%",  # 40.5 % comes back as 40.50 %
    "[$₩€£¥][0-9][0-9,]*[.](?:[0-9]|[0-9]{3,})",  # $13.5 comes back as $13.50
    "[0-9]+ [0-9]+/[0-9]+",  # 1 1/2
    f"{_MONTH}[-/]{_PART}|{_PART}[-/]{_MONTH}",  # 3-19, 2022-10, 1/2
    f"{_PART}(?P<in_date>[-/.]){_PART}(?P=in_date){_PART}",  # 3/19/2022, 2022-3-1
    f"[0-9]{{1,2}}[ ./-]?{_MONTH_NAME}(?:[ ,./-]{{1,2}}{_PART})?",  # 14-Mar
    "[0-9]{2,4}[년年] ?[0-9]{1,2}[월月](?: ?[0-9]{1,2}[일日])?|[0-9]{1,2}[월月] ?[0-9]{1,2}[일日]",  # 3월 14일
    f"(?:{_PART}(?P<before>[-/.]){_PART}(?P=before){_PART}[ T])?{_CLOCK}(?: ?[aApP][mM]?)?",  # 10:30, 2023-03-14 10:30
    "[0-9]{1,2} [aApP][mM]?",  # 1 p
    "[0-9]{1,2}[시時] ?(?:[0-9]{1,2}[분分] ?(?:[0-9]{1,2}[초秒])?)?",  # 10시 30분
))  # fmt: skip
_FIRST_CHARACTER = r"[=+@＝＋－＠\t\r\n\0'\-\d(.$₩€£¥\u00a0 JFMASONDTjfmasondt오]"
"""The characters that a guarded cell can begin with. Most cells begin differently and need no further check."""
GUARDED_CELL = re.compile(
    f"{CELL_START}(?={_FIRST_CHARACTER})(?:"
    r"[=+@＝＋－＠\t\r\n\0']"  # begins a formula, or is an apostrophe already
    f"|-(?!{_PLAIN_NUMBER}%?{_END})"
    rf"|(?=[-\d(.$₩€£¥\u00a0 ])(?!{_HARMLESS}{_END})(?=[0-9]*+(?:{_NEXT_CHARACTER}|\d|{_END}))"
    f"(?:{_BLANK}*(?:{_CHANGED}){_BLANK}*|{_BLANK}+-?{_PLAIN_NUMBER}{_BLANK}*|-?{_PLAIN_NUMBER}{_BLANK}+){_END}"
    f"|(?=[JFMASONDjfmasond][a-zA-Z]{{2,8}}+[ ./-]{{0,2}}+[0-9]){_MONTH_NAME}[ ./-]{{0,2}}{_PART}(?:,? ?{_PART})?"
    f"{_END}"
    f"|(?=[TFtf])(?!TRUE|FALSE)(?i:true|false){_END}"
    f"|오[전후] ?{_CLOCK}{_END})"
)
"""A cell that must be guarded, with `CELL_START` before it."""


def guard(cell: str) -> str:
    """Return the cell with a leading apostrophe if a spreadsheet would execute or change it.

    >>> [guard(cell) for cell in ("=1+1", "2022-10", "'tis", "-5", "13000000000", "2023-03-14")]
    ["'=1+1", "'2022-10", "''tis", '-5', '13000000000', '2023-03-14']
    """
    return f"'{cell}" if GUARDED_CELL.match(CELL_START + cell) else cell


def unguard(cell: str) -> str:
    """Return the cell without its guard: exactly one leading apostrophe, if there is one.

    >>> unguard("'=1+1"), unguard("''tis"), unguard("-5")
    ('=1+1', "'tis", '-5')
    """
    return cell.removeprefix("'")

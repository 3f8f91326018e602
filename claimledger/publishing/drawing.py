"""Draw a chart as SVG: small, the same bytes for the same table, readable without colour.

Every bar has its number beside it or in the chart's table. Verdicts differ by pattern and are named in a legend. All
coordinates are whole numbers, and the XML library escapes all text. IDs include the chart's name, so that a page can
show several charts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, groupby
from xml.etree import ElementTree as ET

from claimledger.publishing.charts import ChartName, Chart
from claimledger.publishing.figure_words import amount_in_words
from claimledger.publishing.site import PageLanguage
from claimledger.publishing.wording import label, meaning_text
from claimledger.quantities import format_with_currency
from claimledger.vocabulary import VerificationStatus

SVG_MEDIA_TYPE = "image/svg+xml"
WIDTH = 400
"""The width of every chart in its own units; a phone shows it at about this size."""
_INK, _PAPER, _BAR, _LINE = "#1a1a1a", "#ffffff", "#2f5d8a", "#c8c8c8"
_LONGEST_LABEL = 52
"""The maximum width of a label in terminal cells; a Hangul syllable takes two."""
_ENGLISH_SIZES = ((12, "T"), (9, "B"), (6, "M"), (3, "k"))
_SIZE_WIDTH = 46
"""The width of a power of ten in words, in pixels; if columns are narrower, some have no name."""
_LONGEST_CURRENCY = 3
_TALL = 240
_FULL_BAR = 310

_PATTERNS: Mapping[VerificationStatus, tuple[str, str]] = {
    VerificationStatus.NOT_CHECKED: ("#ffffff", ""),
    VerificationStatus.SUPPORTED: ("#2f5d8a", ""),
    VerificationStatus.REFUTED: ("#f6d7c9", "M0 8L8 0M-2 2L2 -2M6 10L10 6"),
    VerificationStatus.CONFLICTING_EVIDENCE: ("#e4dcf0", "M0 0L8 8M0 8L8 0"),
    VerificationStatus.NOT_ENOUGH_EVIDENCE: ("#f7efc8", "M2 4L5 4"),
    VerificationStatus.NOTHING_FOUND: ("#ffffff", "M4 2L4 5M1 7L3 7"),
    VerificationStatus.NOT_CHECKABLE: ("#dcdcdc", "M0 4L8 4"),
}
"""The background and the lines of a status, on a tile of 8 by 8."""


def draw_svg(picture: Chart, language: PageLanguage) -> str:
    """Return a chart as an SVG document."""
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "lang": language,
                              "aria-labelledby": f"{picture.name}-title {picture.name}-desc"})  # fmt: skip
    _add(root, "title", meaning_text(picture.title, language), id=f"{picture.name}-title")
    _add(root, "desc", meaning_text(picture.description, language), id=f"{picture.name}-desc")
    ground = _add(root, "rect", width=WIDTH, fill=_PAPER)
    canvas = _add(root, "g", fill=_INK)
    canvas.set("font-family", "sans-serif")
    canvas.set("font-size", "13")
    draw = _DRAWN.get(picture.name, _bars)
    height = draw(canvas, picture, language)
    ground.set("height", str(height))
    root.set("viewBox", f"0 0 {WIDTH} {height}")
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: object) -> ET.Element:
    element = ET.SubElement(parent, name, {key: str(value) for key, value in attributes.items()})
    element.text = text
    return element


def _bars(canvas: ET.Element, picture: Chart, _language: PageLanguage) -> int:
    """Draw a row for each name: the name, and below it a bar with its number."""
    most = max((int(count) for _, count in picture.rows), default=1)
    for place, (name, count) in enumerate(picture.rows):
        top, length = 10 + 40 * place, max(1, round(_FULL_BAR * int(count) / most))
        _add(canvas, "text", shorten_label(str(name)), x=10, y=top + 12)
        _add(canvas, "rect", x=10, y=top + 18, width=length, height=14, fill=_BAR)
        _add(canvas, "text", f"{count:,}", x=length + 18, y=top + 30)
    return 20 + 40 * len(picture.rows)


def shorten_label(text: str) -> str:
    """Return a text that fits above its bar.

    >>> shorten_label("하늘항" * 20)
    '하늘항하늘항하늘항하늘항하늘항하늘항하늘항하늘항…'
    """
    cells = accumulate(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    kept = [letter for letter, end in zip(text, cells, strict=True) if end <= _LONGEST_LABEL]
    return text if len(kept) == len(text) else "".join(kept[:-2]) + "…"


def power_in_words(power: int, language: PageLanguage) -> str:
    """Return a power of ten in short words.

    >>> ([power_in_words(power, "ko") for power in (3, 6, 9, 11)],
    ...  [power_in_words(power, "en") for power in (-2, 3, 7, 12)])
    (['1,000', '100만', '10억', '1000억'], ['0.01', '1k', '10M', '1T'])
    """
    if language == "ko" or power < _ENGLISH_SIZES[-1][0]:
        return amount_in_words(Decimal(1).scaleb(power), language)
    least, sign = next(one for one in _ENGLISH_SIZES if power >= one[0])
    return f"{10 ** (power - least):,}{sign}"


def _currency(code: str, language: PageLanguage) -> str:
    """Return the name of a currency if it is short, else its code."""
    name = format_with_currency("", code, language).strip()
    return name if language == "ko" and len(name) <= _LONGEST_CURRENCY else code


def _powers(canvas: ET.Element, picture: Chart, language: PageLanguage) -> int:
    """Draw a strip for each currency: a column for each power of ten, with its number on top."""
    most = max((int(count) for *_, count in picture.rows), default=1)
    powers = [int(power) for _, power, _ in picture.rows]
    first, last = (min(powers), max(powers)) if powers else (0, 0)
    wide = min(60, (WIDTH - 90) // (last - first + 1))
    top = 10
    for currency, group in groupby(picture.rows, lambda row: row[0]):
        _add(canvas, "text", _currency(str(currency), language), x=10, y=top + 70)
        _add(canvas, "path", d=f"M60 {top + 76}H{WIDTH - 10}", stroke=_LINE)
        for _, power, count in group:
            tall, left = max(1, round(50 * int(count) / most)), 64 + wide * (int(power) - first)
            _add(canvas, "rect", x=left, y=top + 76 - tall, width=max(4, wide - 8), height=tall, fill=_BAR)
            _add(canvas, "text", f"{count:,}", x=left, y=top + 72 - tall)
        top += 84
    for power in range(first, last + 1, -(-_SIZE_WIDTH // wide)):
        _add(canvas, "text", power_in_words(power, language), x=64 + wide * (power - first), y=top + 8)
    return top + 20


def _columns(canvas: ET.Element, picture: Chart, language: PageLanguage) -> int:
    """Draw a stacked column for each month, and a legend."""
    statuses = tuple(VerificationStatus)
    _define_patterns(canvas, picture, statuses)
    totals = [sum(map(int, row[1:])) for row in picture.rows]
    most = max([*totals, 1])
    wide = min(60, (WIDTH - 70) // max(1, len(picture.rows)))
    for share in (0, 1):
        level = 20 + _TALL * (1 - share)
        _add(canvas, "path", d=f"M60 {level}H{WIDTH - 10}", stroke=_LINE)
        _add(canvas, "text", f"{most * share:,}", x=10, y=level + 4)
    for place, (month, *counts) in enumerate(picture.rows):
        left = 62 + wide * place
        ends = [round(_TALL * end / most) for end in accumulate(map(int, counts), initial=0)]
        for status, low, high in zip(statuses, ends, ends[1:], strict=False):
            if high > low:
                _add(canvas, "rect", x=left, y=20 + _TALL - high, width=max(3, wide - 4), height=high - low,
                     fill=f"url(#{picture.name}-{status})", stroke=_INK)  # fmt: skip
        if place % max(1, -(-len(picture.rows) // 5)) == 0:
            _add(canvas, "text", str(month), x=left, y=40 + _TALL)
    newest = picture.rows[-1][1:] if picture.rows else (0,) * len(statuses)
    return _legend(canvas, picture, dict(zip(statuses, map(int, newest), strict=True)), language, top=64 + _TALL)


def _strip(canvas: ET.Element, picture: Chart, language: PageLanguage) -> int:
    """Draw one stacked bar of claims, and a legend."""
    counts = {VerificationStatus(str(status)): int(count) for status, count in picture.rows}
    _define_patterns(canvas, picture, tuple(counts))
    most = max(sum(counts.values()), 1)
    ends = [10 + round((WIDTH - 20) * end / most) for end in accumulate(counts.values(), initial=0)]
    for status, left, right in zip(counts, ends, ends[1:], strict=False):
        if right > left:
            _add(canvas, "rect", x=left, y=10, width=right - left, height=26,
                 fill=f"url(#{picture.name}-{status})", stroke=_INK)  # fmt: skip
    return _legend(canvas, picture, counts, language, top=48)


def _parts(canvas: ET.Element, picture: Chart, language: PageLanguage) -> int:
    """Draw a row for each name: its total, and a bar with a part for each verdict; and a legend."""
    statuses = tuple(VerificationStatus)
    _define_patterns(canvas, picture, statuses)
    most = max((sum(map(int, row[1:])) for row in picture.rows), default=1)
    for place, (name, *counts) in enumerate(picture.rows):
        top = 10 + 40 * place
        ends = [10 + round(_FULL_BAR * end / most) for end in accumulate(map(int, counts), initial=0)]
        _add(canvas, "text", shorten_label(str(name)), x=10, y=top + 12)
        for status, left, right in zip(statuses, ends, ends[1:], strict=False):
            if right > left:
                _add(canvas, "rect", x=left, y=top + 18, width=right - left, height=14,
                     fill=f"url(#{picture.name}-{status})", stroke=_INK)  # fmt: skip
        _add(canvas, "text", f"{sum(map(int, counts)):,}", x=ends[-1] + 8, y=top + 30)
    totals = {status: sum(int(row[1 + place]) for row in picture.rows) for place, status in enumerate(statuses)}
    return _legend(canvas, picture, totals, language, top=24 + 40 * len(picture.rows), is_counted=False)


_DRAWN: Mapping[ChartName, Callable[[ET.Element, Chart, PageLanguage], int]] = {
    "verdicts-by-topic": _parts,
    "verdicts-by-organization": _parts,
    "verdicts-by-kind": _parts,
    "status-over-time": _columns,
    "amounts-by-currency": _powers,
    "standing": _strip,
}
"""The drawing function of a chart, if not `_bars`; it returns the height."""


def _define_patterns(canvas: ET.Element, picture: Chart, statuses: Sequence[VerificationStatus]) -> None:
    defined = _add(canvas, "defs")
    for status in statuses:
        ground, lines = _PATTERNS[status]
        tile = _add(defined, "pattern", id=f"{picture.name}-{status}", width=8, height=8, patternUnits="userSpaceOnUse")
        _add(tile, "rect", width=8, height=8, fill=ground)
        if lines:
            _add(tile, "path", d=lines, stroke=_INK)


def _legend(
    canvas: ET.Element, picture: Chart, counts: Mapping[VerificationStatus, int], language: PageLanguage, *, top: int,
    is_counted: bool = True,
) -> int:  # fmt: skip
    named = [(status, count) for status, count in counts.items() if count] or list(counts.items())[:1]
    for place, (status, count) in enumerate(named):
        left, level = 10 + 195 * (place % 2), top + 24 * (place // 2)
        fill = f"url(#{picture.name}-{status})"
        _add(canvas, "rect", x=left, y=level, width=16, height=16, fill=fill, stroke=_INK)
        words = label(status, language)
        _add(canvas, "text", f"{words}: {count:,}" if is_counted else words, x=left + 22, y=level + 13)
    return top + 24 * -(-len(named) // 2) + 10

"""Score the figures grammar on published data, and measure its speed.

The data sets are never copied here.

KLUE-NER (KLUE-benchmark/KLUE): gold spans tagged QT, DT or TI; ours are the core spans of all figures. `exact`: both
ends equal. `overlap`: precision counts our spans that share a character with a gold span, recall the gold spans that
share one with ours. Tags are not compared in the pooled line; the lines per tag compare ours of that tag with gold of
that tag (quantity QT; date and durations of a day and more DT; time of day, hours, minutes, seconds TI).

NewsQuant (satya77/CQE_Evaluation): gold has no offsets, so each sentence's values are matched one to one, first those
that agree in value and unit, then those that agree only in value. CQE's scorer lets one prediction match several gold
values; this one does not. Ours are the quantities, the durations and the distances from a date. Values agree within 1
in 10,000; a range agrees end by end in either order, and an end just below a power ("9999") agrees with the power.
Units agree when they are the same after: English spelling, singular, percentage = percent, people = person, money by
its currency only (a rate such as "per share" is not part of our record); a counted noun by the last word before "of" or
"per". If gold has "-", our unit agrees only if it is none or an age.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from claimledger.quantities import Figure, FigureRole, find_figures
from scores.bars import record_score

Span = tuple[int, int, str]
Value = tuple[Decimal, Decimal | None]
Row = dict[str, Any]
Counts = tuple[int, int, int, int]
"""The number of our correct spans, of all our spans, of the gold spans found, and of all gold spans."""
TAGS = ("QT", "DT", "TI")
SHORT = frozenset(("hour", "minute", "second", "millisecond"))


def report(folder: Path, show: str) -> None:
    """Print the scores on the data in `folder`. `show` names a data set whose disagreements are all printed."""
    print("Measurement on real text: KLUE and NewsQuant")
    score_klue(folder, show)
    score_newsquant(folder, show)
    measure_speed(folder)
    measure_growth()


def f1(hits: int, proposed: int, found: int, gold: int) -> str:
    """Return precision, recall and F1 as one string."""
    precision, recall = hits / max(proposed, 1), found / max(gold, 1)
    return f"P {precision:.3f} R {recall:.3f} F1 {mean(hits, proposed, found, gold):.3f}"


def mean(hits: int, proposed: int, found: int, gold: int) -> float:
    """Return F1."""
    precision, recall = hits / max(proposed, 1), found / max(gold, 1)
    return 2 * precision * recall / max(precision + recall, 1e-9)


def score_klue(folder: Path, show: str) -> None:
    """Print the scores on Korean sentences: news only, and all."""
    for file in sorted(folder.glob("klue-ner*.tsv")):
        sentences = list(read_klue(file))
        for title, part in (("news", [row for row in sentences if "wikitree" in row[0]]), ("all", sentences)):
            ours = [klue_spans(text) for _, text, _ in part]
            gold = [spans for _, _, spans in part]
            print(f"KLUE {title} ({len(part)} sentences, {sum(map(len, gold))} spans): {compare(ours, gold)}")
            for tag in TAGS:
                print(f"  {tag}: {compare(with_tag(ours, tag), with_tag(gold, tag))}")
            if title == "news":
                for name, counts in zip(("overlap", "exact"), count_spans(ours, gold), strict=True):
                    record_score(f"KLUE news, {name} F1", mean(*counts))
            if show == "klue" and title == "news":
                show_klue(part, ours)


def with_tag(rows: list[list[Span]], tag: str) -> list[list[Span]]:
    """Return the spans of one tag."""
    return [[span for span in spans if span[2] == tag] for spans in rows]


def read_klue(file: Path) -> Iterator[tuple[str, str, list[Span]]]:
    """Yield identifier, text and gold spans of each sentence."""
    name, text = "", ""
    spans: list[Span] = []
    for line in [*file.read_text(encoding="utf-8").split("\n"), "## klue"]:
        if line.startswith("## klue"):
            if text:
                yield name, text, [span for span in spans if span[2] in TAGS]
            name, text, spans = line.split("\t")[0], "", []
        elif "\t" in line and not line.startswith("##"):
            character, tag = line.rsplit("\t", 1)
            if tag.startswith("B-"):
                spans.append((len(text), len(text) + 1, tag[2:]))
            elif tag.startswith("I-") and spans:
                spans[-1] = (spans[-1][0], len(text) + 1, spans[-1][2])
            text += character


def klue_spans(text: str) -> list[Span]:
    """Return our spans with KLUE's tags."""
    return [(figure.core_start, figure.core_end, klue_tag(figure)) for figure in find_figures(text, with_names=True)]


def klue_tag(figure: Figure) -> str:
    """Return the tag KLUE gives this kind of figure."""
    if figure.role in (FigureRole.QUANTITY, FigureRole.NAME):
        return "QT"
    return "TI" if figure.role is FigureRole.TIME or figure.unit in SHORT else "DT"


def compare(ours: list[list[Span]], gold: list[list[Span]]) -> str:
    """Return exact and overlap scores."""
    overlap, exact = count_spans(ours, gold)
    return f"overlap {f1(*overlap)} | exact {f1(*exact)}"


def count_spans(ours: list[list[Span]], gold: list[list[Span]]) -> tuple[Counts, Counts]:
    """Return the counts for overlapping and for exactly equal spans."""
    proposed, wanted = sum(map(len, ours)), sum(map(len, gold))
    exact = sum(
        len({span[:2] for span in mine} & {span[:2] for span in theirs})
        for mine, theirs in zip(ours, gold, strict=True)
    )
    hits = sum(
        any(overlaps(span, other) for other in theirs) for mine, theirs in zip(ours, gold, strict=True) for span in mine
    )
    found = sum(
        any(overlaps(span, other) for other in mine) for mine, theirs in zip(ours, gold, strict=True) for span in theirs
    )
    return (hits, proposed, found, wanted), (exact, proposed, exact, wanted)


def overlaps(one: Span, other: Span) -> bool:
    """Return whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def show_klue(part: list[tuple[str, str, list[Span]]], ours: list[list[Span]]) -> None:
    """Print each disagreement: + only ours, - only gold, ~ different ends."""
    for (_, text, gold), mine in zip(part, ours, strict=True):
        for span in mine:
            near = [other for other in gold if overlaps(span, other)]
            if not any(span[:2] == other[:2] for other in near):
                theirs = "|".join(text[start:end] for start, end, _ in near)
                print(f"  {'~' if near else '+'} {in_context(text, span)} {theirs}")
        for span in gold:
            if not any(overlaps(span, other) for other in mine):
                print(f"  - {in_context(text, span)}")


def in_context(text: str, span: Span) -> str:
    """Return a span in brackets with a few characters around it."""
    start, end, tag = span
    return f"{text[max(0, start - 14) : start]}[{text[start:end]}:{tag}]{text[end : end + 12]}"


def score_newsquant(folder: Path, show: str) -> None:
    """Print the scores on English sentences."""
    for file in sorted(folder.glob("newsquant*.json")):
        rows = json.loads(file.read_text(encoding="utf-8"))
        counts = [0, 0, 0, 0]
        for row in rows:
            ours = [figure for figure in find_figures(row["text"]) if counts_in_newsquant(figure)]
            both, value, missed, extra = match(row["quantities"], ours)
            counts = [counts[0] + both, counts[1] + value, counts[2] + len(ours), counts[3] + len(row["quantities"])]
            if show == "newsquant" and (missed or extra or both < value):
                show_newsquant(row, ours, missed, extra)
        both, value, proposed, wanted = counts
        print(
            f"NewsQuant ({len(rows)} sentences, {wanted} quantities): value {f1(value, proposed, value, wanted)}"
            f" | value+unit {f1(both, proposed, both, wanted)}"
        )
        record_score("NewsQuant, value F1", mean(value, proposed, value, wanted))
        record_score("NewsQuant, value and unit F1", mean(both, proposed, both, wanted))


def counts_in_newsquant(figure: Figure) -> bool:
    """Return whether NewsQuant would list this kind of figure."""
    return figure.role in (FigureRole.QUANTITY, FigureRole.DURATION) or (
        figure.role is FigureRole.DATE and figure.amount is not None
    )


def show_newsquant(row: Row, ours: list[Figure], missed: list[Row], extra: list[Figure]) -> None:
    """Print a sentence with its differences."""
    print(f"  {row['text']}")
    print(f"     ours {[(figure.text, str(value_of(figure)[0]), figure.unit or figure.currency) for figure in ours]}")
    print(f"     gold {[(gold['value'], gold['normalized_unit']) for gold in row['quantities']]}")
    print(f"     only ours {[figure.text for figure in extra]}, only gold {[gold['value'] for gold in missed]}")


def match(gold: list[Row], ours: list[Figure]) -> tuple[int, int, list[Row], list[Figure]]:
    """Match one to one; return the number of matches in value and unit, in value, and the unmatched of both."""
    left, free = list(gold), list(ours)
    agreed = [0, 0]
    for place, agree in enumerate((both_agree, values_agree)):
        for quantity in list(left):
            figure = next((figure for figure in free if agree(quantity, figure)), None)
            if figure:
                left.remove(quantity)
                free.remove(figure)
                agreed[place] += 1
    return agreed[0], sum(agreed), left, free


def both_agree(gold: Row, figure: Figure) -> bool:
    """Return whether value and unit agree."""
    return values_agree(gold, figure) and units_agree(gold, figure)


def gold_value(printed: str) -> Value:
    """Return the ends of a gold value. The second is None for a single number."""
    try:
        return Decimal(printed), None
    except InvalidOperation:
        ends = re.fullmatch(r"\s*(-?[\d.]+)\s*-\s*(-?[\d.]+)\s*", printed)
        return (Decimal(ends[1]), Decimal(ends[2])) if ends else (Decimal("NaN"), None)


def value_of(figure: Figure) -> Value:
    """Return the ends of a figure's value."""
    return (figure.amount, None) if figure.amount is not None else (figure.low or Decimal(0), figure.high)


def values_agree(gold: Row, figure: Figure) -> bool:
    """Return whether the values agree by the rules in the module's docstring."""
    one, other = gold_value(gold["value"]), value_of(figure)
    if (one[1] is None) != (other[1] is None) or one[0].is_nan():
        return False
    pairs = zip(*(sorted(end for end in ends if end is not None) for ends in (one, other)), strict=True)
    return all(abs(a - b) <= abs(a) / 10000 or a == b + 1 for a, b in pairs)


CURRENCY = {
    "dollar": "USD", "united states dollar": "USD", "australian dollar": "AUD", "canadian dollar": "CAD",
    "hong kong dollar": "HKD", "new zealand dollar": "NZD", "singapore dollar": "SGD", "pound sterling": "GBP",
    "euro": "EUR", "japanese yen": "JPY", "yen": "JPY", "chinese yuan": "CNY", "yuan": "CNY", "shekel": "ILS",
    "danish krone": "DKK", "swedish krona": "SEK", "norwegian krone": "NOK", "malaysian ringgit": "MYR",
    "croatian kuna": "HRK", "indian rupee": "INR", "south korean won": "KRW", "won": "KRW", "swiss franc": "CHF",
    "russian ruble": "RUB",
}  # fmt: skip
SAME = {
    "percentage": "percent", "people": "person", "count": "times", "pound mass": "pound",
    "foot pound force": "pound foot", "revolutions per minute": "revolution per minute",
    "parts per billion": "part per billion", "parts per million": "part per million",
}  # fmt: skip


def gold_unit(unit: str) -> str:
    """Return a gold unit in the form of our units."""
    name = re.sub(r"metre\b", "meter", unit.lower().replace("-", " ").replace("litre", "liter")).strip()
    name = SAME.get(name, name)
    money = CURRENCY.get(re.split(r" per ", name)[0])
    return money or name


def units_agree(gold: Row, figure: Figure) -> bool:
    """Return whether the units agree by the rules in the module's docstring."""
    wanted = gold_unit(gold["normalized_unit"])
    ours = figure.currency or (figure.unit or "").replace("_", " ")
    if gold["normalized_unit"] in ("-", ""):
        return ours in ("", "year of age", "score")
    if wanted.startswith("%"):
        return ours in ("ratio", "percent")
    if wanted == "age":
        return ours in ("", "year of age")
    heads = {wanted, re.split(r" of | per ", wanted)[0].strip().split(" ")[-1]}
    heads |= {head[:-1] for head in heads if head.endswith("s")}
    return ours in heads


def measure_speed(folder: Path) -> None:
    """Print sentences and characters per second of processor time on one core."""
    english = [row["text"] for file in folder.glob("newsquant*.json") for row in json.loads(file.read_text("utf-8"))]
    korean = [row[1] for file in folder.glob("klue-ner*.tsv") for row in read_klue(file) if "wikitree" in row[0]]
    for title, sentences in (("English", english), ("Korean", korean)):
        best = min(processor_seconds(sentences) for _ in range(7))
        characters = sum(map(len, sentences))
        print(f"speed, {title}: {len(sentences) / best:,.0f} sentences/s, {characters / best:,.0f} characters/s")
        if title == "English":
            record_score("English figures, sentences a second", len(sentences) / best)


def processor_seconds(texts: list[str]) -> float:
    """Return the processor time of reading the texts, in seconds."""
    started = time.process_time()
    for text in texts:
        find_figures(text)
    return time.process_time() - started


RUNS = (
    *(
        "1,",
        "9",
        "억",
        "십",
        "수",
        " - ",
        "1-",
        "1~",
        "1 ",
        "1 to ",
        "한 ",
        "한두",
        "두 명 ",
        "1억 ",
        "1만",
        "천만",
        "만",
        "천",
        "일",
    ),
    *(
        "$",
        "$1 ",
        "US$",
        "(",
        "“",
        "'",
        ".",
        ".1",
        "1.",
        "one ",
        "one-",
        "one hundred ",
        "million ",
        "half a ",
        "a dozen ",
    ),
    *(
        "dozens of ",
        "May ",
        "March 1 ",
        "1월",
        "1월 1일 ",
        "2023-",
        "2023년 ",
        "지난 ",
        "오전 ",
        "1시 ",
        "1시간 ",
        "1년 ",
        "약 ",
    ),
    *(
        "more than ",
        "up by about ",
        "%",
        "1% ",
        "1%포인트",
        "3분의 ",
        "1대 ",
        "１",
        "\u200f",
        "\u200f1",
        "명",
        "1명",
        "\u1112",
    ),
    *(
        "\u1112\u1161\u11ab ",
        "A1",
        "a-1",
        "1a",
        "1:",
        "1/",
        "between 1 and ",
        "5 per ",
        "miles per ",
        "1 mile per ",
        "\n",
    ),
    *("\r\n1", "하루 ", "여", "1여 ", "~", "–", "\u00a0"),
)


def measure_growth() -> None:
    """Print the slowest repeated texts of one megabyte, and how their time grew from a quarter of that size."""
    rows = []
    for run in RUNS:
        whole = run * (1_000_000 // len(run.encode()))
        quarter = processor_seconds([whole[: len(whole) // 4]])
        full = processor_seconds([whole])
        rows.append((full, full / max(quarter, 1e-6), run))
    rows.sort(reverse=True)
    print(f"adversarial runs of 1 MB: {len(rows)}, slowest {rows[0][0]:.2f} s; growth from 0.25 MB (4 is linear):")
    for full, growth, run in rows[:8]:
        print(f"  {run!r}: {full:.2f} s, {growth:.1f} times")

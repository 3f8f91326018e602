"""Score English attributions on PolNeAR's development articles, and measure their speed.

The given folder contains polnear-dev/, which is never copied here. Articles are numbered in the order of their file
names: rules are written with the even ones in view, the odd ones are only scored. If several annotators read one
article, the first file by name counts.

Matching: proposals with the same cue are one attribution (a split quotation). A proposed and a gold attribution may
match if their contents share a character. Pairs are taken greedily, largest overlap (shared characters over those of
both) first, each attribution at most once. `match` is P, R and F1 of that. `quoted` is the recall of gold attributions
whose content contains a double quotation mark. `characters` compares the characters of all contents pooled by article.
`speaker` is the share of matched pairs with a gold source whose speaker's words share a character with it. The exact
lines require that the spans of matched pairs are the same set of characters, except blanks and punctuation at their
ends; P and R count all spans of that kind.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from claimledger.models import Span
from claimledger.spotting.english import English, StatementScope
from scores.bars import record_score

Characters = frozenset[int]
KINDS = ("Source", "Cue", "Content")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution as sets of characters by kind."""

    spans: Mapping[str, Characters]

    def overlap(self, other: Attribution) -> float:
        """Return the shared characters of both contents divided by all their characters."""
        mine, theirs = self.spans["Content"], other.spans["Content"]
        shared = len(mine & theirs)
        return shared / (len(mine) + len(theirs) - shared) if shared else 0.0


@dataclass
class Counts:
    """Counts over articles."""

    proposed: int = 0
    gold: int = 0
    matched: int = 0
    quoted: int = 0
    quoted_found: int = 0
    sourced: int = 0
    speaker: int = 0
    characters: list[int] = field(default_factory=lambda: [0, 0, 0])
    exact: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0, 0] for kind in KINDS})


def report_on(folder: Path, *, parser: bool) -> None:
    """Print the scores on the articles in `folder`, read with or without the dependency parser."""
    language = English(parser=parser, scope=StatementScope.ALL)
    halves = {"even": Counts(), "odd": Counts(), "both": Counts()}
    for number, (text, gold) in enumerate(read_articles(folder / "polnear-dev")):
        ours = propose(language, text)
        pairs = match(ours, gold)
        for name in (("even", "odd")[number % 2], "both"):
            count(halves[name], ours, gold, pairs, text)
    print("Measurement on real text: PolNeAR's development articles")
    for name, counts in halves.items():
        print(f"{name}: {report(counts)}")
    both = halves["both"]
    precision, recall = both.matched / max(both.proposed, 1), both.matched / max(both.gold, 1)
    mean = 2 * precision * recall / max(precision + recall, 1e-9)
    record_score(f"PolNeAR {'with the' if parser else 'without a'} parser, match F1", mean)
    record_score("PolNeAR, recall of quoted", both.quoted_found / max(both.quoted, 1))
    if not parser:
        measure_speed(language, folder / "polnear-dev")


def read_articles(folder: Path) -> Iterator[tuple[str, list[Attribution]]]:
    """Yield each article's text and its gold attributions."""
    for file in sorted((folder / "text").glob("*.txt")):
        text = file.read_bytes().decode("utf-8")
        standoff = min((folder / "attributions").glob(f"{file.stem}_*.ann"))
        yield text, read_standoff(text, standoff.read_bytes().decode("utf-8"))


def read_standoff(text: str, lines: str) -> list[Attribution]:
    """Return the attributions of a brat file."""
    ranges: dict[str, Characters] = {}
    events = []
    for line in lines.split("\n"):
        name, _, rest = line.partition("\t")
        if name.startswith("T"):
            places = rest.split("\t")[0].split(" ", 1)[1]
            spans = [tuple(map(int, place.split())) for place in places.split(";")]
            ranges[name] = frozenset(at for start, end in spans for at in trim(text, start, end))
        elif name.startswith("E"):
            events.append([part.split(":") for part in rest.split()])
    found = []
    for event in events:
        kinds: dict[str, set[int]] = defaultdict(set)
        for kind, name in event:
            kinds[kind.rstrip("0123456789")] |= ranges.get(name, frozenset())
        found.append(Attribution({kind: frozenset(kinds[kind]) for kind in KINDS}))
    return [attribution for attribution in found if attribution.spans["Content"]]


def trim(text: str, start: int, end: int) -> range:
    """Return a span without blanks and punctuation at its ends. Quotation marks stay."""
    while start < end and text[start] in " \n\t\r,.;:–—-":
        start += 1
    while start < end and text[end - 1] in " \n\t\r,.;:–—-":
        end -= 1
    return range(start, end)


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the lines that are not blank."""
    for line in re.finditer(r"[^\n]*\S[^\n]*", text):
        yield Span(start=line.start(), end=line.end())


def propose(language: English, text: str) -> list[Attribution]:
    """Return the attributions that the language module finds. Statements with one cue are one attribution."""
    merged: dict[object, dict[str, set[int]]] = {}
    for paragraph in paragraphs(text):
        for number, draft in enumerate(language.drafts(text, language.sentences(text, paragraph))):
            kinds = merged.setdefault(draft.cue or (paragraph.start, number, "no cue"), defaultdict(set))
            for kind, span in (("Content", draft.content), ("Cue", draft.cue), ("Source", draft.source)):
                if span:
                    kinds[kind].update(trim(text, *span))
    return [Attribution({kind: frozenset(kinds[kind]) for kind in KINDS}) for kinds in merged.values()]


def match(ours: list[Attribution], gold: list[Attribution]) -> list[tuple[int, int]]:
    """Return pairs of proposed and gold attributions, the largest overlap first, each at most once."""
    edges = [(mine.overlap(theirs), i, j) for i, mine in enumerate(ours) for j, theirs in enumerate(gold)]
    pairs: list[tuple[int, int]] = []
    left, right = set(), set()
    for overlap, i, j in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        if overlap and i not in left and j not in right:
            pairs.append((i, j))
            left.add(i)
            right.add(j)
    return pairs


def count(
    counts: Counts, ours: list[Attribution], gold: list[Attribution], pairs: list[tuple[int, int]], text: str
) -> None:
    """Add one article to the counts."""
    found = {j for _, j in pairs}
    counts.proposed += len(ours)
    counts.gold += len(gold)
    counts.matched += len(pairs)
    quoted = [j for j, one in enumerate(gold) if has_quotation_mark(text, one)]
    counts.quoted += len(quoted)
    counts.quoted_found += sum(j in found for j in quoted)
    sourced = [(i, j) for i, j in pairs if gold[j].spans["Source"]]
    counts.sourced += len(sourced)
    counts.speaker += sum(bool(ours[i].spans["Source"] & gold[j].spans["Source"]) for i, j in sourced)
    mine, theirs = all_characters(ours), all_characters(gold)
    for place, number in enumerate((len(mine & theirs), len(mine), len(theirs))):
        counts.characters[place] += number
    for kind in KINDS:
        same = sum(ours[i].spans[kind] == gold[j].spans[kind] != frozenset() for i, j in pairs)
        for place, number in enumerate((same, count_having(ours, kind), count_having(gold, kind))):
            counts.exact[kind][place] += number


def has_quotation_mark(text: str, attribution: Attribution) -> bool:
    """Return whether the content contains a double quotation mark, or two single ones."""
    content = "".join(text[at] for at in sorted(attribution.spans["Content"]))
    return bool(re.search("[“”\"]|''|``", content))


def all_characters(attributions: list[Attribution]) -> set[int]:
    """Return the characters of all contents."""
    return set().union(*(one.spans["Content"] for one in attributions))


def count_having(attributions: list[Attribution], kind: str) -> int:
    """Return the number of attributions with such a span."""
    return sum(bool(one.spans[kind]) for one in attributions)


def f1(same: int, proposed: int, gold: int) -> str:
    """Return precision, recall and F1 as one string."""
    precision, recall = same / max(proposed, 1), same / max(gold, 1)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


def report(counts: Counts) -> str:
    """Return all scores as lines."""
    lines = [
        f"{counts.gold} gold, {counts.proposed} proposed",
        f"match      {f1(counts.matched, counts.proposed, counts.gold)}",
        f"quoted     R {counts.quoted_found / max(counts.quoted, 1):.3f} ({counts.quoted})",
        f"characters {f1(*counts.characters)}",
        f"speaker    {counts.speaker / max(counts.sourced, 1):.3f} of {counts.sourced}",
    ]
    lines += [f"exact {kind.lower():<8} {f1(*counts.exact[kind])}" for kind in KINDS]
    return "\n  ".join(lines)


def show(text: str, ours: list[Attribution], gold: list[Attribution], pairs: list[tuple[int, int]]) -> None:
    """Print the inexact matches (~), the wrong proposals (+) and the missed attributions (-)."""
    for i, j in pairs:
        if any(ours[i].spans[kind] != gold[j].spans[kind] for kind in KINDS):
            print(f"~ {format_attribution(text, ours[i])}\n  {format_attribution(text, gold[j])}")
    for i in sorted(set(range(len(ours))) - {i for i, _ in pairs}):
        print(f"+ {format_attribution(text, ours[i])}")
    for j in sorted(set(range(len(gold))) - {j for _, j in pairs}):
        print(f"- {format_attribution(text, gold[j])}")


def format_attribution(text: str, attribution: Attribution) -> str:
    """Return an attribution as one line."""
    parts = ("".join(text[at] for at in sorted(attribution.spans[kind])).replace("\n", " ") for kind in KINDS)
    return "[{}] <{}> {{{}}}".format(*parts)


def measure_speed(language: English, folder: Path) -> None:
    """Print the sentences per second over all articles."""
    work = [(text, language.sentences(text, one)) for text, _ in read_articles(folder) for one in paragraphs(text)]
    total = sum(len(sentences) for _, sentences in work)
    began = time.perf_counter()
    for text, sentences in work:
        language.reported(text, sentences)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    for text, sentences in work:
        for sentence in sentences:
            language.may_report(text[sentence.start : sentence.end])
    print(f"{total} sentences: whole {total / whole:,.0f}/s, hint {total / (time.perf_counter() - began):,.0f}/s")

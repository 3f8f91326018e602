"""Score values, units and speakers on sentences of Korean news that people annotated by hand.

The given file has one JSON object a sentence, with `text`, `figures` and `statements`, and is never copied here. Nobody
wrote its sentences for the rules, so these scores are measurements. Only totals are printed; `lists` adds each error.

A figure belongs to the annotated one that it overlaps most, one to one. Amounts are the same within one part in a
thousand; ranges need both ends. An annotated unit may have alternatives, and no unit counts as "number". A statement is
found if candidates other than narration cover half of it. Names are compared without spaces, marks, brackets, 씨 and
측. Errors are counted in two groups: something wrong that the program states, and something that it does not find.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from claimledger.spotting import candidate_to_json, spot_text
from scores.bars import record_score

Row = Mapping[str, Any]
HUGE = Decimal(10) ** 12
"""An amount from which a wrong one is counted apart."""
_NEAR = 1000
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MARKS = re.compile(r"[\s'\"‘’“”`·]")
_SUFFIX = re.compile(r"(?:씨|측)$")
_ORDER = ("right", "with more words", "cut short", "missing", "another name", "name where none is printed")
_WRONG = frozenset(("another name", "name where none is printed", "cut short"))


class Error(NamedTuple):
    """One disagreement."""

    kind: str
    sentence: str
    expected: object
    found: object


class Tally:
    """The counts of one run, and its errors."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.counts: Counter[str] = Counter()
        self.errors: list[Error] = []

    def add(self, kind: str, sentence: str, expected: object = None, found: object = None) -> None:
        """Count an error."""
        self.counts[kind] += 1
        self.errors.append(Error(kind, sentence, expected, found))

    def share(self, part: str, whole: int) -> str:
        """Return a count, of how many, as a share."""
        return f"{self.counts[part]} of {whole} ({self.counts[part] / max(whole, 1):.3f})"


def report(file: Path, *, lists: bool = False) -> None:
    """Print the scores of the sentences alone, and of their speakers after the sentence before them."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    alone, joined = Tally(), Tally()
    before = ""
    for row in rows:
        candidates = spot(row["text"])
        score_figures(row, candidates, alone)
        score_statements(row, candidates, alone)
        head = f"{before} " if before else ""
        named = {
            **row, "statements": [one for one in row["statements"] if one["speaker_text"]], "all": row["statements"]
        }  # fmt: skip
        score_statements(named, spot(head + row["text"], len(head)), joined)
        before = row["text"]
    print(f"Measurement on real text: {len(rows)} sentences of {file.name}")
    print_figures(alone)
    print_speakers("speakers, each sentence alone", alone)
    print_speakers("speakers, after an unrelated sentence", joined)
    for error in sorted((*alone.errors, *joined.errors), key=lambda one: one[:2]) if lists else ():
        print("\t".join(map(str, error)))


def spot(text: str, offset: int = 0) -> list[dict[str, Any]]:
    """Return the candidates of a text after an offset, with positions relative to it."""
    rows = [candidate_to_json(found) for found in spot_text(text)]
    for row in rows:
        for one in (row, *row["figures"]):
            one["start"], one["end"] = one["start"] - offset, one["end"] - offset
    return [row for row in rows if row["end"] > 0]


def overlap(one: Row, other: Row) -> int:
    """Return the number of code points that two passages share."""
    return int(max(0, min(one["end"], other["end"]) - max(one["start"], other["start"])))


def match(gold: Sequence[Row], found: Sequence[Row]) -> dict[int, int]:
    """Return the index of the found passage for each annotated one, one to one, the largest overlap first."""
    edges = [(overlap(one, other), at, to) for at, one in enumerate(gold) for to, other in enumerate(found)]
    pairs: dict[int, int] = {}
    for size, at, to in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        if size and at not in pairs and to not in pairs.values():
            pairs[at] = to
    return pairs


def is_same(one: str | None, other: str | None) -> bool:
    """Return whether two numbers are the same within one part in a thousand.

    >>> is_same("1000", "1000.5"), is_same("1", None), is_same(None, None)
    (True, False, True)
    """
    if one is None or other is None:
        return one is other
    return abs(Decimal(one) - Decimal(other)) <= abs(Decimal(other)) / _NEAR


def is_amount_right(gold: Row, found: Row) -> bool:
    """Return whether a figure has the annotated amount, or both ends of the annotated range."""
    if gold["low"] is not None or gold["high"] is not None:
        return is_same(found["low"], gold["low"]) and is_same(found["high"], gold["high"])
    amounts = [gold["amount"], *([gold["alt"]["amount"]] if "alt" in gold else [])]
    return any(is_same(found["amount"], amount) for amount in amounts)


def is_unit_right(gold: Row, found: Row) -> bool:
    """Return whether a figure has the annotated unit or one of its alternatives."""
    wanted = {*(gold["unit"] or "number").split("|"), *([gold["alt"]["unit"]] if "alt" in gold else [])}
    return (found["currency"] or found["unit"] or "number") in wanted


def score_figures(row: Row, candidates: Sequence[Row], tally: Tally) -> None:
    """Count the figures of one sentence."""
    figures = {(one["start"], one["end"]): one for row in candidates for one in row["figures"] if one["start"] >= 0}
    found = [figures[place] for place in sorted(figures)]
    pairs = match(row["figures"], found)
    for at, gold in enumerate(row["figures"]):
        is_required = gold["is_quantity"] and not gold["optional"]
        tally.counts["required"] += is_required
        if at in pairs:
            tally.counts["required found"] += is_required
            compare_figure(row["id"], gold, found[pairs[at]], tally)
        elif is_required:
            tally.add("figure missed", row["id"], gold["text"])
    for to, figure in enumerate(found):
        if to not in pairs.values() and not any(overlap(gold, figure) for gold in row["figures"]):
            tally.add("figure where none is", row["id"], None, figure["text"])
            note_huge(row["id"], figure, tally)


def compare_figure(sentence: str, gold: Row, figure: Row, tally: Tally) -> None:
    """Count whether a figure has the annotated amount and unit."""
    if gold["kind"] in ("name", "score"):
        if gold["kind"] == "name":
            tally.add("name read as a quantity", sentence, gold["text"], figure["text"])
        return
    group = "quantities" if gold["is_quantity"] else "ordinals and decades"
    tally.counts[group] += 1
    for part, is_right in (("amount", is_amount_right(gold, figure)), ("unit", is_unit_right(gold, figure))):
        if is_right:
            tally.counts[f"{group}, {part} right"] += 1
        else:
            expected = (gold["text"], gold["amount"] or gold["low"], gold["unit"])
            tally.add(f"{group}, {part} wrong", sentence, expected, (figure["text"], figure["amount"], figure["unit"]))
    if not is_amount_right(gold, figure):
        note_huge(sentence, figure, tally)


def note_huge(sentence: str, figure: Row, tally: Tally) -> None:
    """Count a wrong figure if its amount is huge."""
    if any(Decimal(figure[part] or 0) >= HUGE for part in ("amount", "high")):
        tally.add("huge amount wrong", sentence, None, (figure["text"], figure["amount"]))


def bare(name: str | None) -> str:
    """Return a name without spaces, marks, brackets, 씨 and 측.

    >>> bare("김 하나(42) 씨")
    '김하나'
    """
    return _SUFFIX.sub("", _MARKS.sub("", _BRACKETS.sub("", name or "")))


def judge_speaker(gold: Row, speaker: Row | None) -> str:
    """Return how a speaker agrees with the annotated one."""
    name = bare(speaker["name"]) if speaker else ""
    phrase = bare(gold["speaker_text"])
    names = [bare(one) for one in (gold["speaker_name"] or "").split("|") if one]
    if not phrase or (names == ["보도"] and not name):
        return "name where none is printed" if name else "right"
    if not names:
        return _judge_description(phrase, speaker, name)
    if not name:
        is_anonymous = speaker is not None and speaker["is_anonymous"] and gold["kind"] == "anonymous"
        return "right" if is_anonymous else "missing"
    if name in names:
        return "right"
    if any(one in name for one in names):
        return "with more words"
    return "cut short" if any(name in one for one in names) else "another name"


def _judge_description(phrase: str, speaker: Row | None, name: str) -> str:
    """Return how a speaker agrees with a pronoun or a person without a name."""
    if speaker is None:
        return "missing"
    return "right" if not name or name in phrase or phrase in name else "another name"


def score_statements(row: Row, candidates: Sequence[Row], tally: Tally) -> None:
    """Count the statements of one sentence, and their speakers."""
    spoken = [one for one in candidates if one["attribution"]["mode"] != "narration"]
    for gold in row["statements"]:
        if gold["optional"]:
            continue
        tally.counts["statements"] += 1
        near = near_statements(gold, spoken)
        if not near:
            tally.add("statement missed", row["id"], gold["text"])
            continue
        tally.counts["statements found"] += 1
        verdict, name = choose_verdict(gold, near)
        if verdict in _WRONG and is_nested(gold, row["statements"], near):
            verdict = "missing"
        if verdict == "right":
            tally.counts[f"speaker, {verdict}"] += 1
        else:
            tally.add(f"speaker, {verdict}", row["id"], gold["speaker_text"], name)
    for one in spoken:
        if one["start"] >= 0 and not any(overlap(gold, one) for gold in row.get("all", row["statements"])):
            tally.add("statement where none is", row["id"], None, one["quote"])


def near_statements(gold: Row, spoken: Sequence[Row]) -> list[Row]:
    """Return the candidates that cover half of a statement, alone or together."""
    size = gold["end"] - gold["start"]
    whole = [one for one in spoken if 2 * overlap(gold, one) >= size]
    pieces = [one for one in spoken if overlap(gold, one)]
    return whole or (pieces if 2 * sum(overlap(gold, one) for one in pieces) >= size else [])


def choose_verdict(gold: Row, near: Sequence[Row]) -> tuple[str, str | None]:
    """Return the best verdict if one candidate covers the statement, else the worst one, with the name."""
    size = gold["end"] - gold["start"]
    choose = min if any(2 * overlap(gold, one) >= size for one in near) else max
    judged = [(judge_speaker(gold, one["speaker"]), (one["speaker"] or {}).get("name")) for one in near]
    return choose(judged, key=lambda pair: _ORDER.index(pair[0]))


def is_nested(gold: Row, statements: Sequence[Row], near: Sequence[Row]) -> bool:
    """Return whether the program names the other source of two statements, one inside the other."""
    others = [other for other in statements if other is not gold and overlap(other, gold)]
    return any(judge_speaker(other, one["speaker"]) in _ORDER[:2] for other in others for one in near)


def print_figures(tally: Tally) -> None:
    """Print the scores of figures: right, confident and wrong, missing."""
    counts = tally.counts
    for group in ("quantities", "ordinals and decades"):
        shares = (f"{part} {tally.share(f'{group}, {part} right', counts[group])}" for part in ("amount", "unit"))
        print(f"  {group}: right {', '.join(shares)}")
    wrong = ("quantities, amount wrong", "quantities, unit wrong", "ordinals and decades, amount wrong",
             "ordinals and decades, unit wrong", "name read as a quantity", "figure where none is",
             "huge amount wrong")  # fmt: skip
    print(f"    confident and wrong: {_format_counts(counts, wrong)}")
    print(f"    missing: {counts['figure missed']} of {counts['required']}")
    record_score("Korean news, amounts right", counts["quantities, amount right"] / max(counts["quantities"], 1))
    record_score("Korean news, units right", counts["quantities, unit right"] / max(counts["quantities"], 1))
    record_score("Korean news, huge amounts wrong", counts["huge amount wrong"])


def print_speakers(title: str, tally: Tally) -> None:
    """Print the scores of speakers: right, confident and wrong, missing."""
    counts = tally.counts
    right = counts["speaker, right"] + counts["speaker, with more words"]
    whole = max(counts["statements"], 1)
    print(f"  {title}: right {right} of {whole} ({right / whole:.3f}), {counts['speaker, with more words']} wordy")
    wrong = tuple(f"speaker, {kind}" for kind in _ORDER if kind in _WRONG)
    print(f"    confident and wrong: {_format_counts(counts, (*wrong, 'statement where none is'))}")
    print(f"    missing: {_format_counts(counts, ('statement missed', 'speaker, missing'))}")
    name = "single" if "alone" in title else "joined"
    if name == "single":
        record_score("Korean news, right speakers", right / whole)
    record_score(f"Korean news, another's name, {name}", counts["speaker, another name"])


def _format_counts(counts: Mapping[str, int], kinds: Sequence[str]) -> str:
    return "; ".join(_parts(counts, kinds))


def _parts(counts: Mapping[str, int], kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        yield f"{kind} {counts[kind]}"

"""A claim's statements against its quantities, against its passages, and against each other.

In: a claim's quantities as `Said`, and the readings of its statements. Out: problems. The invariant: one slip makes
one problem: what was held against a quantity is not held against the other statement again. It must not know how a
passage is found, nor dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from claimledger.agreement.figure_comparison import (
    Slip,
    fits,
    is_bounded_alike,
    is_other_side,
    is_rounded,
    is_same,
    power_of_ten,
    slip,
)  # fmt: skip
from claimledger.agreement.figure_meaning import COUNT, MONEY, Reading, Said, read_words
from claimledger.agreement.word_lists import AROUND, BOUNDING, LOWER, SIDING, UPPER
from claimledger.counting import item
from claimledger.errors import Problem
from claimledger.messages import NOTHING, Message, Value
from claimledger.vocabulary import Direction

IsPrinted = Callable[[Said], bool | None]
"""Whether a passage of the claim has a figure; none when no passage is at hand."""
_AROUND = 40
"""So many code points before and after a figure are looked at for words that bound it."""
_LEAST_TELLING = 2
"""A count up to this is often a word and no figure: 두 도시, one of them."""


@dataclass(slots=True)
class Matched:
    """How the figures of one statement fall to the claim's quantities."""

    language: str
    reading: Reading
    pairs: list[tuple[int, Said]] = field(default_factory=list)
    """Index of a quantity, and a figure of the statement that gives it."""
    slips: list[tuple[int, Said, Slip]] = field(default_factory=list)
    """Index of a quantity, the figure that is likely meant to give it, and how it differs."""
    left: list[Said] = field(default_factory=list)
    """Figures that no quantity has."""
    words: list[Said] = field(default_factory=list)
    """Numbers said in other words that no quantity has."""
    lacking: list[int] = field(default_factory=list)
    """Indices of quantities that the statement leaves out."""

    @property
    def path(self) -> str:
        """The statement's field."""
        return f"statement.{self.language}"

    def given(self, index: int) -> list[Said]:
        """Return the figures that give a quantity."""
        return [said for at, said in self.pairs if at == index]


def problems_of(quantities: Sequence[Said], readings: dict[str, Reading], is_printed: IsPrinted) -> Iterator[Problem]:
    """Yield what differs between statements and quantities, then between the statements."""
    matches = [_matched(language, reading, quantities) for language, reading in readings.items()]
    for match in matches:
        if match.slips:
            yield from _slips(match, quantities)
        yield from _bounds(match, quantities)
        if match.left:
            yield from _unaccounted(match, quantities, is_printed)
    if any(match.lacking for match in matches):
        yield from _missing(matches, quantities)
    if len(matches) > 1:
        yield from _sides(matches[0], matches[1], quantities)
        if matches[0].left or matches[1].left:
            yield from _between(matches[0], matches[1])


def _matched(language: str, reading: Reading, quantities: Sequence[Said]) -> Matched:
    match = Matched(language, reading)
    for said in reading.said:
        _place(match, said, quantities)
    given = {index for index, _ in match.pairs}
    if len(given) == len(quantities):
        return match
    _take_words(match, quantities)
    given = {index for index, _ in match.pairs}
    match.lacking = [index for index in range(len(quantities)) if index not in given]
    _find_slips(match, match.left, quantities)
    _find_slips(match, [word for word in match.words if word.unit == "times"], quantities)
    return match


def _place(match: Matched, said: Said, quantities: Sequence[Said]) -> None:
    """Give a figure to the quantity it is most like, or leave it."""
    found = [index for index, meant in enumerate(quantities) if is_same(said, meant)]
    if not found and said.comparator is not None:
        found = [index for index, meant in enumerate(quantities) if is_rounded(said, meant)]
    if not found and said.raw is None and (ends := _ends(said, quantities)):
        match.pairs += ends
        return
    if len(found) > 1:
        found.sort(key=lambda index: _unlikeness(said, quantities[index]))
        taken = {index for index, _ in match.pairs}
        found = [index for index in found if index not in taken] or found
    if found:
        match.pairs.append((found[0], said))
    else:
        match.left.append(said)


def _ends(said: Said, quantities: Sequence[Said]) -> list[tuple[int, Said]]:
    """Return the two quantities that a range names as its ends: from 5.2 % to 3.8 %."""
    halves = [said._replace(low=end, high=end, comparator=None, direction=None) for end in (said.low, said.high)]
    found = [(index, half) for half in halves for index, meant in enumerate(quantities) if is_same(half, meant)]
    return found if len({index for index, _ in found}) > 1 else []


def _unlikeness(said: Said, meant: Said) -> tuple[bool, bool, bool]:
    return (
        said.dimension != meant.dimension,
        is_other_side(said.direction, meant.direction),
        said.comparator != meant.comparator,
    )


def _take_words(match: Matched, quantities: Sequence[Said]) -> None:
    """Match what is still lacking with numbers said in other words: doubled, three in four, 10%에서 12% 사이."""
    given = {index for index, _ in match.pairs}
    lacking = [index for index in range(len(quantities)) if index not in given]
    for word in read_words(match.reading.text):
        found = [index for index in lacking if is_same(word, quantities[index])]
        match.pairs += [(index, word) for index in found]
        if found:
            match.left = [said for said in match.left if said.end <= word.start or word.end <= said.start]
        else:
            match.words.append(word)
    for index in lacking:
        meant = quantities[index]
        if meant.raw is None and (ends := _both_ends(meant, match.left)):
            match.pairs.append((index, meant))
            match.left = [said for said in match.left if said not in ends]


def _both_ends(meant: Said, left: Sequence[Said]) -> list[Said]:
    """Return the figures that are the two ends of a range."""
    halves = [meant._replace(low=end, high=end) for end in (meant.low, meant.high)]
    ends = [next((said for said in left if is_same(said, half)), None) for half in halves]
    return [said for said in ends if said] if all(ends) else []


def _find_slips(match: Matched, left: list[Said], quantities: Sequence[Said]) -> None:
    """Tie each figure left to the quantity it is likely meant to give, the surest tie first."""
    for wanted in (Slip.SCALE, Slip.CURRENCY, Slip.UNIT, Slip.NUMBER):
        for said in list(left):
            for index in match.lacking:
                if slip(said, quantities[index]) is wanted:
                    match.slips.append((index, said, wanted))
                    left.remove(said)
                    match.lacking.remove(index)
                    break


def shown(said: Said) -> Message:
    """Return a figure for a sentence: as printed, and in plain digits.

    >>> from claimledger.agreement.figure_meaning import read
    >>> shown(read("1.3 billion dollars").said[0]).text()
    "'1.3 billion dollars' (1,300,000,000 USD)"
    """
    if said.raw is None:
        return Message("figure/printed", text=said.text)
    return Message("figure", text=said.text, value=f"{said.raw:,f} {said.unit}".strip())


def _slips(match: Matched, quantities: Sequence[Said]) -> Iterator[Problem]:
    for index, said, way in match.slips:
        meant = quantities[index]
        if way is Slip.SCALE:
            yield Problem(
                "statement-scale-differs", field=match.path, said=shown(said), meant=shown(meant),
                power=power_of_ten(said, meant),
            )  # fmt: skip
        else:
            yield Problem(f"statement-{way}-differs", field=match.path, said=shown(said), meant=shown(meant))


def _bounds(match: Matched, quantities: Sequence[Said]) -> Iterator[Problem]:
    for index in sorted({index for index, said in match.pairs if not _is_told_alike(said, quantities[index])}):
        meant, given = quantities[index], match.given(index)
        if all(_is_bound_lost(said, meant, match.reading.text) for said in given):
            yield Problem("statement-comparator-differs", field=match.path, said=_bound(given[0]), meant=_bound(meant))
        if all(_is_turned(said, meant.direction, match.reading.text) for said in given):
            yield Problem(
                "statement-direction-differs", field=match.path, said=shown(given[0]),
                direction=meant.direction or NOTHING,
            )  # fmt: skip


def _is_told_alike(said: Said, meant: Said) -> bool:
    return said.comparator is meant.comparator and (meant.direction is None or said.direction is meant.direction)


def _bound(said: Said) -> Message:
    if said.comparator:
        return Message("figure/qualified", figure=shown(said), comparator=said.comparator)
    return Message("figure/exact", figure=shown(said))


def _is_bound_lost(said: Said, meant: Said, text: str) -> bool:
    if is_bounded_alike(said.comparator, meant.comparator) or not is_same(said, meant):
        return False
    if said.dimension in ("months", "seconds") and said.comparator in LOWER and meant.comparator is None:
        return False  # "over three years" is as often "during"
    comparator = meant.comparator
    return said.comparator is not None or comparator is None or not BOUNDING[comparator].search(_near(said, text))


def _near(said: Said, text: str) -> str:
    return text[max(0, said.start - _AROUND) : said.end + _AROUND]


def _is_turned(said: Said, side: Direction | None, text: str) -> bool:
    """Whether the figure lies on the other side; if the grammar read none, by the words around."""
    if side is None or said.direction is side:
        return False
    if said.direction is not None:
        return True
    other = Direction.BELOW if side is Direction.ABOVE else Direction.ABOVE
    near = _near(said, text)
    return bool(SIDING[other].search(near)) and not SIDING[side].search(text)


def _is_telling(said: Said) -> bool:
    """Whether a figure is surely one: money, a share, a measure; not a count, a length of time, "a kilo"."""
    dimension = said.dimension
    if not dimension or dimension.startswith(COUNT) or dimension in ("months", "seconds") or said.is_conversion:
        return False
    return said.raw != 1 or dimension in ("share", "points") or dimension.startswith(MONEY)


def _unaccounted(match: Matched, quantities: Sequence[Said], is_printed: IsPrinted) -> Iterator[Problem]:
    """Yield each figure that neither a quantity nor, when it is at hand, a passage has."""
    for said in list(match.left):
        is_telling = _is_telling(said)
        if said.is_numbering or not (is_telling or _is_large(said)):
            continue
        printed = is_printed(said)
        if printed or (printed is None and not (is_telling and quantities)):
            continue
        match.left.remove(said)
        near = next((meant for meant in quantities if fits(said, meant)), None)
        variant = "no-quantity" if printed is None else "nowhere"
        hint: Value = Message("nearest-quantity", figure=shown(near)) if near else ""
        yield Problem(f"statement-number-differs/{variant}", field=match.path, figure=shown(said), near=hint)


def _is_large(said: Said) -> bool:
    return said.raw is not None and abs(said.raw) > _LEAST_TELLING


def _missing(matches: Sequence[Matched], quantities: Sequence[Said]) -> Iterator[Problem]:
    for index, meant in enumerate(quantities):
        lacking = [match for match in matches if index in match.lacking]
        if not lacking or _may_be_left_out(meant):
            continue
        if _is_conversion(index, quantities):
            continue
        if len(lacking) == len(matches):
            yield Problem("statement-number-missing", field=item("quantities", index), figure=shown(meant))
            continue
        for match in lacking:
            yield Problem(f"statement-number-missing/{match.language}-lacks", field=match.path, figure=shown(meant))


def _may_be_left_out(meant: Said) -> bool:
    """Whether words say a figure without a numeral: a day later, the only one; or it is "thousands"."""
    return meant.raw is None or meant.raw in (0, 1) or meant.is_numbering


def _is_conversion(index: int, quantities: Sequence[Said]) -> bool:
    """Whether a sum of money stands right after another in another currency, or a measure after its like."""
    if not index:
        return False
    before, meant = quantities[index - 1], quantities[index]
    if meant.dimension.startswith(MONEY):
        return before.dimension.startswith(MONEY) and before.dimension != meant.dimension
    return before.dimension == meant.dimension and before.unit != meant.unit and is_same(before, meant)


def _sides(one: Matched, other: Matched, quantities: Sequence[Said]) -> Iterator[Problem]:
    """Yield where the statements take sides that the record leaves open."""
    for index, meant in enumerate(quantities):
        if meant.direction is None:
            yield from _opposed(one.given(index)[:1], other.given(index)[:1])


def _opposed(one: Sequence[Said], other: Sequence[Said]) -> Iterator[Problem]:
    for said in one:
        for also in other:
            if is_other_side(said.direction, also.direction):
                yield Problem(
                    "statements-differ-in-direction", field="statement", one=shown(said), other=shown(also),
                    one_direction=said.direction or NOTHING, other_direction=also.direction or NOTHING,
                )  # fmt: skip


def _between(one: Matched, other: Matched) -> Iterator[Problem]:
    """Yield how the figures that no quantity has differ between the two statements."""
    rest, others = [], list(other.left)
    for said in one.left:
        same = next((also for also in others if is_same(said, also)), None)
        if same is None:
            rest.append(said)
            continue
        others.remove(same)
        yield from _opposed([said], [same])
        if _is_bounded_otherwise(said, same, one.reading.text, other.reading.text):
            yield Problem("statements-differ-in-comparator", field="statement", one=_bound(said), other=_bound(same))
    for way, said, also in _pairs_of(rest, others):
        rest.remove(said)
        yield Problem(f"statements-differ-in-{way}", field="statement", one=shown(said), other=shown(also))
    for alone, match in ((rest, other), (others, one)):
        yield from _one_sided(alone, match)


def _one_sided(alone: Sequence[Said], other: Matched) -> Iterator[Problem]:
    """Yield each telling figure that the other statement has in no form."""
    for said in alone:
        if (
            said.is_numbering
            or not _is_telling(said)
            or any(is_same(said, also) for also in (*other.reading.said, *_words(other)))
        ):
            continue
        yield Problem(f"statements-differ-in-number/{other.language}-lacks", field=other.path, figure=shown(said))


def _words(match: Matched) -> Sequence[Said]:
    return read_words(match.reading.text)


def _pairs_of(rest: Sequence[Said], others: list[Said]) -> Iterator[tuple[Slip, Said, Said]]:
    for said in list(rest):
        ways = [(slip(said, also), also) for also in others]
        found = next(((way, also) for way, also in ways if way is not None), None)
        if found and not (said.is_numbering or found[1].is_numbering) and (_is_large(said) or _is_telling(said)):
            others.remove(found[1])
            yield found[0], said, found[1]


def _is_bounded_otherwise(one: Said, other: Said, one_text: str, other_text: str) -> bool:
    """Whether one statement bounds from below and the other from above, or one of them not at all."""
    pair = (one.comparator, other.comparator)
    if (pair[0] in LOWER and pair[1] in UPPER) or (pair[0] in UPPER and pair[1] in LOWER):
        return True
    for said, bare, text in ((one, other, other_text), (other, one, one_text)):
        comparator = said.comparator
        if comparator in AROUND or comparator is None or one.dimension in ("months", "seconds"):
            continue
        if bare.comparator is None and not BOUNDING[comparator].search(_near(bare, text)):
            return True
    return False

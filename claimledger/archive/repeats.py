"""Finds the candidates of an archive that repeat a checked claim, with the reasons.

A candidate repeats a claim if it has every figure of the claim, shares its names, and no date differs. One common
figure and one common name often meet by chance, so more must agree: `_is_certain` has the rule. What is not certain is
left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from claimledger.agreement.figure_comparison import is_same_figure
from claimledger.agreement.figure_meaning import COUNT, NormalizedFigure
from claimledger.archive.known_claims import FigureIndex, KnownClaim, claims_with_figures
from claimledger.archive.output_files import DOUBLED, read_manifest, table_path
from claimledger.archive.processes import run_tasks
from claimledger.desk_vocabulary import Likeness
from claimledger.earlier_claims import (
    ClaimComparison, LikenessReason, Profile, compare_profiles, distinctive_names, has_all_figures, profile_of_text,
)  # fmt: skip
from claimledger.earlier_claims.name_forms import find_names

_HANGUL = re.compile("[가-힣]")
_IS_COMMON = re.compile(r"\w-[a-z]|^(?:one|an?)\b", re.IGNORECASE)
"""Figures that name a kind of thing, such as "12-inch" or "33-year-old", and "one family", "a third"."""
_DAY = len("2031-04-03")
_PRECISE_COUNT, _PRECISE_MEASURE = 3, 2
_WORDS, _KOREAN_WORDS = 3, 2
"""The number of words that must agree; a Korean sentence has fewer, and each says more."""


class RepeatedClaim(NamedTuple):
    """A candidate of the archive that repeats a checked claim."""

    article_id: str
    """The article."""
    file: str
    """Its file in the source."""
    line: int
    """Its line or row in the file, counted from 1."""
    start: int
    """The start of the passage, in code points."""
    end: int
    """The end, exclusive."""
    quote: str
    """The passage."""
    claim: str
    """The claim's identifier, or the address of the review."""
    publisher: str
    """The publication that reviewed the claim; empty for a claim of the ledger."""
    verdict: str
    """The published verdict or the rating."""
    statement: str
    """The claim."""
    likeness: Likeness
    """The likeness: the same content, or the same figures."""
    reasons: tuple[LikenessReason, ...]
    """The figures, names and dates that agree."""


def find_repeats(out: Path, index: FigureIndex, jobs: int) -> Iterator[RepeatedClaim]:
    """Yield the repeated claims of an output folder, shard by shard."""
    doubled = _doubled_places(out)
    for found in run_tasks(partial(_find_in_shard, out, index), sorted(read_manifest(out)), jobs):
        yield from (one for one in found if (one.file, one.line) not in doubled)


def _doubled_places(out: Path) -> set[tuple[str, int]]:
    from pyarrow import parquet  # noqa: PLC0415  of an extra, and slow to import

    path = table_path(out, "set-aside", DOUBLED)
    return {(row["file"], row["line"]) for row in parquet.read_table(path).to_pylist()} if path.exists() else set()


def _find_in_shard(out: Path, index: FigureIndex, shard: str) -> list[RepeatedClaim]:
    from pyarrow import parquet  # noqa: PLC0415  of an extra, and slow to import

    figures: dict[tuple[str, int, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in parquet.read_table(table_path(out, "figures", shard)).to_pylist():
        figures[row["file"], row["line"], row["candidate"]].append(row)
    candidates = parquet.read_table(table_path(out, "candidates", shard)).to_pylist()
    return [
        found
        for row in candidates
        if (known := claims_with_figures(index, figures[row["file"], row["line"], row["number"]]))
        for found in repeated_claims(row, known)
    ]


def repeated_claims(row: Mapping[str, Any], known: Sequence[KnownClaim]) -> Iterator[RepeatedClaim]:
    """Yield the claims that a row of the table `candidates` repeats."""
    passage = profile_of_text(row["quote"])
    speaker = find_names(" ".join(filter(None, (row["speaker"], row["organization"]))))
    passage = passage._replace(names=passage.names | speaker)
    for claim in known:
        if not has_all_figures(claim.profile, passage):
            continue
        compared = compare_profiles(claim.profile, passage)
        if _is_certain(claim.profile, passage, compared):
            agreeing = tuple(reason for reason in compared.reasons if reason.agrees)
            yield RepeatedClaim(
                row["article_id"], row["file"], row["line"], row["start"], row["end"], row["quote"],
                claim.name, claim.publisher, claim.verdict, claim.statement, compared.likeness, agreeing,
            )  # fmt: skip


def _is_certain(claim: Profile, passage: Profile, compared: ClaimComparison) -> bool:
    """Return whether a passage repeats a claim for certain.

    It must have the claim's figures and one of its distinctive names. Besides, one figure must be rare, or two figures
    agree, or a complete date; and in one language some of the claim's words must be there.
    """
    if compared.likeness is Likeness.SAME:
        return True
    if compared.likeness is not Likeness.FIGURES or not distinctive_names(claim.names & passage.names):
        return False
    agreeing = [reason for reason in compared.reasons if reason.agrees]
    is_specific = (
        len({reason.known for reason in agreeing if reason.what == "figure" and not _IS_COMMON.search(reason.asked)})
        > 1
        or any(reason.what == "date" and len(reason.known) >= _DAY for reason in agreeing)
        or any(_is_rare(figure) and _is_exactly_in(figure, passage) for figure in claim.figures)
    )
    return is_specific and len(claim.words & passage.words) >= _words_needed(claim, passage)


def _is_exactly_in(figure: NormalizedFigure, passage: Profile) -> bool:
    """Return whether a passage has a figure without rounding it."""
    return any(is_same_figure(figure, other) for other in passage.figures)


def _is_rare(figure: NormalizedFigure) -> bool:
    """Return whether few other figures are like it: it has a unit and enough digits, without zeros at the end."""
    if not figure.dimension or _IS_COMMON.search(figure.text):
        return False
    digits = figure.raw.normalize().as_tuple().digits if figure.raw is not None else ()
    is_common = figure.dimension.startswith(COUNT) or figure.dimension in ("share", "months")
    return len(digits) >= (_PRECISE_COUNT if is_common else _PRECISE_MEASURE)


def _words_needed(claim: Profile, passage: Profile) -> int:
    """Return how many words must agree: none if the claim has no wording in the script of the passage."""
    is_korean, *_ = (bool(_HANGUL.search(text)) for text in passage.texts)
    is_shared = any(bool(_HANGUL.search(text)) is is_korean for text in claim.texts)
    return 0 if not is_shared else _KOREAN_WORDS if is_korean else _WORDS

"""Write candidates as a table for people, or as JSON Lines or CSV for programs.

Lines are written as candidates arrive, so that a long run shows progress. Offsets are code points of the text, decoded
as UTF-8 without newline translation. CSV uses the same words as JSON. This module does not know how candidates are
found.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Any, Protocol

from claimledger.quantities import Figure
from claimledger.spotting.candidates import Candidate


class CandidateFormat(StrEnum):
    """The output formats for candidates."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class Sink(Protocol):
    """An object that lines are written to."""

    def write(self, line: str, /) -> object:
        """Write a line."""


CANDIDATE_COLUMNS = (
    "file",
    "start",
    "end",
    "kind",
    "quote",
    "figures",
    "speaker",
    "role",
    "organization",
    "is_anonymous",
    "basis",
    "mode",
    "cue",
    "why",
)
"""The columns of the CSV format, in order."""
_FORMULA = ("=", "+", "-", "@", "\t")


def candidate_to_json(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as JSON values.

    >>> from claimledger.spotting.candidates import spot_text
    >>> row = candidate_to_json(spot_text("값이 2배로 뛰었다.")[0])
    >>> row["start"], row["end"], row["figures"][0]["amount"], row["speaker"]
    (0, 10, '2', None)
    """
    speaker = candidate.speaker
    return {
        "start": candidate.start,
        "end": candidate.end,
        "quote": candidate.quote,
        "kind": candidate.kind.value,
        "figures": [_figure_json(figure) for figure in candidate.figures],
        "speaker": None
        if speaker is None
        else {
            "name": speaker.name,
            "role": speaker.role,
            "organization": speaker.organization,
            "is_anonymous": speaker.is_anonymous,
            "basis": speaker.basis.value,
            "aliases": list(speaker.aliases),
        },
        "attribution": {"mode": candidate.mode.value, "cue": candidate.cue, "cue_class": candidate.cue_class},
        "why": candidate.why,
    }


def write_candidates(
    spotted: Iterable[tuple[str, Iterable[Candidate]]], sink: Sink, form: CandidateFormat, *, label: str = ""
) -> int:
    """Write candidates as they arrive, and return the number written.

    With a `label`, such as "file" or "state", the word given with the candidates is also written, under that name.
    """
    writer = _WRITERS[form](sink, label)
    count = 0
    for word, candidates in spotted:
        for candidate in candidates:
            writer(word if label else "", candidate)
            count += 1
    return count


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "start": figure.start,
        "end": figure.end,
        "amount": _amount_text(figure.amount),
        "unit": figure.unit,
        "currency": figure.currency,
        "comparator": figure.comparator.value if figure.comparator else None,
        "low": _amount_text(figure.low),
        "high": _amount_text(figure.high),
        "direction": figure.direction.value if figure.direction else None,
    }


def _amount_text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _jsonl_writer(sink: Sink, label: str) -> Callable[[str, Candidate], None]:
    def _write_row(word: str, candidate: Candidate) -> None:
        row = candidate_to_json(candidate)
        line = json.dumps({label: word, **row} if word else row, ensure_ascii=False)
        sink.write(line.encode("utf-8", "replace").decode() + "\n")

    return _write_row


def _csv_writer(sink: Sink, label: str) -> Callable[[str, Candidate], None]:
    sink.write("\ufeff" + _csv_line((label or CANDIDATE_COLUMNS[0], *CANDIDATE_COLUMNS[1:])))

    def _write_row(word: str, candidate: Candidate) -> None:
        row = candidate_to_json(candidate)
        speaker = row["speaker"] or {}
        figures = "; ".join(figure["text"] for figure in row["figures"])
        speaker_cells = (
            speaker.get("name"),
            speaker.get("role"),
            speaker.get("organization"),
            speaker.get("is_anonymous"),
            speaker.get("basis"),
        )
        sink.write(
            _csv_line(
                (
                    word,
                    row["start"],
                    row["end"],
                    row["kind"],
                    row["quote"],
                    figures,
                    *speaker_cells,
                    *list(row["attribution"].values())[:2],
                    row["why"],
                )
            )
        )

    return _write_row


def _csv_line(cells: Iterable[object]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(cell: object) -> object:
    """Return a cell that a spreadsheet reads as text, not as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA)
    return f"'{cell}" if is_formula else cell


def _table_writer(sink: Sink, _: str) -> Callable[[str, Candidate], None]:
    def _write_row(word: str, candidate: Candidate) -> None:
        where = f"{candidate.start}-{candidate.end}".ljust(11)
        figures = ", ".join(figure.text for figure in candidate.figures)
        cells = ((candidate.kind.value, 12), (_speaker_text(candidate), 26), (figures, 24), (candidate.quote, 60))
        row = "  ".join([where, *(_fit_width(cell, width) for cell, width in cells)]).rstrip()
        sink.write(f"{word}:{row}\n" if word else f"{row}\n")

    return _write_row


def _speaker_text(candidate: Candidate) -> str:
    if candidate.speaker is None:
        return "-"
    parts = [candidate.speaker.name, candidate.speaker.role or "", candidate.speaker.organization or ""]
    mark = "" if candidate.speaker.basis == "explicit" else f" ({candidate.speaker.basis.value})"
    others = [part for part in parts[1:] if part and part != parts[0] and part not in parts[0].split(" ")]
    return " ".join((parts[0], *others)) + mark


def _fit_width(text: str, cells: int) -> str:
    """Return a text cut or padded to a number of terminal cells; Hangul and Han characters take two."""
    kept: list[str] = []
    width = 0
    for sign in text.replace("\n", " "):
        size = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if width + size > cells - 1 and len(text) > len(kept) + 1:
            kept.append("…")
            width += 1
            break
        kept.append(sign)
        width += size
    return "".join(kept) + " " * max(cells - width, 0)


_WRITERS = {
    CandidateFormat.TABLE: _table_writer,
    CandidateFormat.JSONL: _jsonl_writer,
    CandidateFormat.CSV: _csv_writer,
}

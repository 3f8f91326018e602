"""Map the columns of an archive to the fields of an earlier check: draft a mapping, read one, and apply it to rows.

A mapping is a file of TOML that a person looks through. Ratings are taken verbatim. Each value that an earlier check
cannot contain unchanged has a note, and a row that cannot be taken has a note on the reason.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from claimledger.errors import LedgerError
from claimledger.foreign_reviews import review_values
from claimledger.foreign_reviews.check_tables import REVIEW_COLUMNS, ArchiveRow
from claimledger.foreign_reviews.import_notes import ImportNote
from claimledger.foreign_reviews.json_documents import describe_part
from claimledger.foreign_reviews.review_values import ValueReader
from claimledger.models import EarlierCheck
from claimledger.models.base import Record
from claimledger.scalars import SLUG, SLUG_LENGTH, RecordName

_SHORT, _RATING = 200, 1_000
_NAME_LENGTH = 40
_LONG_HEADER = 60
"""A column name with more characters is a value: the file has no header."""
_MAX_TOPICS = 20
_MONTHS = 12
_DATE = re.compile("([0-9]{1,2})[-./]([0-9]{1,2})[-./][0-9]{4}")
_HANGUL = re.compile("[가-힣]")
_FALLBACK_NAME = "archive"
"""The name of an archive whose file name has no Latin letters."""
_COMMENTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "file": "How {name} becomes earlier checks. Look through each line.",
        "name": "The name stays the same at each import of this archive.",
        "choose": "choose a name of your own, in a-z, 0-9 and -",
        "dates": 'dates = "day first"  # or "month first" (7/4/2031), "year first" (31.4.7)',
        "columns": "field = column",
        "left_out": "Not taken:",
        "publisher": "where no column names it; without both, the site of the address",
        "fixed": "the same for all rows",
    },
    "ko": {
        "file": "파일({name})의 열을 이전 검증의 항목으로 바꾸는 규칙입니다. 한 줄씩 확인하세요.",
        "name": "이 모음을 다시 가져올 때도 같은 이름을 씁니다.",
        "choose": "a-z, 0-9, -로 알아보기 쉬운 이름을 지으세요",
        "dates": 'dates = "year first"  # 31.4.7 같은 날짜. 일/월/연은 "day first", 월/일/연은 "month first"',
        "columns": "항목 = 열",
        "left_out": "가져오지 않는 열:",
        "publisher": "검증한 곳을 적은 열이 없을 때 쓰는 이름. 여기에도 없으면 주소의 사이트",
        "fixed": "모든 줄에 똑같이 넣는 값",
    },
}
PLACEHOLDER_ID = "check"
"""The name of a check before it is compared with those that are public."""


class MappingUnusable(LedgerError):
    """Raised when a mapping is not complete or does not fit the file; nothing was stored."""

    def __init__(self, file: Path, reasons: Sequence[str]) -> None:
        """Name the file and list what is wrong with it."""
        super().__init__(file=str(file), reasons="; ".join(reasons))


class CheckMapping(Record):
    """Which column becomes which field, and the values that all rows share."""

    name: RecordName = Field(max_length=_NAME_LENGTH)
    """The permanent name of the archive; the same at each import."""
    header: bool = True
    """True if row 1 has the names of the columns."""
    dates: Literal["", "day first", "month first", "year first"] = ""
    """The order of dates such as 7/4/2031 and 31.4.7; without it, they are not read."""
    columns: Mapping[str, str] = {}
    """The column of each field; `id` is a number of its own for each check."""
    publisher: Mapping[str, str] = {}
    """The newsroom by language, for rows without a column of it."""
    fixed: Mapping[str, str] = {}
    """The values of fields that no column has."""


class MappedCheck(NamedTuple):
    """A row as an earlier check."""

    number: int
    """The number of the row; 0 for notes on the whole file."""
    own_id: str
    """The value of the column `id`; empty if there is none."""
    check: EarlierCheck | None
    """The check, under a name that is not permanent; None if the row is refused."""
    notes: Sequence[ImportNote]


@cache
def _column_names() -> Mapping[str, Sequence[str]]:
    text = files(__package__ or "").joinpath("check_columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def draft_mapping(
    file: Path,
    sample: Sequence[ArchiveRow],
    *,
    has_header: bool = True,
    language: str = "en",
    publisher: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the text of a mapping drafted from the columns of the first rows of a file.

    Its comments are in `language`, "en" or "ko". `publisher` is the newsroom of this ledger by language, which a
    comment suggests.
    """
    examples = {name: cell for row in reversed(sample) for name, cell in row.cells.items()}
    found = _guess_columns(examples)
    order = _date_order(cell for row in sample for cell in row.cells.values())
    words, name = _COMMENTS[language], archive_name(file)
    lines = [
        f"# {words['file'].format(name=file.name)}",
        f"# {words['name']}",
        f"name = {_toml_string(name)}" + (f"  # {words['choose']}" if name == _FALLBACK_NAME else ""),
        f"header = {str(has_header).lower()}",
        f'dates = "{order}"' if order else f"# {words['dates']}",
        "", f"[columns]  # {words['columns']}",
        *(_column_line(field, found.get(field), examples) for field in _column_names()),
        "", f"# {words['left_out']}",
        *(f"#   {name}: {_example(examples[name])}" for name in examples if name not in found.values()),
        "", f"[publisher]  # {words['publisher']}",
        *(f"# {one} = {_toml_string(publisher.get(one, ''))}" for one in ("en", "ko")),
        "", f"[fixed]  # {words['fixed']}",
        _language_line(sample, found),
        '# rating_scale = ""',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def has_header(sample: Sequence[ArchiveRow]) -> bool:
    """Return whether the names of the columns are names: none is as long as a text, or one is known."""
    names = {name for row in sample for name in row.cells}
    is_known = bool({"claim", "rating"} & _guess_columns(names).keys())
    return is_known or not any(len(name) > _LONG_HEADER for name in names)


def _date_order(cells: Iterable[str]) -> str:
    """Return the order of dates that only one order explains; empty if none or several do."""
    found = [(int(one[1]), int(one[2])) for cell in cells if (one := _DATE.fullmatch(cell.strip()))]
    orders = {"day first"} if any(first > _MONTHS for first, _ in found) else set()
    orders |= {"month first"} if any(second > _MONTHS for _, second in found) else set()
    return orders.pop() if len(orders) == 1 else ""


def _guess_columns(names: Iterable[str]) -> dict[str, str]:
    plain = {" ".join(name.casefold().replace("_", " ").split()): name for name in reversed([*names])}
    found: dict[str, str] = {}
    for field, known in _column_names().items():
        column = next((plain[one] for one in (name.replace("_", " ") for name in known) if one in plain), None)
        if column and column not in found.values():
            found[field] = column
    return found


def _column_line(field: str, column: str | None, examples: Mapping[str, str]) -> str:
    if column is None:
        return f"# {field} = "
    return f"{field} = {_toml_string(column)}  # {_example(examples.get(column, ''))}"


def _example(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= _LONG_HEADER else f"{text[:_LONG_HEADER]}…"


def _toml_string(text: str) -> str:
    """Return a text as a TOML string; JSON's escapes are among those of TOML."""
    return json.dumps(text, ensure_ascii=False)


def archive_name(file: Path) -> str:
    """Return the name of an archive that the name of its file suggests.

    >>> archive_name(Path("Shimin checks 2031.csv")), archive_name(Path("검증.csv"))
    ('shimin-checks-2031', 'archive')
    """
    words = re.findall("[a-z0-9]+", file.stem.lower())
    name = "-".join(words if words and words[0][0].isalpha() else [_FALLBACK_NAME, *words])
    return name[:_NAME_LENGTH].strip("-")


def _language_line(sample: Sequence[ArchiveRow], found: Mapping[str, str]) -> str:
    """Return the line of the language: Korean if most claims have Hangul, else a comment.

    If no column of claims is known, the longest cell of each row counts.
    """
    longest = (max(row.cells.values(), key=len) for row in sample if row.cells)
    claims = [*(filter(None, (row.cells.get(found["claim"]) for row in sample)) if "claim" in found else longest)]
    is_korean = sum(bool(_HANGUL.search(claim)) for claim in claims) * 2 > len(claims)
    return 'language = "ko"' if is_korean and "language" not in found else '# language = "en"'


def read_mapping(text: str, file: Path) -> CheckMapping:
    """Return a mapping from its text.

    Raises:
        MappingUnusable: it is not TOML, has unknown fields, or lacks the column of the claim or the rating.
    """
    try:
        mapping = CheckMapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingUnusable(file, [str(error)]) from error
    except ValidationError as error:
        raise MappingUnusable(
            file, [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
        ) from error
    fields = _column_names().keys()
    unknown = sorted((mapping.columns.keys() | mapping.fixed.keys()) - fields)
    lacking = [field for field in ("claim", "rating") if field not in mapping.columns.keys() | mapping.fixed.keys()]
    if unknown or lacking:
        raise MappingUnusable(
            file, [*(f"{one}: unknown field" for one in unknown), *(f"{one}: no column" for one in lacking)]
        )
    return mapping


def review_mapping(name: str) -> CheckMapping:
    """Return the mapping of a file of ClaimReviews, whose columns are named for the fields."""
    return CheckMapping(name=name, columns={field: field for field in REVIEW_COLUMNS})


_READERS: Mapping[str, tuple[ValueReader, int]] = {
    "claim": (review_values.text, review_values.MAX_REVIEW_TEXT_LENGTH),
    "speaker": (review_values.text, _SHORT),
    "said_on": (review_values.date, _SHORT),
    "rating": (review_values.verbatim, _RATING),
    "rating_scale": (review_values.text, review_values.MAX_REVIEW_TEXT_LENGTH),
    "address": (review_values.address, 2_000),
    "checked_on": (review_values.date, _SHORT),
    "language": (review_values.language, _SHORT),
    "headline": (review_values.text, review_values.MAX_REVIEW_TEXT_LENGTH),
    "summary": (review_values.text, review_values.MAX_REVIEW_TEXT_LENGTH),
}  # fmt: skip
"""The reader of each field, and the largest number of characters."""


def map_rows(rows: Iterable[ArchiveRow], mapping: CheckMapping) -> Iterator[MappedCheck]:
    """Yield each row as an earlier check, or as refused with the reason; notes on the whole file have the number 0."""
    for row in rows:
        if row.number:
            yield _map_row(row, mapping)
        elif row.notes:
            yield MappedCheck(0, "", None, row.notes)


def _map_row(row: ArchiveRow, mapping: CheckMapping) -> MappedCheck:
    cells = {field: row.cells[column] for field, column in mapping.columns.items() if column in row.cells}
    values, notes = _read_values(row.number, dict(mapping.fixed) | cells, mapping.dates)
    refused = [code for field, code in (("claim", "no-claim"), ("rating", "no-rating")) if field not in values]
    publisher = _publisher(cells.get("publisher"), mapping.publisher, values.get("address"))
    refused += [] if publisher else ["no-publisher"]
    if refused:
        own = [note for note in row.notes if note.code in ("duplicate", "no-claim", "text-too-long", "not-a-map")]
        why = own or [ImportNote(row.number, code, "", describe_part(dict(row.cells))) for code in refused]
        return MappedCheck(row.number, "", None, [*notes, *why])
    topics, more = _topics(row.number, cells.get("topics", mapping.fixed.get("topics", "")))
    check = EarlierCheck(
        earlier_check_id=PLACEHOLDER_ID, import_id=mapping.name, publisher=publisher, topics=topics, **values
    )
    return MappedCheck(row.number, cells.get("id", "").strip(), check, [*row.notes, *notes, *more])


def _read_values(number: int, cells: Mapping[str, str], dates: str) -> tuple[dict[str, Any], list[ImportNote]]:
    values: dict[str, Any] = {}
    notes: list[ImportNote] = []
    for field, (reader, longest) in _READERS.items():
        cell = cells.get(field, "")
        if not cell.strip():
            continue
        value, code = review_values.date_in_order(cell, dates) if reader is review_values.date else reader(cell)
        if value is not None and len(value) > longest:
            value, code = None, "text-too-long"
        if code and value != cell.strip():
            notes.append(ImportNote(number, code, field, describe_part(cell), describe_part(value or "")))
        if value is not None:
            values[field] = value
    return values, notes


def _publisher(cell: str | None, named: Mapping[str, str], address: str | None) -> Mapping[str, str]:
    """Return the publisher by language: of the row, of the mapping, or the site of the address."""
    name = review_values.text(cell).value if cell and cell.strip() else None
    if name and len(name) <= _SHORT:
        return {"ko" if _HANGUL.search(name) else "en": name}
    return named or ({"en": site} if (site := review_values.site_of_address(address or "")) else {})


def _topics(number: int, cell: str) -> tuple[tuple[str, ...], list[ImportNote]]:
    """Return the topics of a cell, separated by commas or semicolons, as slugs."""
    topics: dict[str, None] = {}
    notes = []
    for part in filter(None, map(str.strip, re.split("[,;|]", cell))):
        slug = "-".join(re.findall("[a-z0-9]+", part.lower()))
        if re.fullmatch(SLUG, slug) and part.isascii() and len(slug) <= SLUG_LENGTH and len(topics) < _MAX_TOPICS:
            topics[slug] = None
        else:
            notes.append(ImportNote(number, "topic-unreadable", "topics", describe_part(part)))
    return tuple(topics), notes


def count_columns_left_out(
    rows: Iterable[ArchiveRow], mapping: CheckMapping, counts: Counter[str]
) -> Iterator[ArchiveRow]:
    """Yield rows unchanged, and count the filled cells of the columns that the mapping does not take."""
    taken = frozenset(mapping.columns.values())
    for row in rows:
        counts.update(name for name in row.cells if name not in taken)
        yield row

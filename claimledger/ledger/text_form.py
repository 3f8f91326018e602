"""The text form: one YAML file for each record, printed from the log, edited by hand and read back.

Reading a file returns its content, or every problem in it at once, each with line and field. A printed file reads back
as an equal record, and printing it again gives the same bytes. This module does not decide whether an edit is allowed
and does not use the store. docs/claim-files.md describes the format for people who edit such files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import ryaml
from pydantic import Field, ValidationError

from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.ledger import files
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.validation import sort_by_line, validation_problems, validate
from claimledger.ledger.yaml_source import ValuePath, SourceLocation, YamlSource, read_yaml_file
from claimledger.models import (
    Appearance, Article, Claim, Document, EditionPassage, QuoteSelector, Record, Span, LedgerRecord,
)  # fmt: skip
from claimledger.scalars import ArticleId, ClaimId, Sha256
from claimledger.vocabulary import Subject

Base = Annotated[
    Sha256 | None,
    Field(description="Hash of the public revision this was printed from; none if it is new. Never written by hand."),
]


class AppearanceEntry(EditionPassage):
    """A passage that makes the claim, in the claim's file."""

    base: Base = None


class ClaimFile(Claim):
    """A claim's file: the claim and its appearances."""

    base: Base = None
    appearances: tuple[AppearanceEntry, ...] = ()
    """The passages that make the claim, in each edition."""

    def _faults(self) -> Iterator[Problem]:
        yield from super()._faults()
        places = [(entry.edition_sha256, entry.place) for entry in self.appearances]
        for number, place in enumerate(places, start=1):
            if place in places[: number - 1]:
                yield Problem("appearance-twice", field=f"appearances.{number}.place")


class ArticleFile(Article):
    """An article's file."""

    base: Base = None


class DocumentFile(Document):
    """A document's file."""

    base: Base = None


RecordFile = ClaimFile | ArticleFile | DocumentFile
DOCUMENTS_FOLDER = "documents"
"""The folder of the documents' files; no article may have this name."""
ARTICLE_FILE = "article.yaml"
"""The name of an article's file in its folder; no claim can have this name."""


def format_record_file(form: RecordFile) -> bytes:
    """Return the file's bytes: UTF-8, one field per line, each base first."""
    values = _base_first(form.to_json())
    if "appearances" in values:
        values["appearances"] = [_base_first(entry) for entry in values["appearances"]]
    return ryaml.dumps(values).encode()


def _base_first(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in sorted(values, key=lambda name: name != "base")}


class ParsedRecordFile(NamedTuple):
    """The content of a file, or every problem in it."""

    form: RecordFile | None
    """The content; None if there is a problem."""
    problems: list[Problem]
    """The problems, in the order of their lines."""
    where: SourceLocation
    """The lines of its values."""


def read_record_file(path: Path, places: LedgerPaths) -> ParsedRecordFile:
    """Return the content of a file, or every problem in it."""
    path = path.absolute()
    model = _file_model(path, places)
    source = read_yaml_file(path, places.claims, display_name(path, places))
    form, problems = validate(model, source)
    problems = sort_by_line([*problems, *_misplacement_problems(model, source, problems, path, places)])
    return ParsedRecordFile(None if problems else form, problems, source.where)


def display_name(path: Path, places: LedgerPaths) -> str:
    """Return the name to display for a file: its path below the ledger's root folder, if it is inside."""
    return (path.relative_to(places.root) if path.is_relative_to(places.root) else path).as_posix()


def _file_model(path: Path, places: LedgerPaths) -> type[RecordFile]:
    if path.name == ARTICLE_FILE:
        return ArticleFile
    return DocumentFile if path.parent == places.claims / DOCUMENTS_FOLDER else ClaimFile


def _misplacement_problems(
    model: type[RecordFile], source: YamlSource, problems: Iterable[Problem], path: Path, places: LedgerPaths
) -> Iterator[Problem]:
    """Yield a problem if a file's own valid IDs do not match its path."""
    values = source.values or {}
    names = [name for name in ("claim_id", "document_id", "article_id") if name in model.model_fields]
    if not all(isinstance(values.get(name), str) for name in names) or {problem.field for problem in problems} & {
        *names
    }:
        return
    expected = _expected_path(model, values, places)
    if expected != path:
        at = names[0] if expected.name != path.name else names[-1]
        yield source.where.problem("misplaced-file", (at,), expected=display_name(expected, places))


def record_path(record: Claim | Article | Document, places: LedgerPaths) -> Path:
    """Return the path of a record's file."""
    return _expected_path(type(record), dict(record), places)


def _expected_path(model: type[Claim | Article | Document], values: Mapping[str, Any], places: LedgerPaths) -> Path:
    if issubclass(model, Document):
        return places.claims / DOCUMENTS_FOLDER / f"{values['document_id']}.yaml"
    file = f"{values['claim_id']}.yaml" if issubclass(model, Claim) else ARTICLE_FILE
    return places.claims / str(values["article_id"]) / file


def list_record_files(places: LedgerPaths) -> list[Path]:
    """Return every YAML file of the claims folder, sorted, articles before their claims; includes misplaced files."""
    found = {*places.claims.rglob("*"), *places.claims.glob("*/*")}  # the second pattern also follows linked folders
    named = (path for path in found if path.suffix in (".yaml", ".yml") and not path.name.startswith("."))
    own = (path for path in named if path.parent != places.log)
    return sorted(own, key=lambda path: (path.parent, path.name != ARTICLE_FILE, path.name))


def make_record_file(
    record: Claim | Article | Document, base: str | None, appearances: Iterable[tuple[Appearance, str | None]] = ()
) -> RecordFile:
    """Build a file's form from a record, its base hash, and a claim's appearances with their base hashes."""
    match record:
        case Claim():
            entries = tuple(AppearanceEntry(base=hash_, **_fields(one, "claim_id")) for one, hash_ in appearances)
            return ClaimFile(base=base, appearances=entries, **_fields(record))
        case Article():
            return ArticleFile(base=base, **_fields(record))
        case Document():
            return DocumentFile(base=base, **_fields(record))


class FileRecord(NamedTuple):
    """One record of a file."""

    subject: Subject
    """The type of the record."""
    base: str | None
    """The hash of the public revision it was printed from; None if it is new."""
    record: Claim | Article | Document | Appearance
    """The record."""
    steps: ValuePath = ()
    """The path to it in the file."""


def split_into_records(form: RecordFile) -> list[FileRecord]:
    """Split a file's form into records."""
    match form:
        case ClaimFile():
            claim = Claim(**_fields(form, "base", "appearances"))
            entries = [_appearance_entry(form, entry, number) for number, entry in enumerate(form.appearances)]
            return [FileRecord(Subject.CLAIM, form.base, claim), *entries]
        case ArticleFile():
            return [FileRecord(Subject.ARTICLE, form.base, Article(**_fields(form, "base")))]
        case DocumentFile():
            return [FileRecord(Subject.DOCUMENT, form.base, Document(**_fields(form, "base")))]


def _appearance_entry(form: ClaimFile, entry: AppearanceEntry, number: int) -> FileRecord:
    record = Appearance(claim_id=form.claim_id, **_fields(entry, "base"))
    return FileRecord(Subject.APPEARANCE, entry.base, record, ("appearances", number))


def _fields(record: Record, *without: str) -> dict[str, Any]:
    return {name: value for name, value in record if name not in without}


class _ClaimName(Record):
    claim_id: ClaimId


class _ArticleName(Record):
    article_id: ArticleId


def check_claim_id(claim_id: str) -> None:
    """Check that a claim can have this ID.

    Raises:
        ProblemsFound: The ID is not valid.
    """
    try:
        _ClaimName(claim_id=claim_id)
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, _ClaimName, {"claim_id": claim_id}, SourceLocation())) from error


def write_skeleton(
    places: LedgerPaths, claim_id: str, article_id: str, edition_sha256: str, position: Span, quote: QuoteSelector
) -> Path:
    """Write a claim's file with empty fields for a person to complete, and return its path.

    Reading the file reports the missing fields.

    Raises:
        ProblemsFound: The claim ID is not valid; nothing was written.
    """
    check_claim_id(claim_id)
    entry = AppearanceEntry(article_id=article_id, edition_sha256=edition_sha256, position=position, quote=quote)
    skeleton = {
        "claim_id": claim_id,
        "article_id": article_id,
        "statement": {"en": "", "ko": ""},
        "attribution": {"mode": ""},
        "source": {"kind": "", "name": {"en": "", "ko": ""}},
        "topics": [],
        "appearances": [entry.to_json()],
    }
    path = places.claims / article_id / f"{claim_id}.yaml"
    files.replace_bytes(path, ryaml.dumps(skeleton).encode())
    return path


class ArticleNotRecorded(LedgerError):
    """Raised when another text of an article is added while the article's file is not recorded yet."""

    def __init__(self, file: str) -> None:
        """Include the name of the file."""
        super().__init__(path=file)


def write_new_article(places: LedgerPaths, fields: Mapping[str, Any]) -> Path:
    """Write an article's file for a person to complete, and return its path.

    Reading the file reports the missing fields. An existing file with the same edition is left unchanged.

    Raises:
        ProblemsFound: The article ID is not valid; nothing was written.
        ArticleNotRecorded: The file exists with another edition; nothing was written.
    """
    try:
        _ArticleName(article_id=fields["article_id"])
    except ValidationError as error:
        raise ProblemsFound(validation_problems(error, _ArticleName, dict(fields), SourceLocation())) from error
    path = places.claims / str(fields["article_id"]) / ARTICLE_FILE
    if not path.exists():
        files.replace_bytes(path, ryaml.dumps(dict(fields)).encode())
    elif fields["editions"][-1]["edition_sha256"] not in path.read_text(encoding="utf-8"):
        raise ArticleNotRecorded(display_name(path, places))
    return path


def has_article_file(places: LedgerPaths, article_id: str) -> bool:
    """Return whether an article has a file; the caller knows that it has no record."""
    return (places.claims / article_id / ARTICLE_FILE).exists()


def add_passages_to_files(places: LedgerPaths, passages: Iterable[Appearance]) -> None:
    """Add drafted passages to the files of their claims; a file that is missing or has a problem is unchanged."""
    drafted: dict[Path, list[AppearanceEntry]] = {}
    for passage in passages:
        path = places.claims / passage.article_id / f"{passage.claim_id}.yaml"
        drafted.setdefault(path, []).append(AppearanceEntry(**_fields(passage, "claim_id")))
    for path, entries in drafted.items():
        form = read_record_file(path, places).form if path.exists() else None
        if isinstance(form, ClaimFile):
            grown = form.model_copy(update={"appearances": (*form.appearances, *entries)})
            files.replace_bytes(path, format_record_file(grown))


def write_draft_file(places: LedgerPaths, records: Iterable[LedgerRecord]) -> Path:
    """Write the file of a claim that is drafted and not public, and return its path."""
    found = list(records)
    (claim,) = (record for record in found if isinstance(record, Claim))
    appearances = [(record, None) for record in found if isinstance(record, Appearance)]
    path = record_path(claim, places)
    files.replace_bytes(path, format_record_file(make_record_file(claim, None, appearances)))
    return path

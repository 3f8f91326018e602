"""Cuts a folder of articles into shards, and reads the articles of a shard.

A source has JSON Lines (also as gzip), Parquet and text files. A shard is a piece of one file, or several text files of
a folder. Its name depends only on its place in the source, and its hash on its bytes. A file that is broken gives the
articles before the damage, and one bad article that names the damage.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import groupby, islice
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from claimledger.errors import LedgerError

ARTICLES_PER_SHARD = 1_000
"""The most lines or text files of one shard; a Parquet file has a shard for each row group."""
LONGEST_ARTICLE = 5_000_000
"""The greatest length of a text in characters; a longer text is not an article."""
_DAMAGE = (OSError, EOFError, zlib.error)  # a broken gzip file raises any of them
_LONGEST_NAME = 60
_UNSAFE = re.compile(r"[^\w.-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


class NoArticles(LedgerError):
    """Raised when a source has no file that can be read."""

    def __init__(self, source: Path) -> None:
        """Name the folder or file."""
        super().__init__(source=str(source))


class SourceShard(msgspec.Struct, frozen=True):
    """A piece of the source that is read as one unit."""

    name: str
    """The name of its output files."""
    files: tuple[str, ...]
    """Its files, relative to the source."""
    form: str
    """The form of the files: `jsonl`, `parquet` or `text`."""
    sha256: str
    """The hash of its bytes, or of its Parquet file."""
    first: int = 0
    """The number of lines before it, or the number of its row group; counted from 0."""
    count: int = 0
    """The number of its lines."""
    offset: int = 0
    """The position of its first line in the unpacked file, in bytes."""
    damage: str = ""
    """The error with which its file ends."""


class ArticleFields(NamedTuple):
    """The names of the fields of an article."""

    article_id: str = "id"
    """The field with the identifier."""
    text: str = "text"
    """The field with the text."""


class ArchiveArticle(NamedTuple):
    """An article of the source."""

    file: str
    """Its file, relative to the source."""
    line: int
    """Its line or row in the file, counted from 1."""
    article_id: str
    """Its identifier; for a text file its path."""
    text: str
    """Its text."""


class BadArticle(NamedTuple):
    """An article that cannot be read."""

    file: str
    """Its file, relative to the source."""
    line: int
    """Its line or row in the file, counted from 1."""
    article_id: str | None
    """Its identifier, if that can be read."""
    reason: str
    """The reason, a key below `set-aside` in the table of messages."""
    detail: str = ""
    """The error, if there is one."""


def plan_shards(source: Path, leave_out: Path) -> Iterator[SourceShard]:
    """Yield the shards of a folder or file in the order of their paths, without those below the folder `leave_out`.

    Raises:
        NoArticles: the source has no readable file.
    """
    root = source if source.is_dir() else source.parent
    paths = sorted(source.rglob("*")) if source.is_dir() else [source]
    forms = [(form, path) for path in paths if (form := _form(path)) and leave_out not in path.parents]
    if not forms:
        raise NoArticles(source)
    for (form, _), group in groupby(forms, key=lambda found: (found[0], found[1].parent)):
        files = [path.relative_to(root).as_posix() for _, path in group]
        if form == "text":
            yield from _text_shards(root, files)
        else:
            for file in files:
                yield from _PLANS[form](root, file)


def _form(path: Path) -> str:
    """Return the form of a file by the end of its name, or an empty text."""
    ends = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), (".parquet",), (".txt",)
    found = [form for form, end in zip(("jsonl", "parquet", "text"), ends, strict=True) if path.name.endswith(end)]
    return found[0] if found and path.is_file() and not path.name.startswith(".") else ""


def _shard_name(file: str, number: int) -> str:
    """Return a file name for a piece of a file that no other file of the source has.

    >>> _shard_name("2031/news 4.jsonl", 7)
    '2031-news-4.jsonl-70a3109a-00007'
    """
    return f"{_UNSAFE.sub('-', file)[-_LONGEST_NAME:]}-{sha256(file.encode()).hexdigest()[:8]}-{number:05d}"


def _line_shards(root: Path, file: str) -> Iterator[SourceShard]:
    first, offset, number, damage = 0, 0, 0, ""
    with _open_lines(root / file) as lines:
        while not damage:
            digest, count, length = sha256(), 0, 0
            try:
                for line in islice(lines, ARTICLES_PER_SHARD):
                    digest.update(line)
                    count, length = count + 1, length + len(line)
            except _DAMAGE as error:
                damage = f"{type(error).__name__}: {error}"
                digest.update(damage.encode())
            if not count and not damage:
                return
            yield SourceShard(
                _shard_name(file, number), (file,), "jsonl", digest.hexdigest(), first, count, offset, damage
            )
            first, offset, number = first + count, offset + length, number + 1


def _open_lines(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _parquet_shards(root: Path, file: str) -> Iterator[SourceShard]:
    from pyarrow import ArrowException, parquet  # noqa: PLC0415  of an extra, and slow to import

    with (root / file).open("rb") as content:
        digest = _stream_sha256(content)
    try:
        with parquet.ParquetFile(root / file) as opened:
            groups = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
    except (ArrowException, OSError) as error:
        yield SourceShard(_shard_name(file, 0), (file,), "parquet", digest, damage=str(error))
        return
    for number, count in enumerate(groups):
        yield SourceShard(_shard_name(file, number), (file,), "parquet", digest, number, count, sum(groups[:number]))


def _stream_sha256(content: IO[bytes]) -> str:
    digest = sha256()
    while part := content.read(1_000_000):
        digest.update(part)
    return digest.hexdigest()


def _text_shards(root: Path, files: list[str]) -> Iterator[SourceShard]:
    for number, start in enumerate(range(0, len(files), ARTICLES_PER_SHARD)):
        own = files[start : start + ARTICLES_PER_SHARD]
        digest = sha256()
        for file in own:
            digest.update(f"{file}\n{sha256((root / file).read_bytes()).hexdigest()}\n".encode())
        folder = str(Path(own[0]).parent)
        yield SourceShard(_shard_name(folder, number), tuple(own), "text", digest.hexdigest(), count=len(own))


_PLANS: Mapping[str, Callable[[Path, str], Iterator[SourceShard]]] = {
    "jsonl": _line_shards,
    "parquet": _parquet_shards,
}


def read_articles(source: Path, shard: SourceShard, fields: ArticleFields) -> Iterator[ArchiveArticle | BadArticle]:
    """Yield each article of a shard in order, or the reason why it cannot be read."""
    root = source if source.is_dir() else source.parent
    yield from _READERS[shard.form](root, shard, fields)
    if shard.damage:
        file, line = shard.files[0], shard.first + shard.count + 1
        yield BadArticle(file, line, None, "file-damaged", shard.damage)


def _read_lines(root: Path, shard: SourceShard, fields: ArticleFields) -> Iterator[ArchiveArticle | BadArticle]:
    with _open_lines(root / shard.files[0]) as lines:
        lines.seek(shard.offset)
        for line, content in enumerate(islice(lines, shard.count), shard.first + 1):
            if content.strip():
                yield _read_line(content, shard.files[0], line, fields)


def _read_line(content: bytes, file: str, line: int, fields: ArticleFields) -> ArchiveArticle | BadArticle:
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:  # bytes that are not UTF-8 are a ValueError, too
        return BadArticle(file, line, None, "line-not-json", f"{type(error).__name__}: {error}")
    if not isinstance(record, dict):
        return BadArticle(file, line, None, "line-not-object")
    return _make_article(record, file, line, fields)


def _read_rows(root: Path, shard: SourceShard, fields: ArticleFields) -> Iterator[ArchiveArticle | BadArticle]:
    from pyarrow import ArrowException, parquet  # noqa: PLC0415  of an extra, and slow to import

    file, line = shard.files[0], shard.offset
    if shard.damage:
        return
    try:
        with parquet.ParquetFile(root / file) as opened:
            for batch in opened.iter_batches(64, row_groups=[shard.first], columns=list(fields)):
                for record in batch.to_pylist():
                    line += 1
                    yield _make_article(record, file, line, fields)
    except (ArrowException, OSError, UnicodeDecodeError) as error:
        yield BadArticle(file, line + 1, None, "file-damaged", f"{type(error).__name__}: {error}")


def _read_texts(root: Path, shard: SourceShard, _: ArticleFields) -> Iterator[ArchiveArticle | BadArticle]:
    for file in shard.files:
        try:
            text = (root / file).read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            yield BadArticle(file, 1, file, "text-not-unicode", str(error))
            continue
        yield _make_article({"id": file, "text": text}, file, 1, ArticleFields())


_READERS: Mapping[str, Callable[[Path, SourceShard, ArticleFields], Iterable[ArchiveArticle | BadArticle]]] = {
    "jsonl": _read_lines,
    "parquet": _read_rows,
    "text": _read_texts,
}


def _make_article(
    record: Mapping[str, Any], file: str, line: int, fields: ArticleFields
) -> ArchiveArticle | BadArticle:
    """Return the article of a record.

    >>> _make_article({"id": 7, "text": None}, "a.jsonl", 3, ArticleFields())
    BadArticle(file='a.jsonl', line=3, article_id='7', reason='text-missing', detail='')
    """
    article_id, text = _read_id(record.get(fields.article_id)), record.get(fields.text)
    reason = "id-missing" if article_id is None else _find_fault(text)
    if reason or article_id is None:
        return BadArticle(file, line, article_id, reason)
    return ArchiveArticle(file, line, article_id, str(text))


def _read_id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return None if not text.strip() or "\0" in text or _SURROGATE.search(text) else text


def _find_fault(text: object) -> str:
    """Return the reason why a text is not read, or an empty text."""
    if text is None:
        return "text-missing"
    if not isinstance(text, str):
        return "text-not-text"
    if len(text) > LONGEST_ARTICLE:
        return "text-too-long"
    return "text-with-nul" if "\0" in text else "text-with-surrogate" if _SURROGATE.search(text) else ""

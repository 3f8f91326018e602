"""Spots the articles of one shard and writes its files. It knows no engine, and every engine runs it.

The rows depend only on the shard and the settings. Reading a shard again replaces its files, so that a shard that was
started twice is there once. The models are loaded once in each process.
"""

from __future__ import annotations

import faulthandler
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimledger.archive.attempts import ShardAttempt
from claimledger.archive.output_files import (
    ArchiveSettings, ManifestRow, Row, compare_settings, installed_settings, write_shard,
)  # fmt: skip
from claimledger.archive.sources import ArchiveArticle, BadArticle, SourceShard, read_articles
from claimledger.errors import LedgerError
from claimledger.spotting import Candidate, candidate_to_json, spot_with_problems
from claimledger.spotting.registry import installed_languages

LONGEST_READING = 120
"""The seconds that one article may take; then the process ends, and the record of attempts finds the article."""


class ShardGivenUp(LedgerError):
    """Raised when the process ended at every start of a shard."""

    def __init__(self, shard: str, starts: int) -> None:
        """Name the shard and the number of starts."""
        super().__init__(shard=shard, starts=starts)


def spot_shard(
    source: Path, out: Path, shard: SourceShard, settings: ArchiveSettings, *, limit: float = LONGEST_READING
) -> ManifestRow:
    """Write the files of a shard and return its row of the manifest; `limit` is in seconds for each article.

    Raises:
        ArchiveSettingsDiffer: this installation differs from the one that began the output folder.
        ShardGivenUp: the process ended at every start of the shard.
        OSError: a file cannot be read or written.
    """
    compare_settings(out, installed_settings(settings.fields))
    attempt = ShardAttempt(out, shard.name)
    if attempt.is_hopeless:
        raise ShardGivenUp(shard.name, attempt.starts)
    installed_languages()  # loading them belongs to no article
    began = time.process_time()
    tables: dict[str, list[Row]] = defaultdict(list)
    for position, found in enumerate(read_articles(source, shard, settings.fields)):
        if position in attempt.deadly:
            tables["set-aside"].append(_bad_row(found, "article-ends-reader"))
            continue
        attempt.note_article(position)
        with _time_limit(limit):
            for table, fields in _article_rows(found):
                tables[table].append(fields)
    attempt.note_all_read()
    reasons = dict(Counter(one["reason"] for one in tables["set-aside"]))
    articles, candidates, figures = (len(tables[name]) for name in ("articles", "candidates", "figures"))
    seconds, now = round(time.process_time() - began, 2), round(time.time(), 1)
    row = ManifestRow(shard, articles, candidates, figures, reasons, attempt.starts, seconds, now, {})
    whole = write_shard(out, tables, row)
    attempt.finish()
    return whole


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """End the process if the block takes longer, even inside a regular expression, and print where it is."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
    yield
    faulthandler.cancel_dump_traceback_later()


def _article_rows(found: ArchiveArticle | BadArticle) -> Iterator[tuple[str, Row]]:
    """Yield the rows of one article, each with the name of its table."""
    if isinstance(found, BadArticle):
        yield "set-aside", found._asdict()
        return
    try:
        spotted = spot_with_problems(found.text)
    except Exception as error:  # noqa: BLE001 - one article never stops the others
        yield "set-aside", _bad_row(found, "article-not-spotted", f"{type(error).__name__}: {error}")
        return
    place = {"article_id": found.article_id, "file": found.file, "line": found.line}
    yield (
        "articles",
        place
        | {
            "text_sha256": sha256(found.text.encode()).hexdigest(),
            "length": len(found.text),
            "candidates": len(spotted.candidates),
            "problem": "; ".join(map(str, spotted.problems)) or None,
        },
    )
    for number, candidate in enumerate(spotted.candidates):
        yield from _candidate_rows(place, number, candidate)


def _bad_row(found: ArchiveArticle | BadArticle, reason: str, detail: str = "") -> Row:
    return BadArticle(found.file, found.line, found.article_id, reason, detail)._asdict()


def _candidate_rows(place: dict[str, Any], number: int, candidate: Candidate) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a candidate and its figures, with the values of `claimledger spot --format jsonl`."""
    fields = candidate_to_json(candidate)
    speaker = fields["speaker"] or {}
    yield (
        "candidates",
        place
        | {name: fields[name] for name in ("start", "end", "kind", "quote", "why")}
        | {name: speaker.get(name) for name in ("role", "organization", "is_anonymous", "basis")}
        | fields["attribution"]
        | {"number": number, "speaker": speaker.get("name"), "aliases": "; ".join(speaker.get("aliases", ())) or None},
    )
    for index, figure in enumerate(fields["figures"]):
        yield "figures", place | figure | {"candidate": number, "number": index}

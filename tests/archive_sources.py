"""Made-up archives, the rows of their output, and articles that end or stop the process that reads them."""

from __future__ import annotations

import gzip
import json
import os
import random
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from packages import needed

from claimledger.archive import shard_spotting
from claimledger.archive.output_files import ARCHIVE_TABLES, ArchiveSettings, ManifestRow, read_manifest
from claimledger.archive.sources import SourceShard
from claimledger.archive.spotting_run import RunOptions, RunProgress, spot_archive

_PLAIN = {
    True: (
        "항구의 아침은 안개 속에서 천천히 밝아 왔다.", "사람들은 오래된 창고 앞에 모여 차를 나누어 마셨다.",
        "길 건너 시장에는 생선과 채소를 파는 가게가 늘어서 있다.", "비가 그치자 아이들이 다시 광장으로 뛰어나왔다.",
        "다리를 새로 놓는 일은 이 동네의 오랜 바람이었다.", "가게 주인은 문을 닫고 언덕 너머의 집으로 돌아갔다.",
    ),
    False: (
        "The harbour woke slowly under a thin layer of mist.", "Neighbours gathered by the old warehouse for tea.",
        "Stalls with fish and vegetables line the street behind the market.", "The rain stopped, and children ran out.",
        "A new bridge had been the wish of the quarter for a long time.", "The baker locked the shop and walked home.",
    ),
}  # fmt: skip
"""Sentences without a figure or a speaker, in Korean and in English, as most of a long archive has."""
_HERE = Path(__file__).parent
_LENGTH = 1_600
"""The characters after which a text of a long archive gets no further sentence."""
ENDS, HANGS = "This one ends the reader.", "This one never ends."
_SENTENCES = (
    "Haneul Port moved {n},000 tonnes in 20{y}.", "The council of Byeolbit cut {y} percent of its budget.",
    "“We hired {n} people,” said Doyun Kim.", "별빛시는 20{y}년에 다리 {n}개를 고쳤다고 밝혔다.",
)  # fmt: skip


def make_article(number: int, *, is_korean: bool = False) -> dict[str, str]:
    """Return a made-up article with its number in its figures."""
    sentences = _SENTENCES if is_korean else _SENTENCES[:3]
    return {"id": f"a{number}", "text": "\n".join(one.format(n=number + 2, y=10 + number % 20) for one in sentences)}


def write_lines(path: Path, records: Iterable[object]) -> None:
    """Write records as JSON Lines; a text is written as it is."""
    lines = (one if isinstance(one, str) else json.dumps(one) for one in records)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def make_lines(source: Path, files: int, articles: int = 4) -> None:
    """Write JSON Lines files with English articles, which are read without a model."""
    for number in range(files):
        numbers = range(number * articles, (number + 1) * articles)
        write_lines(source / f"y{number:02}.jsonl", map(make_article, numbers))


def make_long_archive(source: Path, articles: int, length: int = _LENGTH, articles_per_file: int = 500) -> None:
    """Write articles of a little more than this number of characters, three of five in Korean.

    They consist of the made-up sentences of the tests.
    """
    chance = random.Random(22)  # noqa: S311  the same articles in each run
    cases = tomllib.loads((_HERE / "spotting" / "korean.toml").read_text("utf-8"))["case"]
    lines = (_HERE / "spotting_english.txt").read_text("utf-8").splitlines()
    english = [line for line in lines if line and line[0] not in "# "]
    sentences = {True: [case["text"] for case in cases], False: english}
    for first in range(0, articles, articles_per_file):
        records = [
            {"id": f"n{number}", "text": _make_text(chance, sentences[number % 5 < 3], _PLAIN[number % 5 < 3], length)}
            for number in range(first, min(articles, first + articles_per_file))
        ]
        write_lines(source / f"{first // articles_per_file:03}.jsonl", records)


def _make_text(chance: random.Random, sentences: Sequence[str], plain: Sequence[str], length: int) -> str:
    chosen: list[str] = []
    while sum(map(len, chosen)) < length:
        chosen += [chance.choice(sentences), *chance.choices(plain, k=3)]
    return "\n".join(chosen)


def hash_rows(out: Path) -> dict[str, str]:
    """Return the SHA-256 of the sorted rows of every table."""
    return {name: sha256("\n".join(rows).encode()).hexdigest() for name, rows in sorted_rows(out).items()}


def make_mixed(source: Path) -> None:
    """Write articles in every form, one of them in Korean."""
    make_lines(source, 3)
    (source / "packed.jsonl.gz").write_bytes(
        gzip.compress("\n".join(json.dumps(make_article(number)) for number in range(20, 24)).encode())
    )
    arrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")
    table = arrow.Table.from_pylist([make_article(number) for number in range(30, 36)])
    parquet.write_table(table, source / "table.parquet", row_group_size=2)
    for number in range(40, 43):
        path = source / "texts" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(make_article(number, is_korean=number == 40)["text"], encoding="utf-8")


def spot_quietly(source: Path, out: Path, **options: Any) -> list[RunProgress]:  # noqa: ANN401  the fields of RunOptions
    """Spot an archive and return its progress."""
    seen: list[RunProgress] = []
    spot_archive(source, out, RunOptions(**options), seen.append)
    return seen


def table_rows(out: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    read = needed("pyarrow.parquet").read_table
    return [row for path in sorted((out / table).glob("*.parquet")) for row in read(path).to_pylist()]


def sorted_rows(out: Path) -> dict[str, list[str]]:
    """Return the sorted rows of every table."""
    return {name: sorted(map(repr, table_rows(out, name))) for name in ARCHIVE_TABLES}


def finish_times(out: Path) -> dict[str, float]:
    """Return the time at which each shard was finished."""
    return {name: row.finished for name, row in read_manifest(out).items()}


def is_running(process: int) -> bool:
    """Return whether a process has not ended; a zombie has (Linux)."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def spot_deadly_shard(source: Path, out: Path, settings: ArchiveSettings, shard: SourceShard) -> ManifestRow:
    """Read a shard; certain texts end the process or never end."""
    spot = vars(shard_spotting)["spot_with_problems"]

    def spot_or_end(text: str) -> Any:  # noqa: ANN401
        if ENDS in text:
            os._exit(9)
        if HANGS in text:
            time.sleep(600)
        return spot(text)

    vars(shard_spotting)["spot_with_problems"] = spot_or_end  # in a process of its own
    return shard_spotting.spot_shard(source, out, shard, settings, limit=5)

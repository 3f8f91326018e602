"""Measure signing, proofs and the check of a long log, in processor time, because the machine may do other work too."""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from time import process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger.checks.log_checks import check_log
from claimledger.ledger.canonical import leaf_sha256, merkle_root
from claimledger.ledger.log import BODIES_PER_FILE, log_file
from claimledger.ledger.log_tree import BLOCK, LogTree, block_hashes
from claimledger.ledger.merkle_proofs import prove_inclusion, verify_inclusion
from claimledger.ledger.signed_notes import SigningKey
from claimledger.newsroom import log_signing
from claimledger.newsroom.record_tables import CHECKPOINTS

SIGNED, PROVED = 1_000, 2_000
"""The numbers of checkpoints and of proofs that are timed."""
_BODY = (
    b'{"approver":"sora","authors":["haru"],"format":1,"key":"notice-%(number)07d","kind":"listed",'
    b'"nonce":"%(number)032x","number":%(number)d,"reason":"%(reason)s","record":{"captured":"none",'
    b'"document_id":"notice-%(number)07d","language":"en","medium":"web","obtained_at":"2031-05-01T08:00:00.000Z",'
    b'"tier":"primary","title":{"en":"Notice %(number)d"}},"recorded_at":"2024-05-02T09:00:00.000Z","revision":1,'
    b'"subject":"document"}'
)


def write_bodies(folder: Path, revisions: int) -> None:
    """Write a log of so many documents, each about 900 bytes, if the folder has none."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    numbers = range(1, revisions + 1)
    for first in range(1, revisions + 1, BODIES_PER_FILE):
        some = numbers[first - 1 : first - 1 + BODIES_PER_FILE]
        lines = (_BODY % {b"number": number, b"reason": b"x" * 440} + b"\n" for number in some)
        log_file(folder, first).write_bytes(b"".join(lines))


def report(revisions: int, folder: Path) -> Iterator[str]:
    """Yield the lines of the report; the log stays in the folder for the next run."""
    log = folder / "log"
    write_bodies(log, revisions)
    yield f"{revisions:,} revisions; processor time"
    floor = _seconds(lambda: _read_and_hash(log))
    checked = _seconds(lambda: check_log(log))
    yield f"read and hash every body: {floor:.1f} s"
    yield f"check of the log: {checked:.1f} s, {floor / checked:.2f} of the speed of reading and hashing"
    leaves = [leaf_sha256(body) for body in _bodies(log)]
    with closing(_make_store(folder / "desk.db", leaves)) as connection:
        yield _signing_line(connection, folder, leaves)
        yield from _proof_lines(connection, leaves)


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _bodies(log: Path) -> Iterator[bytes]:
    for file in sorted(log.glob("*.jsonl")):
        yield from file.read_bytes().split(b"\n")[:-1]


def _read_and_hash(log: Path) -> None:
    for body in _bodies(log):
        sha256(b"\0" + body).digest()


def _make_store(path: Path, leaves: Sequence[bytes]) -> sqlite3.Connection:
    """Return a store with the tables of the desk, which has published every entry; bodies are as long as in the log."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = off")
    for statement in CHECKPOINTS:
        connection.execute(statement)
    connection.execute("CREATE TABLE publication(number INTEGER PRIMARY KEY, sha256 TEXT, body TEXT)")
    body = "x" * 900
    connection.execute("BEGIN")
    rows = ((number, leaf.hex(), body) for number, leaf in enumerate(leaves, start=1))
    connection.executemany("INSERT INTO publication VALUES (?, ?, ?)", rows)
    connection.execute("COMMIT")
    return connection


def _signing_line(connection: sqlite3.Connection, folder: Path, leaves: Sequence[bytes]) -> str:
    """Return how long a checkpoint takes after one more entry: the first one, which reads all hashes, apart."""
    key = SigningKey("ledger.example", Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
    connection.execute("BEGIN")  # a publication signs inside its transaction
    first = _seconds(lambda: log_signing.sign_log(connection, folder, key))
    times = []
    for number in range(len(leaves) + 1, len(leaves) + 1 + SIGNED):
        digest = leaf_sha256(str(number).encode()).hex()
        connection.execute("INSERT INTO publication VALUES (?, ?, '')", (number, digest))
        times.append(_seconds(lambda: log_signing.sign_log(connection, folder, key)))
    connection.execute("COMMIT")
    return f"checkpoint on a publish: {statistics.median(times) * 1e3:.3f} ms median; the first one {first:.1f} s"


def _proof_lines(connection: sqlite3.Connection, leaves: Sequence[bytes]) -> Iterator[str]:
    size = len(leaves)
    sql = "SELECT sha256 FROM publication WHERE number > ? AND number <= ? ORDER BY number"

    def read_leaves(number: int) -> list[bytes]:
        first = number * BLOCK
        rows = connection.execute(sql, (first, min(first + BLOCK, size)))
        joined = bytes.fromhex("".join([digest for (digest,) in rows]))
        return [joined[at : at + 32] for at in range(0, len(joined), 32)]

    hashes = [*block_hashes(size, read_leaves)]
    tree = LogTree(hashes, read_leaves)
    root = merkle_root(leaves)
    chosen, times = random.Random(7), []  # noqa: S311  the same places in every run
    for _ in range(PROVED):
        place = chosen.randrange(size)
        began = process_time()
        proof = prove_inclusion(place, size, tree.find_hash)
        times.append(process_time() - began)
        verify_inclusion(leaves[place], place, size, proof, root)
    slow = sorted(times)[PROVED * 99 // 100]
    yield f"inclusion proof: {statistics.median(times) * 1e3:.3f} ms median, {slow * 1e3:.3f} ms at the 99th percentile"
    upper = _seconds(lambda: LogTree(hashes, read_leaves))
    yield f"the levels above the blocks, once: {upper * 1e3:.1f} ms; {len(hashes) * 32:,} bytes are kept"

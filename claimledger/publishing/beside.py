"""What stands beside the claims of a batch in the log: their articles, their documents, the passages it may hold.

In: a database with the log, and the newest bodies of some claims. Out: the newest versions of what they name. The
invariant: a body that is not what it should be is left to whoever reads its record whole. It computes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from claimledger.publishing.batches import Logged
from claimledger.vocabulary import Subject


class _Evidence(msgspec.Struct):
    document_id: str


class _Claim(msgspec.Struct):
    claim_id: str
    article_id: str
    evidence: list[_Evidence] = []


class _ClaimBody(msgspec.Struct):
    record: _Claim


class _Document(msgspec.Struct):
    derives_from: list[str] = []


class _DocumentBody(msgspec.Struct):
    record: _Document


class _Edition(msgspec.Struct):
    edition_sha256: str


class _Rights(msgspec.Struct):
    may_hold_text: bool = False


class _Article(msgspec.Struct):
    rights: _Rights
    editions: list[_Edition] = []


class _ArticleBody(msgspec.Struct):
    record: _Article


class _Quote(msgspec.Struct):
    exact: object


class _Appearance(msgspec.Struct):
    edition_sha256: str
    quote: _Quote


class _AppearanceBody(msgspec.Struct):
    record: _Appearance


_claims, _articles, _appearances, _documents = (
    msgspec.json.Decoder(_ClaimBody), msgspec.json.Decoder(_ArticleBody), msgspec.json.Decoder(_AppearanceBody),
    msgspec.json.Decoder(_DocumentBody),
)  # fmt: skip

BatchNeighbours = tuple[Sequence[tuple[Subject, Logged]], Mapping[str, Sequence[str]]]


def beside_claims(connection: sqlite3.Connection, bodies: Iterable[str]) -> BatchNeighbours:
    """Return the newest versions of the articles and documents of some claims, and the claims' passages.

    A document comes with those it derives from, over any number of steps.
    """
    claims = list(_read(bodies))
    articles = {name: _newest(connection, Subject.ARTICLE, name) for name in sorted({one.article_id for one in claims})}
    documents = _with_origins(connection, {evidence.document_id for one in claims for evidence in one.evidence})
    held = {name: edition for name, logged in articles.items() if logged and (edition := _held_edition(logged))}
    passages = {
        one.claim_id: list(_passages(connection, one.claim_id, held[one.article_id]))
        for one in claims
        if one.article_id in held
    }
    found = [*((Subject.ARTICLE, one) for one in articles.values()), *((Subject.DOCUMENT, one) for one in documents)]
    return [(subject, logged) for subject, logged in found if logged], passages


def _read(bodies: Iterable[str]) -> Iterator[_Claim]:
    for body in bodies:
        with suppress(msgspec.MsgspecError):
            yield _claims.decode(body).record


def _with_origins(connection: sqlite3.Connection, names: Iterable[str]) -> Iterator[Logged | None]:
    waiting, known = sorted(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        yield (logged := _newest(connection, Subject.DOCUMENT, name))
        with suppress(msgspec.MsgspecError):
            waiting += _documents.decode(logged[2]).record.derives_from if logged else ()


def _newest(connection: sqlite3.Connection, subject: Subject, name: str) -> Logged | None:
    row: Logged | None = connection.execute(
        "SELECT number, sha256, body FROM revision WHERE subject = ? AND key = ? ORDER BY revision DESC LIMIT 1",
        (subject.value, name),
    ).fetchone()
    return row


def _held_edition(article: Logged) -> str:
    """Return the newest edition of an article whose passages the ledger may hold; an empty text if it may not."""
    with suppress(msgspec.MsgspecError):
        record = _articles.decode(article[2]).record
        if record.rights.may_hold_text and record.editions:
            return record.editions[-1].edition_sha256
    return ""


def _passages(connection: sqlite3.Connection, claim_id: str, edition: str) -> Iterator[str]:
    """Yield a claim's passages in an edition, in the order of their places."""
    rows = connection.execute(
        "SELECT body, max(revision) FROM revision WHERE subject = 'appearance' AND key >= ? AND key < ? GROUP BY key",
        (f"{claim_id}@", f"{claim_id}A"),
    )
    for body, _ in rows:
        with suppress(msgspec.MsgspecError):
            record = _appearances.decode(body).record
            if record.edition_sha256 == edition and isinstance(record.quote.exact, str):
                yield record.quote.exact

"""Count claims by article, document, speaker, source, topic and amount, and make the rows that rest on these counts.

A claim counts for each thing that `claim_tallies` yields. The counts are kept in the table `tallies`; a change of a
claim takes its old version out and puts the new one in. A name is counted with each wording of it, so that a row of
`speakers` or `sources` follows from the counts of its name alone. Cells are in alphabetical order.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from claimledger.models import Claim, Document, Quantity, Source, Speaker
from claimledger.publishing.cells import best_wording, best_wording_or_none
from claimledger.publishing.rows import SourceRow, SpeakerRow
from claimledger.verdicts.answers import status_on
from claimledger.vocabulary import SOURCE_KEY_WORDS, Question, RecordState, SourceKind, SpeakerKind

Tally = tuple[str, str, str]
"""What is counted: name, key and text, as in the table `tallies`."""
ALL_CLAIMS, WITHDRAWN, ARTICLE, DOCUMENT = "claims", "withdrawn", "article", "document"
SPEAKER, SOURCE = "speaker", "source"
TOPIC, LISTED_ARTICLE, LISTED_SPEAKER, AMOUNTS = "topic", "listed-article", "listed-speaker", "money"
MONTH, CORRECTION, DERIVED = "month", "correction", "derived"
ORGANIZATION, KIND, DUE = "organization", "kind", "due"
"""The names of the tallies. `kind` and `organization` (the speaker's) count listed claims by status, `due` by the month
after which a verdict is reviewed next. `month` counts the changes of verdicts in a month, `correction` corrections by
their kind, and `derived` has each document that derives from another one.
"""


def source_key(source: Source) -> str:
    """Return a source's name with its kind and its date, by which its claims are put together."""
    return make_source_key(best_wording(source.name), source.kind, source.published_on)


def make_source_key(name: str, kind: SourceKind, published_on: str | None) -> str:
    """Return the key of a source from its name, its kind and its date.

    >>> make_source_key("Harbour Monthly", SourceKind.PUBLICATION, "2031-04")
    'Harbour Monthly (another publication, 2031-04)'
    """
    return f"{name} ({', '.join(filter(None, (SOURCE_KEY_WORDS[kind], published_on)))})"


def verification_status(claim: Claim) -> str:
    """Return the public status of a claim on the fact check."""
    return str(status_on(claim, Question.SO))


def claim_tallies(claim: Claim, state: RecordState) -> Iterator[Tally]:
    """Yield everything that a claim in a state counts for."""
    yield ALL_CLAIMS, "", ""
    yield ARTICLE, claim.article_id, ""
    yield from ((DOCUMENT, name, "") for name in {evidence.document_id for evidence in claim.evidence})
    yield from _source_tallies(claim.source)
    if claim.speaker:
        yield from _speaker_tallies(claim.speaker)
    if state is RecordState.WITHDRAWN:
        yield WITHDRAWN, "", ""
    else:
        yield from _listed_tallies(claim)


def document_tallies(document: Document) -> Iterator[Tally]:
    """Yield each document that a document derives from, with its own name."""
    yield from ((DERIVED, origin, document.document_id) for origin in set(document.derives_from))


def derived_documents(changes: Mapping[Tally, int]) -> Mapping[Tally, int]:
    """Return the changes of the counts that documents make, which are written after claims are counted."""
    return {tally: number for tally, number in changes.items() if tally[0] == DERIVED}


def _speaker_tallies(speaker: Speaker) -> Iterator[Tally]:
    name = best_wording(speaker.name)
    yield SPEAKER, name, ""
    yield from _text_tallies(
        SPEAKER, name, name_ko=speaker.name.get("ko"), kind=str(speaker.kind),
        role=best_wording_or_none(speaker.role), organization=best_wording_or_none(speaker.organization),
    )  # fmt: skip
    yield from ((f"{SPEAKER}.name", name, text) for text in set(speaker.name.values()))


def _source_tallies(source: Source) -> Iterator[Tally]:
    name = source_key(source)
    yield SOURCE, name, ""
    yield from _text_tallies(
        SOURCE, name, name_ko=source.name.get("ko"), kind=str(source.kind), date=source.published_on,
        address=source.address,
    )  # fmt: skip


def _text_tallies(prefix: str, name: str, /, **texts: str | None) -> Iterator[Tally]:
    yield from ((f"{prefix}.{what}", name, text) for what, text in texts.items() if text is not None)


def _listed_tallies(claim: Claim) -> Iterator[Tally]:
    status = verification_status(claim)
    yield from ((TOPIC, topic, status) for topic in set(claim.topics))
    yield LISTED_ARTICLE, claim.article_id, ""
    yield KIND, str(claim.kind), status
    if claim.speaker:
        yield LISTED_SPEAKER, best_wording(claim.speaker.name), ""
        if claim.speaker.organization:
            yield ORGANIZATION, best_wording(claim.speaker.organization), status
    if months := [verdict.recheck_after[:7] for verdict in claim.verdicts if verdict.recheck_after]:
        yield DUE, min(months), ""
    for quantity in claim.quantities:
        if quantity.currency:
            yield AMOUNTS, quantity.currency, str(_power_of_ten(quantity))


def _power_of_ten(quantity: Quantity) -> int:
    """Return the power of ten of the first digit of an amount; 0 for an amount of 0."""
    amount = next(one for one in (quantity.amount, quantity.high, quantity.low, Decimal(0)) if one is not None)
    return amount.adjusted() if amount else 0


def add_tallies(connection: sqlite3.Connection, changes: Mapping[Tally, int]) -> None:
    """Add the changes of some counts to those that are kept; a count of 0 is not kept."""
    changed = [(*tally, number) for tally, number in changes.items() if number]
    connection.executemany(_ADD, changed)
    # a month's count of changes may rise to 0, all others only fall to it
    connection.executemany(_DROP, (row[:3] for row in changed if row[3] < 0 or row[0] == MONTH))


_ADD = "INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number"
_DROP = "DELETE FROM tallies WHERE name = ? AND key = ? AND text = ? AND number = 0"


def get_count(connection: sqlite3.Connection, name: str, key: str = "") -> int:
    """Return how many claims there are of one thing."""
    row = connection.execute("SELECT number FROM tallies WHERE name = ? AND key = ? AND text = ''", (name, key))
    found = row.fetchone()
    return found[0] if found else 0


def counts_by_key(connection: sqlite3.Connection, name: str) -> list[tuple[str, str, int]]:
    """Return key, text and number of every count of a name, in alphabetical order."""
    rows = connection.execute("SELECT key, text, number FROM tallies WHERE name = ? ORDER BY key, text", (name,))
    return [tuple(row) for row in rows]


def speaker_row(connection: sqlite3.Connection, name: str) -> SpeakerRow | None:
    """Return the row of a speaker; None if no claim has it."""
    texts = _texts(connection, SPEAKER, name, ("name", "name_ko", "kind", "role", "organization"))
    count = get_count(connection, SPEAKER, name)
    shown = {name, *texts["name_ko"]}
    return SpeakerRow(
        speaker=name,
        name_ko=_cell(texts["name_ko"]),
        other_names=_cell(other for other in texts["name"] if other not in shown),
        kind=str(_cell(texts["kind"])),
        is_anonymous=int(SpeakerKind.ANONYMOUS in texts["kind"]),
        roles=_cell(texts["role"]),
        organizations=_cell(texts["organization"]),
        claim_count=count,
    ) if count else None  # fmt: skip


def source_row(connection: sqlite3.Connection, name: str) -> SourceRow | None:
    """Return the row of a source; None if no claim has it."""
    texts = _texts(connection, SOURCE, name, ("name_ko", "kind", "date", "address"))
    count = get_count(connection, SOURCE, name)
    return SourceRow(
        source=name,
        name_ko=_cell(texts["name_ko"]),
        kind=str(_cell(texts["kind"])),
        published_on=_cell(texts["date"]),
        address=_cell(texts["address"]),
        claim_count=count,
    ) if count else None  # fmt: skip


def _texts(connection: sqlite3.Connection, kind: str, name: str, what: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the wordings of a name by what they are, each in alphabetical order."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in what:
        rows = connection.execute(
            "SELECT text FROM tallies WHERE name = ? AND key = ? ORDER BY text", (f"{kind}.{part}", name)
        )
        found[part] = [text for (text,) in rows]
    return found


def _cell(texts: Iterable[str]) -> str | None:
    return "; ".join(texts) or None


def changed_keys(changes: Mapping[Tally, int], name: str) -> list[str]:
    """Return, in alphabetical order, the keys of a name (or of its wordings) whose counts changed."""
    return sorted({key for (one, key, _), number in changes.items() if number and one.partition(".")[0] == name})


def difference(before: Iterable[Tally], after: Iterable[Tally]) -> dict[Tally, int]:
    """Return by how much each count changes when a claim that counted for `before` counts for `after`."""
    counts: dict[Tally, int] = {}
    for number, found in ((-1, before), (1, after)):
        for tally in found:
            counts[tally] = counts.get(tally, 0) + number
    return {tally: number for tally, number in counts.items() if number}

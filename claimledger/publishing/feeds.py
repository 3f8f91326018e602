"""Atom feeds (RFC 4287) of corrections and of new verdicts, made from ledger.db alone.

In: ledger.db, opened read-only with rows by name; the site; a language. Out: the bytes of a feed. The invariants: an
entry stands for one revision of the log, is named for its hash wherever the ledger stands, and never says anything else
later; times are those of the log. Text is escaped by the XML library, never by hand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from claimledger.publishing.columns import Meaning
from claimledger.publishing.site import Language, Site
from claimledger.vocabulary import CorrectionKind, Question, Term, VerdictValue

Name = Literal["corrections", "verdicts"]
MEDIA_TYPE = "application/atom+xml"
LONGEST = 100
"""Entries of a feed: the newest."""
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_LEDGER = Meaning("Claims in print", "지면의 주장")
_TITLES: Mapping[Name, Meaning] = {
    "corrections": Meaning("Corrections", "정정"),
    "verdicts": Meaning("New verdicts", "새 판정"),
}
_BEFORE, _AFTER = Meaning("It said", "바뀌기 전"), Meaning("It says", "바뀐 뒤")
_WHY, _WHO = Meaning("Why", "이유"), Meaning("Proposed and approved by", "제안과 승인")
_AS_OF = Meaning("As of", "기준일")


class Line(NamedTuple):
    """A line of an entry: what it is, and what it says."""

    label: str
    text: str


class Entry(NamedTuple):
    """One revision, as a feed tells it."""

    name: str
    """What tells it from every other entry of every feed: the revision's hash, and which of its parts."""
    title: str
    path: str
    """Of its page, from the ledger's address on."""
    recorded_at: str
    authors: tuple[str, ...]
    lines: tuple[Line, ...]


def corrections(connection: sqlite3.Connection, language: Language) -> Iterator[Entry]:
    """Yield the newest corrections, the newest first: before, after, note, reason, who."""
    newest = groupby(connection.execute(_CORRECTIONS), lambda row: row["sha256"])
    for _, group in islice(newest, LONGEST):
        rows = [*group][::-1]
        first = rows[0]
        kind = _label(CorrectionKind(first["kind"]), language)
        lines = [Line(kind, note) for note in _in(language, first["public_note_en"], first["public_note_ko"])]
        for row in rows:
            lines += [Line(f"{row['field']} – {_say(_BEFORE, language)}", row["before"] or "–"),
                      Line(f"{row['field']} – {_say(_AFTER, language)}", row["after"] or "–")]  # fmt: skip
        lines.append(Line(_say(_WHY, language), first["reason"]))
        yield _entry(first, first["sha256"], kind, language, lines)


def verdicts(connection: sqlite3.Connection, language: Language) -> Iterator[Entry]:
    """Yield the newest verdicts, the newest first: the answer, why, as of when, who."""
    for row in connection.execute(_VERDICTS, (LONGEST,)):
        question, value = Question(row["field"].split(".")[1]), VerdictValue(row["after"])
        verdict = next(one for one in _record(row)["verdicts"] if one["question"] == question)
        label = _label(value, language)
        lines = [Line(_label(question, language), label)]
        rationale = verdict["rationale"]
        lines += [Line(_say(_WHY, language), text) for text in _in(language, rationale.get("en"), rationale.get("ko"))]
        lines.append(Line(_say(_AS_OF, language), verdict["as_of"]))
        yield _entry(row, f"{row['sha256']} {question}", label, language, lines)


_CORRECTIONS = (
    "SELECT c.*, r.sha256, r.body FROM corrections c "
    "JOIN revision r ON r.subject = c.subject AND r.key = c.key AND r.revision = c.revision ORDER BY c.id DESC"
)
_VERDICTS = (
    "SELECT h.*, r.body FROM history h "
    "JOIN revision r ON r.subject = h.subject AND r.key = h.key AND r.revision = h.revision "
    "WHERE h.kind = 'verdict' AND h.after IS NOT NULL AND h.field IN ('verdicts.so.value', 'verdicts.said.value') "
    "ORDER BY h.id DESC LIMIT ?"
)
"""An entry tells what its revision says, whatever came later: hence the body, not the claim as it stands."""


def _record(row: sqlite3.Row) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(row["body"])["record"]
    return record


def _entry(row: sqlite3.Row, name: str, label: str, language: Language, lines: list[Line]) -> Entry:
    statement = _record(row).get("statement", {})
    title = next(iter(_in(language, statement.get("en"), statement.get("ko"))), row["key"])
    path = f"/claims/{row['claim_id']}" if row["claim_id"] else f"/ledger/revision/{row['id'] // 10_000}"
    authors = tuple(dict.fromkeys((row["actor"], row["approver"])))
    told = (*lines, Line(_say(_WHO, language), ", ".join(authors)))
    return Entry(name, f"{label}: {title}", f"{path}?lang={language}", row["recorded_at"], authors, told)


def _in(language: Language, english: str | None, korean: str | None) -> list[str]:
    """Return a text in a language, or else in the other; nothing if there is neither."""
    texts = (korean, english) if language == "ko" else (english, korean)
    return [text for text in texts if text][:1]


def _label(term: Term, language: Language) -> str:
    return term.label_ko if language == "ko" else term.label_en


def _say(meaning: Meaning, language: Language) -> str:
    return meaning.korean if language == "ko" else meaning.english


def atom(connection: sqlite3.Connection, name: Name, site: Site, language: Language) -> bytes:
    """Return a feed as XML, the same bytes for the same ledger, site and language.

    Raises:
        LookupError: nothing is published yet, so that the feed has no identity.
    """
    first, last = connection.execute(_ENDS).fetchone()
    if first is None:
        raise LookupError("nothing is published yet")
    entries = list({"corrections": corrections, "verdicts": verdicts}[name](connection, language))
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    place = site.page(f"/feeds/{name}.atom?lang={language}")
    page = site.page(f"/corrections?lang={language}" if name == "corrections" else f"/?lang={language}")
    keeper = (site.organization or {}).get(language) or _say(_LEDGER, language)
    _text(feed, "id", named(first, name, language))
    _text(feed, "title", f"{_say(_LEDGER, language)} – {_say(_TITLES[name], language)}")
    _text(feed, "updated", entries[0].recorded_at if entries else last)
    _text(ET.SubElement(feed, "author"), "name", keeper)
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": place})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for entry in entries:
        _add(feed, entry, site, name, language)
    ET.indent(feed, " ")
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + ET.tostring(feed, encoding="utf-8") + b"\n"


_ENDS = (
    "SELECT (SELECT sha256 FROM revision WHERE number = 1), "
    "(SELECT recorded_at FROM revision ORDER BY number DESC LIMIT 1)"
)


def named(*parts: str) -> str:
    """Return the URI of what has a name in parts: always the same, wherever the ledger stands (RFC 9562, version 5).

    >>> named("00" * 32, "corrections", "ko")
    'urn:uuid:d05e1bb4-d098-5efa-b803-8bb6f17a3642'
    """
    return uuid5(NAMESPACE_URL, f"claimledger {' '.join(parts)}").urn


def _add(feed: ET.Element, entry: Entry, site: Site, *which: str) -> None:
    element = ET.SubElement(feed, "entry")
    _text(element, "id", named(entry.name, *which))
    _text(element, "title", entry.title)
    _text(element, "updated", entry.recorded_at)
    _text(element, "published", entry.recorded_at)
    for author in entry.authors:
        _text(ET.SubElement(element, "author"), "name", author)
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": site.page(entry.path)})
    content = ET.SubElement(element, "content", {"type": "xhtml"})
    told = ET.SubElement(ET.SubElement(content, "div", {"xmlns": _XHTML}), "dl")
    for line in entry.lines:
        _text(told, "dt", line.label)
        _text(told, "dd", line.text)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text

"""Atom feeds (RFC 4287) of corrections and withdrawals, and of new verdicts, made from ledger.db alone.

In: ledger.db, opened read-only with rows by name; the site; a language. Out: the bytes of a page of a feed. The
invariants: an entry stands for one revision of the log, is named for its hash wherever the ledger stands, and says the
same for good unless its record is redacted: then it tells no value any more, and is `updated` at that time. Every
revision is on some page. Text is escaped by the XML library, never by hand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import Literal, NamedTuple
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from claimledger.publishing import policy
from claimledger.publishing.columns import Meaning
from claimledger.publishing.projection import CHANGES_A_REVISION
from claimledger.publishing.site import Language, Site, in_language
from claimledger.publishing.wording import field_name, kind_of_correction, label, said, value_text
from claimledger.verdicts.answers import answer
from claimledger.vocabulary import Question, VerdictValue

Name = Literal["corrections", "verdicts"]
MEDIA_TYPE = "application/atom+xml"
LONGEST = 100
"""Revisions of a page of a feed; what is older stands on the next page (RFC 5005, section 3)."""
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_LEDGER = Meaning("Claims in print", "지면의 주장")
_TITLES: Mapping[Name, Meaning] = {
    "corrections": Meaning("Corrections and withdrawals", "정정과 철회"),
    "verdicts": Meaning("New verdicts", "새 판정"),
}
_BEFORE, _AFTER = Meaning("It said", "바뀌기 전"), Meaning("It says", "바뀐 뒤")
_WHY, _WHO = Meaning("Why", "이유"), Meaning("Proposed and approved by", "제안과 승인")
_REDACTED = Meaning("value redacted", "삭제된 값")
_REDACTED_REASON = Meaning(
    "redacted since, for it may tell what was redacted", "삭제한 내용이 드러날 수 있어 함께 삭제함"
)
_AS_OF = Meaning("As of", "기준일")


class Line(NamedTuple):
    """A line of an entry: what it is, and what it says."""

    label: str
    text: str


class Act(NamedTuple):
    """What is the same of every sort of entry."""

    name: str
    title: str
    path: str
    recorded_at: str
    actor: str
    approver: str
    number: int
    redacted_at: str | None


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
    number: int
    """Of the revision, in the log."""
    updated_at: str
    """When it came to say what it says: when it was recorded, or when its record was redacted."""


def corrections(connection: sqlite3.Connection, language: Language, before: int | None = None) -> Iterator[Entry]:
    """Yield corrections and withdrawals, the newest first, and one revision more than a page has.

    An entry tells before, after, note, reason and who; of a withdrawal, why and who.
    """
    for one in policy.corrections(connection, count=LONGEST + 1, before=before):
        kind, called = label(one.kind, language), kind_of_correction(one.kind, language)
        lines = [Line(kind, note) for note in _in(language, one.public_note)]
        lines += _changes(one, language)
        lines.append(Line(said(_WHY, language), one.reason or said(_REDACTED_REASON, language)))
        title = next(iter(_in(language, one.statement)), one.key)
        path = f"/claims/{one.claim_id}" if one.claim_id else _on_the_page_of_corrections(one.number)
        act = Act(one.sha256, f"{called}: {title}", path, one.recorded_at, one.actor, one.approver, one.number,
                  one.redacted_at)  # fmt: skip
        yield _entry(act, language, lines)


def _on_the_page_of_corrections(number: int) -> str:
    """Return where a correction of what has no page of its own is told: first on a page, under its number."""
    return f"/corrections?before={number + 1}#{number}"


def _changes(one: policy.Corrected, language: Language) -> Iterator[Line]:
    for change in one.changes:
        field = field_name(change.field, language)
        if one.is_redacted:
            yield Line(field, said(_REDACTED, language))
            continue
        for when, value in ((_BEFORE, change.before), (_AFTER, change.after)):
            yield Line(f"{field} – {said(when, language)}", value_text(change.field, value, language) if value else "–")


def verdicts(connection: sqlite3.Connection, language: Language, before: int | None = None) -> Iterator[Entry]:
    """Yield verdicts, the newest first, and one revision more than a page has: the answer, why, as of when, who."""
    rows = connection.execute(_VERDICTS, ((before or 2**31) * CHANGES_A_REVISION,))
    for _, of in islice(groupby(rows, lambda row: row["sha256"]), LONGEST + 1):
        yield from (_verdict(row, language) for row in of)


def _verdict(row: sqlite3.Row, language: Language) -> Entry:
    question = Question(row["field"].split(".")[1])
    title, lines = _told(row, question, language)
    name, path = f"{row['sha256']} {question}", f"/claims/{row['claim_id']}"
    act = Act(name, title, path, row["recorded_at"], row["actor"], row["approver"], row["id"] // CHANGES_A_REVISION,
              row["redacted_at"])  # fmt: skip
    return _entry(act, language, lines)


def _told(row: sqlite3.Row, question: Question, language: Language) -> tuple[str, list[Line]]:
    """Return the title and the lines of a verdict; what was asked comes first, for a title is read alone."""
    if row["redacted_at"]:
        redacted = said(_REDACTED, language)
        return redacted, [Line(label(question, language), redacted)]
    asked, value = label(question, language), label(answer(question, VerdictValue(row["after"])), language)
    record = json.loads(row["body"])["record"]
    verdict = next(one for one in record["verdicts"] if one["question"] == question)
    lines = [Line(asked, value)]
    lines += [Line(said(_WHY, language), text) for text in _in(language, verdict["rationale"])]
    lines.append(Line(said(_AS_OF, language), verdict["as_of"]))
    return f"{asked} – {value}: {next(iter(_in(language, record['statement'])))}", lines


_VERDICTS = (
    "SELECT h.*, r.body, (SELECT max(x.recorded_at) FROM revision x WHERE x.subject = h.subject AND x.key = h.key "
    "AND x.revision > h.revision AND x.kind = 'redaction') AS redacted_at FROM history h "
    "JOIN revision r ON r.subject = h.subject AND r.key = h.key AND r.revision = h.revision "
    "WHERE h.kind = 'verdict' AND (h.after IS NOT NULL OR redacted_at IS NOT NULL) "
    "AND h.field IN ('verdicts.so.value', 'verdicts.said.value') "
    "AND h.id < ? ORDER BY h.id DESC"
)
"""An entry tells what its revision says, whatever came later: hence the body, not the claim as it stands. What was
redacted since is told no more, but its entry stays: a reader that has it takes the value out by its new `updated`."""


def _entry(act: Act, language: Language, lines: list[Line]) -> Entry:
    authors = tuple(dict.fromkeys((act.actor, act.approver)))
    told = (*lines, Line(said(_WHO, language), ", ".join(authors)))
    path, updated_at = in_the_language(act.path, language), act.redacted_at or act.recorded_at
    return Entry(act.name, act.title, path, act.recorded_at, authors, told, act.number, updated_at)


def in_the_language(path: str, language: Language) -> str:
    """Return the address of a page in a language.

    >>> in_the_language("/corrections?before=8#7", "ko")
    '/corrections?before=8&lang=ko#7'
    """
    parts = urlsplit(path)
    asked = f"lang={language}"
    return parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked).geturl()


def _in(language: Language, wording: Mapping[str, str]) -> list[str]:
    """Return a wording in a language, or else in another, as a list of one; nothing if there is none."""
    return [in_language(wording, language)[0]] if wording else []


def atom(
    connection: sqlite3.Connection, name: Name, site: Site, language: Language, before: int | None = None
) -> bytes:
    """Return a page of a feed as XML, the same bytes for the same ledger, site and language.

    The page has the newest revisions, only those before a number of the log, and leads to what is older.

    Raises:
        LookupError: nothing is published yet, so that the feed has no identity.
    """
    first, last = connection.execute(_ENDS).fetchone()
    if first is None:
        raise LookupError("nothing is published yet")
    found = list({"corrections": corrections, "verdicts": verdicts}[name](connection, language, before))
    numbers = list(dict.fromkeys(entry.number for entry in found))[:LONGEST]
    entries = [entry for entry in found if entry.number in numbers]
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    first_page = site.page(f"/feeds/{name}.atom?lang={language}")
    place = f"{first_page}&before={before}" if before else first_page
    page = site.page(f"/corrections?lang={language}" if name == "corrections" else f"/?lang={language}")
    keeper = (site.organization or {}).get(language) or said(_LEDGER, language)
    _text(feed, "id", named(first, name, language))
    _text(feed, "title", f"{said(_LEDGER, language)} – {said(_TITLES[name], language)}")
    _text(feed, "updated", max((entry.updated_at for entry in entries), default=last))
    _text(ET.SubElement(feed, "author"), "name", keeper)
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": place})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    ET.SubElement(feed, "link", {"rel": "first", "type": MEDIA_TYPE, "href": first_page})
    if len(entries) < len(found):
        older = f"{first_page}&before={numbers[-1]}"
        ET.SubElement(feed, "link", {"rel": "next", "type": MEDIA_TYPE, "href": older})
    for entry in entries:
        _add(feed, entry, site, name, language)
    ET.indent(feed, " ")
    text = ET.tostring(feed, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


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
    _text(element, "updated", entry.updated_at)
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

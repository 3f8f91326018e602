"""Atom feeds (RFC 4287) of corrections and withdrawals, and of new verdicts, made from ledger.db.

An entry is one revision of the log. Its ID comes from the revision's hash, at any address of the site. Its content
never changes unless its record is redacted: then it shows no value and `updated` is the time of the redaction. Every
revision is on some page of the feed. The XML library escapes all text.
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

from claimledger.labels import label_text
from claimledger.publishing import policy
from claimledger.publishing.columns import Meaning
from claimledger.publishing.projection import CHANGES_PER_REVISION
from claimledger.publishing.signed_log import CHECKPOINT_PATH, is_signed_ledger
from claimledger.publishing.site import PageLanguage, Site, text_and_language
from claimledger.publishing.wording import field_name, correction_label, label, meaning_text, value_text
from claimledger.verdicts.answers import labelled_verdict, public_status
from claimledger.vocabulary import Question

FeedName = Literal["corrections", "verdicts"]
MEDIA_TYPE = "application/atom+xml"
REVISIONS_A_PAGE = 100
"""The number of revisions on a page of a feed; older ones are on the next page (RFC 5005, section 3)."""
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_AUTHORS = Meaning("Proposed and approved by", "제안과 승인")


class EntryLine(NamedTuple):
    """A line of an entry: a label and a text."""

    label: str
    text: str


class RevisionFacts(NamedTuple):
    """The parts of an entry that corrections and verdicts have in common."""

    name: str
    title: str
    path: str
    recorded_at: str
    actor: str
    approver: str
    number: int
    redacted_at: str | None


class FeedEntry(NamedTuple):
    """An entry of a feed: one revision."""

    name: str
    """Its unique name in all feeds: the revision's hash, and the question of a verdict."""
    title: str
    path: str
    """The path of its page, relative to the address of the site."""
    recorded_at: str
    authors: tuple[str, ...]
    lines: tuple[EntryLine, ...]
    number: int
    """The number of the revision in the log."""
    updated_at: str
    """The time of its current content: when it was recorded, or when its record was redacted."""


def correction_entries(
    connection: sqlite3.Connection, language: PageLanguage, before: int | None = None
) -> Iterator[FeedEntry]:
    """Yield corrections and withdrawals, newest first, up to one more revision than fits on a page.

    An entry shows the values before and after, the note, the reason and the people; a withdrawal shows the reason and
    the people.
    """
    for one in policy.list_corrections(connection, count=REVISIONS_A_PAGE + 1, before=before):
        kind, called = label(one.kind, language), correction_label(one.kind, language)
        lines = [EntryLine(kind, note) for note in _texts_in(language, one.public_note)]
        lines += _changes(one, language)
        lines.append(
            EntryLine(label_text("field.reason", language), one.reason or label_text("part.redacted_reason", language))
        )
        title = next(iter(_texts_in(language, one.statement)), one.key)
        path = f"/claims/{one.claim_id}" if one.claim_id else _corrections_path(one.number)
        act = RevisionFacts(
            one.sha256,
            f"{called}: {title}",
            path,
            one.recorded_at,
            one.actor,
            one.approver,
            one.number,
            one.redacted_at,
        )
        yield _entry(act, language, lines)


def _corrections_path(number: int) -> str:
    """Return the path of a correction on the page of corrections, for a record without a page of its own."""
    return f"/corrections?before={number + 1}#{number}"


def _changes(one: policy.PublishedCorrection, language: PageLanguage) -> Iterator[EntryLine]:
    for change in one.changes:
        field = field_name(change.field, language)
        if one.is_redacted:
            yield EntryLine(field, label_text("part.redacted", language))
            continue
        for when, value in (("part.before", change.before), ("part.after", change.after)):
            yield EntryLine(
                f"{field} – {label_text(when, language)}", value_text(change.field, value, language) if value else "–"
            )


def verdict_entries(
    connection: sqlite3.Connection, language: PageLanguage, before: int | None = None
) -> Iterator[FeedEntry]:
    """Yield verdicts with their reasons, newest first, up to one more revision than fits on a page."""
    rows = connection.execute(_VERDICTS, ((before or 2**31) * CHANGES_PER_REVISION,))
    for _, of in islice(groupby(rows, lambda row: row["sha256"]), REVISIONS_A_PAGE + 1):
        yield from (_verdict(row, language) for row in of)


def _verdict(row: sqlite3.Row, language: PageLanguage) -> FeedEntry:
    question = Question(row["field"].split(".")[1])
    title, lines = _title_and_lines(row, question, language)
    name, path = f"{row['sha256']} {question}", f"/claims/{row['claim_id']}"
    act = RevisionFacts(
        name,
        title,
        path,
        row["recorded_at"],
        row["actor"],
        row["approver"],
        row["id"] // CHANGES_PER_REVISION,
        row["redacted_at"],
    )
    return _entry(act, language, lines)


def _title_and_lines(row: sqlite3.Row, question: Question, language: PageLanguage) -> tuple[str, list[EntryLine]]:
    """Return the title and the lines of a verdict; the question comes first, because a title may be read on its own."""
    if row["redacted_at"]:
        redacted = label_text("part.redacted", language)
        return redacted, [EntryLine(label(question, language), redacted)]
    record = json.loads(row["body"])["record"]
    status = public_status(row["after"], has_evidence=bool(record.get("evidence")))
    asked, value = label(question, language), label(labelled_verdict(question, status), language)
    verdict = next(one for one in record["verdicts"] if one["question"] == question)
    lines = [EntryLine(asked, value)]
    lines += [
        EntryLine(label_text("field.rationale", language), text) for text in _texts_in(language, verdict["rationale"])
    ]
    lines.append(EntryLine(label_text("field.as_of", language), verdict["as_of"]))
    return f"{asked} – {value}: {next(iter(_texts_in(language, record['statement'])))}", lines


_VERDICTS = (
    "SELECT h.*, r.body, (SELECT max(x.recorded_at) FROM revision x WHERE x.subject = h.subject AND x.key = h.key "
    "AND x.revision > h.revision AND x.kind = 'redaction') AS redacted_at FROM history h "
    "JOIN revision r ON r.subject = h.subject AND r.key = h.key AND r.revision = h.revision "
    "WHERE h.kind = 'verdict' AND (h.after IS NOT NULL OR redacted_at IS NOT NULL) "
    "AND h.field IN ('verdicts.so.value', 'verdicts.said.value') "
    "AND h.id < ? ORDER BY h.id DESC"
)
"""An entry shows its own revision, so it reads the body and not the current claim. The entry of a redacted value stays
without the value; feed readers replace their copy because of its new `updated`."""


def _entry(act: RevisionFacts, language: PageLanguage, lines: list[EntryLine]) -> FeedEntry:
    authors = tuple(dict.fromkeys((act.actor, act.approver)))
    shown = (*lines, EntryLine(meaning_text(_AUTHORS, language), ", ".join(authors)))
    path, updated_at = path_in_language(act.path, language), act.redacted_at or act.recorded_at
    return FeedEntry(act.name, act.title, path, act.recorded_at, authors, shown, act.number, updated_at)


def path_in_language(path: str, language: PageLanguage) -> str:
    """Return the path of a page with its language.

    >>> path_in_language("/corrections?before=8#7", "ko")
    '/corrections?before=8&lang=ko#7'
    """
    parts = urlsplit(path)
    asked = f"lang={language}"
    return parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked).geturl()


def _texts_in(language: PageLanguage, wording: Mapping[str, str]) -> list[str]:
    """Return a text in a language, or else in another, as a list of one, or an empty list."""
    return [text_and_language(wording, language)[0]] if wording else []


class Feed(NamedTuple):
    """A feed: its name, its title and its addresses."""

    name: str
    """The name, which is part of the ID of the feed and of its entries."""
    title: str
    path: str
    """The path of its first page, with the language."""
    page: str
    """The path of the page that shows the same."""


def atom_page(
    connection: sqlite3.Connection, name: FeedName, site: Site, language: PageLanguage, before: int | None = None
) -> bytes:
    """Return a page of a feed as XML, the same bytes for the same ledger, site and language.

    The page has the newest revisions, or the newest before a number of the log, and links to older ones.

    Raises:
        LookupError: nothing is published yet, so the feed has no ID.
    """
    readers = {"corrections": correction_entries, "verdicts": verdict_entries}
    page = f"/corrections?lang={language}" if name == "corrections" else f"/?lang={language}"
    title = label_text(f"site.feed_{name}", language)
    feed = Feed(name, title, f"/feeds/{name}.atom?lang={language}", page)
    return feed_page(connection, feed, list(readers[name](connection, language, before)), site, language, before)


def feed_page(
    connection: sqlite3.Connection, of: Feed, found: list[FeedEntry], site: Site, language: PageLanguage,
    before: int | None = None,
) -> bytes:  # fmt: skip
    """Return a page of a feed as XML, with as many of the entries as fit on it.

    Raises:
        LookupError: nothing is published yet, so the feed has no ID.
    """
    first, last = connection.execute(_ENDS).fetchone()
    if first is None:
        raise LookupError("nothing is published yet")
    numbers = list(dict.fromkeys(entry.number for entry in found))[:REVISIONS_A_PAGE]
    entries = [entry for entry in found if entry.number in numbers]
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    first_page = site.page(of.path)
    place = f"{first_page}&before={before}" if before else first_page
    keeper = (site.organization or {}).get(language) or label_text("site.title", language)
    _text(feed, "id", feed_uri(first, of.name, language))
    _text(feed, "title", f"{label_text('site.title', language)} – {of.title}")
    _text(feed, "updated", max((entry.updated_at for entry in entries), default=last))
    _text(ET.SubElement(feed, "author"), "name", keeper)
    if site.data_license:
        _text(feed, "rights", text_and_language(site.data_license, language)[0])
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": place})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": site.page(of.page)})
    ET.SubElement(feed, "link", {"rel": "first", "type": MEDIA_TYPE, "href": first_page})
    if is_signed_ledger(connection):
        ET.SubElement(feed, "link", {"rel": "related", "type": "text/plain", "href": site.page(CHECKPOINT_PATH)})
    if len(entries) < len(found):
        older = f"{first_page}&before={numbers[-1]}"
        ET.SubElement(feed, "link", {"rel": "next", "type": MEDIA_TYPE, "href": older})
    for entry in entries:
        _add(feed, entry, site, of.name, language)
    ET.indent(feed, " ")
    text = ET.tostring(feed, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


_ENDS = (
    "SELECT (SELECT sha256 FROM revision WHERE number = 1), "
    "(SELECT recorded_at FROM revision ORDER BY number DESC LIMIT 1)"
)


def feed_uri(*parts: str) -> str:
    """Return the URI of a name in parts, the same at any address of the site (RFC 9562, version 5).

    >>> feed_uri("00" * 32, "corrections", "ko")
    'urn:uuid:d05e1bb4-d098-5efa-b803-8bb6f17a3642'
    """
    return uuid5(NAMESPACE_URL, f"claimledger {' '.join(parts)}").urn


def _add(feed: ET.Element, entry: FeedEntry, site: Site, *which: str) -> None:
    element = ET.SubElement(feed, "entry")
    _text(element, "id", feed_uri(entry.name, *which))
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated_at)
    _text(element, "published", entry.recorded_at)
    for author in entry.authors:
        _text(ET.SubElement(element, "author"), "name", author)
    ET.SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": site.page(entry.path)})
    content = ET.SubElement(element, "content", {"type": "xhtml"})
    listed = ET.SubElement(ET.SubElement(content, "div", {"xmlns": _XHTML}), "dl")
    for line in entry.lines:
        _text(listed, "dt", line.label)
        _text(listed, "dd", line.text)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text

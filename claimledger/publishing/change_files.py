"""The changes since a day as rows of a CSV file, and as entries of an Atom feed, in one language.

Both have the same revisions as the page. A row has codes beside their labels.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

from claimledger.labels import label_text
from claimledger.publishing.feeds import (
    REVISIONS_A_PAGE, EntryLine, Feed, FeedEntry, feed_page, path_in_language,
)  # fmt: skip
from claimledger.publishing.page_language import changes_in_language
from claimledger.publishing.pages.changes import DEFAULT_GROUPS, ChangeFilter, PublicChange, list_changes
from claimledger.publishing.site import PageLanguage, Site, text_and_language
from claimledger.publishing.wording import field_name, label, value_text
from claimledger.vocabulary import Question, Subject

COLUMNS = (
    "number", "recorded_at", "kind", "kind_label", "subject", "subject_label", "key", "article", "title",
    "so_before", "so_after", "so_label", "said_before", "said_after", "said_label", "changed_fields", "reason",
    "author", "approver", "address",
)  # fmt: skip
MOST_ROWS = 20_000
"""The largest number of revisions in a file."""


def changed_record_path(one: PublicChange) -> str:
    """Return the path of the page that shows a changed record now."""
    if one.claim_id:
        return f"/claims/{one.claim_id}"
    if one.subject is Subject.ARTICLE:
        return f"/articles/{one.key}"
    return f"/ledger/documents/{one.key}" if one.subject is Subject.DOCUMENT else f"/ledger/revision/{one.number}"


def filter_query(asked: ChangeFilter, language: PageLanguage) -> str:
    """Return the query string that leads to the same changes."""
    chosen = [] if tuple(asked.groups) == DEFAULT_GROUPS else [("kind", group) for group in asked.groups]
    named = [(name, getattr(asked, name)) for name in ("article", "claim", "speaker")]
    return urlencode([("since", asked.since), *chosen, *(pair for pair in named if pair[1]), ("lang", language)])


def change_rows_of_file(
    changes: Sequence[PublicChange], site: Site, language: PageLanguage
) -> Iterator[tuple[str | int | None, ...]]:
    """Yield a row for each change, with the columns of `COLUMNS`."""
    for one in changes:
        told = changes_in_language(one.fields, language)
        names = [*(change.field for change in told.shown), *told.other]
        yield (
            one.number, one.recorded_at, str(one.kind), label(one.kind, language), str(one.subject),
            label(one.subject, language), one.key, one.article_id, _text(one.title, language),
            *_answer_cells(one, Question.SO, language), *_answer_cells(one, Question.SAID, language),
            "; ".join(field_name(name, language) for name in names), _text(one.reason, language), one.author,
            one.approver, site.page(path_in_language(changed_record_path(one), language)),
        )  # fmt: skip


def _answer_cells(one: PublicChange, question: Question, language: PageLanguage) -> tuple[str | None, ...]:
    for answer in one.answers:
        if answer.question is question:
            return str(answer.before), str(answer.after), label(answer.after, language)
    return None, None, None


def _text(texts: Mapping[str, str], language: PageLanguage) -> str | None:
    return text_and_language(texts, language)[0] if texts else None


def change_feed(
    connection: sqlite3.Connection, asked: ChangeFilter, site: Site, language: PageLanguage, before: int | None = None
) -> bytes:
    """Return a page of the feed of changes as XML.

    Raises:
        LookupError: nothing is published yet, so the feed has no ID.
    """
    query = filter_query(asked, language)
    title = f"{label_text('site.changes', language)} ({asked.since})"
    feed = Feed(f"changes {query}", title, f"/feeds/changes.atom?{query}", f"/changes?{query}")
    found = list_changes(connection, asked, count=REVISIONS_A_PAGE + 1, before=before)
    return feed_page(connection, feed, [_entry(one, language) for one in found], site, language, before)


def _entry(one: PublicChange, language: PageLanguage) -> FeedEntry:
    title = _text(one.title, language) or one.key
    shown = [f"{label(answer.before, language)} → {label(answer.after, language)}" for answer in one.answers]
    return FeedEntry(
        name=f"{one.sha256} change",
        title=f"{' · '.join([label(one.kind, language), *shown])}: {title}",
        path=path_in_language(changed_record_path(one), language),
        recorded_at=one.recorded_at,
        authors=tuple(dict.fromkeys((one.author, one.approver))),
        lines=tuple(_lines(one, language)),
        number=one.number,
        updated_at=one.redacted_at or one.recorded_at,
    )


def _lines(one: PublicChange, language: PageLanguage) -> Iterator[EntryLine]:
    if one.redacted_at:
        yield EntryLine(label(one.kind, language), label_text("part.redacted", language))
        return
    for change in changes_in_language(one.fields, language).shown:
        values = (value_text(change.field, text, language) if text else "–" for text in change[1:])
        yield EntryLine(field_name(change.field, language), " → ".join(values))
    if reason := _text(one.reason, language):
        yield EntryLine(label_text("field.reason", language), reason)

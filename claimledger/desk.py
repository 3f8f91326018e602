"""THE CLAIM'S WAY, one short function per editorial step, in order. Read this first.

    new_claim     start a claim's file from a passage of the article
    record        take hand-edited files in as drafts          (author, reason)
    publish       append open drafts to the public log         (a second person approves)
    build         print claims/ and ledger.db from the log
    check         prove that log, files and ledger.db say the same
    verify        hold an article's text against the claims that quote it

Every interface calls these and decides nothing itself. What may follow what stands in `review`; how it is kept, in
`ledger`; how it is shown, in `publishing`. A step writes all or nothing, and says what it did.
"""

from __future__ import annotations
import difflib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from claimledger.article import Text, outside, quotations, read_text
from claimledger.errors import NotFound, NothingToPublish, ProblemsFound
from claimledger.ledger import checks, edits, log, printing, revisions, text_form
from claimledger.ledger.checks import Checked
from claimledger.ledger.edits import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.printing import Printed
from claimledger.ledger.store import DeskStore, Draft
from claimledger.models import Appearance, Article, Span, Subjects
from claimledger.publishing import ledger_db
from claimledger.quantities import Role, find_figures
from claimledger.scalars import BASE32
from claimledger.selectors import Orphan, Resolved, make_quote, resolve

Clock = Callable[[], datetime]
Progress = Callable[[int], None]
"""Called now and then with the number of revisions done since the last call."""


def silent(_: int) -> None:
    """Report no progress."""


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    printed: Printed
    """The text form."""
    is_rebuilt: bool
    """Whether ledger.db was stale and was built again."""


def open_store(places: Places) -> DeskStore:
    """Open the desk's store; what a crash left half done between store and log is repaired or refused here."""
    return DeskStore(places.desk, places.log)


def new_claim(places: Places, article_id: str, slug: str, text_file: Path, *, quote: str, nth: int = 1) -> Path:
    """Start a claim's file from the `nth` place where `quote` stands in an article's text, and return it.

    What a person must decide is left empty in it.

    Raises:
        NotFound: there is no such article, or the passage does not stand in the text so often.
    """
    articles = {record.article_id: record for record in _records(places) if isinstance(record, Article)}
    if article_id not in articles:
        raise NotFound("article", article_id, sorted(articles))
    text = read_text(text_file.read_bytes(), str(text_file))
    spans = text.places_of(quote)
    if len(spans) < nth:
        raise NotFound(f"{nth}. place in {text_file} (it has {len(spans)}) of the passage", quote)
    selector = make_quote(text.content, spans[nth - 1], may_hold_text=articles[article_id].rights.may_hold_text)
    claim_id = f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"
    return text_form.write_skeleton(places, claim_id, article_id, text.sha256, spans[nth - 1], selector)


def record(places: Places, paths: Sequence[Path], edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Take hand-edited files in as drafts, all or none; no paths means every file of the claims folder.

    Raises:
        ProblemsFound: every problem in every file; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        changes, problems = edits.changes_in(paths or text_form.files_in(places), store, places)
        drafts, more = edits.drafts_of(changes, store, edit)
        if problems or more:
            raise ProblemsFound([*problems, *more])
        store.append_drafts(connection, drafts, clock())
    return drafts


def open_drafts(places: Places) -> list[Draft]:
    """Return the drafts that wait to be published."""
    with open_store(places) as store:
        return store.open_drafts()


def discard(places: Places, key: str, edit: Edit, clock: Clock = utc_now) -> None:
    """Close a record's open draft without publishing it.

    Raises:
        NotFound: the record has no open draft.
    """
    with open_store(places) as store, store.writing() as connection:
        for draft in _chosen(store.open_drafts(), [key]):
            store.discard_draft(connection, draft, edit.author, edit.reason, clock())


def publish(
    places: Places, approver: str, keys: Sequence[str] = (), *, clock: Clock = utc_now, progress: Progress = silent
) -> tuple[int, Built]:
    """Append open drafts (all, or those of `keys`) to the public log as one act, then print and build.

    Raises:
        SecondEditorRequired: `approver` wrote part of one of them; nothing was published.
        ClaimChangedMeanwhile: a draft is based on a revision that is no longer the newest; nothing was published.
        NotFound: a record of `keys` has no open draft; nothing was published.
        NothingToPublish: no draft is open.
        ProblemsFound: a draft names a record that would not be public; nothing was published.
    """
    with open_store(places) as store:
        drafts = _chosen(store.open_drafts(), keys)
        if not drafts:
            raise NothingToPublish
        if problems := edits.unpublished_references(drafts, store):
            raise ProblemsFound(problems)
        count = revisions.publish_drafts(store, drafts, approver, now=clock())
    return count, build(places, progress)


def _chosen(drafts: Sequence[Draft], keys: Sequence[str]) -> list[Draft]:
    """Return the drafts of `keys`, or all if no keys are given."""
    open_keys = {draft.key for draft in drafts}
    for key in keys:
        if key not in open_keys:
            raise NotFound("open draft of", key, difflib.get_close_matches(key, open_keys))
    return [draft for draft in drafts if not keys or draft.key in keys]


def build(places: Places, progress: Progress = silent) -> Built:
    """Print the text form and build ledger.db from the log, as far as they are not up to date."""
    _demand_log(places)
    with ExitStack() as held:
        if places.desk.exists():  # one desk prints at a time, so that no slower one puts older files over newer ones
            store = held.enter_context(open_store(places))
            held.enter_context(store.writing())
        printed = printing.print_text_form(places)
        return Built(printed, build_ledger(places, progress))


def build_ledger(places: Places, progress: Progress = silent) -> bool:
    """Build ledger.db if it is missing or older than the log; return whether it was.

    Raises:
        NotFound: there is no log here.
    """
    _demand_log(places)
    is_stale = ledger_db.is_stale(places.ledger, places.log)
    if is_stale:
        ledger_db.build(log.read_log(places.log), places.ledger, progress=progress)
    return is_stale


def _demand_log(places: Places) -> None:
    if not places.log.is_dir():
        raise NotFound("ledger (no folder claims/log) in", str(places.root))


@dataclass(frozen=True, slots=True)
class Verified:
    """How an article's text and its claims fit."""

    article_id: str
    """The article."""
    text: Text
    """The text."""
    found: int
    """How many appearances stand where they should."""
    lost: tuple[tuple[Appearance, Resolved | Orphan], ...]
    """Appearances that stand elsewhere or nowhere."""
    uncovered: tuple[tuple[str, Span], ...]
    """Figures and quotations in no claim's passage: what it is, where."""


def verify(places: Places, text_file: Path) -> Verified:
    """Hold an article's text against every claim that quotes it, open drafts included.

    Raises:
        NotFound: no article has an edition with this text.
    """
    text = read_text(text_file.read_bytes(), str(text_file))
    records = _records(places)
    edition_of = {
        edition.edition_sha256: (record, edition)
        for record in records
        if isinstance(record, Article)
        for edition in record.editions
    }
    if text.sha256 not in edition_of:
        raise NotFound(
            "edition of any article with the text of",
            str(text_file),
            [f"a text with SHA-256 {sha256[:12]}…" for sha256 in edition_of],
        )
    article, edition = edition_of[text.sha256]
    appearances = [
        record for record in records if isinstance(record, Appearance) and record.edition_sha256 == text.sha256
    ]
    resolved = [
        (appearance, resolve(text.content, appearance.position, appearance.quote)) for appearance in appearances
    ]
    lost = tuple(
        (appearance, where) for appearance, where in resolved if not isinstance(where, Resolved) or where.is_moved
    )
    covers = [where.span for _, where in resolved if isinstance(where, Resolved)]
    return Verified(
        article.article_id,
        text,
        len(resolved) - len(lost),
        lost,
        tuple(_uncovered(text.content, [*covers, *edition.furniture])),
    )


def _uncovered(text: str, covers: list[Span]) -> Iterator[tuple[str, Span]]:
    yield from (("quotation", span) for span in outside(text, quotations(text), covers))
    yield from (("figure", span) for span in outside(text, _quantities(text), covers))


def _quantities(text: str) -> Iterator[Span]:
    """Yield the figures of a text that are quantities; dates and lengths of time are not asked for."""
    for figure in find_figures(text):
        if figure.role is Role.QUANTITY:
            yield Span(start=figure.start, end=figure.end)


def _records(places: Places) -> list[Subjects]:
    """Return every record as it stands on the desk: the newest public version, or the open draft over it."""
    records = {
        (revision.subject, revision.key): revision.record for _, revision in printing.heads(log.read_log(places.log))
    }
    if places.desk.exists():
        with open_store(places) as store:
            records |= {(draft.subject, draft.key): draft.record for draft in store.open_drafts()}
    return list(records.values())


def check(places: Places, against: Path | None = None) -> Iterator[Checked]:
    """Yield the outcome of each check, as it is done; `against` is an older copy of the log's folder.

    Nothing is written, and nothing that a check cannot look at stops the others.

    Raises:
        NotFound: there is no log here.
    """
    _demand_log(places)
    yield from checks.run(places, against)
    yield checks.guarded("ledger.db", lambda: _check_ledger(places))


def _check_ledger(places: Places) -> Checked:
    if not places.ledger.exists():
        return Checked("ledger.db", "there is none; 'claimledger build' makes it", is_done=False)
    problems = ledger_db.differences(places.ledger, log.read_log(places.log))
    return Checked("ledger.db", "every row and the schema against a fresh build from the log", tuple(problems))

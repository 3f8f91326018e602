"""Print the text form from the newest public revisions, and never over a person's edit.

In: the log. Out: files in the claims folder. A file is printed when it is missing, or when it says nothing that the log
does not say: each record in it is that of the newest revision or of the one it names as its base, in any spelling, or
that of a draft which a later one was published over. Any other file that differs holds an edit, is left alone and
reported. What rights allow to be shared is put beside them, and what they allow no more is taken away. The invariant:
delete any of them and print again, and the same bytes stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from claimledger.ledger import content_store, files, log, shared_files, text_form
from claimledger.ledger.files import Places
from claimledger.models import Appearance, Article, Claim, Document, Revision, Subjects, key_of
from claimledger.vocabulary import Subject


@dataclass(frozen=True, slots=True)
class Printed:
    """What printing did."""

    written: tuple[Path, ...]
    """Files written."""
    edited: tuple[Path, ...]
    """Files left alone since a person's edit stands in them."""
    removed: tuple[Path, ...] = ()
    """Contents taken away since no public record allows them any more."""


class _Place(msgspec.Struct):
    subject: str
    key: str


def _nothing(_: str) -> None:
    """Hold no text."""


def print_text_form(
    places: Places,
    passed_over: Callable[[Collection[str]], list[Subjects]] | None = None,
    text_of: Callable[[str], bytes | None] = _nothing,
) -> Printed:
    """Bring the claims folder up to date with the log.

    `passed_over` gives the records that were drafted under some keys and that a later draft was published over;
    `text_of` gives the text of an edition as the desk keeps it, by its hash.
    """
    newest = heads(log.read_log(places.log))
    demanded = dict(printed_files(newest, places))
    standing = {path: path.read_bytes() for path in demanded if path.is_file()}
    differing = {path for path, content in standing.items() if content != demanded[path]}
    edited = _edited(differing, newest, places, passed_over) | _led_outside(demanded.keys(), places)
    stale = [path for path in demanded if path not in edited and standing.get(path) != demanded[path]]
    saved_meanwhile = {path for path in stale if not _put(path, standing.get(path), demanded[path])}
    written = tuple(path for path in stale if path not in saved_meanwhile)
    kept = partial(content_store.content_of, places.kept_evidence)
    shelves = ((shared_files.evidence(newest, places), kept), (shared_files.texts(newest, places), text_of))
    brought = [path for shelf, content_of in shelves for path in _share(shelf, content_of, places)]
    removed = [path for shelf, _ in shelves for path in _take_away(shelf, places)]
    return Printed((*written, *brought), tuple(sorted(edited | saved_meanwhile)), tuple(removed))


def _share(shelf: shared_files.Shelf, content_of: Callable[[str], bytes | None], places: Places) -> list[Path]:
    """Put the contents that rights allow to be shared where git takes them along, as far as they are kept."""
    lacking = shelf.lacking
    inside = lacking.keys() - _led_outside(lacking.keys(), places)
    kept = ((path, content_of(lacking[path])) for path in sorted(inside))
    found = [(path, content) for path, content in kept if content is not None]
    files.replace_all(found)
    return [path for path, _ in found]


def _take_away(shelf: shared_files.Shelf, places: Places) -> list[Path]:
    """Take away the contents that no public record allows any more, and nothing else that lies in the folder."""
    gone = set(shelf.left_over)
    inside = sorted(gone - _led_outside(gone, places))
    for path in inside:
        path.unlink()
    for folder in {path.parent for path in inside}:
        with suppress(OSError):  # something else lies in it
            folder.rmdir()
    return inside


def _put(path: Path, seen: bytes | None, content: bytes) -> bool:
    """Write a file unless somebody saved another one in its place since it was read; return whether it was written."""
    if (path.read_bytes() if path.is_file() else None) != seen:
        return False
    files.replace_bytes(path, content)
    return True


def heads(entries: Iterable[log.Entry], subject: Subject | None = None) -> list[tuple[str, Revision]]:
    """Return (hash, newest revision) of every record, or of those of a subject, in the order of their first listing."""
    newest: dict[tuple[str, str], log.Entry] = {}
    for entry in entries:
        place = msgspec.json.decode(entry.body, type=_Place)
        if subject in (None, place.subject):
            newest[place.subject, place.key] = entry
    return [(entry.sha256, Revision.model_validate_json(entry.body)) for entry in newest.values()]


def printed_files(heads: Iterable[tuple[str, Revision]], places: Places) -> Iterator[tuple[Path, bytes]]:
    """Yield each file with the bytes that belong in it, from (hash, newest revision) of every record."""
    holders: list[tuple[str, Claim | Article | Document]] = []
    appearances: dict[str, list[tuple[Appearance, str]]] = {}
    for sha256, revision in heads:
        if isinstance(revision.record, Appearance):
            appearances.setdefault(revision.record.claim_id, []).append((revision.record, sha256))
        else:
            holders.append((sha256, revision.record))
    for sha256, record in holders:
        of_claim = appearances.get(record.claim_id, []) if isinstance(record, Claim) else []
        form = text_form.make_form(record, sha256, of_claim)
        yield text_form.path_of(record, places), text_form.print_file(form)


def _edited(
    paths: AbstractSet[Path],
    newest: Iterable[tuple[str, Revision]],
    places: Places,
    passed_over: Callable[[Collection[str]], list[Subjects]] | None,
) -> AbstractSet[Path]:
    """Return the files that say something the log does not say, or that cannot be read."""
    forms = {path: text_form.read_file(path, places).form for path in paths}
    entries = {path: text_form.records_in(form) for path, form in forms.items() if form}
    bases = {entry.base for found in entries.values() for entry in found} - {None}
    older = [body for _, sha256, body in (log.read_log(places.log) if bases else ()) if sha256 in bases]
    revisions = [*(revision for _, revision in newest), *map(Revision.model_validate_json, older)]
    keys = {key_of(entry.record) for found in entries.values() for entry in found}
    drafted = passed_over(keys) if passed_over and keys else []
    said = {_told_apart_by(record) for record in (*(revision.record for revision in revisions), *drafted)}
    unsaid = {path for path, found in entries.items() if any(_told_apart_by(one.record) not in said for one in found)}
    return unsaid | (paths - entries.keys())


def drafted(
    paths: AbstractSet[Path], waiting: Iterable[Subjects], public: Iterable[Subjects], places: Places
) -> AbstractSet[Path]:
    """Return those of some files that say what waits on the desk to be published, and nothing else that is new."""
    new, said = ({_told_apart_by(record) for record in records} for records in (waiting, public))
    forms = ((path, text_form.read_file(path, places).form) for path in paths)
    found = {path: {_told_apart_by(one.record) for one in text_form.records_in(form)} for path, form in forms if form}
    return {path for path, records in found.items() if records & new and records <= new | said}


def _told_apart_by(record: Subjects) -> tuple[str, str, str]:
    """Return what tells two records apart, their digits too: amounts that are equal may be written differently."""
    return type(record).__name__, key_of(record), record.model_dump_json()


def _led_outside(paths: AbstractSet[Path], places: Places) -> AbstractSet[Path]:
    """Return the files whose folder is a link that leads out of the claims folder; nothing is printed there."""
    claims = places.claims.resolve()
    outside = {folder for folder in {path.parent for path in paths} if not folder.resolve().is_relative_to(claims)}
    return {path for path in paths if path.parent in outside}

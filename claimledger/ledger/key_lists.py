"""The keys that may sign for a log, in signed lists: each list is signed by a key of the list before it.

A log key signs checkpoints. A recovery key, which is kept on paper, only signs the next list, if the log keys are lost
or stolen. A key that a list leaves out may sign for logs up to the size that this list names. A new list is signed by
its own log key too. A reader who knows a key follows the lists from the first that this key signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from claimledger.ledger.signed_notes import (
    NoteInvalid,
    SigningKey,
    VerifierKey,
    open_note,
    parse_verifier_key,
    sign_note,
)

_HEAD = "claimledger-keys/v1"
_NO_END = 2**63
_MOST_DIGITS = 18


class KeyList(NamedTuple):
    """One list of the keys of a log."""

    origin: str
    """The log's permanent name."""
    number: int
    """The number of the list, from 1."""
    size: int
    """The number of entries of the log when the list was made."""
    log_keys: Sequence[VerifierKey]
    recovery_keys: Sequence[VerifierKey] = ()

    def __str__(self) -> str:
        """Return the text of the note."""
        lines = [_HEAD, self.origin, str(self.number), str(self.size)]
        lines += [f"log {key}" for key in self.log_keys]
        lines += [f"recovery {key}" for key in self.recovery_keys]
        return "\n".join(lines) + "\n"

    def sign(self, *keys: SigningKey) -> str:
        """Return the list as a note, signed by a key of the list before it; the first by a log key of its own."""
        return sign_note(str(self), *keys)


class KeyPeriod(NamedTuple):
    """A log key, and the sizes of the log for which it may sign."""

    key: VerifierKey
    first: int
    last: int

    def includes(self, size: int) -> bool:
        """Return whether the key may sign for the log of so many entries."""
        return self.first <= size <= self.last


def parse_key_list(text: str) -> KeyList:
    """Return the list of keys that the text of a note contains.

    Raises:
        NoteInvalid: the text is not a list of keys.
    """
    head, origin, number, size, *lines = [*text.removesuffix("\n").split("\n"), "", "", ""]
    lines = lines[:-3]
    if head != _HEAD or not origin or not number.isdecimal() or not size.isdecimal():
        raise NoteInvalid("key-list")
    if len(number) > _MOST_DIGITS or len(size) > _MOST_DIGITS:
        raise NoteInvalid("key-list")
    keys: dict[str, list[VerifierKey]] = {"log": [], "recovery": []}
    for line in lines:
        kind, _, key = line.partition(" ")
        if kind not in keys:
            raise NoteInvalid("key-list")
        keys[kind].append(parse_verifier_key(key))
    found = KeyList(origin, int(number), int(size), tuple(keys["log"]), tuple(keys["recovery"]))
    if not found.log_keys or str(found) != text:
        raise NoteInvalid("key-list")
    return found


def open_key_lists(notes: Iterable[str], trusted: Iterable[VerifierKey]) -> list[KeyList]:
    """Return the lists of a log, oldest first, after checking that each is signed as it has to be.

    Lists before the first one that a trusted key signed are left out.

    Raises:
        NoteInvalid: no list is signed by a trusted key, a list is not signed by a key that may sign it, or does not
            follow the one before it.
    """
    lists: list[KeyList] = []
    signers = [*trusted]
    notes = [*notes]
    for number, note in enumerate(notes, start=1):
        try:
            found = parse_key_list(open_note(note, signers).text)
        except NoteInvalid as error:
            if error.variant == "unsigned" and not lists and number < len(notes):
                continue
            raise
        before = lists[-1] if lists else None
        follows = before is None or (found.origin == before.origin and found.size >= before.size)
        if found.number != number or not follows:
            raise NoteInvalid("key-list-order", str(number))
        lists.append(found)
        signers = [*found.log_keys, *found.recovery_keys]
    return lists


def key_periods(lists: Sequence[KeyList]) -> list[KeyPeriod]:
    """Return for which sizes of the log each key may sign."""
    return [*_periods(lists)]


def _periods(lists: Sequence[KeyList]) -> Iterator[KeyPeriod]:
    for before, after in pairwise([*lists, None]):
        if before:
            first = before.size if before.number > 1 else 0
            yield from (KeyPeriod(key, first, after.size if after else _NO_END) for key in before.log_keys)

"""Finds the speakers that the newsroom already knows: those of an article's claims, and those with the most claims.

A known speaker gives a new claim the name in the other language and the kind, so that one person is not spelled in two
ways. Role and organisation are those of another moment; they are shown and never filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec

from claimledger.earlier_claims.name_forms import name_spellings
from claimledger.models import Claim
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.store import DeskStore
from claimledger.newsroom.work_items import WorkFilter, count_by_column, normalize_search_text
from claimledger.vocabulary import SpeakerKind

_IGNORED = str.maketrans("", "", " .'’·-")
_CLAIMS_OF_SPEAKERS = (
    "SELECT min(claim_id) FROM work WHERE speaker IN (SELECT value FROM json_each(?)) GROUP BY speaker"
)


class KnownSpeaker(NamedTuple):
    """A speaker of an earlier claim."""

    kind: SpeakerKind
    """The kind."""
    name: Mapping[str, str]
    """The name by language."""
    role: Mapping[str, str]
    """The role at that time, by language; empty if unknown."""
    organization: Mapping[str, str]
    """The organisation at that time, by language; empty if unknown."""


def read_known_speakers(store: DeskStore, of_article: Collection[Claim], spotted: str) -> list[KnownSpeaker]:
    """Return the speakers of an article's claims, then the one with a spotted name, then the most frequent ones."""
    frequent = [name for name, _ in count_by_column(store, WorkFilter(), ["speaker"])["speaker"] if name]
    wanted = msgspec.json.encode([*(name_spellings(spotted) if spotted else ()), *frequent]).decode()
    claim_ids = [claim_id for (claim_id,) in store.connection.execute(_CLAIMS_OF_SPEAKERS, (wanted,))]
    others = read_current_records(store).claims(claim_ids)
    found = [_known_speaker(claim) for claim in (*of_article, *others) if claim.speaker]
    return list({_speaker_key(one): one for one in reversed(found)}.values())[::-1]


def find_known_speaker(name: str, known: Iterable[KnownSpeaker]) -> KnownSpeaker | None:
    """Return the only known speaker with a name, in either language or another spelling of it.

    An unnamed speaker is never found by its description.
    """
    wanted = {_name_key(one) for one in name_spellings(name)}
    found = [one for one in known if one.kind is not SpeakerKind.ANONYMOUS and wanted & _name_keys(one)]
    return found[0] if len({_speaker_key(one) for one in found}) == 1 else None


def _known_speaker(claim: Claim) -> KnownSpeaker:
    speaker = claim.speaker
    assert speaker is not None  # noqa: S101  the caller has looked
    return KnownSpeaker(speaker.kind, speaker.name, speaker.role or {}, speaker.organization or {})


def _speaker_key(speaker: KnownSpeaker) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(speaker.name.items()))


def _name_keys(speaker: KnownSpeaker) -> set[str]:
    return {_name_key(name) for name in speaker.name.values()}


def _name_key(name: str) -> str:
    return normalize_search_text(name).translate(_IGNORED)

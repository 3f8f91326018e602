"""A desk for tests, Korean and English: drafts on a town's budget, a fixed clock, and predictable nonces.

`tests` is not a package, so import this as `desk_ledger = importlib.import_module("tests.desk_ledger")`.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from direct_publishing import publish_directly
from kept_files import KeptFile, kept_files, write_kept
from running import LONGEST_WAIT

from claimledger import desk
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.models import MODELS, Correction, record_key
from claimledger.scalars import BASE32
from claimledger.desk_vocabulary import Role
from claimledger.workflow import StaffMember
from claimledger.vocabulary import CorrectionKind, RevisionKind, Subject

NOW = datetime(2031, 5, 2, 9, 0, tzinfo=UTC)
"""The time of every step, unless a test gives another one."""
EDITION = sha256("한빛시 예산, 첫 판".encode()).hexdigest()

ARTICLE: dict[str, Any] = {
    "article_id": "hanbit-weekly-2031-18",
    "headline": {"ko": "한빛시 예산이 달라진다", "en": "Hanbit's budget changes"},
    "publisher": {"ko": "한빛주간", "en": "Hanbit Weekly"},
    "published_on": "2031-05-01",
    "language": "ko",
    "rights": {"holder": {"ko": "한빛주간"}, "statement": {"en": "The text may not be copied."}},
    "editions": [{"edition_sha256": EDITION, "length": 4100}],
}


def claim(number: int, *, percent: int = 7) -> dict[str, Any]:
    """Return the claim of a town's ward; another percentage makes another version of it."""
    tail = "".join(BASE32[number >> (5 * place) & 31] for place in range(4))
    return {
        "claim_id": f"ward-{number}-budget-grew-{tail}",
        "article_id": ARTICLE["article_id"],
        "statement": {
            "en": f"The budget of ward {number} grew by about {percent}%.",
            "ko": f"{number}구 예산은 약 {percent}% 늘었다.",
        },
        "speaker": {"kind": "person", "name": {"en": "Oh Dasom", "ko": "오다솜"}, "role": {"ko": "예산과장"}},
        "attribution": {"mode": "direct_quote", "speaker_basis": "explicit"},
        "source": {"kind": "speech", "name": {"en": "council hearing", "ko": "의회 청문"}},
        "quantities": [
            {"text": f"약 {percent}%", "amount": str(percent), "unit": "percent", "comparator": "about",
             "direction": "above"}
        ],
        "topics": ["budget"],
    }  # fmt: skip


def appearance(number: int) -> dict[str, Any]:
    """Return the appearance of a ward's claim in the article."""
    return {
        "claim_id": claim(number)["claim_id"],
        "article_id": ARTICLE["article_id"],
        "edition_sha256": EDITION,
        "position": {"start": 40 * number, "end": 40 * number + 12},
        "quote": {"exact": {"length": 12, "sha256": sha256(str(number).encode()).hexdigest()}},
    }


def draft(record: dict[str, Any], *, base: str | None = None, kind: str = "listed", author: str = "haru") -> Draft:
    """Return the draft of a valid record."""
    subject = Subject.ARTICLE
    if "claim_id" in record:
        subject = Subject.APPEARANCE if "position" in record else Subject.CLAIM
    valid = MODELS[subject].model_validate_json(encode_body(record))
    correction = Correction(kind=CorrectionKind.CLARIFICATION, public_note={"ko": "수를 고쳤다."})
    return Draft(
        subject=subject,
        key=record_key(valid),
        base=base,
        kind=RevisionKind(kind),
        authors=(author,),
        reason="기사에서 옮겼다.",
        record_json=encode_body(valid.to_json()),
        correction=correction if kind == "correction" else None,
    )


def nonces(count: int) -> Sequence[str]:
    """Return predictable nonces."""
    return [f"{number:032x}" for number in range(count)]


def opened(places: LedgerPaths) -> DeskStore:
    """Open the desk."""
    return DeskStore(places.desk, places.log)


def record(store: DeskStore, drafts: Sequence[Draft], now: datetime = NOW) -> None:
    """Record drafts."""
    with store.writing() as connection:
        store.append_drafts(connection, drafts, now)


def publish(store: DeskStore, now: datetime = NOW, approver: str = "sora") -> int:
    """Publish every open draft."""
    return publish_directly(store, store.open_drafts(), approver, now=now, make_nonces=nonces)


def publish_new_claim(places: LedgerPaths, number: int, minutes: int = 5) -> None:
    """Publish a new claim through the desk, which needs the person sora."""
    with opened(places) as store:
        record(store, [draft(claim(number))])
    editor = StaffMember("sora", (Role.EDITOR,))
    desk.publish(places, editor, clock=lambda: later(minutes), is_clock_right=True)


def with_desk(root: Path, claims: int = 2) -> LedgerPaths:
    """Make a desk and its log: an article and a few claims published, then a draft of each thing that may follow.

    The drafts are a correction of each claim, an appearance of each claim, and the same number of new claims.
    """
    write_kept(_files(_fill_desk, claims), root)
    return LedgerPaths(root)


def with_ledger(root: Path, claims: int = 2) -> LedgerPaths:
    """Make a desk as `with_desk` does, and print and build the public files."""
    write_kept(_files(_fill_ledger, claims), root)
    return LedgerPaths(root)


def with_public_ledger(root: Path) -> LedgerPaths:
    """Make a ledger of nine bodies, two of them corrections, with its files printed and built, and no open draft."""
    write_kept(_files(_fill_public_ledger, 2), root)
    return LedgerPaths(root)


def _files(fill: Callable[[LedgerPaths, int], None], claims: int) -> Mapping[Path, KeptFile]:
    return _files_by_size(fill, claims, log.BODIES_PER_FILE)


@cache
def _files_by_size(fill: Callable[[LedgerPaths, int], None], claims: int, bodies: int) -> Mapping[Path, KeptFile]:
    """Return the files of a ledger whose log has so many bodies in a file, as some tests change it."""
    return kept_files(lambda folder: fill(LedgerPaths(folder), claims))


def _fill_desk(places: LedgerPaths, claims: int) -> None:
    numbers = range(claims)
    with opened(places) as store:
        record(store, [draft(ARTICLE), *(draft(claim(number)) for number in numbers)])
        publish(store)
        bases = [hash_of(store, claim(number)) for number in numbers]
        newer = [draft(claim(number, percent=9), base=bases[number], kind="correction") for number in numbers]
        newer += [draft(appearance(number)) for number in numbers]
        record(store, [*newer, *(draft(claim(number)) for number in range(claims, 2 * claims))])


def _fill_ledger(places: LedgerPaths, claims: int) -> None:
    _fill_desk(places, claims)
    desk.build_public_files(places)


def _fill_public_ledger(places: LedgerPaths, claims: int) -> None:
    _fill_desk(places, claims)
    with opened(places) as store:
        publish(store, later(5))
    desk.build_public_files(places)


def hash_of(store: DeskStore, of_claim: dict[str, Any]) -> str:
    """Return the hash of the newest public revision of a claim."""
    head = store.head(Subject.CLAIM, of_claim["claim_id"])
    assert head is not None
    return head.sha256


def later(minutes: int) -> datetime:
    """Return a time after `NOW`."""
    return NOW + timedelta(minutes=minutes)


def public_files(places: LedgerPaths) -> dict[str, bytes]:
    """Return the content of each file that a reader may see, by name: not the desk, not the leftovers of a crash."""
    hidden = ("desk.db", "ledger.db.building")
    files = [path for path in places.root.rglob("*") if path.is_file() and path.suffix != ".part"]
    named = {places.relative_name(path): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(hidden)}


def logged(places: LedgerPaths) -> list[bytes]:
    """Return the bodies of the log."""
    return list(log.read_bodies(places.log))


def start_child(act: Callable[[], object]) -> int:
    """Run an action in a forked process, which has a copy of this process's memory, and return its process ID."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001  whatever it is, it must not go on as a second test run
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def exit_code_of(child: int) -> int:
    """Wait until a child has ended; return its exit code, or the negative number of the signal that killed it.

    A child that runs for more than `LONGEST_WAIT` seconds is killed.
    """
    with limited(child):
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def limited(child: int) -> Iterator[None]:
    """Kill a child after `LONGEST_WAIT` seconds."""
    limit = threading.Timer(LONGEST_WAIT, os.kill, [child, signal.SIGKILL])
    limit.start()
    try:
        yield
    finally:
        limit.cancel()

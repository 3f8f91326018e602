"""A newsroom in a temporary folder: an article made up for tests, two claim files on it, and a clock that ticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import ryaml
from kept_files import KeptFile, kept_files, write_kept

from claimledger import desk, record_ids
from claimledger.desk import check_steps, lookups, step_setup
from claimledger.editorial.new_editions import Novelty
from claimledger.editorial.candidate_decisions import ClaimInput
from claimledger.intake import ExtractedDocument, extract_document
from claimledger.accounts import cli_tokens, people
from claimledger.newsroom.edit_input import Edit
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Correction, Span
from claimledger.workflow import StaffMember
from claimledger.selectors import make_quote
from claimledger.desk_vocabulary import Role
from claimledger.vocabulary import RevisionKind

TEXT = (
    "하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다.\n"
    "서미래 소장은 “올해는 10% 늘어난다”고 말했다.\n"
    "직원은 40명이다.\n"
)
ARTICLE_ID = "harbour-monthly-2031-04"
CARGO = "haneul-port-cargo-in-2030-a2b3"
GROWTH = "haneul-port-expects-growth-c4d5"


class Clock:
    """A clock that moves one minute forward each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2031, 4, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def actor(name: str) -> StaffMember:
    """Return a person with both editorial roles."""
    return StaffMember(name, (Role.CHECKER, Role.EDITOR))


def edit_by(author: str, reason: str, kind: RevisionKind | None = None, correction: Correction | None = None) -> Edit:
    """Return an edit by a person with both editorial roles."""
    return Edit(author, reason, kind, correction, (Role.CHECKER, Role.EDITOR))


def token_of(places: LedgerPaths, name: str, *roles: str) -> str:
    """Return a new token of a person, who is added if unknown, by default as a checker and an editor."""
    hire(places, name, roles=roles or ("checker", "editor"))
    with step_setup.open_store(places) as store, store.writing() as connection:
        now = step_setup.utc_now()
        return cli_tokens.issue_cli_token(connection, name, f"test {token_hex(4)}", author="admin-console", now=now)


def hire(places: LedgerPaths, *names: str, roles: Iterable[str] = ("checker", "editor")) -> None:
    """Add people to the desk who are not there yet, by default as checkers and editors."""
    with step_setup.open_store(places) as store, store.writing() as connection:
        for name in names:
            if not people.find_person(connection, name):
                people.insert_person(
                    connection, name, roles=tuple(roles), author="admin-console", now=step_setup.utc_now()
                )


def acting(places: LedgerPaths, name: str | None, *roles: str) -> dict[str, str | None]:
    """Return the environment of a command line with a person's token, or without a token if there is no name."""
    return {"CLAIMLEDGER_TOKEN": token_of(places, name, *roles) if name else None}


def discard(places: LedgerPaths, key: str, made: Edit, clock: Clock) -> None:
    """Discard the newest draft of a record."""
    desk.discard(places, key, lookups.newest_draft_number(lookups.open_drafts(places, [key])), made, clock)


def article() -> dict[str, Any]:
    return {
        "article_id": ARTICLE_ID,
        "headline": {"ko": "하늘항의 화물", "en": "Cargo at Haneul"},
        "publisher": {"ko": "항만월간", "en": "Harbour Monthly"},
        "published_on": "2031-04-02",
        "language": "ko",
        "rights": {"holder": {"en": "Harbour Monthly"}, "statement": {"en": "The text may not be copied."}},
        "editions": [{"edition_sha256": sha256(TEXT.encode()).hexdigest(), "length": len(TEXT)}],
    }


def appearance(passage: str) -> dict[str, Any]:
    start = TEXT.index(passage)
    span = Span(start=start, end=start + len(passage))
    return {
        "article_id": ARTICLE_ID,
        "edition_sha256": sha256(TEXT.encode()).hexdigest(),
        "position": span.to_json(),
        "quote": make_quote(TEXT, span, may_hold_text=False).to_json(),
    }


def cargo() -> dict[str, Any]:
    return {
        "claim_id": CARGO,
        "article_id": ARTICLE_ID,
        "statement": {
            "en": "Haneul port moved about 1.2 million tonnes in 2030.",
            "ko": "2030년 하늘항이 다룬 짐은 120만t쯤이다.",
        },
        "speaker": {"kind": "organization", "name": {"en": "Haneul Port Authority", "ko": "하늘항만공사"}},
        "attribution": {"mode": "indirect_quote", "cue": "밝혔다", "speaker_basis": "explicit"},
        "source": {"kind": "announcement", "name": {"en": "Port authority's announcement", "ko": "항만공사 발표"}},
        "quantities": [{"text": "약 120만t", "amount": "1200000", "unit": "tonne", "comparator": "about"}],
        "topics": ["cargo"],
        "about_on": "2030",
        "appearances": [appearance("하늘항만공사는 지난해 화물이 약 120만t이라고 밝혔다")],
    }


def growth() -> dict[str, Any]:
    return {
        "claim_id": GROWTH,
        "article_id": ARTICLE_ID,
        "statement": {
            "en": "Haneul port's cargo will grow by 10 percent in 2031.",
            "ko": "2031년 하늘항의 짐은 열에 하나꼴로 는다.",
        },
        "speaker": {
            "kind": "person",
            "name": {"en": "Seo Mirae", "ko": "서미래"},
            "role": {"en": "director", "ko": "소장"},
        },
        "attribution": {"mode": "direct_quote", "cue": "말했다", "speaker_basis": "explicit"},
        "source": {"kind": "speech", "name": {"en": "Seo Mirae's remarks", "ko": "서미래의 말"}},
        "quantities": [{"text": "10%", "amount": "10", "unit": "percent", "direction": "above"}],
        "topics": ["cargo"],
        "about_on": "2031",
        "appearances": [appearance("서미래 소장은 “올해는 10% 늘어난다”고 말했다")],
    }


def write(places: LedgerPaths, name: str, values: dict[str, Any]) -> Path:
    path = places.claims / str(values.get("article_id", ARTICLE_ID)) / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ryaml.dumps(values), encoding="utf-8")
    return path


def write_all(root: Path) -> LedgerPaths:
    """Write the article's and both claims' files below `root`."""
    places = LedgerPaths(root)
    write(places, "article", article())
    write(places, CARGO, cargo())
    write(places, GROWTH, growth())
    return places


def document(name: str = "growth-in-the-annual-report-a2b3") -> dict[str, Any]:
    return {
        "document_id": name, "medium": "web", "title": {"ko": "항만공사 연보", "en": "Annual report"}, "language": "ko",
        "publisher": {"ko": "하늘항만공사"}, "published_on": "2031-03", "address": f"https://example.org/{name}",
        "obtained_at": "2026-04-02T09:00:00.000Z", "captured": "none", "tier": "primary",
    }  # fmt: skip


def attach(places: LedgerPaths, claim_id: str, clock: Clock, stance: str = "supports", author: str = "author") -> None:
    """Attach a new document to a claim, based on its current version."""
    found = lookups.claim_at_desk(places, claim_id)
    seen = check_steps.SeenVersion(found.head_sha256, found.draft.draft_id if found.draft else None)
    one = document(record_ids.new_document_id("report"))
    evidence = {"document_id": one["document_id"], "stance": stance, "summary": {"ko": "연보가 같은 수를 적었다."}}
    desk.attach(places, claim_id, one, evidence, seen, Edit(author, "근거다.", roles=(Role.CHECKER,)), clock)


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as a person would, with a text editor."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


FIRST = edit_by(author="checker", reason="First reading", kind=RevisionKind.UPDATE)
STAFF = "직원은 40명이다"


def published(folder: Path, clock: Clock) -> LedgerPaths:
    """Make a newsroom with a public article, two public claims, and the text on the desk."""
    files, clock.now = _newsroom_files(clock.now)
    write_kept(files, folder)
    return LedgerPaths(folder)


@lru_cache(maxsize=4)
def _newsroom_files(now: datetime) -> tuple[Mapping[Path, KeptFile], datetime]:
    """Return the files of the newsroom made from a time on, and the time at the end."""
    clock = Clock()
    clock.now = now
    return kept_files(partial(_publish, clock=clock)), clock.now


def _publish(folder: Path, clock: Clock) -> None:
    places = write_all(folder)
    desk.record(places, [], edit_by(author="checker", reason="First reading"), clock)
    desk.publish(places, actor("editor"), clock=clock)
    add(places, TEXT, clock)


def add(places: LedgerPaths, text: str, clock: Clock, article_id: str | None = ARTICLE_ID) -> Novelty:
    arrived, _ = desk.add_article(places, taken_in(text), FIRST, origin="a.txt", article_id=article_id, clock=clock)
    return arrived.novelty


def taken_in(text: str) -> ExtractedDocument:
    return extract_document(text.encode(), name="a.txt")


def span(words: str, text: str = TEXT) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


def told(**changed: object) -> ClaimInput:
    given: dict[str, object] = {
        "claim_id": "staff-of-forty-aaaa",
        "statement": {"ko": "하늘항만공사의 직원은 40명이다."},
        "topics": ("staff",),
        "source_kind": "own_reporting",
        "source_name": {"ko": "항만월간 취재"},
    }
    return ClaimInput(**(given | changed))  # type: ignore[arg-type]

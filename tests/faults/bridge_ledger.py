"""A small ledger made up for tests: a bridge that does not exist, in Korean, and a tunnel, in English.

`make_ledger` records and publishes it in a folder, with fixed times and nonces, so that every hash is the same each
time. Public: two articles (the tunnel's forbids its text), a document, three claims; one claim was updated, one
judged, and of the third there is an open draft by lee. Tests are no package: import it with
`importlib.import_module("tests.faults.bridge_ledger")`.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import msgspec
from direct_publishing import publish_directly

from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom import drafting
from claimledger.ledger import log, printing, text_form
from claimledger.newsroom.edit_input import Edit, make_edit
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.store import DeskStore, Draft
from claimledger.desk_vocabulary import Role

TEXT = (
    "한빛대교 내년 착공\n\n한빛대교를 짓는 데 약 2조원이 든다. 이수진 시장은 “2027년에 개통한다”고 말했다. "
    "차로는 6개다. 공사비 2조원은 시가 낸다.\n"
)
"""The text of the article on the bridge."""
EDITION = sha256(TEXT.encode()).hexdigest()
TUNNEL_EDITION = sha256(b"The tunnel").hexdigest()
BEGIN = datetime(2024, 6, 1, 9, 0, tzinfo=UTC)

ARTICLE = f"""\
article_id: hanbit-bridge
headline:
  ko: 한빛대교 내년 착공
  en: Work on Hanbit Bridge begins next year
publisher:
  ko: 시민일보
published_on: 2024-03-14
language: ko
rights:
  holder:
    ko: 시민일보
  statement:
    ko: 옮겨 실을 수 있다.
  may_hold_text: true
editions:
- edition_sha256: {EDITION}
  length: {len(TEXT)}
"""
TUNNEL = f"""\
article_id: river-tunnel
headline:
  en: The tunnel under the river
publisher:
  en: The City Post
published_on: 2024-05
language: en
rights:
  holder:
    en: The City Post
  statement:
    en: The text may not be copied.
editions:
- edition_sha256: {TUNNEL_EDITION}
  length: 900
"""
BUDGET = """\
document_id: city-budget-2024
medium: pdf
title:
  ko: 2024년 예산서
  en: City budget 2024
language: ko
obtained_at: 2024-04-01T09:30:00.000Z
captured: none
tier: primary
"""


def claim_text(claim_id: str, statement: str, passage: str, rest: str) -> str:
    """Return a new claim's file on a passage of the article."""
    start = TEXT.index(passage)
    return f"""\
claim_id: {claim_id}
article_id: hanbit-bridge
statement:
  ko: {statement}
{rest}
source:
  kind: own_reporting
  name:
    ko: 시민일보 취재
topics:
- bridges
appearances:
- article_id: hanbit-bridge
  edition_sha256: {EDITION}
  position:
    start: {start}
    end: {start + len(passage)}
  quote:
    exact: {passage}
"""


NARRATION = "attribution:\n  mode: narration"
COST = claim_text(
    "bridge-costs-2t-won-hb2k", "한빛대교 공사비는 2조원이다.", "약 2조원",
    f"{NARRATION}\nquantities:\n- text: 약 2조원\n  amount: '2000000000000'\n  currency: KRW\n  comparator: about",
)  # fmt: skip
OPENING = claim_text(
    "bridge-opens-in-2027-op27", "이수진 시장은 한빛대교가 2027년에 개통한다고 말했다.", "“2027년에 개통한다”",
    "speaker:\n  kind: person\n  name:\n    ko: 이수진\n"
    "attribution:\n  mode: direct_quote\n  cue: 말했다\n  speaker_basis: explicit",
)  # fmt: skip
LANES = claim_text(
    "bridge-has-six-lanes-sx6l", "한빛대교의 차로는 6개다.", "6개",
    f"{NARRATION}\nquantities:\n- text: 6개\n  amount: '6'\n  unit: lane",
)  # fmt: skip
VERDICT = """\
evidence:
- document_id: city-budget-2024
  stance: supports
  summary:
    ko: 예산서에 개통 연도가 적혀 있다.
verdicts:
- question: so
  value: not_checkable
  rationale:
    ko: 아직 오지 않은 일이다.
  as_of: 2024-06
"""
DRAFTED = f"""\
- article_id: hanbit-bridge
  edition_sha256: {EDITION}
  place: 2
  position:
    start: {TEXT.index("차로는")}
    end: {TEXT.index("차로는") + 3}
  quote:
    exact: 차로는
"""


class Ledger:
    """A ledger in a folder, with a clock of its own that goes on a minute each time it is looked at."""

    def __init__(self, root: Path) -> None:
        """Work below `root`."""
        self.places = LedgerPaths(root)
        self._minutes = count()

    def now(self) -> datetime:
        """Return the time."""
        return BEGIN + timedelta(minutes=next(self._minutes))

    def file(self, name: str) -> Path:
        """Return a file of the claims folder."""
        return self.places.claims / name

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the claims folder."""
        path = self.file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def replace(self, name: str, old: str, new: str) -> Path:
        """Edit a file of the claims folder by hand."""
        text = self.file(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        return self.write(name, text.replace(old, new, 1))

    def store(self) -> DeskStore:
        """Open the desk's store."""
        return DeskStore(self.places.desk, self.places.log)

    def record(self, edit: Edit, paths: Iterable[Path] = ()) -> tuple[list[Draft], list[Problem]]:
        """Take files in as drafts, or say every problem; no paths means all files."""
        with self.store() as store, store.writing() as connection:
            batch, problems = drafting.read_changes(
                [*paths] or text_form.list_record_files(self.places), store, self.places
            )
            drafts, more = drafting.make_drafts(batch, store, edit)
            if not problems and not more:
                store.append_drafts(connection, drafts, self.now())
        return drafts, [*problems, *more]

    def publish(self, keys: Sequence[str] = ()) -> printing.PrintResult:
        """Publish open drafts, approved by park, and print the text form."""
        with self.store() as store:
            drafts = [draft for draft in store.open_drafts() if not keys or draft.key in keys]
            publish_directly(store, drafts, "park", now=self.now(), make_nonces=lambda n: ["0" * 32] * n)
        return printing.print_text_form(self.places)

    def drafts(self) -> list[Draft]:
        """Return the open drafts."""
        with self.store() as store:
            return store.open_drafts()

    def hash_of(self, key: str, revision: int) -> str:
        """Return the hash of a public revision."""
        for entry in log.read_log(self.places.log):
            body = msgspec.json.decode(entry.body)
            if (body["key"], body["revision"]) == (key, revision):
                return entry.sha256
        raise KeyError(key, revision)


def edit(**typed: str | None) -> Edit:
    """Return an edit by kim, typed with these parts."""
    given = {"author": "kim", "reason": "고침", "kind": None, "correction": None, "note_ko": None} | typed
    return make_edit(
        author=str(given["author"]), reason=str(given["reason"]), kind=given["kind"], correction=given["correction"],
        note={"ko": str(given["note_ko"])} if given["note_ko"] else {}, roles=(Role.CHECKER, Role.EDITOR),
    )  # fmt: skip


def make_ledger(root: Path) -> Ledger:
    """Record and publish the ledger below `root`."""
    ledger = Ledger(root)
    first = {
        "hanbit-bridge/article.yaml": ARTICLE,
        "river-tunnel/article.yaml": TUNNEL,
        "documents/city-budget-2024.yaml": BUDGET,
        "hanbit-bridge/bridge-costs-2t-won-hb2k.yaml": COST,
        "hanbit-bridge/bridge-opens-in-2027-op27.yaml": OPENING,
        "hanbit-bridge/bridge-has-six-lanes-sx6l.yaml": LANES,
    }
    for name, text in first.items():
        ledger.write(name, text)
    _publish_all(ledger, edit(reason="처음 실음"))
    ledger.replace("hanbit-bridge/bridge-costs-2t-won-hb2k.yaml", "공사비는 2조원", "공사비는 약 2조원")
    _publish_all(ledger, edit(kind="update"))
    ledger.replace("hanbit-bridge/bridge-opens-in-2027-op27.yaml", "appearances:", f"{VERDICT}appearances:")
    _publish_all(ledger, edit(kind="verdict"))
    lanes = ledger.replace("hanbit-bridge/bridge-has-six-lanes-sx6l.yaml", "차로는 6개다.", "차로는 여섯 개다.")
    ledger.write("hanbit-bridge/bridge-has-six-lanes-sx6l.yaml", lanes.read_text(encoding="utf-8") + DRAFTED)
    _drafts, problems = ledger.record(edit(author="lee", kind="update"))
    assert not problems, problems
    return ledger


def _publish_all(ledger: Ledger, by: Edit) -> None:
    _drafts, problems = ledger.record(by)
    assert not problems, "\n".join(map(str, problems))
    assert not ledger.publish().edited


def run(ledger: Ledger, command: str) -> list[Problem]:
    """Run a line such as `claimledger record claims/a/b.yaml --kind update` and return every problem."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("paths", nargs="*")
    for name in ("--author", "--reason", "--kind", "--correction", "--note-ko"):
        parser.add_argument(name)
    words = shlex.split(command)
    assert words[:2] == ["claimledger", "record"], command
    given = vars(parser.parse_args(words[2:]))
    paths = [ledger.places.root / path for path in given.pop("paths")]
    try:
        typed = edit(**{name: value for name, value in given.items() if value is not None})
    except ProblemsFound as found:
        return [*found.problems]
    return ledger.record(typed, paths)[1]


def with_hashes(content: bytes, ledger: Ledger) -> bytes:
    """Put hashes in place of `<key revision>`, `<edition>` and `<tunnel edition>`."""
    content = content.replace(b"<edition>", EDITION.encode()).replace(b"<tunnel edition>", TUNNEL_EDITION.encode())
    return re.sub(
        rb"<([^ >\n]+) (\d+)>", lambda found: ledger.hash_of(found[1].decode(), int(found[2])).encode(), content
    )

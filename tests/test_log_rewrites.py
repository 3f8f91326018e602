"""Twenty-two rewrites of a public log that a person with write access can make, against yesterday's note.

Fifteen change what was signed and repair every later hash, two only append, and five break a rule of the form. Without
a kept note, the first two kinds look like an honest log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger import verify_log
from claimledger.ledger import log
from claimledger.ledger.canonical import encode_body, leaf_sha256, merkle_root
from claimledger.ledger.checkpoints import Checkpoint
from claimledger.ledger.signed_notes import SigningKey, sign_note

ROOT = Path(__file__).parent.parent
BODIES: list[dict[str, Any]] = [json.loads(body) for body in log.read_bodies(ROOT / "claims" / "log")][:300]
KEY = SigningKey("ledger.example", Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32))
Change = Callable[[list[dict[str, Any]]], object]


def find(subject: str, revision: int = 1) -> int:
    """Return the place of the first version with a number of a record of a kind."""
    return next(
        place for place, body in enumerate(BODIES) if (body["subject"], body["revision"]) == (subject, revision)
    )


CLAIM, DOCUMENT, ARTICLE, PASSAGE = map(find, ("claim", "document", "article", "appearance"))
LAST = len(BODIES) - 1
STATEMENT = "Something that nobody said."


def make_consistent(change: Change) -> list[bytes]:
    """Return the log after a change, with every number and hash after it made consistent again."""
    bodies = json.loads(json.dumps(BODIES))
    change(bodies)
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    made = []
    for number, body in enumerate(bodies, start=1):
        version, prev = heads.get((body["subject"], body["key"]), (0, ""))
        chained = {"number": number, "revision": version + 1, **({"prev": prev} if prev else {})}
        made.append(encode_body({**{name: value for name, value in body.items() if name != "prev"}, **chained}))
        heads[body["subject"], body["key"]] = (version + 1, leaf_sha256(made[-1]).hex())
    return made


def reword(place: int, name: str, value: object) -> Change:
    return lambda bodies: bodies[place]["record"].update({name: value})


def envelope(place: int, **members: object) -> Change:
    return lambda bodies: bodies[place].update(members)


def append(author: str) -> Change:
    body = {**BODIES[DOCUMENT], "authors": [author], "approver": "phantom", "kind": "update", "nonce": "0" * 32}
    return lambda bodies: bodies.append({**body, "recorded_at": BODIES[LAST]["recorded_at"]})


def swap_documents(bodies: list[dict[str, Any]]) -> None:
    one, other = DOCUMENT, next(place for place in range(DOCUMENT + 1, LAST) if BODIES[place]["subject"] == "document")
    bodies[one], bodies[other] = bodies[other], bodies[one]


REWRITTEN: dict[str, Change] = {
    "a statement": reword(CLAIM, "statement", {"en": STATEMENT}),
    "a topic": reword(CLAIM, "topics", ["other"]),
    "the title of a document": reword(DOCUMENT, "title", {"en": STATEMENT}),
    "the address of a document": reword(DOCUMENT, "address", "https://example.org/other"),
    "the headline": reword(ARTICLE, "headline", {"en": STATEMENT}),
    "the position of a passage": reword(PASSAGE, "place", 2),
    "an author": envelope(CLAIM, authors=["phantom"]),
    "an approver": envelope(CLAIM, approver="phantom"),
    "a reason": envelope(CLAIM, reason=STATEMENT),
    "all times": lambda bodies: [body.update(recorded_at="2020-01-01T00:00:00.000Z") for body in bodies],
    "a nonce": envelope(LAST, nonce="0" * 32),
    "the last body": reword(LAST, "note", {"en": STATEMENT}) if BODIES[LAST]["subject"] == "claim" else envelope(
        LAST, reason=STATEMENT
    ),
    "the end is cut off": lambda bodies: bodies.__delitem__(slice(290, None)),
    "a body is left out": lambda bodies: bodies.__delitem__(DOCUMENT),
    "two bodies are swap_documents": swap_documents,
}  # fmt: skip
APPENDED: dict[str, Change] = {"a stranger's body": append("nobody"), "a colleague's body": append("checker")}


def broken(place: int, **members: object) -> list[bytes]:
    """Return the log with other members in one body, and no hash repaired."""
    bodies = [encode_body(body) for body in BODIES]
    bodies[place] = encode_body({**BODIES[place], **members})
    return bodies


def honest() -> list[bytes]:
    return [encode_body(body) for body in BODIES]


CAUGHT = {
    "a hash of the chain": lambda: broken(next(i for i, body in enumerate(BODIES) if "prev" in body), prev="0" * 64),
    "a number twice": lambda: [*honest()[:5], honest()[4], *honest()[6:]],
    "a time that goes back": lambda: broken(LAST, recorded_at="2020-01-01T00:00:00.000Z"),
    "an author who approves": lambda: broken(LAST, approver=BODIES[LAST]["authors"][0]),
    "a gap": lambda: [*honest()[:100], *honest()[101:]],
}


def verify(folder: Path, bodies: Sequence[bytes], *, with_note: bool) -> int:
    """Write a log and return the verifier's exit code, with yesterday's note or without."""
    made = folder / "log"
    made.mkdir()
    for first in range(0, len(bodies), log.BODIES_PER_FILE):
        lines = bodies[first : first + log.BODIES_PER_FILE]
        log.log_file(made, first + 1).write_bytes(b"".join(line + b"\n" for line in lines))
    note = folder / "yesterday.note"
    root = merkle_root([leaf_sha256(body) for body in honest()])
    note.write_text(sign_note(str(Checkpoint(KEY.name, len(BODIES), root)), KEY), "utf-8")
    assert len(note.read_bytes()) < 200
    return verify_log.main([str(made), "--key", str(KEY.verifier), *(["--checkpoint", str(note)] if with_note else [])])


def test_there_are_twenty_two() -> None:
    assert (len(REWRITTEN), len(APPENDED), len(CAUGHT)) == (15, 2, 5)


@pytest.mark.parametrize("name", REWRITTEN)
def test_rewrite_of_what_was_signed_is_a_contradiction(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies = make_consistent(REWRITTEN[name])
    assert verify(tmp_path, bodies, with_note=True) == verify_log.CONTRADICTED
    assert "CONTRADICTION: " in (said := capsys.readouterr().out)
    assert "yesterday.note" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", REWRITTEN)
def test_rewrite_is_not_seen_without_the_note(name: str, tmp_path: Path) -> None:
    """Otherwise the test above would show that it was clumsy, and not that the note helps."""
    assert verify(tmp_path, make_consistent(REWRITTEN[name]), with_note=False) == verify_log.NOT_COVERED


@pytest.mark.parametrize("name", APPENDED)
def test_appended_bodies_are_under_no_checkpoint(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path, make_consistent(APPENDED[name]), with_note=True) == verify_log.NOT_COVERED
    assert "1 of 301 entries are under no checkpoint" in capsys.readouterr().out


@pytest.mark.parametrize("name", CAUGHT)
def test_clumsy_rewrite_is_caught_by_the_form_alone(name: str, tmp_path: Path) -> None:
    assert verify(tmp_path, CAUGHT[name](), with_note=False) == verify_log.CONTRADICTED


def test_honest_log_is_proved(tmp_path: Path) -> None:
    assert verify(tmp_path, honest(), with_note=True) == verify_log.PROVED

"""Signed notes, by the vectors of Go's package `note`, of C2SP and of other projects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger.ledger.signed_notes import (
    COSIGNATURE, NoteInvalid, SigningKey, add_cosignature, open_note, parse_signing_key, parse_verifier_key, sign_note,
)  # fmt: skip

VECTORS = Path(__file__).parent / "vectors"


def read_cases(name: str) -> Mapping[str, Any]:
    cases: Mapping[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]
    return cases


GO, C2SP = read_cases("sumdb-note"), read_cases("c2sp-examples")
KEY = parse_signing_key(GO["skey"])
WITNESS = SigningKey("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)), COSIGNATURE)


def test_note_is_signed_byte_for_byte_as_published() -> None:
    assert sign_note(GO["text"], KEY) == GO["signed"]
    assert str(KEY.verifier) == GO["peter"]
    assert KEY.private_line() == GO["skey"]


@pytest.mark.parametrize("case", GO["open"])
def test_note_is_opened_as_published(case: Mapping[str, Any]) -> None:
    keys = [parse_verifier_key(line) for line in case["keys"]]
    if "error" in case:
        with pytest.raises(NoteInvalid):
            open_note(case["note"], keys)
    else:
        assert [key.name for key in open_note(case["note"], keys).signers] == case["verified"]


def test_note_of_the_specification_is_opened() -> None:
    opened = open_note(C2SP["note"].encode(), [parse_verifier_key(C2SP["vkey"])])
    assert opened.text == "This is an example message.\n"


@pytest.mark.parametrize("line", GO["bad_vkeys"])
def test_key_of_another_length_or_kind_is_refused(line: str) -> None:
    with pytest.raises(NoteInvalid, match="not a public key"):
        parse_verifier_key(line)


def test_every_part_and_every_misprint_of_a_key_is_refused() -> None:
    for good, parse in ((GO["peter"], parse_verifier_key), (GO["skey"], parse_signing_key)):
        cut = [good[:end] for end in range(len(good))] + [good[first:] for first in range(1, len(good))]
        misprinted = [good[:place] + chr(ord(sign) + 1) + good[place + 1 :] for place, sign in enumerate(good)]
        for line in (*cut, *misprinted):
            with pytest.raises(NoteInvalid):
                parse(line)


def test_message_about_a_private_key_does_not_show_it() -> None:
    with pytest.raises(NoteInvalid) as caught:
        parse_signing_key(GO["skey"][:-3] + "#==")
    assert "AYEK" not in str(caught.value)


@pytest.mark.parametrize("text", ["no line feed", "tab\t\n", "return\r\n", ""])
def test_text_with_other_control_characters_is_not_signed(text: str) -> None:
    with pytest.raises(NoteInvalid, match="not a signed note"):
        sign_note(text, KEY)


@pytest.mark.parametrize("change", [
    lambda note: note.replace("answer", "question"),
    lambda note: note.replace("\n\n", "\n"),
    lambda note: note.removesuffix("\n"),
    lambda note: note + note.splitlines()[-1] + "!\n",
    lambda note: note + "— PeterNeumann\n",
    lambda note: note.replace("x08go", "x08gp"),
    lambda note: note + "— PeterNeumann x08go/ZJ\n" * 100,
    lambda note: "x" * 1_000_000 + note,
    lambda note: b"\xff" + note.encode(),
])  # fmt: skip
def test_changed_note_is_refused(change: Any) -> None:  # noqa: ANN401  text to text or bytes
    with pytest.raises(NoteInvalid):
        open_note(change(GO["signed"]), [KEY.verifier])


def test_signature_of_another_key_with_the_same_name_is_ignored() -> None:
    other = SigningKey(KEY.name, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    both = sign_note(GO["text"], other, KEY)
    assert [*open_note(both, [KEY.verifier]).signers] == [KEY.verifier]
    with pytest.raises(NoteInvalid, match="not signed by a key that may sign it"):
        open_note(sign_note(GO["text"], other), [KEY.verifier])


def test_cosignature_states_its_time() -> None:
    note = add_cosignature(GO["signed"], WITNESS, time=1_700_000_000)
    keys = [KEY.verifier, parse_verifier_key(str(WITNESS.verifier))]
    assert open_note(note, keys).signers == {KEY.verifier: None, WITNESS.verifier: 1_700_000_000}
    moved = note.replace(GO["text"], GO["text"].replace("answer", "question"))
    with pytest.raises(NoteInvalid, match="changed after it was signed"):
        open_note(moved, [WITNESS.verifier])

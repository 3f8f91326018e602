"""Lists of the keys of a log: who may sign for which size."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claimledger.ledger.key_lists import KeyList, key_periods, open_key_lists, parse_key_list
from claimledger.ledger.signed_notes import NoteInvalid, SigningKey

ORIGIN = "ledger.example"


def make_key(seed: int) -> SigningKey:
    return SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


FIRST, SECOND, RECOVERY, STRANGER = map(make_key, range(1, 5))
LISTS = (
    KeyList(ORIGIN, 1, 0, (FIRST.verifier,), (RECOVERY.verifier,)),
    KeyList(ORIGIN, 2, 200, (SECOND.verifier,), (RECOVERY.verifier,)),
)


def signers_at(size: int) -> list[SigningKey]:
    periods = key_periods(LISTS)
    return [key for key in (FIRST, SECOND) if any(one.key == key.verifier and one.includes(size) for one in periods)]


def test_list_is_read_as_it_was_written() -> None:
    for one in LISTS:
        assert parse_key_list(str(one)) == one


def test_reader_with_the_first_key_follows_the_lists() -> None:
    notes = [LISTS[0].sign(FIRST), LISTS[1].sign(FIRST, SECOND)]
    assert open_key_lists(notes, [FIRST.verifier]) == [*LISTS]


def test_reader_with_the_second_key_follows_from_its_list() -> None:
    notes = [LISTS[0].sign(FIRST), LISTS[1].sign(FIRST, SECOND)]
    assert open_key_lists(notes, [SECOND.verifier]) == [LISTS[1]]


def test_recovery_key_signs_the_next_list() -> None:
    notes = [LISTS[0].sign(FIRST), LISTS[1].sign(RECOVERY)]
    assert open_key_lists(notes, [FIRST.verifier]) == [*LISTS]


@pytest.mark.parametrize("notes", [
    [LISTS[0].sign(STRANGER)],
    [LISTS[0].sign(FIRST), LISTS[1].sign(SECOND)],
    [LISTS[0].sign(FIRST), LISTS[1].sign(STRANGER)],
    [LISTS[1].sign(FIRST)],
    [LISTS[0].sign(STRANGER), LISTS[1].sign(STRANGER)],
    [LISTS[0].sign(FIRST), LISTS[1]._replace(number=3).sign(FIRST)],
    [LISTS[0]._replace(size=300).sign(FIRST), LISTS[1].sign(FIRST)],
    [LISTS[0].sign(FIRST), LISTS[1].sign(FIRST), LISTS[1]._replace(number=3).sign(FIRST)],
    [LISTS[0].sign(FIRST), LISTS[1]._replace(origin="other.example").sign(FIRST)],
])  # fmt: skip
def test_lists_that_do_not_follow_are_refused(notes: list[str]) -> None:
    with pytest.raises(NoteInvalid):
        open_key_lists(notes, [FIRST.verifier])


def test_key_signs_up_to_the_list_that_leaves_it_out() -> None:
    assert signers_at(0) == signers_at(199) == [FIRST]
    assert signers_at(200) == [FIRST, SECOND]
    assert signers_at(201) == [SECOND]


@pytest.mark.parametrize("text", [
    "", "claimledger-keys/v1\n", "claimledger-keys/v1\nledger.example\n1\n0\n",
    f"claimledger-keys/v2\nledger.example\n1\n0\nlog {FIRST.verifier}\n",
    f"claimledger-keys/v1\nledger.example\n1\n0\nother {FIRST.verifier}\n",
    f"claimledger-keys/v1\nledger.example\n01\n0\nlog {FIRST.verifier}\n",
    f"claimledger-keys/v1\nledger.example\n1\n0\nrecovery {RECOVERY.verifier}\nlog {FIRST.verifier}\n",
])  # fmt: skip
def test_other_texts_are_no_list(text: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_key_list(text)

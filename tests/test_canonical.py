"""The canonical form follows RFC 8785, and the tree hash follows RFC 6962."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from claimledger.ledger.canonical import MAX_INTEGER, encode_body, encode_validated, leaf_sha256, merkle_root
from claimledger.models import Record

strategies = importlib.import_module("tests.strategies")

ascii_keys = st.text(st.characters(max_codepoint=0x7F), max_size=6)
any_keys = ascii_keys | st.text(max_size=4)
texts = st.text(st.characters() | st.sampled_from("\u1111\u1171\u11b6\ud800\udfff\x00\x1f\x7f\u2028\ufeff\U0001f469"))
lawful = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text()
wild = lawful | texts | st.integers() | st.floats() | st.sampled_from([b"bytes", Decimal("1.5"), {1}, object()])


def bodies(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    values = st.recursive(leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=4))
    return st.dictionaries(keys, values, max_size=5)


def parts(value: object) -> list[object]:
    """Return a value and everything in it, including keys."""
    if isinstance(value, dict):
        return [value, *value, *(part for inner in value.values() for part in parts(inner))]
    if isinstance(value, list):
        return [value, *(part for inner in value for part in parts(inner))]
    return [value]


def is_lawful(body: dict[str, Any]) -> bool:
    keys = [key for value in parts(body) if isinstance(value, dict) for key in value]
    return all(isinstance(key, str) and key.isascii() for key in keys) and all(
        value is None
        or isinstance(value, bool | list | dict)
        or (isinstance(value, int) and abs(value) <= MAX_INTEGER)
        or (isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value))
        for value in parts(body)
    )


@pytest.mark.slow
@given(bodies(lawful, ascii_keys))
def test_valid_body_is_encoded_as_rfc_8785(body: dict[str, Any]) -> None:
    assert encode_body(body) == encode_validated(body) == rfc8785.dumps(body)


@pytest.mark.slow
@given(bodies(wild, any_keys))
@example({"a": 2**60})
@example({"a": -(2**53) - 1})
@example({"a": 1.0})
@example({"a": [{"b": 1e21}]})
@example({"a": "\ud800"})
@example({"금액": 1})
@example({"a": {"é": None}})
@example({"a": {1: 2}})
@example({"a": Decimal(1)})
def test_only_invalid_bodies_are_rejected(body: dict[str, Any]) -> None:
    if is_lawful(body):
        assert encode_body(body) == rfc8785.dumps(body)
    else:
        with pytest.raises(ValueError, match=r"a body (holds|has)|surrogates not allowed"):
            encode_body(body)


@pytest.mark.slow
@given(strategies.records)
def test_model_records_are_valid_bodies(record: Record) -> None:
    assert encode_body(record.to_json()) == encode_validated(record.to_json())


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0, True])
def test_largest_integers_are_encoded(number: int) -> None:
    assert encode_body({"a": number}) == rfc8785.dumps({"a": number})


def test_text_keeps_its_normal_form() -> None:
    composed = "왕후이원"
    apart = unicodedata.normalize("NFD", composed)
    assert encode_body({"a": composed}) == rfc8785.dumps({"a": composed})
    assert encode_body({"a": apart}) == rfc8785.dumps({"a": apart})
    assert encode_body({"a": apart}) != encode_body({"a": composed})


def test_leaf_hash_has_the_leaf_prefix() -> None:
    assert leaf_sha256(b"") == sha256(b"\x00").digest()
    assert leaf_sha256(b'{"a":1}') == sha256(b'\x00{"a":1}').digest()


def rfc_6962_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of leaf hashes as RFC 6962, section 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + rfc_6962_root(leaves[:cut]) + rfc_6962_root(leaves[cut:])).digest()


@pytest.mark.parametrize("count", [*range(66), 255, 256, 257, 1000])
def test_merkle_root_follows_rfc_6962(count: int) -> None:
    leaves = [leaf_sha256(str(number).encode()) for number in range(count)]
    assert merkle_root(leaves) == merkle_root(iter(leaves)) == rfc_6962_root(leaves)


INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The inputs and tree hashes that implementations of Certificate Transparency share: transparency-dev/merkle,
testonly/constants.go, `LeafInputs` and `RootHashes` at 582a6ad."""


@pytest.mark.parametrize(("count", "root"), list(enumerate(ROOTS)))
def test_merkle_root_matches_certificate_transparency(count: int, root: str) -> None:
    assert merkle_root(leaf_sha256(bytes.fromhex(leaf)) for leaf in INPUTS[:count]).hex() == root

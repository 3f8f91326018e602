"""The rules of accounts: accepted and refused passwords, the form of secrets, and waiting times."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type
from hypothesis import given
from hypothesis import strategies as st
from staff import CHEAP, OTHER_PASSWORD, PASSWORD

from claimledger.accounts.credential_rules import (
    COMMON_PASSWORDS, HASHER, MAX_PASSWORD, NAME_LIMIT, MIN_PASSWORD, PasswordUnfit, normalize_new_password,
    rehash_if_outdated, is_cli_token, matches_password, normalize_name, new_cli_token, new_secret, wait_after_failures,
)  # fmt: skip
from claimledger.addresses import client_network
from claimledger.scalars import ACTOR
from claimledger.desk_vocabulary import PasswordFault


def password_fault(password: str, *names: str) -> PasswordFault:
    with pytest.raises(PasswordUnfit) as refused:
        normalize_new_password(password, *names)
    assert refused.value.reason.label_en in str(refused.value)
    return refused.value.reason


def test_hasher_meets_the_owasp_minimum() -> None:
    assert HASHER.type is Type.ID
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert HASHER.parallelism >= 1
    assert (HASHER.salt_len, HASHER.hash_len) == (16, 32)


@pytest.mark.parametrize("length", [MIN_PASSWORD, MAX_PASSWORD])
def test_passwords_of_minimum_and_maximum_length_are_accepted(length: int) -> None:
    password = ("산책하는 여우와 수달 " * 30)[:length]
    assert normalize_new_password(password.replace(" ", "_")) == password.replace(" ", "_")
    shorter, longer = password[: MIN_PASSWORD - 1], password.ljust(MAX_PASSWORD + 1, "끝")
    assert (password_fault(shorter), password_fault(longer)) == (PasswordFault.TOO_SHORT, PasswordFault.TOO_LONG)


def test_password_length_is_counted_in_nfkc() -> None:
    syllables = "가나다라마바사아자차카타"
    assert normalize_new_password(unicodedata.normalize("NFD", syllables)) == syllables
    assert password_fault(unicodedata.normalize("NFD", syllables[:-1])) is PasswordFault.TOO_SHORT
    assert normalize_new_password("\N{LATIN SMALL LIGATURE FFI}" * 4 + "e") == "ffiffiffiffie"


def test_a_huge_password_is_refused_before_it_is_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = CHEAP.hash(PASSWORD)

    def too_much(form: str, text: str) -> str:
        assert len(text) <= 4 * MAX_PASSWORD
        return text

    monkeypatch.setattr(unicodedata, "normalize", too_much)
    assert password_fault("x" * 10_000_000) is PasswordFault.TOO_LONG
    assert not matches_password(hashed, "x" * 10_000_000, CHEAP)
    assert normalize_name("x" * 10_000_000) == "?"


@pytest.mark.parametrize("character", ["\n", "\x00", "\x9b", "\ud800"])
def test_password_with_untypeable_character_is_refused(character: str) -> None:
    assert password_fault(f"{OTHER_PASSWORD}{character}") is PasswordFault.CONTROL_CHARACTER


@pytest.mark.slow
@pytest.mark.parametrize("password", ["sorasorasora", "SoraSoraSora", "오소라오소라오소라오소라", "ｓｏｒａsorasora"])
def test_own_name_is_refused_as_password_but_allowed_for_others(password: str) -> None:
    assert password_fault(password, "sora", "오소라") is PasswordFault.OWN_NAME
    assert normalize_new_password(password, "haru", "김하루")


@pytest.mark.slow
@pytest.mark.parametrize("word", sorted(COMMON_PASSWORDS))
def test_common_password_is_refused_even_if_repeated(word: str) -> None:
    password = word * -(-MIN_PASSWORD // len(word))
    assert password_fault(password) is PasswordFault.COMMON
    assert password_fault(password.upper()) is PasswordFault.COMMON
    assert normalize_new_password(f"{password} otters")


def test_one_character_repeated_is_common() -> None:
    assert password_fault("🦦" * MIN_PASSWORD) is PasswordFault.COMMON


def test_password_matches_in_any_normal_form() -> None:
    hashed = CHEAP.hash(normalize_new_password(PASSWORD))
    assert matches_password(hashed, unicodedata.normalize("NFD", PASSWORD), CHEAP)
    assert not matches_password(hashed, PASSWORD + " ", CHEAP)
    assert not matches_password(hashed, f"{PASSWORD}\ud800", CHEAP)


def test_missing_hash_costs_the_same_work_and_never_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    checked_hashes = []
    verify = PasswordHasher.verify

    def recording_verify(self: PasswordHasher, hashed: str, password: str) -> bool:
        checked_hashes.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", recording_verify)
    assert not matches_password("", PASSWORD, CHEAP)
    assert not matches_password("", "", CHEAP)
    assert len(checked_hashes) == 2
    assert checked_hashes[0] == checked_hashes[1]
    assert not CHEAP.check_needs_rehash(checked_hashes[0])
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: True)
    assert not matches_password("", PASSWORD, CHEAP)


def test_damaged_hash_matches_no_password() -> None:
    assert not matches_password("damaged", PASSWORD, CHEAP)


def test_hash_with_other_parameters_is_replaced() -> None:
    hashed = CHEAP.hash(normalize_new_password(PASSWORD))
    assert rehash_if_outdated(hashed, PASSWORD, CHEAP) is None
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    fresh = rehash_if_outdated(hashed, unicodedata.normalize("NFD", PASSWORD), dearer)
    assert fresh
    assert matches_password(fresh, PASSWORD, dearer)
    assert not dearer.check_needs_rehash(fresh)


def test_secrets_have_32_random_bytes_and_differ() -> None:
    assert len({new_secret() for _ in range(100)}) == len({new_cli_token() for _ in range(100)}) == 100
    assert {len(new_secret()), len(new_cli_token())} == {43, 3 + 64 + 8}


@pytest.mark.slow
@given(st.integers(min_value=3, max_value=74), st.sampled_from("0123456789abcdef"))
def test_token_checksum_finds_one_wrong_digit(place: int, digit: str) -> None:
    token = new_cli_token()
    typed = token[:place] + digit + token[place + 1 :]
    assert is_cli_token(typed) is (typed == token)


@pytest.mark.parametrize("change", [str.upper, lambda token: f"{token}\n", lambda token: token[3:], lambda token: ""])
def test_text_similar_to_a_token_is_not_a_token(change: object) -> None:
    assert callable(change)
    assert not is_cli_token(change(new_cli_token()))


@pytest.mark.slow
@given(st.text() | st.from_regex(ACTOR, fullmatch=True))
def test_normalized_name_is_valid_or_empty(typed: str) -> None:
    name = normalize_name(typed)
    assert name == "?" or (normalize_name(name) == name and len(name) <= 40)


def test_names_typed_on_phones_and_korean_keyboards_are_normalized() -> None:
    assert [normalize_name(typed) for typed in ("Kim.JH", " kim.jh ", "ｋｉｍ．ｊｈ", "김", "kim\njh")] == [
        "kim.jh", "kim.jh", "kim.jh", "?", "?",
    ]  # fmt: skip


def test_waits_double_from_the_fifth_failure_to_a_quarter_of_an_hour() -> None:
    assert [wait_after_failures(number).seconds for number in range(12)] == [
        0,
        0,
        0,
        0,
        0,
        30,
        60,
        120,
        240,
        480,
        900,
        900,
    ]
    assert wait_after_failures(10**9) == NAME_LIMIT.longest_wait == timedelta(minutes=15)


def test_client_network_shortens_text_that_is_not_an_address() -> None:
    assert client_network("x" * 1000) == "x" * 64
    assert client_network("fe80::1%eth0") == "fe80::/64"
    assert client_network("2001:db8::1") == client_network("2001:db8::ffff:1") != client_network("2001:db8:0:1::1")

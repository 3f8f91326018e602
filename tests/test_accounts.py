"""The rules of accounts: passwords that are taken and that are not, the looks of secrets, waits."""

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


def fault_of(password: str, *names: str) -> PasswordFault:
    with pytest.raises(PasswordUnfit) as refused:
        normalize_new_password(password, *names)
    assert refused.value.reason.label_en in str(refused.value)
    return refused.value.reason


def test_the_hasher_is_at_least_what_owasp_asks_for() -> None:
    assert HASHER.type is Type.ID
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert HASHER.parallelism >= 1
    assert (HASHER.salt_len, HASHER.hash_len) == (16, 32)


@pytest.mark.parametrize("length", [MIN_PASSWORD, MAX_PASSWORD])
def test_a_password_of_the_shortest_and_of_the_longest_length_is_taken(length: int) -> None:
    password = ("산책하는 여우와 수달 " * 30)[:length]
    assert normalize_new_password(password.replace(" ", "_")) == password.replace(" ", "_")
    shorter, longer = password[: MIN_PASSWORD - 1], password.ljust(MAX_PASSWORD + 1, "끝")
    assert (fault_of(shorter), fault_of(longer)) == (PasswordFault.TOO_SHORT, PasswordFault.TOO_LONG)


def test_length_is_counted_in_nfkc() -> None:
    syllables = "가나다라마바사아자차카타"
    assert normalize_new_password(unicodedata.normalize("NFD", syllables)) == syllables
    assert fault_of(unicodedata.normalize("NFD", syllables[:-1])) is PasswordFault.TOO_SHORT
    assert normalize_new_password("\N{LATIN SMALL LIGATURE FFI}" * 4 + "e") == "ffiffiffiffie"


def test_a_huge_password_is_refused_before_it_is_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = CHEAP.hash(PASSWORD)

    def too_much(form: str, text: str) -> str:
        assert len(text) <= 4 * MAX_PASSWORD
        return text

    monkeypatch.setattr(unicodedata, "normalize", too_much)
    assert fault_of("x" * 10_000_000) is PasswordFault.TOO_LONG
    assert not matches_password(hashed, "x" * 10_000_000, CHEAP)
    assert normalize_name("x" * 10_000_000) == "?"


@pytest.mark.parametrize("character", ["\n", "\x00", "\x9b", "\ud800"])
def test_what_nobody_can_type_is_refused(character: str) -> None:
    assert fault_of(f"{OTHER_PASSWORD}{character}") is PasswordFault.CONTROL_CHARACTER


@pytest.mark.slow
@pytest.mark.parametrize("password", ["sorasorasora", "SoraSoraSora", "오소라오소라오소라오소라", "ｓｏｒａsorasora"])
def test_the_own_name_is_refused_and_is_fine_for_others(password: str) -> None:
    assert fault_of(password, "sora", "오소라") is PasswordFault.OWN_NAME
    assert normalize_new_password(password, "haru", "김하루")


@pytest.mark.slow
@pytest.mark.parametrize("word", sorted(COMMON_PASSWORDS))
def test_each_common_password_is_refused_alone_and_repeated(word: str) -> None:
    password = word * -(-MIN_PASSWORD // len(word))
    assert fault_of(password) is PasswordFault.COMMON
    assert fault_of(password.upper()) is PasswordFault.COMMON
    assert normalize_new_password(f"{password} otters")


def test_one_character_repeated_is_common() -> None:
    assert fault_of("🦦" * MIN_PASSWORD) is PasswordFault.COMMON


def test_a_password_is_right_in_any_normal_form_and_another_is_wrong() -> None:
    hashed = CHEAP.hash(normalize_new_password(PASSWORD))
    assert matches_password(hashed, unicodedata.normalize("NFD", PASSWORD), CHEAP)
    assert not matches_password(hashed, PASSWORD + " ", CHEAP)
    assert not matches_password(hashed, f"{PASSWORD}\ud800", CHEAP)


def test_without_a_hash_the_answer_is_no_after_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    held_against = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: str) -> bool:
        held_against.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not matches_password("", PASSWORD, CHEAP)
    assert not matches_password("", "", CHEAP)
    assert len(held_against) == 2
    assert held_against[0] == held_against[1]
    assert not CHEAP.check_needs_rehash(held_against[0])
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: True)
    assert not matches_password("", PASSWORD, CHEAP)


def test_a_hash_that_is_damaged_lets_nobody_in() -> None:
    assert not matches_password("damaged", PASSWORD, CHEAP)


def test_a_hash_made_with_other_parameters_is_made_again() -> None:
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
def test_a_token_with_one_wrong_digit_is_known_by_its_looks(place: int, digit: str) -> None:
    token = new_cli_token()
    typed = token[:place] + digit + token[place + 1 :]
    assert is_cli_token(typed) is (typed == token)


@pytest.mark.parametrize("change", [str.upper, lambda token: f"{token}\n", lambda token: token[3:], lambda token: ""])
def test_what_is_near_a_token_is_none(change: object) -> None:
    assert callable(change)
    assert not is_cli_token(change(new_cli_token()))


@pytest.mark.slow
@given(st.text() | st.from_regex(ACTOR, fullmatch=True))
def test_a_name_typed_is_a_name_or_nothing(typed: str) -> None:
    name = normalize_name(typed)
    assert name == "?" or (normalize_name(name) == name and len(name) <= 40)


def test_names_are_taken_as_phones_and_korean_keyboards_type_them() -> None:
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


def test_what_is_no_address_is_kept_short() -> None:
    assert client_network("x" * 1000) == "x" * 64
    assert client_network("fe80::1%eth0") == "fe80::/64"
    assert client_network("2001:db8::1") == client_network("2001:db8::ffff:1") != client_network("2001:db8:0:1::1")

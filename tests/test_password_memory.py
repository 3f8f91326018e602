"""Attempts to sign in, which anyone can make, take little memory: each of them, and all together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from time import sleep
from typing import Literal

from argon2 import PasswordHasher, profiles
from running import LONGEST_WAIT
from staff import PASSWORD

from claimledger.accounts.credential_rules import HASHER, matches_password


def test_attempts_to_sign_in_take_little_memory_together() -> None:
    assert HASHER.memory_cost * 1024 < 50_000_000
    now = most = 0
    lock, full = Lock(), Barrier(8)

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  as in argon2
            nonlocal now, most
            with lock:
                now, most = now + 1, max(most, now + 1)
            sleep(0.01)
            with lock:
                now -= 1
            return super().verify(hash, password)

    hasher = Counting.from_parameters(profiles.CHEAPEST)
    hashed = hasher.hash(PASSWORD)

    def attempt(_: int) -> bool:
        full.wait(LONGEST_WAIT)
        return matches_password(hashed, PASSWORD, hasher)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(attempt, range(8)))
    assert most <= 2

"""The rules of accounts: accepted passwords, forms of secrets, their lifetimes, and waits after failures.

Passwords are hashed with argon2id (RFC 9106). Secrets are 32 random bytes, and only their
SHA-256 is stored. A refused sign-in never shows whether the name exists. The functions are pure except for randomness:
they use no store and no clock.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
import zlib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from claimledger.errors import LedgerError
from claimledger.messages import did_you_mean
from claimledger.scalars import ACTOR
from claimledger.desk_vocabulary import PasswordFault, Role

HASHER = PasswordHasher(time_cost=4, memory_cost=47_104, parallelism=4)
"""The argon2id hasher with 46 MiB, four passes and four lanes: more than OWASP's minimum.

It is as much work as the second recommended option of RFC 9106 (64 MiB, three passes). Everyone may try to sign in, so
an attempt takes less than 50 MB.
"""
_HASHING = BoundedSemaphore(2)
"""The passwords that are checked at the same time, so that attempts together take no more memory."""
MIN_PASSWORD = 12
MAX_PASSWORD = 256
"""The largest number of code points of a password in NFKC."""
_LONGEST_TYPED = 4 * MAX_PASSWORD
"""The largest number of code points in typed input; a Hangul syllable may arrive as three. Longer input is rejected
before it is normalised or hashed.
"""

WELCOME_PATH = "/-/desk/welcome"
"""The path of one-time links."""
LINK_LASTS = timedelta(days=7)
FIRST_LINK_LASTS = timedelta(days=1)
"""The lifetime of the first administrator's link."""
SESSION_LASTS = timedelta(days=7)
SESSION_IDLE_TIME = timedelta(hours=12)
"""The lifetime of a session without a page request."""

CONSOLE_AUTHOR = "admin-console"
"""The author of account changes on the command line without a token; no person may have this name."""
UNKNOWN_NAME = "?"
"""The replacement for a typed name that cannot exist, because people type passwords into the wrong field."""
TOKEN_PATTERN = r"cl_[0-9a-f]{72}"  # noqa: S105  a pattern, not a secret
"""The pattern of command-line tokens: 32 random bytes, then their CRC-32, so that leaked tokens can be recognised."""


class SignInRefused(LedgerError):
    """Raised when name and password do not match; it does not show which of the two is wrong."""


class SignInThrottled(LedgerError):
    """Raised after too many failures; the password was not checked."""

    def __init__(self, seconds: int) -> None:
        """Keep the whole seconds to wait, for a Retry-After header."""
        self.seconds = seconds
        super().__init__(seconds=seconds)


class LinkExpired(LedgerError):
    """Raised when a one-time link is not valid."""


class PasswordUnfit(LedgerError):
    """Raised when a new password is rejected. The old password stays valid."""

    def __init__(self, reason: PasswordFault) -> None:
        """Keep the reason, which has a label in both languages."""
        self.reason = reason
        super().__init__(reason=reason, least=MIN_PASSWORD, most=MAX_PASSWORD)


class NoSuchPerson(LedgerError):
    """Raised when no one has this name."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        """Include the name and suggest similar ones."""
        super().__init__(name=name, near=did_you_mean(near))


class NameTaken(LedgerError):
    """Raised when a person has or had the name."""

    def __init__(self, name: str) -> None:
        """Include the name."""
        super().__init__(name=name)


class PersonInactive(LedgerError):
    """Raised when an inactive person would get access."""

    def __init__(self, name: str) -> None:
        """Include the name."""
        super().__init__(name=name)


class RoleNeeded(LedgerError):
    """Raised when a person lacks the role for an action."""

    def __init__(self, role: Role, action: str) -> None:
        """Keep the required role and the action; `action` is a verb with its object."""
        self.role, self.action = role, action
        super().__init__(role=role)


class LabelTaken(LedgerError):
    """Raised when a person already has a token with this label."""

    def __init__(self, name: str, label: str) -> None:
        """Include the name and the label."""
        super().__init__(name=name, label=label)


class NoSuchToken(LedgerError):
    """Raised when a person has no token with this label."""

    def __init__(self, name: str, label: str) -> None:
        """Include the name and the label."""
        super().__init__(name=name, label=label)


def normalize_name(typed: str) -> str:
    """Return the account name that was typed, in lower case; `UNKNOWN_NAME` if it cannot be one.

    >>> normalize_name(" Kim.JH "), normalize_name("correct horse battery")
    ('kim.jh', '?')
    """
    name = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).strip().lower()
    return name if re.fullmatch(ACTOR, name) else UNKNOWN_NAME


def normalize_new_password(password: str, *names: str) -> str:
    """Return a new password in NFKC; it may not equal any of `names`, which are those of its person.

    Raises:
        PasswordUnfit: The password is too short or too long, contains a control character, or is a common one.
    """
    if len(password) > _LONGEST_TYPED:
        raise PasswordUnfit(PasswordFault.TOO_LONG)
    normal = unicodedata.normalize("NFKC", password)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in normal):
        raise PasswordUnfit(PasswordFault.CONTROL_CHARACTER)
    if len(normal) < MIN_PASSWORD:
        raise PasswordUnfit(PasswordFault.TOO_SHORT)
    if len(normal) > MAX_PASSWORD:
        raise PasswordUnfit(PasswordFault.TOO_LONG)
    unit = _repeated_unit(normal.casefold())
    if unit in [_repeated_unit(unicodedata.normalize("NFKC", name).casefold()) for name in names]:
        raise PasswordUnfit(PasswordFault.OWN_NAME)
    if len(unit) == 1 or unit in COMMON_PASSWORDS:
        raise PasswordUnfit(PasswordFault.COMMON)
    return normal


def _repeated_unit(text: str) -> str:
    """Return the part that a text repeats: "abc" for "abcabc", the whole text for "abcd"."""
    return text[: (text + text).find(text, 1)]


COMMON_PASSWORDS = frozenset({
    "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "12345678910", "123456789012", "1234567890123",
    "0123456789", "012345678910", "0987654321", "1234", "123", "12", "abc", "abcd", "abcd1234", "abc123", "abcdefg",
    "abcdefghijkl", "abcdefghijklm", "password", "password1", "password12", "password123", "password1234",
    "password12345", "passw0rd", "passw0rd1234", "p@ssw0rd", "p@ssw0rd1234", "qwer", "qwer1234", "qwerty", "qwerty123",
    "qwerty123456", "qwertyuiop", "qwertyuiop12", "qwertyuiop123", "qwertyuiop[]", "1q2w3e4r", "1q2w3e4r5t",
    "1q2w3e4r5t6y", "1qaz2wsx", "1qaz2wsx3edc", "asdf", "asdf1234", "asdfghjkl", "asdfghjkl123", "zaq12wsx", "letmein",
    "welcome", "welcome1", "welcome12345", "iloveyou", "iloveyou1234", "admin", "administrator", "administrator1",
    "admin1234", "changeme", "changeme1234", "claimledger", "newsroom", "factchecker", "secret",
    "correcthorsebatterystaple", "correct horse battery staple",
    "비밀번호", "비밀번호1234", "사랑해", "대한민국", "dkssudgktpdy", "qlalfqjsgh", "tkfkdgo",
})  # fmt: skip
"""Common passwords, and parts that people repeat; the last are Korean words typed on an English keyboard."""


def matches_password(hashed: str, typed: str, hasher: PasswordHasher) -> bool:
    """Return whether a typed password matches a hash; an empty hash matches nothing, after the same work."""
    try:
        with _HASHING:
            hasher.verify(hashed or _dummy_hash(hasher), _normalize(typed))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def rehash_if_outdated(hashed: str, typed: str, hasher: PasswordHasher) -> str | None:
    """Return a new hash of a correct password if the old hash has other parameters, or None."""
    return hasher.hash(_normalize(typed)) if hasher.check_needs_rehash(hashed) else None


def _normalize(typed: str) -> bytes:
    """Return a password in NFKC as bytes; empty if it is too long for anyone's."""
    return unicodedata.normalize("NFKC", typed if len(typed) <= _LONGEST_TYPED else "").encode(errors="surrogatepass")


@cache
def _dummy_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_bytes(32))


def prepare_dummy_hash(hasher: PasswordHasher) -> None:
    """Compute the dummy hash for unknown names in advance, so that the first of them takes no longer than others."""
    _dummy_hash(hasher)


def new_secret() -> str:
    """Return 32 random bytes as text for addresses and cookies."""
    return secrets.token_urlsafe(32)


def new_cli_token() -> str:
    """Return a new command-line token of the form `TOKEN_PATTERN`."""
    random = secrets.token_hex(32)
    return f"cl_{random}{_checksum(random)}"


def is_cli_token(text: str) -> bool:
    """Return whether a text has the form and the checksum of a command-line token.

    >>> is_cli_token(new_cli_token()), is_cli_token("cl_" + 72 * "0")
    (True, False)
    """
    return bool(re.fullmatch(TOKEN_PATTERN, text)) and _checksum(text[3:-8]) == text[-8:]


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def secret_sha256(secret: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal, which is stored instead of the secret."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


class FailureLimit(NamedTuple):
    """The limit for consecutive failures."""

    failures: int
    """The number of failures after which there is a wait, if none is long after the one before."""
    first_wait: timedelta
    """The first wait; each further failure doubles it."""
    longest_wait: timedelta
    """The longest wait."""
    forgotten_after: timedelta
    """The time after the last failure and its wait until all failures are forgotten."""


NAME_LIMIT = FailureLimit(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(minutes=15))
"""The limit for a name."""
ADDRESS_LIMIT = NAME_LIMIT._replace(failures=50)
"""The limit for a client's address, which a whole newsroom may share. The waits for a name let one forgetful person
fail ten times in half an hour, so it takes five of them at once to make the others wait.
"""


def wait_after_failures(failures: int, limit: FailureLimit = NAME_LIMIT) -> timedelta:
    """Return the wait after a number of consecutive failures.

    >>> [wait_after_failures(number).seconds for number in (4, 5, 6, 7, 30)]
    [0, 30, 60, 120, 900]
    """
    if failures < limit.failures:
        return timedelta(0)
    doublings = min(failures - limit.failures, 20)  # more would overflow timedelta
    return min(limit.first_wait * (1 << doublings), limit.longest_wait)

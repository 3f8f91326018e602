"""The rules of accounts: which passwords are taken, what secrets look like, how long each lasts, who has to wait.

In: what a person typed, a secret, a number of failures. Out: a password in its one form and its hash, a new secret, a
wait; or a refusal. Passwords are hashed with argon2id (RFC 9106, second recommended option); secrets are 32 random
bytes and only their SHA-256 is ever stored. The invariant: no refusal of a sign-in says whether the name is known.
Pure but for randomness: it knows no store and no clock.
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
from typing import NamedTuple

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from claimledger.errors import LedgerError
from claimledger.scalars import ACTOR
from claimledger.vocabulary import PasswordFault, Role

HASHER = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
"""argon2id with 64 MiB, three passes, four lanes: more than the least that OWASP asks for."""
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
"""Code points of the password in NFKC."""
_LONGEST_TYPED = 4 * LONGEST_PASSWORD
"""Code points as they arrive; a syllable of Hangul may come as three. Nothing longer is normalised or hashed."""

WELCOME_PATH = "/-/desk/welcome"
"""Where a one-time link leads."""
LINK_LASTS = timedelta(days=7)
FIRST_LINK_LASTS = timedelta(days=1)
"""How long the first administrator's link is good."""
SESSION_LASTS = timedelta(days=7)
SESSION_IDLE = timedelta(hours=12)
"""How long a session is good without a page being asked for."""

CONSOLE = "admin-console"
"""Who changes accounts on the command line without a token; no person may have this name."""
NO_NAME = "?"
"""What is kept of a name that cannot be anybody's: people type passwords into the wrong field."""
TOKEN_FORM = r"cl_[0-9a-f]{72}"  # noqa: S105  the form of all of them
"""A token of the command line: 32 random bytes, then their CRC-32, so that a leaked one can be told by its looks."""


class SignInRefused(LedgerError):
    """Name and password do not let anybody in; which of the two is at fault is not said."""

    def __init__(self) -> None:
        """Say the same of an unknown name, a wrong password and an inactive person."""
        super().__init__("Name and password do not go together. Try again, or ask an administrator for a link.")


class SignInThrottled(LedgerError):
    """There were too many failures; nobody looked at the password."""

    def __init__(self, seconds: int) -> None:
        """Keep the whole seconds to wait, for a Retry-After header."""
        self.seconds = seconds
        super().__init__(f"There were too many attempts. Wait {seconds} seconds and try again.")


class LinkExpired(LedgerError):
    """A one-time link is not good, or no longer."""

    def __init__(self) -> None:
        """Say the same of a link that was used, replaced, or never issued."""
        super().__init__("The link was used or has expired. Ask an administrator for another one.")


class PasswordUnfit(LedgerError):
    """A password is not taken; the old one, if there is one, stays."""

    def __init__(self, reason: PasswordFault) -> None:
        """Keep the reason, which has a label in both languages."""
        self.reason = reason
        sentence = f"The password is not taken: {reason.label_en}."
        remedy = f"Choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, such as a few words of your own."
        super().__init__(f"{sentence} {remedy}")


class NoSuchPerson(LedgerError):
    """Nobody has this name."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        """Name the person looked for; near names are offered."""
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"There is no person '{name}'.{hint}")


class NameTaken(LedgerError):
    """Somebody has, or had, the name."""

    def __init__(self, name: str) -> None:
        """Name the person there is."""
        super().__init__(f"There is a person '{name}' already, and a name is never given twice. Choose another.")


class PersonInactive(LedgerError):
    """Somebody inactive is given no access."""

    def __init__(self, name: str) -> None:
        """Name the person."""
        super().__init__(f"'{name}' is inactive. Make the person active first.")


class RoleNeeded(LedgerError):
    """An act is not among those of a person's roles."""

    def __init__(self, role: Role, action: str) -> None:
        """Keep the role that would do; `action` is a verb with what it acts on."""
        self.role, self.action = role, action
        sentence = f"To {action} takes the role '{role}' ({role.label_en})."
        super().__init__(f"{sentence} Ask an administrator for it.")


class LabelTaken(LedgerError):
    """A person has a token of this label."""

    def __init__(self, name: str, label: str) -> None:
        """Name the person and the label."""
        super().__init__(f"'{name}' has a token '{label}' already. Revoke it, or choose another label.")


class NoSuchToken(LedgerError):
    """A person has no token of this label."""

    def __init__(self, name: str, label: str) -> None:
        """Name the person and the label."""
        super().__init__(f"'{name}' has no token '{label}'.")


def name_typed(typed: str) -> str:
    """Return the name somebody meant, in lower case; `NO_NAME` for what cannot be one.

    >>> name_typed(" Kim.JH "), name_typed("correct horse battery")
    ('kim.jh', '?')
    """
    name = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).strip().lower()
    return name if re.fullmatch(ACTOR, name) else NO_NAME


def fit_password(password: str, *names: str) -> str:
    """Return a new password in its one form (NFKC); `names` are those of its person, which it may not be.

    Raises:
        PasswordUnfit: it is too short or too long, holds a control character, or is among the first that are tried.
    """
    if len(password) > _LONGEST_TYPED:
        raise PasswordUnfit(PasswordFault.TOO_LONG)
    normal = unicodedata.normalize("NFKC", password)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in normal):
        raise PasswordUnfit(PasswordFault.CONTROL_CHARACTER)
    if len(normal) < SHORTEST_PASSWORD:
        raise PasswordUnfit(PasswordFault.TOO_SHORT)
    if len(normal) > LONGEST_PASSWORD:
        raise PasswordUnfit(PasswordFault.TOO_LONG)
    unit = _unit(normal.casefold())
    if unit in [_unit(unicodedata.normalize("NFKC", name).casefold()) for name in names]:
        raise PasswordUnfit(PasswordFault.OWN_NAME)
    if len(unit) == 1 or unit in COMMON:
        raise PasswordUnfit(PasswordFault.COMMON)
    return normal


def _unit(text: str) -> str:
    """Return what a text repeats: that of "abcabc" is "abc", that of "abcd" all of it."""
    return text[: (text + text).find(text, 1)]


COMMON = frozenset({
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
"""Passwords that are tried first, and what they are often repeated from; the last are Korean words typed in English."""


def is_password(hashed: str, typed: str, hasher: PasswordHasher) -> bool:
    """Whether a password typed in is the one hashed; an empty hash is nobody's, after the same work."""
    try:
        hasher.verify(hashed or _nobodys_hash(hasher), _normal(typed))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def hash_again(hashed: str, typed: str, hasher: PasswordHasher) -> str | None:
    """Return a new hash of a password that was found to be right, if the old one was made with other parameters."""
    return hasher.hash(_normal(typed)) if hasher.check_needs_rehash(hashed) else None


def _normal(typed: str) -> bytes:
    """Return a password in its one form; nothing for one that nobody can have."""
    return unicodedata.normalize("NFKC", typed if len(typed) <= _LONGEST_TYPED else "").encode(errors="surrogatepass")


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_bytes(32))


def warm_up(hasher: PasswordHasher) -> None:
    """Make what unknown names are held against, so that the first of them takes no longer than the others."""
    _nobodys_hash(hasher)


def new_secret() -> str:
    """Return 32 random bytes as text fit for an address and a cookie."""
    return secrets.token_urlsafe(32)


def new_cli_token() -> str:
    """Return a new token of the command line, of the form `TOKEN_FORM`."""
    random = secrets.token_hex(32)
    return f"cl_{random}{_checksum(random)}"


def is_cli_token(text: str) -> bool:
    """Whether a text was made by `new_cli_token`, as far as its looks tell.

    >>> is_cli_token(new_cli_token()), is_cli_token("cl_" + 72 * "0")
    (True, False)
    """
    return bool(re.fullmatch(TOKEN_FORM, text)) and _checksum(text[3:-8]) == text[-8:]


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def secret_sha256(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


class Limit(NamedTuple):
    """How failures are slowed down."""

    failures: int
    """After how many there is a wait, none of them long after the one before."""
    first_wait: timedelta
    """How long the first is; each further failure doubles it."""
    longest_wait: timedelta
    """How long it gets at most."""
    forgotten_after: timedelta
    """How long after the last failure, and its wait, all are forgotten."""


NAME_LIMIT = Limit(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(minutes=15))
"""Holds for a name."""
ADDRESS_LIMIT = NAME_LIMIT._replace(failures=50)
"""Holds for a client's address, behind which a whole newsroom may sit: the waits of a name let a forgetful person fail
ten times in half an hour, so it takes five of them at once to make the others wait."""


def wait_after(failures: int, limit: Limit = NAME_LIMIT) -> timedelta:
    """Return how long to wait after so many failures in a row.

    >>> [wait_after(number).seconds for number in (4, 5, 6, 7, 30)]
    [0, 30, 60, 120, 900]
    """
    if failures < limit.failures:
        return timedelta(0)
    doublings = min(failures - limit.failures, 20)  # more would not fit a timedelta
    return min(limit.first_wait * (1 << doublings), limit.longest_wait)

"""The private key that signs a log's checkpoints: a file outside the ledger, which only its owner can read.

The key is never in the repository: a file below the ledger's folder is refused. Its place is given by
`CLAIMLEDGER_KEY`, or is the user's configuration folder with the log's name.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from claimledger.errors import LedgerError
from claimledger.ledger.signed_notes import SigningKey

KEY_VARIABLE = "CLAIMLEDGER_KEY"
"""The environment variable with the path of the private key."""


class PrivateKeyUnusable(LedgerError):
    """Raised when the file of a private key cannot be used or must not be made."""

    def __init__(self, variant: str, path: Path) -> None:
        """Name the row of the table of messages, and the file."""
        super().__init__(variant, path=str(path))


def private_key_path(origin: str) -> Path:
    """Return the path at which the private key of a log is expected."""
    if given := os.environ.get(KEY_VARIABLE):
        return Path(given)
    return Path(click.get_app_dir("claimledger")) / f"{re.sub(r'[^A-Za-z0-9.-]', '_', origin)}.pem"


def read_private_key(path: Path, origin: str) -> SigningKey | None:
    """Return the private key in a file, with the log's name; None if there is no such file.

    Raises:
        PrivateKeyUnusable: others can read the file, or it contains no Ed25519 key.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PrivateKeyUnusable("readable", path)
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PrivateKeyUnusable("other", path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PrivateKeyUnusable("other", path)
    return SigningKey(origin, key)


def make_private_key(path: Path, origin: str, ledger: Path) -> SigningKey:
    """Make a private key in a new file and return it.

    Raises:
        PrivateKeyUnusable: the file exists already, or is below the ledger's folder.
    """
    if path.resolve().is_relative_to(ledger.resolve()):
        raise PrivateKeyUnusable("inside", path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise PrivateKeyUnusable("exists", path) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return SigningKey(origin, key)

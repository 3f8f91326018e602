"""The release note: after a fresh build, the key of the log vouches for `ledger.db` and its log together."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from hashlib import sha256

from claimledger.ledger import log_notes
from claimledger.ledger.checkpoints import Checkpoint
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.release_notes import Release
from claimledger.ledger.signed_notes import sign_note
from claimledger.newsroom import log_signing
from claimledger.newsroom.store import DeskStore
from claimledger.publishing import ledger_db


def sign_release(places: LedgerPaths, store: DeskStore) -> bool:
    """Sign the freshly built `ledger.db`, if the log has a key and its private part is here; return whether it is."""
    with suppress(log_signing.LogKeyMissing):
        key = log_signing.find_signing_key(store.connection, places.log)
        if key is not None:
            about = ledger_db.read_about(places.ledger)
            signed = Checkpoint(key.name, about.log_size, bytes.fromhex(about.log_root))
            digest = sha256(places.ledger.read_bytes()).hexdigest()
            release = Release(signed, about.content_sha256, digest, sqlite3.sqlite_version)
            log_notes.write_release(places.log, sign_note(str(release), key))
            return True
    return False

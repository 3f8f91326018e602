"""The error for a missing package of the extra `evidence`."""

from __future__ import annotations

from claimledger.errors import LedgerError


class PackageMissing(LedgerError):
    """Raised when a package that documents need is not installed."""

    def __init__(self, package: str, purpose: str) -> None:
        """Name the package and its purpose in the message."""
        super().__init__(purpose, package=package)

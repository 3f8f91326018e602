"""The packages of the extra `evidence`, and what is said where they are not installed."""

from __future__ import annotations

from claimledger.errors import LedgerError


class PackageMissing(LedgerError):
    """A package that documents need is not installed."""

    def __init__(self, package: str, purpose: str) -> None:
        """Name the package and what it is for."""
        super().__init__(purpose, package=package)

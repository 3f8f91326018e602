"""The error for a missing package of the extra `evidence`."""

from __future__ import annotations

from claimledger.errors import LedgerError


class PackageMissing(LedgerError):
    """Raised when a package that documents need is not installed."""

    def __init__(self, package: str, what: str) -> None:
        """Name the package and its purpose in the message."""
        super().__init__(
            f"{what} takes the package {package}, which is not installed. Run: pip install 'claimledger[evidence]'."
        )

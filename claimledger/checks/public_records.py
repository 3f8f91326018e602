"""The newest public revision of every record, which several checks need: one run of the checks decodes each once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from claimledger.ledger import log, printing
from claimledger.models import Appearance, Article, Claim, Revision


class PublicRecords:
    """The newest public revisions in a log; earlier checks by others are left out, as they have no claim files.

    The log is read when the first check asks. Every property raises `LogDamaged` if it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder of the log."""
        self._folder = folder

    @cached_property
    def newest(self) -> list[tuple[str, Revision]]:
        """The (hash, newest revision) of every record, in the order of first publication."""
        return printing.newest_records(log.read_log(self._folder))

    @property
    def revisions(self) -> list[Revision]:
        """The newest revision of every record."""
        return [revision for _, revision in self.newest]

    @property
    def claims(self) -> list[Claim]:
        """The newest public version of each claim."""
        return [one.record for one in self.revisions if isinstance(one.record, Claim)]

    @property
    def articles(self) -> list[Article]:
        """The newest public version of each article."""
        return [one.record for one in self.revisions if isinstance(one.record, Article)]

    @property
    def appearances(self) -> list[Appearance]:
        """The newest public version of each place of a claim in an article."""
        return [one.record for one in self.revisions if isinstance(one.record, Appearance)]

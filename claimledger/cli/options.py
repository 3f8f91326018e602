"""What several commands take or say in the same form: ranges of a text, wordings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimledger.ledger.files import Places
    from claimledger.models import Span


def text_range(written: str) -> Span:
    """Return a range of code points of a text, end exclusive, from how people write it: 120-164.

    Raises:
        BadParameter: it is none.
    """
    from claimledger.models import Span

    found = re.fullmatch(r"(\d{1,9})[-–](\d{1,9})", written)
    if not found or int(found[1]) >= int(found[2]):
        raise click.BadParameter(f"'{written}' is no range such as 120-164.")
    return Span(start=int(found[1]), end=int(found[2]))


def by_language(en: str | None, ko: str | None) -> dict[str, str]:
    """Return a wording of what was given."""
    return {language: text for language, text in (("en", en), ("ko", ko)) if text}


def say_findings(places: Places, claim_ids: Iterable[str]) -> None:
    """Say where the wording of claims disagrees, on standard error; they are drafts all the same."""
    from claimledger import desk

    found = desk.findings(places, claim_ids)
    for finding in found:
        click.echo(str(finding), err=True)
    if found:
        click.echo("Mend this, or have an editor waive it ('claimledger waive'), before it is published.", err=True)

"""Helpers that several commands share: ranges of a text, texts in two languages, and findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimledger.ledger.files import LedgerPaths
    from claimledger.models import Span


def parse_range(text: str) -> Span:
    """Return a range of code points of a text, end exclusive, from its written form such as 120-164.

    Raises:
        BadParameter: the text is not a range.
    """
    from claimledger.models import Span

    found = re.fullmatch(r"(\d{1,9})[-–](\d{1,9})", text)
    if not found or int(found[1]) >= int(found[2]):
        raise click.BadParameter(f"'{text}' is not a range such as 120-164.")
    return Span(start=int(found[1]), end=int(found[2]))


def text_by_language(en: str | None, ko: str | None) -> dict[str, str]:
    """Return the texts that were given, by language."""
    return {language: text for language, text in (("en", en), ("ko", ko)) if text}


def print_findings(places: LedgerPaths, claim_ids: Iterable[str]) -> None:
    """Print the findings on the wording of claims to standard error. The claims stay drafts in any case."""
    from claimledger.cli.language import message_language
    from claimledger.desk import lookups

    found = lookups.open_claim_findings(places, claim_ids)
    for finding in found:
        click.echo(finding.line_text(message_language()), err=True)
    if found:
        click.echo("Before it is published, fix this or ask an editor to waive it ('claimledger waive').", err=True)

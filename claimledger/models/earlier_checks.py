"""Checks that were made elsewhere or before this ledger, as they were published. None is a verdict of this ledger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from claimledger.models.base import Record, ShortWording
from claimledger.scalars import EdtfDate, Language, RecordName, ShortText, Text, Topic, VerbatimRating, WebAddress


class EarlierCheck(Record):
    """A check that was made elsewhere or before this ledger, with its rating verbatim."""

    earlier_check_id: RecordName
    """The permanent name of this record."""
    import_id: RecordName
    """The import that the record came with."""
    publisher: ShortWording
    """The newsroom that made the check."""
    claim: Text
    """The claim in the words of the check."""
    language: Language | None = None
    """The language of the check (BCP 47)."""
    speaker: ShortText | None = None
    """The person or organisation that the claim is attributed to."""
    said_on: EdtfDate | None = None
    """The date the claim was said."""
    rating: VerbatimRating
    """The rating in the publisher's own words, never changed."""
    rating_scale: Text | None = None
    """The scale that the rating belongs to."""
    address: WebAddress | None = None
    """The address of the check."""
    checked_on: EdtfDate | None = None
    """The date the check was published."""
    headline: Text | None = None
    """The headline of the check."""
    summary: Text | None = None
    """The reasons of the check, as far as its rights allow."""
    topics: Annotated[tuple[Topic, ...], Field(max_length=20)] = ()
    """The topics of the claim."""

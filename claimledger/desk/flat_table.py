"""The flat tables of the published claims of a selection at the desk, as the public list of claims offers them."""

from __future__ import annotations

import json

from claimledger.desk.sheet_steps import selected_claim_ids
from claimledger.desk.step_setup import open_store
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import LedgerError
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.work_items import WorkFilter
from claimledger.publishing.claim_sheet import MOST_CLAIMS, claim_file
from claimledger.publishing.csv_exchange import Encoding
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.site import PageLanguage, Site

_LISTED = """
SELECT claims.rowid FROM json_each(?) AS one JOIN claims ON claim_id = one.value
WHERE record_state = 'listed' ORDER BY one.key
"""


class TooManyClaims(LedgerError):
    """Raised when a flat table would have more claims than one file may have."""


def export_flat_table(
    places: LedgerPaths,
    filters: WorkFilter,
    site: Site,
    language: PageLanguage,
    *,
    has_evidence: bool = False,
    is_workbook: bool = False,
    encoding: Encoding = Encoding.UTF_8_SIG,
) -> bytes:
    """Return one row for each claim that matches and is public, or for each piece of its evidence.

    `site` gives the addresses of the claims' pages, and `language` is that of the labels.

    Raises:
        TooManyClaims: more than `MOST_CLAIMS` claims match.
        CharacterNotInEncoding, TextTooLong: the text at the named row and column cannot be written.
    """
    with open_store(places) as store:
        update_queue(store)
        claim_ids = [*selected_claim_ids(places, store, filters)]
    with open_ledger(places.ledger) as connection:
        rows = [row for (row,) in connection.execute(_LISTED, (json.dumps(claim_ids),))]
        if len(rows) > MOST_CLAIMS:
            raise TooManyClaims(limit=MOST_CLAIMS)
        return claim_file(
            connection, rows, site, language, has_evidence=has_evidence, is_workbook=is_workbook, encoding=encoding
        )

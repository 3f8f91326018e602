"""The texts of the search in a static copy, whose script finds the claims in the reader's browser."""

from __future__ import annotations

from collections.abc import Callable

from claimledger.datasette_plugin.public_pages.readable import MARKS
from claimledger.publishing.json_ld import json_for_script
from claimledger.publishing.site import PageLanguage
from claimledger.publishing.wording import label
from claimledger.vocabulary import VerificationStatus

COPY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""The Content-Security-Policy of a copied page, whose web space sends none: no script but the search."""


def copied_search(say: Callable[..., str], language: PageLanguage) -> str:
    """Return the texts and signs of the results as JSON for a script element; `say` returns a text of the page."""
    texts = {
        "found": "search.copy_found", "none": "search.none", "failed": "search.copy_failed",
        "withdrawn": "site.withdrawn",
    }  # fmt: skip
    said = {name: say(key, query="{query}", count="{count}") for name, key in texts.items()}
    labels = {status: label(status, language) for status in VerificationStatus}
    marks = {status: MARKS[status] for status in VerificationStatus}
    return json_for_script({"language": language, "labels": labels, "marks": marks, **said})

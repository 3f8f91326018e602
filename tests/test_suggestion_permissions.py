"""The forms for suggestions of a language model in a newsroom that has turned on none."""

from __future__ import annotations

from desk_routes import SUGGESTION_POSTS
from test_desk_permissions import WHO, Browser, places, stored_state, template

from claimledger.ledger.files import LedgerPaths

__all__ = ["places", "template"]  # the fixtures


def test_nothing_is_requested_or_used_without_a_model(places: LedgerPaths) -> None:
    browsers = {who: Browser(places, who) for who in WHO}
    before = stored_state(places)
    for who, browser in browsers.items():
        for path, expected in SUGGESTION_POSTS:
            answer = browser.send("POST", path, expected.form)
            assert (who, path, answer.status_code) == (who, path, expected.statuses[WHO.index(who)])
    assert stored_state(places) == before

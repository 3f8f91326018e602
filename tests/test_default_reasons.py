"""Default reasons become public, so they are in both languages and contain no code."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from desk_visits import made, sent, signed_in
from newsroom import CARGO

from claimledger.desk import lookups
from claimledger.cli import acts, article, deciding
from claimledger.sheets import import_drafts

WAIVER_REASON = "An exception was accepted. · 예외로 인정했다."


def default_reasons() -> dict[str, dict[str, str]]:
    """Return the default reasons of the desk by name, each in both languages."""
    text = files("claimledger.datasette_plugin.desk_pages").joinpath("words.toml").read_text(encoding="utf-8")
    reasons: dict[str, dict[str, str]] = tomllib.loads(text)["reasons"]
    return reasons


def test_default_reasons_contain_no_placeholder() -> None:
    assert len(default_reasons()) > 8
    for name, wording in default_reasons().items():
        assert sorted(wording) == ["en", "ko"], name
        assert "{" not in "".join(wording.values()), name


@pytest.mark.slow
def test_waiver_from_the_page_gets_a_reason_in_both_languages(tmp_path: Path) -> None:
    places = made(tmp_path)
    status, page = sent(signed_in(places, "lee"), f"/claims/{CARGO}/waive", code="cut-before-but", reason="It is not.")
    assert status == 200, page
    draft = lookups.claim_at_desk(places, CARGO).draft
    assert draft is not None
    assert draft.reason == WAIVER_REASON


def test_the_command_line_gives_the_same_reasons() -> None:
    reasons = default_reasons()
    assert acts.WAIVER_REASON == f"{reasons['waived']['en']} · {reasons['waived']['ko']}" == WAIVER_REASON
    assert f"{reasons['recorded']['en']} · {reasons['recorded']['ko']}" == deciding.EXCLUSIONS_REASON
    assert f"{reasons['taken_in']['en']} · {reasons['taken_in']['ko']}" == article.ADDITION_REASON
    assert f"{reasons['imported']['en']} · {reasons['imported']['ko']}" == import_drafts.IMPORT_REASON

"""A verdict has one label in each language: on pages, in lists, in the facets of the table, in the CSV, at the desk."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import desk_visits
import pytest
from datasette.app import Datasette
from newsroom import GROWTH
from page_reading import got

from claimledger.accounts import people
from claimledger.desk import step_setup

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]
FIRST = Path(__file__).parents[1] / "ledger.db"
_SIGN = r'class="status (\w+)"[^>]*><span class="mark" aria-hidden="true">[^<]*</span>\s*([^<]*)<'


def desk_labels(root: Path, language: str) -> Mapping[str, str]:
    """Return the labels of the verdicts that a checker can choose."""
    places = desk_visits.made(root)
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.change_person(connection, "kim", author="admin-console", now=step_setup.utc_now(), language=language)
    page = desk_visits.signed_in(places, "kim").get(f"{desk_visits.PREFIX}/claims/{GROWTH}").text
    choice = page.partition('name="so_value">')[2].partition("</select>")[0]
    return dict(re.findall(r'<option value="(\w+)">([^<]+)', choice))


@pytest.mark.parametrize(("language", "refuted"), [("ko", "사실과 다름"), ("en", "Incorrect")])
async def test_verdict_has_the_same_label_everywhere(
    serve: Callable[..., Datasette], tmp_path: Path, language: str, refuted: str
) -> None:
    datasette = serve(FIRST)
    text = (await got(datasette, f"/claims.csv?lang={language}")).text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    in_csv = {(row["fact_check"], row["fact_check_label"]) for row in rows}
    labels = dict(in_csv)
    assert len(labels) == len(in_csv) >= 6
    assert labels["refuted"] == refuted
    table = (await got(datasette, "/ledger/claims", headers={"accept-language": language})).text
    assert set(re.findall(r"verification_status=(\w+)[^>]*>([^<]+)<", table)) == in_csv
    for status, claim in {row["fact_check"]: row["claim_id"] for row in rows}.items():
        for path in (f"/claims/{claim}?lang={language}", f"/claims?status={status}&lang={language}"):
            signs = re.findall(_SIGN, (await got(datasette, path)).text)
            assert (status, labels[status]) in [(name, label.strip()) for name, label in signs], path
    at_desk = desk_labels(tmp_path / "desk", language)
    assert {value: labels.get(value, label) for value, label in at_desk.items()} == at_desk
    assert len(at_desk.keys() & labels.keys()) >= 5

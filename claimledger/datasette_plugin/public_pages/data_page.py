"""The page about the data as a dataset: its version, licence, citation, files and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette import Response

from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.publishing.dataset import Dataset, read_dataset
from claimledger.publishing.dataset_formats import schema_org, served_files
from claimledger.publishing.json_ld import json_for_script
from claimledger.publishing.tables import TABLES

if TYPE_CHECKING:
    from claimledger.datasette_plugin.public_pages.visit import Visit


async def load_dataset(visit: Visit) -> Dataset:
    """Return the description of the version that a request reads."""
    return (await cached_result(visit.ledger, read_dataset))._replace(site=visit.site)


async def front_json_ld(visit: Visit) -> str:
    """Return the dataset as JSON-LD for the front page."""
    found = await load_dataset(visit)
    return json_for_script(schema_org(found, served_files(found, visit.ledger.name)))


async def data(visit: Visit) -> Response:
    """Show the version, the licence, how to cite the data, its files and the meaning of every column."""
    return visit.page("data.html", dataset=await load_dataset(visit), tables=TABLES)

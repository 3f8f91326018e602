"""The published ledger as a dataset: its version, its licence, how to cite it, and its files.

The version is `FORMAT.SIZE.0+ROOT`: the format of the tables, the number of entries in the log and the first digits of
the log's tree hash. It follows the rules of semantic versions: if the first number is equal, the columns are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

import yaml

from claimledger.labels import label_text
from claimledger.publishing.columns import Meaning
from claimledger.publishing.exports import ExportFormat
from claimledger.publishing.site import PageLanguage, Site, text_and_language

DATA_PATH = "/data"
"""The page about the data; its address names the dataset."""
DESCRIPTION = Meaning(
    "Every claim with its source, its speaker and the result of the fact check.",
    "주장마다 출처, 발언자, 사실 확인 결과를 담은 공개 기록.",
)
KEYWORDS = ("fact checking", "claims", "news", "팩트체크", "주장", "뉴스")
LICENCES: Mapping[str, str] = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Licences that programs recognise: the SPDX name and the address."""
_WEB = ("https://", "http://")
_ROOT_DIGITS = 12
_NOWHERE = Site("")


class Licence(NamedTuple):
    """The licence of the data."""

    name: str
    """Its name or its terms, in words."""
    address: str = ""
    """Its web address; empty if it is unknown."""
    spdx: str = ""
    """Its SPDX name; empty if it has none that is known here."""


def read_licence(text: str) -> Licence:
    """Return the licence that a setting names: by an SPDX name, a usual name, an address, or terms in words.

    >>> read_licence("CC BY 4.0").address, read_licence("https://creativecommons.org/licenses/by/4.0").spdx
    ('https://creativecommons.org/licenses/by/4.0/', 'CC-BY-4.0')
    >>> read_licence("Ask the editors.")
    Licence(name='Ask the editors.', address='', spdx='')
    """
    said = text.strip()
    for spdx, address in LICENCES.items():
        if said.casefold().replace(" ", "-") == spdx.casefold() or said.rstrip("/") == address.rstrip("/"):
            return Licence(spdx, address, spdx)
    return Licence(said, said if said.startswith(_WEB) else "")


def site_licence(site: Site) -> Licence | None:
    """Return the licence of a site's data, if one is configured."""
    return read_licence(text_and_language(site.data_license, "en")[0]) if site.data_license else None


def licence_address(site: Site) -> str:
    """Return the address of a site's licence, else its words; empty if none is configured."""
    licence = site_licence(site) or Licence("")
    return licence.address or licence.name


class DatasetFile(NamedTuple):
    """A file with a whole table."""

    table: str
    form: ExportFormat
    path: str
    """Its path in the package, or its web address."""
    length: int | None = None
    """Its length in bytes, if it is known."""
    sha256: str = ""


class Dataset(NamedTuple):
    """The description of one version of the published ledger."""

    site: Site
    tables_format: int
    log_size: int
    """The number of entries in the log."""
    log_root: str
    """The RFC 6962 tree hash of the log, in hexadecimal."""
    published_at: str
    """The time of the first entry, UTC; empty in an empty ledger."""
    changed_at: str
    """The time of the newest entry."""

    @property
    def changed_on(self) -> str:
        """The date of the newest entry."""
        return self.changed_at[:10]

    @property
    def version(self) -> str:
        """The version: the format of the tables, the size of the log and the beginning of its hash."""
        return f"{self.tables_format}.{self.log_size}.0+{self.log_root[:_ROOT_DIGITS]}"

    @property
    def address(self) -> str:
        """The address of the page about the data; empty if the site's address is unknown."""
        return self.site.page(DATA_PATH) if self.site.address else ""

    @property
    def licence(self) -> Licence | None:
        """The licence, if one is configured."""
        return site_licence(self.site)

    def creator(self, language: PageLanguage = "en") -> str:
        """Return the publisher; the title of the site if none is configured."""
        names = self.site.organization
        return text_and_language(names, language)[0] if names else label_text("site.title", language)

    def citation(self, language: PageLanguage = "en") -> str:
        """Return the citation of this version; it begins with the configured text, if there is one."""
        when = self.changed_on[:4] or "n.d."
        own = text_and_language(self.site.citation, language)[0] if self.site.citation else ""
        title = label_text("site.title", language)
        begin = own.rstrip(". ") or f"{self.creator(language)} ({when}). {title}"
        return f"{begin}. {label_text('data.version', language)} {self.version}. {self.address}".rstrip()


def read_dataset(connection: sqlite3.Connection, site: Site = _NOWHERE) -> Dataset:
    """Return the description of the version that an open ledger has."""
    about = dict(connection.execute("SELECT name, value FROM about").fetchall())
    times = connection.execute(_TIMES).fetchone()
    return Dataset(
        site, int(about["format"]), int(about["log_size"]), about["log_root"], *(time or "" for time in times)
    )


_TIMES = (
    "SELECT (SELECT recorded_at FROM revision WHERE number = 1), "
    "(SELECT recorded_at FROM revision ORDER BY number DESC LIMIT 1)"
)


def citation_file(dataset: Dataset) -> bytes:
    """Return CITATION.cff (Citation File Format 1.2.0) of a version."""
    licence = dataset.licence or Licence("")
    terms = {"license": licence.spdx} if licence.spdx else {"license-url": licence.address} if licence.address else {}
    root = {"type": "other", "value": f"sha256:{dataset.log_root}", "description": "RFC 6962 tree hash of the log"}
    said = {
        "cff-version": "1.2.0", "type": "dataset", "title": label_text("site.title", "en"),
        "message": f"Cite this dataset as: {dataset.citation()}",
        "authors": [{"name": dataset.creator()}], "version": dataset.version, "url": dataset.address,
        "date-released": dataset.changed_on, **terms, "identifiers": [root],
        "abstract": DESCRIPTION.english, "keywords": list(KEYWORDS),
    }  # fmt: skip
    said = {name: value for name, value in said.items() if value}
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120).encode()

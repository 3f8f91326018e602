"""Walk the site in this process and write each page, file and download into a folder.

Each file is written only if its content differs. The list `files.txt` has the SHA-256 of every file (`sha256sum -c`
reads it); files that an earlier copy wrote and this one does not are deleted. Other files in the folder are left alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from claimledger.datasette_plugin.static_site.copied_paths import Addresses, CopiedPath
from claimledger.datasette_plugin.static_site.rewriting import MISSING_PAGE, Rewriter
from claimledger.datasette_plugin.static_site.word_index import index_files
from claimledger.publishing.claim_review import claim_reviews, review_feed
from claimledger.publishing.data_folder import write_data_folder
from claimledger.publishing.dataset import licence_address, read_dataset
from claimledger.publishing.exports import ExportFormat, available_formats
from claimledger.publishing.ledger_reader import open_ledger
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.site import LANGUAGES, PageLanguage, Site

if TYPE_CHECKING:
    from datasette.app import Datasette

LIST = "files.txt"
"""The list of the files of a copy, as `sha256sum` writes it."""
_SETTINGS = {"default_allow_sql": False, "allow_download": False, "suggest_facets": False, "max_csv_mb": 0}
_TIME_LIMIT = 60_000
"""The milliseconds that a query may take: no reader waits for it."""
_HTML, _XML = "text/html", ("application/atom+xml", "application/xml")
_MISSING = "/no-such-page"
"""An address without a page, whose answer becomes 404.html."""

Tick = Callable[[int], None]


class PageNotCopied(Exception):
    """Raised when the server does not answer a page that another page links to."""

    def __init__(self, address: str, status: int) -> None:
        """Name the address and the status."""
        super().__init__(f"{address}: status {status}")


class CopyResult(NamedTuple):
    """The numbers of files of a copy."""

    written: int
    same: int
    deleted: int
    length: int
    """The length of all files in bytes."""


@dataclass
class Output:
    """The folder of a copy: what is in it, and what this run wrote."""

    folder: Path
    sums: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file of this copy."""
    written: int = 0
    length: int = 0

    def write(self, name: str, content: bytes) -> None:
        """Write a file, unless it has this content; it appears complete or not at all."""
        path = self.folder / name
        self.sums[name] = sha256(content).hexdigest()
        self.length += len(content)
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
        self.written += 1

    def finish(self) -> int:
        """Delete the files that only an earlier copy has, write the list, and return how many were deleted."""
        path = self.folder / LIST
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        gone = [name for _, _, name in (line.partition("  ") for line in lines) if name and name not in self.sums]
        for name in gone:
            self._delete(self.folder / name)
        text = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums.items()))
        if lines != text.splitlines():
            path.write_text(text, encoding="utf-8", newline="\n")
        return len(gone)

    def _delete(self, path: Path) -> None:
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.folder or any(folder.iterdir()):
                return
            folder.rmdir()


def copy_site(
    ledger: Path, folder: Path, site: Site, main: PageLanguage = "en", tick: Tick | None = None
) -> CopyResult:
    """Write the copy of a ledger's site into a folder. The address of the site has no slash at its end.

    Raises:
        PageNotCopied: the server refused a page; the files written so far stay, and nothing is deleted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_Copy(ledger, folder, site, main).run(tick or (lambda _count: None)))


class _Copy:
    """One run: the server in this process, the files to request, and those that were requested."""

    def __init__(self, ledger: Path, folder: Path, site: Site, main: PageLanguage) -> None:
        has_parquet = ExportFormat.PARQUET in available_formats()
        self.ledger, self.site, self.output = ledger, site, Output(folder)
        self.log = ledger.parent / "claims" / "log"
        self.rules = Addresses(main, ledger.stem, has_parquet=has_parquet, has_log=self.log.is_dir())
        self.todo: deque[CopiedPath] = deque()
        self.seen: set[str] = set()

    async def run(self, tick: Tick) -> CopyResult:
        served = _server(self.ledger, self.site)
        await served.invoke_startup()
        try:
            self._write_data()
            self.add(self._first_paths())
            while self.todo:
                await self._copy(served, self.todo.popleft())
                tick(1)
            await self._write_missing_page(served)
        finally:
            _stop(served)
        deleted = self.output.finish()
        done = len(self.output.sums)
        return CopyResult(self.output.written, done - self.output.written, deleted, self.output.length)

    def add(self, paths: Iterable[CopiedPath]) -> None:
        """Remember the files to make, each once; those without a request are made in another way."""
        for path in paths:
            if path.request and path.file not in self.seen:
                self.seen.add(path.file)
                self.todo.append(path)

    def _first_paths(self) -> list[CopiedPath]:
        pages = ["/", "/search", "/report", "/method", "/robots.txt", "/sitemap.xml", "/feeds/changes.atom"]
        names = [path.relative_to(self.log).as_posix() for path in sorted(self.log.rglob("*")) if path.is_file()]
        wanted = [*pages, *(f"/-/log/{name}" for name in names), "/-/log/verify_log.py"]
        found = (self.rules.copied_path(address, language) for language in LANGUAGES for address in wanted)
        return [path for path in found if path]

    async def _copy(self, served: Datasette, path: CopiedPath) -> None:
        if path.file.endswith("feeds/claimreview.json"):
            return  # written whole, because pages of it would need the server
        answer = await served.client.get(path.request, follow_redirects=False)
        if answer.status_code != 200:  # noqa: PLR2004  OK
            raise PageNotCopied(path.request, answer.status_code)
        self.output.write(path.file, self._rewritten(path, answer))

    def _rewritten(self, path: CopiedPath, answer: Any) -> bytes:  # noqa: ANN401  a response of httpx
        kind = str(answer.headers.get("content-type", "")).partition(";")[0]
        if kind != _HTML and kind not in _XML:
            return bytes(answer.content)
        change = Rewriter(self.rules, self.site.address, self.ledger.stem, self._language(path.file), path)
        text = change.page(answer.text) if kind == _HTML else change.feed(answer.text)
        self.add(change.found)
        return text.encode()

    def _language(self, file: str) -> PageLanguage:
        other: PageLanguage = "ko" if self.rules.main == "en" else "en"
        return other if file.startswith(f"{other}/") else self.rules.main

    async def _write_missing_page(self, served: Datasette) -> None:
        answer = await served.client.get(f"{_MISSING}?lang={self.rules.main}")
        self.output.write(MISSING_PAGE, self._rewritten(CopiedPath(MISSING_PAGE), answer))

    def _write_data(self) -> None:
        """Write what is made from the ledger and not by the server: the dataset, the reviews and the search index."""
        with open_ledger(self.ledger) as connection:
            for path in write_data_folder(
                self.output.folder / "data.part", connection, read_dataset(connection, self.site)
            ):
                self.output.write(f"data/{path.name}", path.read_bytes())
                path.unlink()
            (self.output.folder / "data.part").rmdir()
            for language in LANGUAGES:
                reviews = review_feed(claim_reviews(connection, self.site, language), licence_address(self.site))
                self.output.write(f"{self.rules.folder(language)}feeds/claimreview.json", b"".join(reviews))
            for name, content in index_files(connection):
                self.output.write(name, content)


def _server(ledger: Path, site: Site) -> Datasette:
    """Return the server of a ledger's public pages, which knows that they are copied."""
    from datasette import hookspecs  # noqa: PLC0415  importing Datasette takes longer than most commands
    from datasette.app import Datasette  # noqa: PLC0415

    _register_plugin()
    said = yaml.safe_load(metadata_text())
    said["plugins"]["claimledger"] = {"address": site.address, "static_copy": True}
    newer = {"config": said} if hasattr(hookspecs, "permission_resources_sql") else {}
    settings = {**_SETTINGS, "sql_time_limit_ms": _TIME_LIMIT}
    return Datasette([str(ledger)], metadata=said, settings=settings, **newer)


def _register_plugin() -> None:
    """Register the plug-in again if Datasette found it while it was being imported, when it had no hooks yet."""
    from datasette.plugins import pm  # noqa: PLC0415

    plugin = import_module("claimledger.datasette_plugin")
    if not pm.get_hookcallers(plugin):
        name = pm.get_name(plugin)
        if name:
            pm.unregister(plugin)
        pm.register(plugin, name)


def _stop(served: Datasette) -> None:
    from claimledger.datasette_plugin.ledger_database import close_ledgers  # noqa: PLC0415
    from claimledger.datasette_plugin.page_cache import close_pages  # noqa: PLC0415

    close_ledgers(served)
    close_pages(served)

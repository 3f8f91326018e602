"""Which address of the server becomes which file of the copy.

A page becomes `index.html` in a folder with its name, so that its address stays the same. Each argument becomes a
folder: `/claims?status=refuted&page=2` is `claims/status-refuted/page-2/index.html`. The pages of the second language
are in a folder with its tag. Addresses that need a server (past dates, filters of tables) have no file.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from claimledger.ledger.log import BODIES_PER_FILE
from claimledger.publishing.site import LANGUAGES, PageLanguage

_PAGE = re.compile(
    r"/(?:(?:claims|articles|speakers|sources)(?:/[^/]+)?|earlier-checks|corrections|changes|charts|data|method|search|report)?"
)
_FILE = re.compile(
    r"/(?:claims/[^/]+\.jsonld|feeds/[a-z]+\.(?:atom|json)|changes\.csv|charts/[a-z-]+\.(?:svg|csv|json)"
    r"|articles/[^/]+/[0-9a-f]{64}\.txt|robots\.txt|sitemap[a-z0-9-]*\.xml)"
)
_SHARED = re.compile(r"/(?:robots\.txt|sitemap.*|articles/.*\.txt)")
"""Files that are the same in both languages."""
_ASSET = re.compile(r"/-/(?:static-plugins|log)/.+")
_DATASET = re.compile(r"/(datapackage\.json|croissant\.json|CITATION\.cff)")
_DOWNLOAD = re.compile(r"/(?P<database>[^/.]+)/(?P<table>[a-z_]+)/-/(?P<form>csv|json|parquet)")
_ROW = re.compile(r"/[^/.]+/(?P<table>revision|claims)/(?P<key>[^/.]+)")
_TABLE = re.compile(r"/[^/.]+(?:/(?P<table>[a-z_]+))?")
_KEPT = ("status", "topic", "before", "page")
"""The arguments that make a file of their own, in the order of the folders; only one of the first two."""
_DROPPED = {"search": ("q",), "report": ("claim", "about", "page")}
_DEFAULT_DAY = ("/feeds/changes.atom", "/changes.csv")
"""Files that the copied page of changes links for the same days that it shows."""
_FOR_PROGRAMS = {"_guard": "off", "_encoding": "utf-8"}
_FOLDERS = {"claim_id": "claims", "article": "articles", "speaker": "speakers", "source": "sources"}
"""The filters of the claims' downloads that belong to a page, with the folder of the file."""
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*%#]|^\.|[. ]$')
_LONGEST_NAME = 120


class CopiedPath(NamedTuple):
    """A file of the copy."""

    file: str
    """Its path in the folder, with slashes."""
    request: str = ""
    """The path and query of the request to the server; empty if the file is made in another way."""
    fragment: str = ""
    """The part of the page, with its #."""

    @property
    def address(self) -> str:
        """The address below the address of the site, encoded; a folder for its index.html."""
        return quote(self.file.removesuffix("index.html"), safe="/~") + self.fragment


class Addresses(NamedTuple):
    """The rules for one copy."""

    main: PageLanguage
    """The language whose pages are at the addresses without a language."""
    database: str = "ledger"
    has_parquet: bool = True
    has_log: bool = True
    """True if the log is beside the ledger."""

    def copied_path(self, address: str, language: PageLanguage) -> CopiedPath | None:
        """Return the file of an address of the server, as a page in a language links to it; None if there is none.

        >>> rules = Addresses("en")
        >>> rules.copied_path("/claims/port-aaaa", "ko").file, rules.copied_path("/claims?page=2&lang=en", "ko").file
        ('ko/claims/port-aaaa/index.html', 'claims/page-2/index.html')
        >>> rules.copied_path("/claims?lang=ko", "en").file
        'ko/claims/index.html'
        >>> [rules.copied_path(one, "en") for one in ("/claims/port-aaaa?on=2031-04-10", "/ledger/claims?kind=event")]
        [None, None]
        """
        split = urlsplit(address)
        path, fragment = unquote(split.path), f"#{split.fragment}" if split.fragment else ""
        arguments = dict(parse_qsl(split.query))
        asked = arguments.pop("lang", None)
        chosen = next((one for one in LANGUAGES if one == asked), language)
        if _ASSET.fullmatch(path):
            return CopiedPath(path[1:], split.path)
        if found := _DATASET.fullmatch(path):
            return CopiedPath(f"data/{found[1]}")
        if _FILE.fullmatch(path):
            return self._file(path, arguments, chosen)
        if _PAGE.fullmatch(path):
            return self._page(path, arguments, chosen, fragment)
        return self._data(path, arguments, chosen)

    def folder(self, language: PageLanguage) -> str:
        """Return the folder of a language, with a slash at its end; empty for the main language."""
        return "" if language == self.main else f"{language}/"

    def _page(self, path: str, arguments: dict[str, str], language: PageLanguage, fragment: str) -> CopiedPath | None:
        for name in _DROPPED.get(path[1:], ()):
            arguments.pop(name, None)
        if arguments.keys() - set(_KEPT) or {"status", "topic"} <= arguments.keys():
            return None
        kept = [(name, arguments[name]) for name in _KEPT if name in arguments]
        folders = [file_name(part) for part in path[1:].split("/") if part]
        folders += [file_name(f"{name}-{value}") for name, value in kept]
        file = "/".join([*folders, "index.html"])
        query = urlencode([*kept, ("lang", language)])
        return CopiedPath(f"{self.folder(language)}{file}", f"{quote(path)}?{query}", fragment)

    def _file(self, path: str, arguments: dict[str, str], language: PageLanguage) -> CopiedPath | None:
        if path in _DEFAULT_DAY:
            arguments.pop("since", None)
        before = arguments.pop("before", None)
        if arguments:
            return None
        if _SHARED.fullmatch(path):
            return CopiedPath(path[1:], path)
        stem, dot, ending = path[1:].rpartition(".")
        name = f"{stem}-before-{before}{dot}{ending}" if before else path[1:]
        query = urlencode([*([("before", before)] if before else []), ("lang", language)])
        return CopiedPath(f"{self.folder(language)}{name}", f"{path}?{query}")

    def _data(self, path: str, arguments: dict[str, str], language: PageLanguage) -> CopiedPath | None:
        if not path.startswith(f"/{self.database}"):
            return None
        if found := _DOWNLOAD.fullmatch(path):
            return self._download(path, found, arguments)
        if found := _ROW.fullmatch(path):
            return self._row(found["table"], found["key"], language)
        found = _TABLE.fullmatch(path)
        if not found or arguments:
            return None
        return self._page("/data", {}, language, f"#{found['table']}" if found["table"] else "")

    def _row(self, table: str, key: str, language: PageLanguage) -> CopiedPath | None:
        """Return the page of a claim, or the file of the log with an entry."""
        if table == "claims":
            return self._page(f"/claims/{key}", {}, language, "")
        if not self.has_log or not key.isdigit():
            return None
        name = f"-/log/{(int(key) - 1) // BODIES_PER_FILE:06}.jsonl"
        return CopiedPath(name, f"/{name}")

    def _download(self, path: str, found: re.Match[str], arguments: dict[str, str]) -> CopiedPath | None:
        """Return the file of rows: a whole table, or the claims of one page or one status."""
        table, form = found["table"], found["form"]
        filters = {name: value for name, value in arguments.items() if not name.startswith("_")}
        if not filters and (form == "csv" or (form == "parquet" and self.has_parquet)):
            return CopiedPath(f"data/{table}.{form}")
        if form == "parquet" or table != "claims" or len(filters) > 1:
            return None
        name, value = next(iter(filters.items()), ("", ""))
        asked = filters | (_FOR_PROGRAMS if form == "csv" else {})
        folder = _FOLDERS.get(name)
        stem = (
            f"{folder}/{file_name(value)}" if folder else file_name("-".join(filter(None, ["claims", value])), "data")
        )
        return CopiedPath(f"{stem}.{form}", f"{quote(path)}?{urlencode(asked)}")


def file_name(text: str, folder: str = "") -> str:
    """Return a name that every file system accepts; any other text becomes its beginning and a hash.

    >>> file_name("바이두"), file_name("a/b: c")
    ('바이두', 'a-b- c-212e4b103fe6')
    """
    name = text
    if _UNSAFE.search(text) or len(text.encode()) > _LONGEST_NAME:
        kept = _UNSAFE.sub("-", text).encode()[: _LONGEST_NAME - 20].decode(errors="ignore")
        name = f"{kept}-{sha256(text.encode()).hexdigest()[:12]}"
    return f"{folder}/{name}" if folder else name

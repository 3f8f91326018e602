"""Made-up requests for the server, well-formed and not: methods, paths, headers, forms. A seed gives the same ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

PATHS = (
    "/", "/claims", "/claims?figure=any&q=port", "/claims/{claim}", "/claims/{claim}?on=2031-04-10", "/articles",
    "/articles/{article}", "/speakers", "/speakers/Seo%20Mirae", "/sources", "/sources/Seo%20Mirae%27s%20remarks",
    "/search?q=port", "/search?q=120%EB%A7%8C%20%ED%86%A4", "/charts", "/corrections", "/changes?since=2026-01-01",
    "/method", "/data", "/earlier-checks", "/report?claim={claim}", "/sitemap.xml", "/sitemap-claims-1.xml",
    "/robots.txt", "/-/health", "/no-such-page",
    "/claims/{claim}.jsonld", "/claims.csv", "/claims.xlsx", "/claims-evidence.csv", "/changes.csv",
    "/charts/verdicts-by-topic.svg", "/charts/verdicts-by-topic.csv", "/feeds/verdicts.atom", "/feeds/corrections.atom",
    "/feeds/changes.atom", "/feeds/claimreview.json", "/datapackage.json", "/croissant.json", "/CITATION.cff",
    "/-/log/000000.jsonl", "/ledger", "/ledger/claims", "/ledger/claims?_search=port&_facet=topic",
    "/ledger/claims?_search=%ED%95%AD%EB%A7%8C", "/ledger/quantities?_sort=amount", "/ledger/claims/{claim}",
    "/ledger/history", "/ledger/claims.csv", "/ledger/claims.json?_size=5", "/ledger/claims/-/csv",
    "/ledger/claims/-/xlsx", "/ledger/claims/-/jsonl", "/ledger/revision.json?_size=1", "/-/versions.json",
    "/-/threads.json", "/-/desk", "/-/desk/sign-in", "/-/desk/articles", "/-/desk/sheets", "/-/report",
    "/-/desk/static/desk.css", "/-/logout", "/-/messages", "/-/permissions",
)  # fmt: skip
"""Paths of the public pages and files, of Datasette and of the desk, with places for a claim and its article."""
_METHODS = ("GET",) * 8 + ("HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PROPFIND")
_PIECES = (
    "%00", "%ff", "%e2%80%ae", "..", "%2e%2e/", "'", '"', "<script>", "~", "\\", "%", "?", "&", "=", ";", "가", "é",
    "a" * 3000, "_sort=", "_next=", "_facet=", "_where=1", "_size=-1", "_size=max", "on=9999-99-99", "lang=xx",
    "q=" + "“" * 50, "_search", "_facet={", "_facet_array=", "_through={", "__in=[", "_timelimit=x",
)  # fmt: skip
_HEADERS: Sequence[tuple[str, str]] = (
    ("cookie", "ds_csrftoken=x"), ("cookie", "ds_actor=x; claimledger_desk=y"),
    ("cookie", "é=\u00ff"), ("cookie", ";;;==="),
    ("content-type", "application/x-www-form-urlencoded"), ("content-type", "multipart/form-data"),
    ("content-type", "multipart/form-data; boundary=x"), ("content-type", "application/json"),
    ("accept-language", "ko;q=x"),
    ("if-none-match", "\u00e9"), ("range", "bytes=0-1"), ("x-csrftoken", "\u00e9"), ("authorization", "Bearer \u00ff"),
    ("x-forwarded-for", "a, b"), ("x-forwarded-proto", "ftp"), ("referer", "http://[::1"), ("origin", "null"),
    ("sec-fetch-site", "cross-site"), ("if-modified-since", "x"), ("accept", "\u00ff"), ("forwarded", "for=_x"),
)  # fmt: skip
_BODIES = (
    b"",
    b"",
    b"a=1",
    b"\xff\xfe",
    b"--x\r\n\r\n",
    b"name=%ff&password=%00",
    b"x" * 70_000,
    b"a=1&" * 2_000,
    b"{",
)


_DESK_PAGES = (
    "", "?view=all", "?view=review", "?words=port", "/articles", "/articles/new", "/articles/{article}",
    "/articles/{article}/sheet", "/articles/{article}/compare", "/claims/{claim}", "/claims/{claim}/evidence",
    "/claims/{claim}/kept/1", "/claims/{claim}/documents", "/check/{claim}", "/articles/{article}/report", "/imports",
    "/templates", "/notices", "/account", "/people", "/publish",
    "/publish?key={claim}", "/reports", "/sheets", "/sheets/export", "/earlier?claim={claim}", "/welcome?token=x",
)  # fmt: skip
_DESK_FORMS = (
    *(f"/claims/{{claim}}/{act}" for act in (
        "edit", "propose", "correct", "attach", "take-back", "relate", "query", "answer", "comment", "approve",
        "return", "waive", "withdraw", "discard", "evidence", "evidence/check", "evidence/save", "suggest", "set-aside",
        "use-suggestion", "sending",
    )),
    *(f"/articles/{{article}}/{act}" for act in (
        "accept", "dismiss", "again", "settle", "furniture", "record", "suggest", "set-aside", "sending",
    )),
    "", "/articles/new", "/people", "/publish", "/reports", "/sheets/import", "/language", "/notices", "/templates",
    "/check/{claim}", "/claims/{claim}/documents",
)  # fmt: skip
"""The addresses of the desk's forms, except for the assignments that a test counts and for signing in and out."""
_FIELDS = (
    "act", "seen", "reason", "start", "end", "name", "draft_id", "claim_id", "claim", "file", "language", "words",
    "place", "document", "key", "text", "question", "so_value", "so_rationale_en", "said_value", "statement_en",
    "statement_ko", "speaker_kind", "speaker_name_ko", "source_kind", "evidence", "excerpt", "code", "at", "due_on",
    "report", "query", "answer", "pasted", "address", "article_id", "suggestion", "task",
    "statement", "relation", "may_send", "content", "encoding", "delimiter",
    "quantities_0_text", "quantities_0_amount", "checker", "editor", "shown_name", "viewport", "archive", "clock",
)  # fmt: skip
_VALUES = (
    "", "0", "1", "-1", "9" * 30, "x", "é", "\u202e", "\U0001f600", "ſix", "㏒", "가" * 3000, "\x00", "\r\n", "en",
    "ko", "2031-02-30", "0000-00-00", "9999-99", "supported", "refuted", "edit", "add", "publish", "approve", "{claim}",
    "{article}", "[", "{", "null", "a,b\n1,2", "1/0", "½", "NaN", "1e999", "http://[::1", "kim", "lee", "close",
)  # fmt: skip


class MadeRequest(NamedTuple):
    """One request."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    is_odd: bool = False
    """True if no browser sends it."""

    def encode(self, host: str) -> bytes:
        """Return the bytes to send to a server; only an odd request asks for the end of the connection."""
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {host}"]
        lines += ["Connection: close"] if self.is_odd else []
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(self.body)}"] if self.body else []
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


class SignedIn(NamedTuple):
    """The person who sends requests to the desk, and the records that they are about."""

    cookie: str
    """The header with the session."""
    form_token: str
    """The token that the desk puts into its forms."""
    claim: str
    """A claim ID."""
    article: str
    """The ID of its article."""


def made_desk_requests(seed: int, person: SignedIn, prefix: str) -> Iterator[MadeRequest]:
    """Yield requests of a person without end: pages with odd addresses, and forms with odd values."""
    chance = random.Random(seed)  # noqa: S311  the same requests in each run
    named = {"claim": person.claim, "article": person.article}
    while True:
        headers = [("cookie", person.cookie), ("sec-fetch-site", "same-origin")]
        if chance.random() < 0.5:
            target = prefix + chance.choice(_DESK_PAGES).format_map(named)
            odd = chance.choice(_PIECES) if chance.random() < 0.5 else ""
            yield MadeRequest("GET", target + odd, headers, b"")
            continue
        names = chance.sample(_FIELDS, chance.randrange(1, 9))
        values = [chance.choice(_VALUES) for _ in names]
        filled = [named.get(value.strip("{}"), value) for value in values]
        form = [("form_token", person.form_token), *zip(names, filled, strict=True)]
        headers.append(("content-type", "application/x-www-form-urlencoded"))
        target = prefix + chance.choice(_DESK_FORMS).format_map(named)
        yield MadeRequest("POST", target, headers, urlencode(form).encode())


def made_requests(seed: int, claim: str, article: str) -> Iterator[MadeRequest]:
    """Yield requests of readers without end; every second is one that a browser could send, the others are odd."""
    chance = random.Random(seed)  # noqa: S311  the same requests in each run
    for number in itertools.count():
        path = chance.choice(PATHS).format(claim=claim, article=article)
        if number % 2 == 0:
            yield MadeRequest("GET", path, [("accept-language", chance.choice(["ko", "en"]))], b"")
            continue
        for _ in range(chance.randrange(3)):
            at = chance.randrange(1, len(path) + 1)
            path = path[:at] + chance.choice(_PIECES).replace(" ", "+") + path[at:]
        headers = [chance.choice(_HEADERS) for _ in range(chance.randrange(4))]
        unique = list({name: (name, value) for name, value in headers}.values())
        yield MadeRequest(chance.choice(_METHODS), path, unique, chance.choice(_BODIES), is_odd=True)

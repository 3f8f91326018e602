"""Attacks on the public server and on readers of files that no other test makes, and the table of all attacks.

`attacks.toml` lists every attack by class, with its test. `scripts/redteam` runs all of them and prints the table.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from made_ledger import PRICE, SPEED
from test_public_pages_hostile import HOSTILE, hostile_ledger

from claimledger.errors import LedgerError
from claimledger.fetching import AddressForbidden, AddressMalformed, FetchLimits, NotAnswered, PortForbidden, fetch
from claimledger.intake import extract_document
from claimledger.publishing import charts

TESTS = Path(__file__).parent
ROOT = TESTS.parent
MANY = 200
"""The least number of attacks in the table."""

Serve = Callable[..., Any]


@cache
def attack_groups() -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = tomllib.loads((TESTS / "attacks.toml").read_text(encoding="utf-8"))["group"]
    return groups


@cache
def read_functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_table_has_many_attacks_with_existing_tests() -> None:
    groups = attack_groups()
    assert sum(len(group.get("cases", [""])) for group in groups) >= MANY
    assert len({group["id"] for group in groups}) == len(groups)
    for group in groups:
        assert set(group) - {"cases"} == {"id", "class", "target", "expected", "test"}, group["id"]
        file, _, name = group["test"].partition("::")
        assert name in read_functions(file), group["test"]


def test_security_page_names_existing_tests() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/test_\w+\.py)(?:::(test_\w+))?`", text)
    assert len(named) > 30
    assert [one for one in named if one[1] and one[1] not in read_functions(one[0])] == []
    ids = {group["id"] for group in attack_groups()}
    assert [name for name in re.findall(r"red team: `([\w-]+)`", text) if name not in ids] == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_ledger(tmp_path_factory.mktemp("hostile") / "ledger.db", HOSTILE[1])


FEEDS = ("/feeds/corrections.atom", "/feeds/verdicts.atom")
INJECTIONS = ("'", "1 OR 1=1", "'); DROP TABLE claim;--", "\x00", "1 UNION SELECT name FROM sqlite_master", "%", "\\")
PARAMETERS = ("q", "page", "on", "lang", "status", "topic", "speaker", "_sort", "_facet", "_where", "_search")


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.soak)])
async def test_sql_in_parameters_is_only_text(serve_shared: Serve, hostile: Path, injection: str, step: int) -> None:
    client = serve_shared(hostile).client
    paths = ("/", "/claims", "/speakers", "/search", f"/claims/{PRICE['claim_id']}", "/ledger/claim")
    for number, path in enumerate(paths, INJECTIONS.index(injection)):
        for name in PARAMETERS[number % step :: step]:
            answer = await client.get(f"{path}?{name}={quote(injection)}", follow_redirects=True)
            assert answer.status_code < 500, (path, name)
            assert "CREATE TABLE" not in answer.text, (path, name)


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("path", [
    "/ledger.json?sql=select+1", "/ledger?sql=attach+'/etc/passwd'+as+x", "/ledger.csv?sql=select+sqlite_version()",
    "/ledger/claim?_where=1%3D1", "/-/databases.json", "/-/plugins.json", "/-/threads.json",
    "/ledger.db", "/-/permissions", "/-/allow-debug", "/desk.db", "/..%2fdesk.db", "/-/static/..%2f..%2fapp.py",
    "/-/static-plugins/claimledger/..%2f__init__.py", "/-/log/..%2f..%2fdesk.db", "/claims/..%2f..%2fdesk.db",
])  # fmt: skip
async def test_addresses_reveal_no_file_and_no_setting(serve_shared: Serve, hostile: Path, path: str) -> None:
    answer = await serve_shared(hostile).client.get(path, follow_redirects=True)
    assert answer.status_code in {400, 403, 404}


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/", "/search?q=a", "/claims", "/feeds/corrections.atom", "/x"])
@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-HTTP-Method-Override"])
async def test_headers_of_a_client_change_no_page(serve_shared: Serve, hostile: Path, name: str, path: str) -> None:
    client = serve_shared(hostile).client
    value = "evil.example\tx" if name == "X-Forwarded-Host" else "DELETE"
    answer, plain = await client.get(path, headers={name: value}), await client.get(path)
    assert (answer.status_code, answer.headers.get("location")) == (plain.status_code, plain.headers.get("location"))
    assert "evil.example" not in answer.text


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/claims/x%0d%0aSet-Cookie:%20a=b", "/search?q=%0d%0aX-Evil:%201", "/?lang=ko%0d%0aA:b"]
)
async def test_line_ends_in_an_address_are_no_headers(serve_shared: Serve, hostile: Path, path: str) -> None:
    answer = await serve_shared(hostile).client.get(path)
    assert not {"x-evil", "set-cookie", "a"}.intersection(answer.headers)
    assert not re.search(r"[\r\n]", "".join(answer.headers.values()))


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("path", FEEDS)
async def test_text_in_a_feed_is_escaped(serve_shared: Serve, hostile: Path, path: str) -> None:
    answer = await serve_shared(hostile).client.get(path)
    assert answer.status_code == 200, path
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  made by the program under test
    assert "img" not in {element.tag.rpartition("}")[2] for element in feed.iter()}
    assert "<img" not in answer.text


@pytest.mark.slow
@pytest.mark.asyncio
async def test_text_in_a_json_ld_block_does_not_end_it(serve_shared: Serve, hostile: Path) -> None:
    client = serve_shared(hostile).client
    page = (await client.get(f"/claims/{SPEED['claim_id']}")).text
    blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    assert "<" not in blocks[0]
    assert HOSTILE[1] in json.loads(blocks[0])["claimReviewed"]
    answer = await client.get(f"/claims/{SPEED['claim_id']}.jsonld")
    assert answer.headers["content-type"].startswith("application/ld+json")


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("name", charts.CHARTS)
async def test_text_in_a_chart_is_escaped(serve_shared: Serve, hostile: Path, name: str) -> None:
    answer = await serve_shared(hostile).client.get(f"/charts/{name}.svg")
    drawing = ElementTree.fromstring(answer.content)  # noqa: S314  made by the program under test
    tags = {element.tag.rpartition("}")[2] for element in drawing.iter()}
    assert not tags & {"script", "img", "image", "foreignObject", "a"}
    assert not [at for element in drawing.iter() for at in element.attrib if at.startswith("on") or "href" in at]


SSRF = (
    "http://2852039166/latest/meta-data/", "http://0xA9FEA9FE/", "http://0251.0376.0251.0376/", "http://169.254.43518/",
    "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[fd00::1]/",
    "http://[fe80::1%25eth0]/", "http://[::]/", "http://0.0.0.0/", "http://10.1.2.3/", "http://172.31.0.1/",
    "http://192.168.0.1/", "http://100.64.0.1/", "http://127.0.0.1.:80/", "http://localhost.:80/", "http://①②⑦.0.0.1/",
    "http://127.0.0.1:22/", "http://user@127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://10.0.0.1/x",
    "http://127。0。0。1/", "http://[::127.0.0.1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://255.255.255.255/",
)  # fmt: skip


@pytest.mark.parametrize("address", SSRF)
def test_addresses_of_the_inner_network_are_not_fetched(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object) -> None:
        pytest.fail(f"{address} was contacted")

    monkeypatch.setattr("socket.socket.connect", connect)
    monkeypatch.setattr("claimledger.fetching.reach.socket.create_connection", connect, raising=False)
    with pytest.raises((AddressForbidden, AddressMalformed, PortForbidden, NotAnswered)):
        fetch(address, limits=FetchLimits(attempts=1))


def make_archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in members.items():
            archive.writestr(name, value)
    return content.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%b</w:body></w:document>'
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]>' + WORD % b"<w:p><w:r><w:t>&c;</w:t></w:r></w:p>"
EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>' + WORD % b"<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
ARCHIVES: Mapping[str, Callable[[], bytes]] = {
    "bomb": lambda: make_archive(**{"word/document.xml": WORD % (b" " * 300_000_000)}),
    "entities": lambda: make_archive(**{"word/document.xml": ENTITIES}),
    "external entity": lambda: make_archive(**{"word/document.xml": EXTERNAL}),
    "member above the folder": lambda: make_archive(**{"../../evil.txt": b"x", "word/document.xml": b"no XML"}),
    "absolute member": lambda: make_archive(**{"/evil.txt": b"x", "word/document.xml": b"no XML"}),
    "no document": lambda: make_archive(**{"other.xml": b"x"}),
    "not an archive": lambda: b"PK\x03\x04" + b"\0" * 100,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHIVES)
def test_hostile_word_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError):
        extract_document(ARCHIVES[name](), name="a.docx")
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent.parent / "evil.txt").exists()

"""The static copy of the site: its links lead to files, only what changed is written, the search finds claims."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner
from made_ledger import ARTICLE, BASIN, JOBS, PRICE, SPEED, LogMaker
from packages import needed

from claimledger.cli import main
from claimledger.datasette_plugin.static_site import copy_site
from claimledger.publishing import ledger_db
from claimledger.publishing.site import Site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PATH = "/press"
SITE = Site(f"https://facts.hanbit.example{PATH}")
LARGEST_FOR_AN_ENTRY = 29_700
"""The bytes of the copy for each entry of the log: 15 MB at the 505 entries of the first ledger's first weeks."""
FIRST = 10
CORRECTION = {
    "kind": "update", "is_checked": False, "public_note": {"en": "The number was printed wrong.", "ko": "수를 고쳤다."},
}  # fmt: skip
PAIRS: Mapping[str, str] = {
    "Wang Huiwen OpenAI": "wang-huiwen-wants-a-chinese-openai-ypdz",
    "왕후이원이 오픈AI에": "wang-huiwen-wants-a-chinese-openai-ypdz",
    "OneFlow merger": "light-years-beyond-merged-with-oneflow-bopj",
    "이류커지를 합병": "light-years-beyond-merged-with-oneflow-bopj",
    "OneFlow employees": "most-light-years-beyond-staff-oneflow-3sdm",
    "광녠즈와이 직원": "most-light-years-beyond-staff-oneflow-3sdm",
    "Wang Xing": "wang-xing-promised-to-invest-ect7",
    "왕싱": "wang-xing-promised-to-invest-ect7",
    "kai fu lee revelation": "kai-fu-lee-struck-by-wang-huiwen-rhe2",
    "리카이푸의 깨우침": "kai-fu-lee-struck-by-wang-huiwen-rhe2",
    "Project AI 2.0 recruits": "project-ai-2-0-recruited-worldwide-k3ct",
    "프로젝트 AI 2.0 인재": "project-ai-2-0-recruited-worldwide-k3ct",
    "four dragons": "ai-1-0-applications-stood-apart-oogg",
    "센스타임": "ai-1-0-applications-stood-apart-oogg",
    "Lagos painter": "lagos-painter-made-images-with-ai-nveh",
    "나이지리아 화가": "lagos-painter-made-images-with-ai-nveh",
    "power grid Android": "ai-2-0-will-bring-forth-a-platform-vfx3",
    "전력망에 견줄": "ai-2-0-will-bring-forth-a-platform-vfx3",
    "Zhou Zhifeng cost": "large-model-needs-at-least-200m-dollars-dvsr",
    "internet era opportunity": "ai-2-0-chance-10-times-the-internet-era-g4ne",
    "인터넷 시대": "ai-2-0-chance-10-times-the-internet-era-g4ne",
    "Tencent talk show": "wang-huiwen-on-tencent-show-in-2020-ro3w",
    "텐센트비디오": "wang-huiwen-on-tencent-show-in-2020-ro3w",
    "iPhone moment": "chatgpt-was-ai-iphone-moment-ucxe",
    "Jensen Huang": "startups-race-for-products-and-models-sl5s",
    "nonprofit donors": "openai-was-a-donor-funded-nonprofit-3zvh",
    "일론 머스크": "openai-was-a-donor-funded-nonprofit-3zvh",
    "Microsoft invested": "microsoft-invested-13b-in-openai-hvv3",
    "마이크로소프트의 투자금": "microsoft-invested-13b-in-openai-hvv3",
    "MS 투자금": "microsoft-invested-13b-in-openai-hvv3",
    "gpt-4 images text": "gpt-4-first-to-turn-images-into-text-hgkk",
    "플러그인": "chatgpt-plugins-added-on-23-march-2023-hw7z",
    "App Store plugins": "plugins-are-like-the-app-store-wr2m",
    "Copilot": "microsoft-put-gpt-4-into-copilot-bwxq",
    "Alibaba Baidu A100": "big-companies-hold-chinas-a100s-l33c",
    "바이두가 원신이옌을": "ernie-bot-unveiled-on-16-march-2023-cgkb",
    "ErnieBot unveiled": "ernie-bot-unveiled-on-16-march-2023-cgkb",
    "Tongyi Qianwen": "tongyi-qianwen-sought-testers-in-april-wuj2",
    "WeChat Douyin": "ai-apps-10-times-wechat-and-douyin-3l4j",
    "미국 상무부": "us-restricted-gpu-exports-in-oct-2022-neq5",
}
"""Searches for a claim by names, other names and words, in both languages, with the claim that a reader wants."""


@pytest.fixture(scope="module")
def copy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the copy of the first ledger, below a path."""
    folder = tmp_path_factory.mktemp("web") / PATH[1:]
    copy_site(ROOT / "ledger.db", folder, SITE)
    return folder


@pytest.fixture(scope="module")
def address(copy_folder: Path) -> Iterator[str]:
    """Serve the copy with a plain HTTP server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *values: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(copy_folder.parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}{PATH}"
        server.shutdown()


def broken_links(folder: Path) -> list[tuple[str, str]]:
    """Return the links of all pages, feeds and sitemaps to this site that lead to no file or no part of a page."""
    broken, parts = [], {}
    for file in [*folder.rglob("*.html"), *folder.rglob("*.atom"), *folder.rglob("*.xml")]:
        text, here = file.read_text(encoding="utf-8"), f"{SITE.address}/{file.relative_to(folder).as_posix()}"
        parts[file] = set(re.findall(r'\bid="([^"]*)"', text))
    for file in parts:
        text, here = file.read_text(encoding="utf-8"), f"{SITE.address}/{file.relative_to(folder).as_posix()}"
        named = re.findall(r'\b(?:href|src|action)="([^"]*)"|content="(https?:[^"]*)"|<loc>([^<]*)</loc>', text)
        for link in (unescape("".join(one)) for one in named):
            whole = urlsplit(urljoin(here, link))
            if f"{whole.scheme}://{whole.netloc}{PATH}" != SITE.address:
                continue
            target = folder / unquote(whole.path).removeprefix(PATH).lstrip("/")
            target = target / "index.html" if target.is_dir() else target
            is_part = not whole.fragment or target.suffix != ".html" or whole.fragment in parts.get(target, ())
            if not target.is_file() or not is_part or not whole.path.startswith(PATH):
                broken.append((here, link))
    return broken


def test_every_link_leads_to_a_file(copy_folder: Path) -> None:
    assert broken_links(copy_folder) == []
    (copy_folder / "method" / "index.html").rename(copy_folder / "method" / "moved.html")
    assert len(broken_links(copy_folder)) > FIRST
    (copy_folder / "method" / "moved.html").rename(copy_folder / "method" / "index.html")


def test_copy_is_small_and_lists_its_files(copy_folder: Path) -> None:
    files = [path for path in copy_folder.rglob("*") if path.is_file()]
    entries = ledger_db.read_about(ROOT / "ledger.db").log_size
    assert sum(path.stat().st_size for path in files) < LARGEST_FOR_AN_ENTRY * entries
    lines = (copy_folder / "files.txt").read_text("utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    assert listed.keys() == {path.relative_to(copy_folder).as_posix() for path in files} - {"files.txt"}
    assert all(sha256((copy_folder / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())


def test_only_the_search_has_a_script(copy_folder: Path) -> None:
    scripts = {
        page.relative_to(copy_folder).as_posix()
        for page in copy_folder.rglob("*.html")
        if re.search(r"<script(?! type=\"application/)", page.read_text(encoding="utf-8"))
    }
    assert scripts == {"search/index.html", "ko/search/index.html"}


def test_pages_name_both_languages_at_their_own_addresses(copy_folder: Path) -> None:
    name = next(iter(PAIRS.values()))
    page = (copy_folder / "ko" / "claims" / name / "index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{SITE.address}/ko/claims/{name}/">' in page
    assert f'hreflang="en" href="{SITE.address}/claims/{name}/"' in page
    assert '<html lang="ko">' in page
    assert f"{SITE.address}/ko/claims/{name}/" in page.partition("<footer")[2]


# --- what changes ---


def made_log() -> LogMaker:
    log = LogMaker()
    for record in (ARTICLE, SPEED, JOBS, PRICE, BASIN):
        log.add(record)
    return log


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_second_run_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    ledger_db.build_ledger_db(made_log().entries, tmp_path / "ledger.db")
    first = copy_site(tmp_path / "ledger.db", folder, SITE)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    second = copy_site(tmp_path / "ledger.db", folder, SITE)
    assert (second.written, second.same, second.deleted) == (0, first.written, 0)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == times
    assert broken_links(folder) == []


def test_update_changes_only_the_files_that_show_it(tmp_path: Path) -> None:
    log, folder = made_log(), tmp_path / "out"
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    copy_site(tmp_path / "ledger.db", folder, SITE)
    (folder / "CNAME").write_text("facts.hanbit.example\n", encoding="utf-8")
    before = contents(folder)
    log.add({**SPEED, "note": {"en": "Counted at noon."}}, "update")
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    done = copy_site(tmp_path / "ledger.db", folder, SITE)
    after = contents(folder)
    changed = {name for name in after if before.get(name) != after[name]} - {"files.txt"}
    assert done.written == len(changed)
    pages = {name for name in changed if name.startswith(("claims/", "ko/claims/"))}
    own = SPEED["claim_id"]
    assert {f"claims/{own}/index.html", f"ko/claims/{own}/index.html"} <= pages
    others = {one["claim_id"] for one in (JOBS, PRICE, BASIN)}
    assert not [name for name in pages if any(other in name for other in others)]
    assert before["CNAME"] == after["CNAME"]


def test_files_of_records_that_are_gone_are_deleted(tmp_path: Path) -> None:
    log, folder = made_log(), tmp_path / "out"
    ledger_db.build_ledger_db(log.entries, tmp_path / "ledger.db")
    copy_site(tmp_path / "ledger.db", folder, SITE)
    (folder / "notes.html").write_text("ours", encoding="utf-8")
    ledger_db.build_ledger_db(log.entries[:-1], tmp_path / "ledger.db")
    done = copy_site(tmp_path / "ledger.db", folder, SITE)
    assert done.deleted > 0
    assert not list(folder.rglob(f"*{BASIN['claim_id']}*"))
    assert (folder / "notes.html").is_file()


def test_copy_without_an_address_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--root", str(ROOT), "export", "site", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "--address" in done.output
    assert not (tmp_path / "out").exists()


# --- in a browser ---


@pytest.mark.journey
def test_search_finds_the_wanted_claim_among_the_first_ten(address: str) -> None:
    with needed("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        missed = []
        for query, wanted in PAIRS.items():
            page.goto(f"{address}/")
            page.fill("#q", query)
            page.press("#q", "Enter")
            page.wait_for_selector("#found h2")
            links = page.eval_on_selector_all("#found a.statement", "all => all.map(one => one.pathname)")
            if f"{PATH}/claims/{wanted}/" not in links[:FIRST]:
                missed.append(query)
        browser.close()
    assert missed == []


@pytest.mark.journey
@pytest.mark.parametrize("path", ["/", "/search/?q=Baidu", "/ko/search/?q=바이두", "/data/", "/ko/changes/"])
def test_copied_page_passes_axe_at_two_widths(address: str, path: str) -> None:
    axe = needed("axe_playwright_python.sync_playwright").Axe()
    with needed("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width in (360, 1280):
            page = browser.new_page(viewport={"width": width, "height": 800})
            refused: list[str] = []
            page.on("requestfailed", lambda one, refused=refused: refused.append(one.url))
            page.goto(f"{address}{path}", wait_until="networkidle")
            assert axe.run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert refused == []
        browser.close()

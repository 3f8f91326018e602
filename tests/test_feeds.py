"""Feeds follow RFC 4287 in both languages, and later revisions never change an entry."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from made_ledger import ARTICLE, JOBS, PRICE, SAID, SO, SPEED, LogMaker, made_entries

from claimledger.ledger.log import LogEntry
from claimledger.publishing import feeds, ledger_db, ledger_reader
from claimledger.publishing.site import LANGUAGES, PageLanguage, Site

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = Site("https://ledger.example.org", {"en": "Harbour Desk", "ko": "항만 데스크"})
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
NAMES: tuple[feeds.FeedName, ...] = ("corrections", "verdicts")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EACH_FEED = pytest.mark.parametrize("name", NAMES)


def build_ledger(path: Path, entries: Sequence[LogEntry]) -> Path:
    ledger_db.build_ledger_db(entries, path)
    return path


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with ledger_reader.open_ledger(build_ledger(tmp_path / "ledger.db", made_entries())) as opened:
        yield opened


def broken_rules(feed: ET.Element) -> list[str]:
    """Return the sentences of RFC 4287, section 4, that a feed breaks."""
    broken = []
    for element in [feed, *feed.findall(f"{ATOM}entry")]:
        broken += [f"{element.tag}: exactly one {name}" for name in ("id", "title", "updated")
                   if len(element.findall(ATOM + name)) != 1]  # fmt: skip
        broken += [f"time {part.text}" for name in ("updated", "published") for part in element.findall(ATOM + name)
                   if not TIME.fullmatch(part.text or "")]  # fmt: skip
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
        broken += ["two alternates of one type and language"] if len(set(links)) < len(links) else []
        broken += [
            "an author has a name" for author in element.findall(f"{ATOM}author") if author.find(f"{ATOM}name") is None
        ]
        broken += ["an IRI is absolute"] if ":" not in (element.findtext(f"{ATOM}id") or "") else []
    ids = [part.text for part in feed.iter(f"{ATOM}id")]
    broken += ["ids are unique"] if len(set(ids)) < len(ids) else []
    broken += ["rel=self"] if feed.find(f"{ATOM}link[@rel='self']") is None else []
    for content in feed.iter(f"{ATOM}content"):
        (child,) = content
        broken += [] if child.tag == "{http://www.w3.org/1999/xhtml}div" else ["xhtml holds a single div"]
    return broken


@EACH_FEED
@EACH_LANGUAGE
def test_feed_follows_rfc_4287_and_is_readable_by_feedparser(
    connection: sqlite3.Connection, name: feeds.FeedName, language: PageLanguage
) -> None:
    made = feeds.atom_page(connection, name, SITE, language)
    assert broken_rules(ET.fromstring(made)) == []  # noqa: S314  our own
    read = feedparser.parse(made)
    assert (read.bozo, read.version, read.feed.language) == (False, "atom10", language)
    assert read.feed.links[0].href == f"https://ledger.example.org/feeds/{name}.atom?lang={language}"
    assert read.feed.author == ("항만 데스크" if language == "ko" else "Harbour Desk")


@EACH_LANGUAGE
def test_correction_entry_shows_before_after_note_and_reason(
    connection: sqlite3.Connection, language: PageLanguage
) -> None:
    _, entry = feeds.correction_entries(connection, language)
    note = "금액을 고쳤다." if language == "ko" else "The sum was $13.55 million."
    texts = [line.text for line in entry.lines]
    assert texts == [note, "13,500,000", "13,550,000", "prices", "prices, ports", "확인했다.", "haru, sora"]
    labels = [line.label for line in entry.lines][1:3]
    assert (
        labels
        == {
            "en": ["Figures › 1 › Value – Before", "Figures › 1 › Value – After"],
            "ko": ["수치 › 1 › 값 – 수정 전", "수치 › 1 › 값 – 수정 후"],
        }[language]
    )
    row = connection.execute("SELECT recorded_at FROM corrections LIMIT 1").fetchone()
    assert (entry.recorded_at, entry.path) == (row[0], f"/claims/{PRICE['claim_id']}?lang={language}")


@EACH_LANGUAGE
def test_withdrawals_are_in_the_corrections_feed(tmp_path: Path, language: PageLanguage) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    log.add(SPEED)
    log.add({**SPEED, "verdicts": [SO]}, "verdict")
    log.add({**SPEED, "verdicts": [SO]}, "withdrawal", reason="The meter was broken.")
    log.add(ARTICLE, "withdrawal", reason="The article was taken back.")
    with ledger_reader.open_ledger(build_ledger(tmp_path / "ledger.db", log.entries)) as connection:
        article, claim = feeds.correction_entries(connection, language)
        assert broken_rules(ET.fromstring(feeds.atom_page(connection, "corrections", SITE, language))) == []  # noqa: S314
    word = "철회" if language == "ko" else "Withdrawal"
    statement = SPEED["statement"][language]
    assert (claim.title, claim.path) == (f"{word}: {statement}", f"/claims/{SPEED['claim_id']}?lang={language}")
    assert [line.text for line in claim.lines] == ["The meter was broken.", "haru, sora"]
    assert article.title == f"{word}: {ARTICLE['article_id']}"
    assert article.path == f"/corrections?before={article.number + 1}&lang={language}#{article.number}"


@EACH_LANGUAGE
def test_each_verdict_is_an_entry_newest_first(connection: sqlite3.Connection, language: PageLanguage) -> None:
    titles = [entry.title for entry in feeds.verdict_entries(connection, language)]
    assert titles == {
        "en": ["Quote check – Searched, nothing found: Automation cost more than 120 jobs.",
               "Fact check – Confirmed: The new cranes move about 40% more containers, at least 32 an hour."],
        "ko": ["발언 확인 – 찾았으나 자료 없음: 자동화로 일자리가 120개 넘게 사라졌다.",
               "사실 확인 – 사실로 확인: 새 크레인은 컨테이너를 약 40% 더, 시간당 적어도 32개 옮긴다."],
    }[language]  # fmt: skip


def test_later_correction_does_not_change_a_verdict_entry(tmp_path: Path) -> None:
    log = LogMaker()
    for record in (ARTICLE, SPEED, JOBS):
        log.add(record)
    log.add({**SPEED, "verdicts": [SAID, SO]}, "verdict")
    with ledger_reader.open_ledger(build_ledger(tmp_path / "a.db", log.entries)) as connection:
        before = list(feeds.verdict_entries(connection, "en"))
    corrected = {**SPEED, "statement": {"en": "Another sentence."}, "verdicts": [SAID, {**SO, "value": "refuted"}]}
    note = {"kind": "verdict_changed", "public_note": {"en": "We were wrong."}}
    log.add(corrected, "correction", correction=note)
    with ledger_reader.open_ledger(build_ledger(tmp_path / "b.db", log.entries)) as connection:
        assert list(feeds.verdict_entries(connection, "en")) == before
        assert len(list(feeds.correction_entries(connection, "en"))) == 1
    assert len({entry.name for entry in before}) == 2  # two verdicts of one revision are two entries


@EACH_FEED
def test_entry_ids_depend_on_the_language_and_not_on_the_address(
    connection: sqlite3.Connection, name: feeds.FeedName
) -> None:
    def ids(address: str, language: PageLanguage) -> list[str | None]:
        feed = ET.fromstring(feeds.atom_page(connection, name, Site(address), language))  # noqa: S314  our own
        return [part.text for part in feed.iter(f"{ATOM}id")]

    assert ids("https://a.example", "ko") == ids("https://b.example", "ko")
    assert not set(ids("https://a.example", "ko")) & set(ids("https://a.example", "en"))


def test_markup_in_a_text_is_escaped(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    nasty = "</dd><script>alert(1)</script>]]>&amp;"
    log.add({**SPEED, "statement": {"en": nasty}})
    log.add({**SPEED, "statement": {"en": f"{nasty}!"}}, "correction",
            correction={"kind": "clarification", "public_note": {"en": nasty}})  # fmt: skip
    with ledger_reader.open_ledger(build_ledger(tmp_path / "ledger.db", log.entries)) as connection:
        made = feeds.atom_page(connection, "corrections", SITE, "en")
    feed = ET.fromstring(made)  # noqa: S314  our own
    assert b"<script" not in made
    assert [part.text for part in feed.iter("{http://www.w3.org/1999/xhtml}dd")][:2] == [nasty, nasty]


def test_feed_may_be_empty_but_needs_a_log(tmp_path: Path) -> None:
    log = LogMaker()
    log.add(ARTICLE)
    with ledger_reader.open_ledger(build_ledger(tmp_path / "a.db", log.entries)) as connection:
        feed = ET.fromstring(feeds.atom_page(connection, "verdicts", SITE, "en"))  # noqa: S314  our own
        assert broken_rules(feed) == []
    with ledger_reader.open_ledger(build_ledger(tmp_path / "b.db", [])) as connection, pytest.raises(LookupError):
        feeds.atom_page(connection, "verdicts", SITE, "en")


def feed_pages(connection: sqlite3.Connection, name: feeds.FeedName) -> Iterator[ET.Element]:
    """Yield the pages of a feed by following the link of each page to the next."""
    before: int | None = None
    while True:
        page = ET.fromstring(feeds.atom_page(connection, name, SITE, "en", before))  # noqa: S314  our own
        yield page
        further = page.find(f"{ATOM}link[@rel='next']")
        if further is None:
            return
        address, _, number = further.attrib["href"].rpartition("&before=")
        assert address == f"https://ledger.example.org/feeds/{name}.atom?lang=en"
        before = int(number)


def test_feed_pages_link_to_every_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "REVISIONS_A_PAGE", 2)
    log = LogMaker()
    log.add(ARTICLE)
    names = [f"crane-{letter * 4}" for letter in "abcde"]
    for name in names:
        log.add({**SPEED, "claim_id": name})
    for name in names:
        log.add({**SPEED, "claim_id": name, "verdicts": [SAID, SO]}, "verdict")
    for name in names:
        log.add({**SPEED, "claim_id": name, "verdicts": [SAID, {**SO, "value": "refuted"}]}, "correction",
                correction={"kind": "verdict_changed", "public_note": {"en": name}})  # fmt: skip
    with ledger_reader.open_ledger(build_ledger(tmp_path / "ledger.db", log.entries)) as connection:
        for kind, sizes in (("verdicts", [4, 4, 2]), ("corrections", [2, 2, 1])):
            pages = list(feed_pages(connection, "verdicts" if kind == "verdicts" else "corrections"))
            entries = [entry for page in pages for entry in page.findall(f"{ATOM}entry")]
            assert [len(page.findall(f"{ATOM}entry")) for page in pages] == sizes
            assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == sum(sizes)
            assert {entry.find(f"{ATOM}link").attrib["href"] for entry in entries} == {  # type: ignore[union-attr]
                f"https://ledger.example.org/claims/{name}?lang=en" for name in names
            }
            assert [broken_rules(page) for page in pages] == [[]] * len(pages)
            assert len({page.findtext(f"{ATOM}id") for page in pages}) == 1


def test_redacted_record_empties_and_updates_its_entry(tmp_path: Path) -> None:
    log, moment = LogMaker(), "2031-06-01T00:00:00.000Z"
    log.add(ARTICLE)
    log.add({**SPEED, "statement": {"en": "SECRET one."}})
    log.add(
        {**SPEED, "statement": {"en": "SECRET two."}, "verdicts": [{**SO, "rationale": {"en": "SECRET"}}]}, "verdict"
    )
    log.add({**SPEED, "statement": {"en": "SECRET three."}, "verdicts": [SO]}, "correction", reason="SECRET reason",
            correction={"kind": "clarification", "public_note": {"en": "SECRET note"}})  # fmt: skip
    with ledger_reader.open_ledger(build_ledger(tmp_path / "a.db", log.entries)) as connection:
        old = {name: ET.fromstring(feeds.atom_page(connection, name, SITE, "en")) for name in NAMES}  # noqa: S314  our own
    log.add(SPEED, "redaction", recorded_at=moment)
    with ledger_reader.open_ledger(build_ledger(tmp_path / "b.db", log.entries)) as connection:
        for name in NAMES:
            made = feeds.atom_page(connection, name, SITE, "en")
            feed = ET.fromstring(made)  # noqa: S314  our own
            assert b"SECRET" not in made
            assert b"Redacted value" in made
            assert (feed.findtext(f"{ATOM}updated"), feed.findtext(f"{ATOM}entry/{ATOM}updated")) == (moment, moment)
            for kept in ("id", "published"):
                assert feed.findtext(f"{ATOM}entry/{ATOM}{kept}") == old[name].findtext(f"{ATOM}entry/{ATOM}{kept}")

"""An article's text on its page: the text is complete, and exactly the claimed words are marked with their claims."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import strategies
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st
from made_ledger import ARTICLE, HERALD, HERALD_EDITION, HERALD_TEXT, OWN, RIVAL, LogMaker, made_entries, write_texts
from page_reading import got, seen

from claimledger.datasette_plugin.public_pages.visit import Visit
from claimledger.ledger.content_store import content_path
from claimledger.ledger.files import replace_bytes
from claimledger.models import Span
from claimledger.publishing import ledger_db
from claimledger.publishing.pages import article_text
from claimledger.publishing.pages.article_text import MarkedPassage, mark_paragraphs
from claimledger.selectors import make_quote
from claimledger.vocabulary import VerificationStatus

Serve = Callable[..., Datasette]
PAGE = f"/articles/{HERALD['article_id']}"
FILE = f"{PAGE}/{HERALD_EDITION}.txt"
FIRST = Path(__file__).parent.parent / "ledger.db"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path, write_texts(path.parent))
    return path


class Letter(NamedTuple):
    """A code point of the text on a page, and the claims whose marks contain it."""

    letter: str
    claims: frozenset[str]


class _TextReader(HTMLParser):
    """A parser that collects the paragraphs of the text, and separately the signs at the ends of passages."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[list[Letter]] = []
        self.signs: list[str] = []
        self.marks: list[str] = []
        self.depth = self.within = 0
        """The depth within the text's element, and the depth at which a sign began (0 outside)."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if self.depth or (tag == "div" and has.get("class") == "text"):
            self.depth += 1
        if self.depth and tag == "p":
            self.paragraphs.append([])
        if self.depth and tag == "mark":
            self.marks.append(str(has["data-claim"]))
        if self.depth and str(has.get("class")).startswith("sign "):
            self.within = self.depth
            self.signs.append("")

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag == "mark":
            self.marks.pop()
        if self.within == self.depth:
            self.within = 0
        self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.within:
            self.signs[-1] += data
        elif self.depth and self.paragraphs and self.depth > 1:
            self.paragraphs[-1] += [Letter(letter, frozenset(self.marks)) for letter in data]


def read(page: str) -> _TextReader:
    reader = _TextReader()
    reader.feed(page)
    reader.close()
    return reader


def text_lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank; each is a paragraph of the page."""
    return [line for line in re.split(r"[\r\n]+", text) if line.strip()]


def paragraph_texts(reader: _TextReader) -> list[str]:
    return ["".join(one.letter for one in paragraph) for paragraph in reader.paragraphs]


def claimed_text(reader: _TextReader, claim_id: str) -> str:
    return "".join(one.letter for paragraph in reader.paragraphs for one in paragraph if claim_id in one.claims)


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize(("language", "label"), [("ko", "검증 전"), ("en", "Not checked yet")])
async def test_page_shows_the_exact_text_with_its_claim_marked(
    serve: Serve, ledger: Path, language: str, label: str
) -> None:
    datasette = serve(ledger)
    page = await seen(datasette, f"{PAGE}?lang={language}")
    reader = read((await got(datasette, f"{PAGE}?lang={language}")).text)
    assert paragraph_texts(reader) == text_lines(HERALD_TEXT)
    assert claimed_text(reader, RIVAL["claim_id"]) == "12 % slower."
    assert [" ".join(sign.split()) for sign in reader.signs] == [f"○ {label}"]
    assert page.one("div", **{"class": "text"})["lang"] == "en"
    assert page.one("span", **{"class": "sign not_checked"})["lang"] == language
    assert page.links().count(f"/claims/{RIVAL['claim_id']}") == 2  # in the text, and in the list below
    assert FILE in page.links()


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_second_page_of_claims_links_back_to_the_text(serve: Serve, ledger: Path) -> None:
    page = await seen(serve(ledger), f"{PAGE}?page=2&lang=en")
    assert not [name for name, _ in page.elements if name == "mark"]
    assert f"{PAGE}?lang=en#text" in page.links()
    assert "The text is on the first page" in page.words


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_text_file_can_be_downloaded_byte_for_byte(serve: Serve, ledger: Path) -> None:
    answer = await got(serve(ledger), FILE)
    assert answer.content == HERALD_TEXT.encode()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await got(serve(ledger), FILE, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for other in (FILE.replace(HERALD["article_id"], ARTICLE["article_id"]), FILE.replace(HERALD_EDITION, "0" * 64)):
        assert (await got(serve(ledger), other)).status_code == 404


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
@pytest.mark.parametrize("path", [PAGE, FILE])
async def test_reader_without_permission_sees_neither_page_nor_file(serve: Serve, ledger: Path, path: str) -> None:
    datasette = serve(ledger, tables={"edition_texts": {"allow": {"id": "kim"}}})
    answer = await got(datasette, path)
    assert answer.status_code == 403
    assert "slower" not in answer.text


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_text_is_hidden_if_rights_forbid_it_or_it_is_not_stored(serve: Serve, tmp_path: Path) -> None:
    page = await seen(serve(FIRST), "/articles/economyinsight-158-gpt?lang=en")
    assert "The text is not shown, because its rights do not allow it." in page.words
    assert not [name for name, has in page.elements if name == "mark" or has.get("id") == "text"]
    ledger_db.build_ledger_db(made_entries(), tmp_path / "ledger.db")
    page = await seen(serve(tmp_path / "ledger.db"), f"{PAGE}?lang=en")
    assert "The rights allow the whole text, but it is not stored here." in page.words
    assert FILE not in page.links()


class Article(NamedTuple):
    """A ledger of one article with its text."""

    path: Path
    page: str
    edition: str


def claim_id(number: int) -> str:
    return f"made-up-claim-{chr(97 + number // 26)}{chr(97 + number % 26)}aa"


def article_ledger(folder: Path, text: str, passages: Sequence[tuple[int, int]], **said: Any) -> Article:  # noqa: ANN401
    """Build a ledger of an article with a claim for each passage.

    The options are `furniture` (spans), `withdrawn` (numbers of claims) and `quoted` (the text that the quotes come
    from).
    """
    log, edition = LogMaker(), sha256(text.encode()).hexdigest()
    furniture = [Span(start=start, end=end).to_json() for start, end in said.get("furniture", ())]
    edition_record = {"edition_sha256": edition, "length": len(text), "furniture": furniture}
    log.add({**HERALD, "editions": [edition_record]})
    for number, (start, end) in enumerate(passages):
        statement = {"en": f"Claim {number}."}
        claim = {
            **RIVAL,
            "claim_id": claim_id(number),
            "statement": statement,
            "source": OWN,
            "relations": [],
            "about_on": "2031",
            "quantities": [],
        }
        log.add(claim)
        if number in said.get("withdrawn", ()):
            log.add(claim, "withdrawal", reason="It fell.")
        quote = make_quote(said.get("quoted", text), Span(start=start, end=end), may_hold_text=number % 2 == 0)
        log.add({
            "claim_id": claim["claim_id"], "article_id": HERALD["article_id"], "edition_sha256": edition,
            "position": {"start": start, "end": end}, "quote": quote.to_json(),
        })  # fmt: skip
    replace_bytes(content_path(folder / "texts", edition), text.encode())
    ledger_db.build_ledger_db(log.entries, folder / "ledger.db", folder / "texts")
    return Article(folder / "ledger.db", PAGE, edition)


OVERLAPPING = "메뉴\n하늘항은 지난해 120만t, 한 해 전보다 10% 많이 다뤘다.\n<소장>은 “더 는다”고 했다.\n기자 이름"


def span(words: str, until: str = "") -> tuple[int, int]:
    start = OVERLAPPING.index(words)
    return start, OVERLAPPING.index(until, start) + len(until) if until else start + len(words)


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_overlapping_passages_are_marked_and_end_with_their_signs(serve: Serve, tmp_path: Path) -> None:
    passages = [
        span("하늘항은", "다뤘다."), span("120만t"), span("120만t, 한 해", "10%"), span("전보다", "다뤘다."),
        span("10% 많이", "더 는다”"), span("120만t"), span("<소장>"), span("메뉴"), span("<소장>", "이름"),
    ]  # fmt: skip
    furniture = [span("메뉴"), span("기자 이름")]
    made = article_ledger(tmp_path, OVERLAPPING, passages, furniture=furniture, withdrawn=[6])
    page = (await got(serve(made.path), f"{made.page}?lang=en")).text
    reader = read(page)
    assert paragraph_texts(reader) == OVERLAPPING.splitlines()[1:3]
    for number, (start, end) in enumerate(passages):
        seen_words = {6: "", 7: "", 8: "<소장>은 “더 는다”고 했다."}.get(
            number, OVERLAPPING[start:end].replace("\n", "")
        )
        assert claimed_text(reader, claim_id(number)) == seen_words, number
    assert len(reader.signs) == len(passages) - 2
    assert sum("Not checked yet" in sign for sign in reader.signs) == len(reader.signs)
    apart = page.partition("is not at its recorded position")[2].partition("</ul>")[0]
    assert re.findall(r"/claims/([a-z-]+)", apart) == [claim_id(7)]
    assert "Menus, credits and other parts outside the article are left out." in page


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_passage_missing_from_the_text_is_listed_not_marked(serve: Serve, tmp_path: Path) -> None:
    text = "크레인은 12대다. 부두는 세 곳이다."
    made = article_ledger(tmp_path, text, [(0, 9), (10, 15)], quoted="크레인은 13대다. 부두는 세 곳이다.")
    page = (await got(serve(made.path), f"{made.page}?lang=ko")).text
    reader = read(page)
    assert claimed_text(reader, claim_id(0)) == ""
    assert claimed_text(reader, claim_id(1)) == text[10:15]
    apart = page.partition("기록된 위치에서 구절을 찾을 수 없는 주장")[2].partition("</ul>")[0]
    assert re.findall(r"/claims/([a-z-]+)", apart) == [claim_id(0)]


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_long_text_is_cut_and_the_shown_part_is_fully_marked(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "첫 줄이다.\n둘째 줄이다.\n셋째 줄이다.\n"
    passages = [(0, 5), (7, 13), (15, 21)]
    for limit, value, shown in (("MAX_MARKED_PASSAGES", 2, 2), ("MAX_SHOWN_LENGTH", 10, 1), ("MAX_SHOWN_LENGTH", 3, 1)):
        with monkeypatch.context() as changed:
            changed.setattr(article_text, limit, value)
            made = article_ledger(tmp_path, text, passages)
            page = (await got(serve(made.path), f"{made.page}?lang=en")).text
        cut = sum(map(len, text.splitlines(keepends=True)[:shown])) if value != 3 else 3
        reader = read(page)
        assert paragraph_texts(reader) == text_lines(text[:cut])
        assert [claimed_text(reader, claim_id(number)) for number in range(shown)] == [
            text[start : min(end, cut)] for start, end in passages[:shown]
        ]
        assert f"the first {cut} of {len(text)} characters are shown." in page
        assert f"{made.page}/{made.edition}.txt" in page


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_too_many_overlapping_passages_are_listed_not_marked(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_text, "MAX_OVERLAPPING_MARKS", 2)
    text = "크레인은 12대고 부두는 세 곳이다. 그리고 배는 백 척이다."
    passages = [(0, 20), (2, 18), (4, 16), (6, 10), (17, 25), (21, 27)]
    made = article_ledger(tmp_path, text, passages)
    page = (await got(serve(made.path), f"{made.page}?lang=ko")).text
    reader = read(page)
    assert paragraph_texts(reader) == [text]
    named = re.findall(r"/claims/([a-z-]+)", page.partition("많아 본문에 표시하지 않은 주장")[2].partition("</ul>")[0])
    assert named == [claim_id(number) for number in (2, 3, 4)]
    for number, (start, end) in enumerate(passages):
        assert claimed_text(reader, claim_id(number)) == ("" if claim_id(number) in named else text[start:end]), number
    assert max(len(one.claims) for paragraph in reader.paragraphs for one in paragraph) == 2


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_page_is_rendered_in_another_thread(serve: Serve, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    page = Visit.page

    def recording_page(visit: Visit, *arguments: Any, **values: Any) -> Any:  # noqa: ANN401
        threads.append(threading.get_ident())
        return page(visit, *arguments, **values)

    monkeypatch.setattr(Visit, "page", recording_page)
    await got(serve(ledger), PAGE)
    assert threads
    assert threading.get_ident() not in threads


def marked_passage(number: int, start: int, end: int) -> MarkedPassage:
    return MarkedPassage(Span(start=start, end=end), str(number), {}, VerificationStatus.NOT_CHECKED)


@st.composite
def texts_and_passages(draw: st.DrawFn) -> tuple[str, list[MarkedPassage]]:
    text = draw(st.text(st.sampled_from("가나 \n\r<&b😀\u0301\t"), min_size=1, max_size=60))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda ends: ends[0] != ends[1])
    passages = draw(st.lists(ends, max_size=8))
    return text, [marked_passage(number, min(ends), max(ends)) for number, ends in enumerate(passages)]


def expected_letters(text: str, passages: Sequence[MarkedPassage]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each code point of the lines that are not blank, with the passages that contain it."""
    for line in re.finditer(r"[^\r\n]+", text):
        for at in range(line.start(), line.end()) if line[0].strip() else ():
            yield text[at], frozenset(one.claim_id for one in passages if one.span.start <= at < one.span.end)


@settings(strategies.examples(300))
@given(texts_and_passages())
def test_each_letter_has_its_passages_and_each_passage_ends_once(
    given: tuple[str, list[MarkedPassage]],
) -> None:
    text, passages = given
    pieces = [piece for paragraph in mark_paragraphs(text, passages) for piece in paragraph]
    found = [(letter, frozenset(one.claim_id for one in piece.marks)) for piece in pieces for letter in piece.text]
    assert found == list(expected_letters(text, passages))
    assert all(one in piece.marks for piece in pieces for one in piece.ends)
    ends = sorted(one.claim_id for piece in pieces for one in piece.ends)
    seen_at_all = {name for letter, names in found if letter.strip() for name in names}
    assert ends == sorted(seen_at_all)

"""Inputs that are made to cost minutes, sent to the desk by a person who is signed in: little time, and a sentence."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping
from time import process_time
from typing import NamedTuple

import desk_visits
import pytest
from made_documents import pdf_file
from newsroom import ARTICLE_ID, CARGO
from test_bounded_work import HEADER, workbook

from claimledger.editions import carry_over
from claimledger.models import Appearance, Span
from claimledger.selectors import make_quote

pytestmark = pytest.mark.slow
resource = pytest.importorskip("resource", reason="the time of child processes")
LONGEST = 10
"""The most seconds of processor time for an input, with the processes that read it."""
DRAW = random.Random(3)  # noqa: S311  the same inputs in every run


Form = tuple[Mapping[str, str], Mapping[str, tuple[str, bytes]]]
"""The fields and the files of a form."""


class Input(NamedTuple):
    """An input and the words of the answer."""

    path: str
    make: Callable[[], Form]
    words: str


def upload(name: str, make: Callable[[], bytes], **fields: str) -> Callable[[], Form]:
    return lambda: (fields, {"file": (name, make())})


def form(**fields: Callable[[], str]) -> Callable[[], Form]:
    return lambda: ({name: make() for name, make in fields.items()}, {})


def numbers(count: int, most: int) -> str:
    return " ".join(str(DRAW.randrange(most)) for _ in range(count))


def sentences(words: int) -> str:
    """Return a text of the greatest length that an article may have, in sentences of made-up words."""
    return ". ".join(" ".join(f"word{DRAW.randrange(300)}" for _ in range(words)) for _ in range(9_000))[:199_000]


def pdf(pages: int) -> bytes:
    """Return a PDF whose pages all have the same text."""
    content = zlib.compress(b"BT /F1 9 Tf (It rose 3 percent) Tj ET\n" * 50)
    kids = b" ".join(b"%d 0 R" % (5 + page) for page in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(content), content),
        *[b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 9 9]>>"] * pages,
    ]
    return pdf_file(objects)


EDIT, EVIDENCE = f"/claims/{CARGO}/edit", f"/claims/{CARGO}/evidence"
SHEETS, ARTICLES = "/sheets/import", "/articles/new"
MANY_COLUMNS = ",".join(f"c{number}" for number in range(500_000))
LONG_NAMES = "claim_id,revision," + ",".join("statement_e" + "n" * 70_000 for _ in range(250)) + "\n"
UNKNOWN = "".join(f"{CARGO[:-4]}{number:05d}-a2b3,1,x\n" for number in range(9_990))
INPUTS: Mapping[str, Input] = {
    "sheet-500000-columns": Input(SHEETS, upload("s.csv", MANY_COLUMNS.encode), "The limit is 256"),
    "sheet-long-column-names": Input(SHEETS, upload("s.csv", LONG_NAMES.encode), "column"),
    "sheet-unknown-claims": Input(
        SHEETS, upload("s.csv", f"claim_id,revision,statement_en\n{UNKNOWN}".encode), "9990 problems"
    ),
    "workbook-4000000-rows": Input(
        SHEETS, upload("s.xlsx", lambda: workbook(HEADER + "<row/>" * 4_000_000)), "2,000,000"
    ),
    "article-1-mb-of-numbers": Input(
        ARTICLES, form(pasted=lambda: numbers(150_000, 10**6)), "The limit for an article is"
    ),
    "article-9900-numbers": Input(
        ARTICLES, form(pasted=lambda: numbers(9_900, 10**12), article_id=lambda: ARTICLE_ID), "Cargo at Haneul"
    ),
    "article-deep-html": Input(
        ARTICLES, upload("a.html", lambda: b"<html><body>" + b"<div>" * 1_000_000, article_id=ARTICLE_ID),
        "Nothing was changed",
    ),
    "evidence-20-mb-html": Input(
        EVIDENCE, upload("a.html", lambda: b"<html><body>" + b"<p>It rose 3%.</p>" * 1_100_000), "a.html"
    ),
    "evidence-20000-pages": Input(EVIDENCE, upload("a.pdf", lambda: pdf(20_000)), "a.pdf"),
    "statement-3-mb": Input(EDIT, form(statement_en=lambda: "3% of 4 tonnes" * 200_000), "more than 2,000,000 bytes"),
    "statement-many-figures": Input(EDIT, form(statement_en=lambda: "3% of 40 kg, " * 4_000), "Nothing was changed"),
    "form-many-fields": Input(EDIT, lambda: ({f"a{n}": "1" for n in range(50_000)}, {}), "more than 3,000 fields"),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> desk_visits.TestClient:
    return desk_visits.signed_in(desk_visits.made(tmp_path_factory.mktemp("desk") / "ledger"), "choi")


def processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(process_time() + used.ru_utime + used.ru_stime)


@pytest.mark.parametrize("name", INPUTS)
def test_hostile_input_takes_little_time(client: desk_visits.TestClient, name: str) -> None:
    one = INPUTS[name]
    fields, files = one.make()
    fields = {"form_token": desk_visits.token(client), **fields}
    began = processor_time()
    answer = client.post(f"{desk_visits.PREFIX}{one.path}", data=fields, files=files or None)
    taken = processor_time() - began
    assert (one.words in answer.text, answer.status_code < 500) == (True, True), answer.text[:2_000]
    assert taken < LONGEST


def test_hostile_editions_are_compared_in_little_time(client: desk_visits.TestClient) -> None:
    for text in (numbers(9_900, 10**12), numbers(9_900, 10**12), sentences(4), sentences(4)):
        desk_visits.sent(client, ARTICLES, pasted=text, article_id=ARTICLE_ID)
        began = processor_time()
        assert client.get(f"{desk_visits.PREFIX}/articles/{ARTICLE_ID}/compare").status_code == 200
        assert processor_time() - began < LONGEST


@pytest.mark.parametrize(("old", "new"), [
    (sentences(4), sentences(4)),
    (sentences(250), sentences(250)),
    ("He said 3% rose. " * 11_000, "He said 3% rose. " * 11_001),
    ("a b " * 50_000, "b a " * 50_000),
], ids=["sentences", "long-sentences", "one-sentence", "no-sentence"])  # fmt: skip
def test_passages_are_carried_over_in_little_time(old: str, new: str) -> None:
    spans = [Span(start=start, end=start + 30) for start in range(0, 150_000, 1_500)]
    entries = [
        Appearance(
            claim_id="low-score-aaaa", article_id="a", edition_sha256="0" * 64, place=place, position=span,
            quote=make_quote(old, span, may_hold_text=False),
        )
        for place, span in enumerate(spans, start=1)
    ]  # fmt: skip
    began = process_time()
    assert len(carry_over(entries, new, old)) == len(entries) == 100
    assert process_time() - began < LONGEST

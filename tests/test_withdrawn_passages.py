"""An article loses the right to publish its passages: only hashes of them stay in ledger.db."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from newsroom import (
    ARTICLE_ID, CARGO, FIRST, GROWTH, TEXT, Clock, actor, add, appearance, article, cargo, edit_by, growth, write,
)  # fmt: skip

from claimledger import desk
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.log import read_log
from claimledger.models import Span
from claimledger.publishing import ledger_db, ledger_reader
from claimledger.selectors import make_quote
from claimledger.vocabulary import RevisionKind

pytestmark = pytest.mark.slow

ALLOWED = {"holder": {"en": "Harbour Monthly"}, "statement": {"en": "Free to copy."}, "may_hold_text": True}
PASSAGE = "서미래 소장은 “올해는 10% 늘어난다”고 말했다"
WORDS = ("소장은 “올해는", "지난해 화물이", "직원은 40명")
"""Words of two quoted passages and of an excluded one; no statement contains them."""


def with_quoted_text(values: dict[str, Any]) -> dict[str, Any]:
    (place,) = values["appearances"]
    span = Span(**place["position"])
    return values | {"appearances": [place | {"quote": make_quote(TEXT, span, may_hold_text=True).to_json()}]}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a newsroom whose public article allows passages: one excluded passage and two with claims."""
    places, clock = LedgerPaths(tmp_path), Clock()
    start = TEXT.index("직원은")
    span = Span(start=start, end=start + 9)
    left_out = {
        "position": span.to_json(), "quote": make_quote(TEXT, span, may_hold_text=True).to_json(),
        "reason": {"ko": "기사의 주제가 아니다."},
    }  # fmt: skip
    edition = article()["editions"][0] | {"dismissed": [left_out]}
    write(places, "article", article() | {"rights": ALLOWED, "editions": [edition]})
    write(places, CARGO, with_quoted_text(cargo()))
    write(places, GROWTH, with_quoted_text(growth()))
    desk.record(places, [], FIRST, clock)
    desk.publish(places, actor("editor"), clock=clock)
    add(places, TEXT, clock)
    return places


def draft_without_the_right(places: LedgerPaths) -> list[str]:
    """Draft the article without the right; return the keys of the drafts."""
    file = places.claims / ARTICLE_ID / "article.yaml"
    base = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("base:"))
    write(places, "article", {"base": base.partition(": ")[2], **article()})
    edit = edit_by("checker", "The holder wrote.", RevisionKind.UPDATE)
    return [draft.key for draft in desk.record(places, [file], edit, Clock())]


def all_cells(path: Path) -> str:
    """Return the contents of a ledger as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def problem_codes(places: LedgerPaths) -> list[str]:
    return [problem.code for checked in desk.check(places) for problem in checked.problems]


def test_withdrawn_right_turns_passages_into_hashes(places: LedgerPaths) -> None:
    assert all(words in all_cells(places.ledger) for words in WORDS)
    assert [key.partition("@")[0] for key in draft_without_the_right(places)] == [ARTICLE_ID, CARGO, GROWTH]
    desk.publish(places, actor("editor"), clock=Clock())
    assert [words for words in WORDS if words in all_cells(places.ledger)] == []
    assert not any(words.encode() in places.ledger.read_bytes() for words in WORDS)
    assert problem_codes(places) == []
    assert "소장은" not in (places.claims / ARTICLE_ID / f"{GROWTH}.yaml").read_text(encoding="utf-8")
    with ledger_reader.open_ledger(places.ledger) as connection:
        row = connection.execute("SELECT * FROM appearances WHERE claim_id = ?", (GROWTH,)).fetchone()
        changed = connection.execute("SELECT field FROM history WHERE key LIKE ? || '@%'", (GROWTH,)).fetchall()
    hashed = appearance(PASSAGE)["quote"]["exact"]
    assert (row["quote"], row["quote_length"], row["quote_sha256"]) == (None, hashed["length"], hashed["sha256"])
    assert ("quote.exact",) in [tuple(one) for one in changed]


def test_ledger_omits_passages_before_their_hashes_are_published(
    places: LedgerPaths,
) -> None:
    draft_without_the_right(places)
    desk.publish(places, actor("editor"), [ARTICLE_ID], clock=Clock())
    assert [words for words in WORDS if words in all_cells(places.ledger)] == []
    assert problem_codes(places) == ["passage-not-allowed", "passage-not-allowed"]
    assert ledger_db.find_differences(places.ledger, read_log(places.log), places.shared_texts) == []
    desk.publish(places, actor("editor"), clock=Clock())
    assert problem_codes(places) == []

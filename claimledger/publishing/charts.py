"""The charts as data: verdicts by month, claims by article and speaker, amounts of money by size.

The counts are read from ledger.db. A `Chart` is a table with a title and a description; `drawing` makes its SVG. A
chart shows its table and nothing else, and the same ledger gives the same table. Withdrawn claims are not counted. If
rows are left out, a last row counts them together.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from claimledger.labels import label_text
from claimledger.publishing import tallies
from claimledger.publishing.columns import Meaning
from claimledger.publishing.site import PageLanguage
from claimledger.vocabulary import VerificationStatus

ChartName = Literal["status-over-time", "claims-per-article", "claims-per-speaker", "amounts-by-currency", "standing"]

MONTHS = 24
"""The number of months in a chart, the newest ones. The first includes everything earlier."""
MOST_BARS = 15
"""The number of bars in a chart; the others are counted together."""


ChartRows = tuple[tuple[str | int, ...], ...]
"""The counted rows; a number in place of a name means that many others together."""


class ChartHeading(NamedTuple):
    """A column of a chart's table: its name in the data and its label."""

    name: str
    meaning: Meaning


class Chart(NamedTuple):
    """A chart as a table."""

    name: ChartName
    title: Meaning
    description: Meaning
    headings: tuple[ChartHeading, ...]
    rows: ChartRows
    """The rows, with names in the requested language."""


class ChartWords(NamedTuple):
    """The title, the description and the columns of a chart."""

    title: Meaning
    description: Meaning
    headings: tuple[ChartHeading, ...]


def count_chart(connection: sqlite3.Connection, name: ChartName, language: PageLanguage) -> Chart:
    """Return a chart of the whole ledger, counted now."""
    return label_chart(name, CHARTS[name](connection, language), language)


def label_chart(name: ChartName, rows: ChartRows, language: PageLanguage) -> Chart:
    """Return the chart of counted rows, with the current labels."""
    return Chart(name, *_WORDS[name], tuple((_row_name(first, language), *rest) for first, *rest in rows))


_OTHERS = Meaning("{} others", "그 밖의 {}")


def _row_name(first: str | int, language: PageLanguage) -> str:
    words = _OTHERS.korean if language == "ko" else _OTHERS.english
    return first if isinstance(first, str) else words.format(f"{first:,}")


_CLAIMS = ChartHeading("claims", Meaning("Claims", "주장 수"))


def count_by_month(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  no words of the ledger
    """Return the number of public claims by verdict at the end of each month, UTC.

    The newest month is that of the newest log entry and is counted as of that entry, so the table needs no clock.
    """
    statuses = tuple(VerificationStatus)
    changes: dict[str, Counter[str]] = {}
    for month, status, number in tallies.counts_by_key(connection, tallies.MONTH):
        changes.setdefault(month, Counter())[status] += number
    standing: Counter[str] = Counter()
    rows: list[tuple[str | int, ...]] = []
    newest = [row[0] for row in connection.execute(_NEWEST_MONTH)]
    for month in _months([*changes, *newest] if changes else []):
        standing.update(changes.get(month, {}))
        rows.append((month, *(standing[status] for status in statuses)))
    return tuple(rows[-MONTHS:])


_NEWEST_MONTH = "SELECT substr(recorded_at, 1, 7) FROM revision ORDER BY number DESC LIMIT 1"


def _months(named: Collection[str]) -> Iterator[str]:
    """Yield each month from the first to the last of those named.

    >>> list(_months(["2031-02", "2030-11"]))
    ['2030-11', '2030-12', '2031-01', '2031-02']
    """
    if not named:
        return
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(named), max(named)))
    for number in range(first, last + 1):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"


def verdict_chart(counts: Mapping[VerificationStatus, int]) -> Chart:
    """Return the chart of some claims by verdict."""
    rows = tuple((str(status), counts[status]) for status in VerificationStatus if counts.get(status))
    return Chart("standing", *_WORDS["standing"], rows)


def count_by_article(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:
    """Return the number of public claims of each article, largest first."""
    return _longest(connection.execute(_ARTICLES, {"korean": language == "ko"}))


def count_by_speaker(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:
    """Return the number of public claims of each speaker, largest first; unnamed speakers by their description."""
    return _longest(connection.execute(_SPEAKERS, {"korean": language == "ko"}))


_ARTICLES = (
    "SELECT coalesce(CASE WHEN :korean THEN a.headline_ko END, a.headline), number FROM tallies t "
    "JOIN articles a ON a.article = t.key WHERE t.name = 'listed-article' ORDER BY number DESC, article"
)
_SPEAKERS = (
    "SELECT coalesce(CASE WHEN :korean THEN s.name_ko END, s.speaker), number FROM tallies t "
    "JOIN speakers s ON s.speaker = t.key WHERE t.name = 'listed-speaker' ORDER BY number DESC, speaker"
)


def _longest(rows: Iterable[tuple[str, int]]) -> ChartRows:
    """Return the first rows and one row that counts the others together."""
    every = [(name, count) for name, count in rows]
    first, others = every[:MOST_BARS], every[MOST_BARS:]
    return (*first, (len(others), sum(count for _, count in others))) if others else tuple(first)


def count_amounts(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  no words of the ledger
    """Return the number of amounts of money by currency and power of ten; amounts are not added up."""
    found = tallies.counts_by_key(connection, tallies.AMOUNTS)
    return tuple(sorted((currency, int(power), number) for currency, power, number in found))


_WORDS: Mapping[ChartName, ChartWords] = {
    "status-over-time": ChartWords(
        Meaning("Verdicts by month", "월별 판정 현황"),
        Meaning(
            "Public claims by verdict at the end of each month. The current month is counted as of the latest entry.",
            "월말 기준 판정별 주장 수입니다. 이번 달은 최신 기록 기준입니다.",
        ),
        (
            ChartHeading("month", Meaning("Month", "월")),
            *(ChartHeading(str(status), Meaning(status.label_en, status.label_ko)) for status in VerificationStatus),
        ),
    ),
    "claims-per-article": ChartWords(
        Meaning("Claims by article", "기사별 주장 수"),
        Meaning("Public claims by the article in which they first appeared.", "처음 나온 기사별 공개 주장 수입니다."),
        (ChartHeading("article", Meaning("Article", "기사")), _CLAIMS),
    ),
    "claims-per-speaker": ChartWords(
        Meaning("Claims by speaker", "발언자별 주장 수"),
        Meaning(
            "Public claims by speaker. The number says nothing about accuracy.",
            "발언자별 공개 주장 수입니다. 정확도와는 관계가 없습니다.",
        ),
        (ChartHeading("speaker", Meaning("Speaker", "발언자")), _CLAIMS),
    ),
    "amounts-by-currency": ChartWords(
        Meaning("Amounts of money by size", "금액 규모 분포"),
        Meaning(
            "Amounts of money in public claims, by currency and size. 1M covers 1,000,000 to 9,999,999, which is n = 6 "
            "in the table. Amounts are counted, not added up, because several claims may name the same one.",
            "공개된 주장에 나온 금액을 통화와 규모별로 집계했습니다. 100만은 1,000,000부터 9,999,999까지이며 표에는 "
            "n = 6으로 적습니다. 같은 금액이 여러 번 나올 수 있어 더하지 않습니다.",
        ),
        (
            ChartHeading("currency", Meaning("Currency", "통화")),
            ChartHeading("power_of_ten", Meaning("Size (n in 10ⁿ)", "규모(10ⁿ의 n)")),
            ChartHeading("amounts", Meaning("Amounts", "금액 수")),
        ),
    ),
    "standing": ChartWords(
        Meaning(label_text("part.by_verdict", "en"), label_text("part.by_verdict", "ko")),
        Meaning("Public claims by fact-check verdict.", "사실 확인 판정별 공개 주장 수입니다."),
        (ChartHeading("status", Meaning("Verdict", "판정")), _CLAIMS),
    ),
}
CHARTS: Mapping[ChartName, Callable[[sqlite3.Connection, PageLanguage], ChartRows]] = {
    "status-over-time": count_by_month,
    "claims-per-article": count_by_article,
    "claims-per-speaker": count_by_speaker,
    "amounts-by-currency": count_amounts,
}
"""The function that counts each chart of the whole ledger, in the order of their page."""

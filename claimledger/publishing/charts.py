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
from claimledger.publishing.column_labels import value_label
from claimledger.publishing.columns import Meaning
from claimledger.publishing.site import PageLanguage
from claimledger.vocabulary import VerificationStatus

ChartName = Literal[
    "verdicts-by-topic", "verdicts-by-organization", "verdicts-by-kind", "checks-due", "status-over-time",
    "claims-per-article", "claims-per-speaker", "amounts-by-currency", "standing",
]  # fmt: skip

MONTHS = 24
"""The number of months in a chart, the newest ones. The first includes everything earlier."""
MOST_BARS = 15
"""The number of bars in a chart; the others are counted together."""


ChartRows = tuple[tuple[str | int, ...], ...]
"""The counted rows; a number in place of a name means that many others together."""
_STATUSES = tuple(VerificationStatus)


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
    keys: tuple[str, ...] = ()
    """The stored value of each row that has one, by which its claims are found."""

    @property
    def is_shown(self) -> bool:
        """True if the chart has several rows; one bar compares nothing."""
        return len(self.rows) > 1


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
    named = _KEY_NAMES.get(name)
    keys = tuple(first for first, *_ in rows if isinstance(first, str)) if named else ()
    shown = tuple(
        (named(first, language) if named and isinstance(first, str) else _row_name(first, language), *rest)
        for first, *rest in rows
    )
    return Chart(name, *_WORDS[name], shown, keys)


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


def verdicts_by_topic(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  keys
    """Return the number of public claims of each topic by verdict, largest first. A claim counts for all its topics."""
    return _count_by_status(connection, tallies.TOPIC)


def count_by_organization(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  keys
    """Return the number of public claims of each speaker's organisation by verdict, largest first."""
    return _count_by_status(connection, tallies.ORGANIZATION)


def count_by_kind(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  keys
    """Return the number of public claims of each kind by verdict, largest first."""
    return _count_by_status(connection, tallies.KIND)


def count_due(connection: sqlite3.Connection, language: PageLanguage) -> ChartRows:  # noqa: ARG001  keys
    """Return the number of public claims by the month after which they are reviewed next, the earliest first."""
    return tuple((month, number) for month, _, number in tallies.counts_by_key(connection, tallies.DUE))[:MONTHS]


def _count_by_status(connection: sqlite3.Connection, tally: str) -> ChartRows:
    """Return the counts of each key by verdict; those after the first `MOST_BARS` are left out, not added up."""
    counts: dict[str, Counter[str]] = {}
    for key, status, number in tallies.counts_by_key(connection, tally):
        counts.setdefault(key, Counter())[status] += number
    largest = sorted(counts.items(), key=lambda found: (-found[1].total(), found[0]))[:MOST_BARS]
    return tuple((key, *(found[status] for status in _STATUSES)) for key, found in largest)


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


_BY_STATUS = tuple(
    ChartHeading(str(status), Meaning(status.label_en, status.label_ko)) for status in VerificationStatus
)
_WORDS: Mapping[ChartName, ChartWords] = {
    "verdicts-by-topic": ChartWords(
        Meaning("On which topics are claims confirmed?", "어떤 주제의 주장이 사실로 확인되었나요?"),
        Meaning(
            "Public claims by topic and fact-check verdict. A claim counts for each of its topics.",
            "주제와 사실 확인 판정별 공개 주장 수입니다. 주제가 여럿인 주장은 주제마다 셉니다.",
        ),
        (ChartHeading("topic", Meaning("Topic", "주제")), *_BY_STATUS),
    ),
    "verdicts-by-organization": ChartWords(
        Meaning("How were the claims of each organisation judged?", "어느 기관·단체의 주장이 어떻게 판정되었나요?"),
        Meaning(
            "Public claims by the speaker's organisation and fact-check verdict. Claims without one are not counted.",
            "발언자의 소속과 사실 확인 판정별 공개 주장 수입니다. 소속이 없는 주장은 세지 않습니다.",
        ),
        (ChartHeading("organization", Meaning("Organisation", "소속")), *_BY_STATUS),
    ),
    "verdicts-by-kind": ChartWords(
        Meaning(
            "Are figures confirmed more often than quotes?", "수치와 발언 가운데 어느 쪽이 더 사실로 확인되었나요?"
        ),
        Meaning("Public claims by kind and fact-check verdict.", "주장의 종류와 사실 확인 판정별 공개 주장 수입니다."),
        (ChartHeading("kind", Meaning("Kind", "종류")), *_BY_STATUS),
    ),
    "checks-due": ChartWords(
        Meaning("When is the next review due?", "다음 재검증은 언제인가요?"),
        Meaning(
            "Public claims by the month after which their verdict is reviewed next.",
            "판정을 다시 검증할 달별 공개 주장 수입니다.",
        ),
        (ChartHeading("month", Meaning("Month", "월")), _CLAIMS),
    ),
    "status-over-time": ChartWords(
        Meaning("How have verdicts changed over time?", "판정은 시간에 따라 어떻게 달라졌나요?"),
        Meaning(
            "Public claims by verdict at the end of each month. The current month is counted as of the latest entry.",
            "월말 기준 판정별 주장 수입니다. 이번 달은 최신 기록 기준입니다.",
        ),
        (
            ChartHeading("month", Meaning("Month", "월")),
            *_BY_STATUS,
        ),
    ),
    "claims-per-article": ChartWords(
        Meaning("Which articles have the most claims?", "주장이 많은 기사는 무엇인가요?"),
        Meaning("Public claims by the article in which they first appeared.", "처음 나온 기사별 공개 주장 수입니다."),
        (ChartHeading("article", Meaning("Article", "기사")), _CLAIMS),
    ),
    "claims-per-speaker": ChartWords(
        Meaning("Who is quoted most often?", "누가 가장 많이 인용되었나요?"),
        Meaning(
            "Public claims by speaker. The number says nothing about accuracy.",
            "발언자별 공개 주장 수입니다. 정확도와는 관계가 없습니다.",
        ),
        (ChartHeading("speaker", Meaning("Speaker", "발언자")), _CLAIMS),
    ),
    "amounts-by-currency": ChartWords(
        Meaning("How large are the amounts of money?", "금액의 규모는 어떤가요?"),
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
    "verdicts-by-topic": verdicts_by_topic,
    "verdicts-by-organization": count_by_organization,
    "verdicts-by-kind": count_by_kind,
    "checks-due": count_due,
    "status-over-time": count_by_month,
    "claims-per-article": count_by_article,
    "claims-per-speaker": count_by_speaker,
    "amounts-by-currency": count_amounts,
}
"""The function that counts each chart of the whole ledger, in the order of their page."""

_KEY_NAMES: Mapping[ChartName, Callable[[str, PageLanguage], str]] = {
    "verdicts-by-topic": lambda key, language: value_label("claims", "topic", key, language),
    "verdicts-by-organization": lambda key, _: key,
    "verdicts-by-kind": lambda key, language: value_label("claims", "kind", key, language),
    "checks-due": lambda key, _: key,
}
"""The name of a row from its stored value, for charts whose rows lead to their claims."""

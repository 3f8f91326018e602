"""The page that lists claims by words, figure, verification status and topic, in a chosen order.

Every argument is optional: `q` (words), `figure` (any, money, a currency or a unit), `status`, `topic` and `order`. The
count, the lines and the files of the page always cover the same claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from claimledger.datasette_plugin import claim_conditions
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.public_pages.visit import LONGEST_SHOWN, ArgumentRefused, Visit
from claimledger.publishing.figure_words import kind_in_words
from claimledger.publishing.pages.claim_filter import (
    ANY, FIGURE_KIND, MAX_COUNTED, ANY_MONEY, ORDERS, ClaimFilter, Order, figure_kinds, matching_claims,
    search_headlines,
)  # fmt: skip
from claimledger.publishing.pages.claim_list import ClaimsByTopic, claim_list, count_by_topic
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import LINES_PER_PAGE, ClaimLine, claim_lines, page_offset
from claimledger.publishing.pages.lists import article_headlines
from claimledger.publishing.search_query import QueryNotSearchable
from claimledger.publishing.wording import topic_names
from claimledger.scalars import SLUG, SLUG_LENGTH
from claimledger.vocabulary import VerificationStatus

if TYPE_CHECKING:
    import sqlite3

    from datasette import Response

LAST_LINKED_PAGE = 100
"""The last page that a link leads to, because reading a page means reading all pages before it. Files have the rest."""
MOST_TOPICS = 100
"""The number of topics to choose from: those with the most claims."""
LONGEST_FIGURE = 40
"""The largest length of a unit in an address."""


def read_claim_filter(visit: Visit) -> ClaimFilter:
    """Return the filter that the arguments of a request name.

    Raises:
        ArgumentRefused: a value has the wrong form.
    """
    topic, figure = visit.argument("topic"), visit.argument("figure")
    if topic and not (len(topic) <= SLUG_LENGTH and re.fullmatch(SLUG, topic)):
        raise ArgumentRefused("refused.topic", topic[:LONGEST_SHOWN])
    if figure and not (len(figure) <= LONGEST_FIGURE and FIGURE_KIND.fullmatch(figure)):
        raise ArgumentRefused("refused.figure", figure[:LONGEST_SHOWN])
    return ClaimFilter(visit.argument("q"), figure, visit.status, topic, read_order(visit))


def read_order(visit: Visit) -> Order:
    """Return the order of search results, given with `order`.

    Raises:
        ArgumentRefused: there is no such order.
    """
    value = visit.argument("order") or ORDERS[0]
    for order in ORDERS:
        if order == value:
            return order
    raise ArgumentRefused("refused.order", value[:LONGEST_SHOWN])


async def claims(visit: Visit) -> Response:
    """List the claims, or only those that match."""
    asked = read_claim_filter(visit)
    if not (asked.words or asked.figure):
        return await _browse(visit, asked)
    try:
        asked, count, found = await visit.read_in_time(_search, asked, visit.page_number)
    except QueryNotSearchable as fault:
        return await _page(visit, asked, complaint=fault.text(visit.language))
    return await _page(visit, asked, count=count, found=found)


def _search(
    connection: sqlite3.Connection, asked: ClaimFilter, page: int
) -> tuple[ClaimFilter, int, Sequence[ClaimLine]]:
    asked, begin = search_headlines(connection, asked), page_offset(page)
    rows = matching_claims(connection, asked)
    return asked, len(rows), claim_lines(connection, rows[:MAX_COUNTED][begin : begin + LINES_PER_PAGE])


async def _browse(visit: Visit, asked: ClaimFilter) -> Response:
    topics = await visit.read(count_by_topic)
    by_status = topics.get(asked.topic, {}) if asked.topic else (await cached_result(visit.ledger, front_page)).counts
    count = by_status.get(asked.status, 0) if asked.status else sum(by_status.values())
    return await _page(
        visit, asked, count=count, topics=_topics_with_most_claims(topics, asked.status),
        counts={value: by_status[value] for value in VerificationStatus if by_status.get(value)},
        found=await visit.read_in_time(claim_list, asked.status, asked.topic or None, visit.page_number)
        if count else (),
    )  # fmt: skip


async def _page(
    visit: Visit, asked: ClaimFilter, *, count: int = 0, found: Sequence[ClaimLine] = (), complaint: str = "",
    counts: Mapping[VerificationStatus, int] | None = None, topics: Mapping[str, int] | None = None,
) -> Response:  # fmt: skip
    number, shown = visit.page_number, count if counts is not None else min(count, MAX_COUNTED)
    is_end = number * LINES_PER_PAGE >= shown
    return visit.page(
        "claims.html", 400 if complaint else 200, asked=asked, count=count, counts=counts, topics=topics or {},
        found=found, complaint=complaint, chosen=list(chosen_values(visit, asked)), is_searched=counts is None,
        kinds=await cached_result(visit.ledger, figure_kinds), statuses=tuple(VerificationStatus), orders=ORDERS,
        is_last=number >= LAST_LINKED_PAGE or is_end, ends=is_end, most=MAX_COUNTED, query=_arguments(asked),
        filter=_table_arguments(asked), headlines=await headlines(visit, asked.articles),
    )  # fmt: skip


async def headlines(visit: Visit, articles: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the headlines by article, in each language."""
    return await visit.read(article_headlines, articles) if articles else {}


def words_in_table(words: str, articles: Sequence[str]) -> Mapping[str, str]:
    """Return the argument with which Datasette's table of claims finds words, or the claims of some articles."""
    return {"article__in": ",".join(articles)} if articles else {"_search": words}


def chosen_values(visit: Visit, asked: ClaimFilter) -> Iterator[str]:
    """Yield the conditions of a filter as readers know them."""
    if asked.words:
        yield asked.words
    if asked.figure in (ANY, ANY_MONEY):
        yield visit.say(f"claims.figure_{asked.figure}")
    elif asked.figure:
        yield kind_in_words(asked.figure, visit.language)
    if asked.status:
        yield visit.label(asked.status)
    if asked.topic:
        yield visit.wording(topic_names(asked.topic))


def _topics_with_most_claims(topics: ClaimsByTopic, status: VerificationStatus | None) -> Mapping[str, int]:
    """Return the topics with the most claims, or the most claims of a status, and their number of claims."""
    topic_counts = {
        topic: by_status.get(status, 0) if status else sum(by_status.values()) for topic, by_status in topics.items()
    }
    most = sorted(
        ((topic, count) for topic, count in topic_counts.items() if count), key=lambda pair: (-pair[1], pair[0])
    )
    return dict(most[:MOST_TOPICS])


def _arguments(asked: ClaimFilter) -> Mapping[str, str]:
    """Return the arguments of a filter for an address of the same claims."""
    values = {"q": asked.words, "figure": asked.figure, "status": str(asked.status or ""), "topic": asked.topic}
    order = {"order": asked.order} if asked.order != ORDERS[0] else {}
    return {name: value for name, value in values.items() if value} | order


def _table_arguments(asked: ClaimFilter) -> Mapping[str, str]:
    """Return the arguments with which Datasette's table of claims shows the claims of the list.

    The row of a claim has only its first topic and figure; `claim_conditions` searches all of them.
    """
    arguments = {
        **words_in_table(asked.words, asked.articles), "verification_status": str(asked.status or ""),
        claim_conditions.TOPIC: asked.topic, claim_conditions.FIGURE: asked.figure,
    }  # fmt: skip
    return {name: value for name, value in arguments.items() if value} | {"record_state": "listed"}

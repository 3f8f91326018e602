"""The page that lists claims by verification status and topic.

The arguments `status` (a verification status) and `topic` are optional. The count, the lines and the files of the
page always cover the same claims.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from claimledger.datasette_plugin import topic_filter
from claimledger.datasette_plugin.result_cache import cached_result
from claimledger.datasette_plugin.public_pages.visit import LONGEST_SHOWN, ArgumentRefused, Visit
from claimledger.publishing.pages.claim_list import ClaimsByTopic, claim_list, count_by_topic
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import LINES_PER_PAGE
from claimledger.scalars import SLUG, SLUG_LENGTH
from claimledger.vocabulary import VerificationStatus

if TYPE_CHECKING:
    from datasette import Response

LAST_LINKED_PAGE = 100
"""The last page that a link leads to, because reading a page means reading all pages before it. Files have the rest."""
MOST_TOPICS = 100
"""The number of topics to choose from: those with the most claims."""


async def claims(visit: Visit) -> Response:
    """List the claims, or only those with a given status or topic."""
    status, topic, topics = visit.status, visit.argument("topic"), await visit.read(count_by_topic)
    if topic and not (len(topic) <= SLUG_LENGTH and re.fullmatch(SLUG, topic)):
        raise ArgumentRefused("refused.topic", topic[:LONGEST_SHOWN])
    counts_by_status = topics.get(topic, {}) if topic else (await cached_result(visit.ledger, front_page)).counts
    count = counts_by_status.get(status, 0) if status else sum(counts_by_status.values())
    number = visit.page_number
    is_end = number * LINES_PER_PAGE >= count
    return visit.page(
        "claims.html", chosen=status, topic=topic, count=count,
        counts={value: counts_by_status[value] for value in VerificationStatus if counts_by_status.get(value)},
        topics=_topics_with_most_claims(topics, status), filter=_filter(status, topic),
        is_last=number >= LAST_LINKED_PAGE or is_end, ends=is_end,
        found=await visit.read_in_time(claim_list, status, topic or None, visit.page_number) if count else (),
    )  # fmt: skip


def _topics_with_most_claims(topics: ClaimsByTopic, status: VerificationStatus | None) -> Mapping[str, int]:
    """Return the topics with the most claims, or the most claims of a status, and their number of claims."""
    topic_counts = {
        topic: by_status.get(status, 0) if status else sum(by_status.values()) for topic, by_status in topics.items()
    }
    most = sorted(
        ((topic, count) for topic, count in topic_counts.items() if count), key=lambda pair: (-pair[1], pair[0])
    )
    return dict(most[:MOST_TOPICS])


def _filter(status: VerificationStatus | None, topic: str) -> Mapping[str, str]:
    """Return the arguments with which Datasette's table of claims shows the claims of the list.

    The row of a claim has only its first topic; `topic_filter` searches all of them.
    """
    arguments = {"verification_status": status and status.value, topic_filter.ARGUMENT: topic}
    return {name: value for name, value in arguments.items() if value} | {"record_state": "listed"}

"""The page that lists claims by how they stand and by what they are about.

In: visits with `status`, a verification status, and `topic`, a topic; each may be left out. Out: the page. The
invariant: its count, its lines and its files are of the same claims.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from claimledger.datasette_plugin import topic_filter
from claimledger.datasette_plugin.public_pages.counted import counted
from claimledger.datasette_plugin.public_pages.visit import SHOWN, NotUnderstood, Visit
from claimledger.publishing import counts
from claimledger.publishing.pages.claim_list import claim_list
from claimledger.publishing.pages.front import front_page
from claimledger.publishing.pages.lines import PAGE
from claimledger.scalars import SLUG, SLUG_LENGTH
from claimledger.vocabulary import VerificationStatus

if TYPE_CHECKING:
    from datasette import Response

LAST_PAGE = 100
"""The last page another leads on to: all that comes before a page is read for it. The files have the rest."""
MOST_TOPICS = 100
"""Topics that are offered: those with the most claims."""


async def claims(visit: Visit) -> Response:
    """List the claims, those of one status or topic if one is named."""
    status, topic, topics = visit.status, visit.argument("topic"), await visit.read(counts.topics)
    if topic and not (len(topic) <= SLUG_LENGTH and re.fullmatch(SLUG, topic)):
        raise NotUnderstood("refused.topic", topic[:SHOWN])
    stand = topics.get(topic, {}) if topic else (await counted(visit.ledger, front_page)).counts
    count = stand.get(status, 0) if status else sum(stand.values())
    number = visit.page_number
    ends = number * PAGE >= count
    return visit.page(
        "claims.html", chosen=status, topic=topic, count=count,
        counts={one: stand[one] for one in VerificationStatus if stand.get(one)},
        topics=_most(topics, status), filter=_filter(status, topic), is_last=number >= LAST_PAGE or ends, ends=ends,
        found=await visit.read_in_time(claim_list, status, topic or None, visit.page_number) if count else (),
    )  # fmt: skip


def _most(topics: counts.ByTopic, status: VerificationStatus | None) -> Mapping[str, int]:
    """Return the topics with the most claims of a status, or of any, and how many there are of each."""
    found = {topic: stand.get(status, 0) if status else sum(stand.values()) for topic, stand in topics.items()}
    most = sorted(((topic, count) for topic, count in found.items() if count), key=lambda one: (-one[1], one[0]))
    return dict(most[:MOST_TOPICS])


def _filter(status: VerificationStatus | None, topic: str) -> Mapping[str, str]:
    """Return the arguments with which Datasette's table of the claims holds those of the list.

    A claim's row has its first topic alone; `topic_filter` looks for all of them.
    """
    given = {"verification_status": status and status.value, topic_filter.ARGUMENT: topic}
    return {name: value for name, value in given.items() if value} | {"record_state": "listed"}

"""Publish our claims as ClaimReview records, one for each listed claim with a `so` verdict.

The records contain nothing that the claim's page does not show, and unknown values are left out.

A claim that has only a `said` verdict gets no ClaimReview: ClaimReview rates the claim itself, and readers would take
"supported" for "true". Withdrawn claims and claims that are not checkable get none either.

The connection is to ledger.db, read-only, with `sqlite3.Row` rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from claimledger.models import Claim, ClaimReview, Party, ReviewRating, Speaker, CreativeWork
from claimledger.publishing.json_ld import to_json_ld
from claimledger.publishing.site import Site, text_and_language
from claimledger.verdicts.answers import status_on
from claimledger.verdicts.scales import RATING_SCALES
from claimledger.vocabulary import Question, SpeakerKind, Subject, VerdictValue, VerificationStatus

REVIEWS_PER_PAGE = 200
"""The number of reviews on one page of the feed."""


CLAIM_REVIEW_SCALE = RATING_SCALES["claimreview"]
"""The rating scale of ClaimReview. A verdict without a rating on it is published with its label only."""
PUBLISHED_VERDICTS = tuple(sorted(set(VerdictValue) - {VerdictValue.NOT_CHECKABLE}))
"""The verdicts that are published as ClaimReview."""


def claim_review(connection: sqlite3.Connection, claim_id: str, site: Site, language: str) -> ClaimReview | None:
    """Return the ClaimReview of a claim, or None if the claim does not exist or has no review.

    Texts are in `language` where the claim has it, else in another language.
    """
    row = connection.execute(_SELECT_ONE, (claim_id, *PUBLISHED_VERDICTS)).fetchone()
    return _review(connection, row, site, language) if row else None


def claim_reviews(
    connection: sqlite3.Connection, site: Site, language: str, *, after: str = "", count: int | None = None
) -> Iterator[ClaimReview]:
    """Yield ClaimReviews in the order of claim IDs: those after the ID `after`, at most `count` (default: all)."""
    for row in connection.execute(_SELECT_AFTER, (after, *PUBLISHED_VERDICTS, -1 if count is None else count)):
        yield _review(connection, row, site, language)


_MARKS = ", ".join("?" * len(PUBLISHED_VERDICTS))
_SELECT = (
    "SELECT c.claim_id, c.first_recorded_at, c.last_recorded_at, (SELECT body FROM revision WHERE subject = 'claim' "
    "AND key = c.claim_id ORDER BY revision DESC LIMIT 1) AS body, (SELECT min(recorded_at) FROM history h "
    "WHERE h.claim_id = c.claim_id AND field = 'verdicts.so.value') AS judged_at "
    "FROM verdicts v JOIN claims c USING (claim_id) "
)
_WHERE = f" AND v.question = 'so' AND v.value IN ({_MARKS}) AND c.record_state = 'listed'"
_SELECT_ONE = f"{_SELECT} WHERE v.claim_id = ?{_WHERE}"
_SELECT_AFTER = f"{_SELECT} WHERE v.claim_id > ?{_WHERE} ORDER BY v.claim_id LIMIT ?"


def _review(connection: sqlite3.Connection, row: sqlite3.Row, site: Site, language: str) -> ClaimReview:
    claim = Claim.model_validate_json(json.dumps(json.loads(row["body"])["record"]))
    verdict = next(verdict for verdict in claim.verdicts if verdict.question is Question.SO)
    statement, text_language = text_and_language(claim.statement, language)
    return ClaimReview(
        claim=statement,
        language=text_language,
        url=site.page(f"/claims/{claim.claim_id}"),
        reviewer=_reviewer(site, text_language),
        reviewed_on=(row["judged_at"] or row["first_recorded_at"])[
            :10
        ],  # the time of the verdict, or of the first publication
        changed_on=row["last_recorded_at"][:10],
        rating=_rating(verdict.value, status_on(claim, Question.SO), text_language),
        body=verdict.rationale.get(text_language),
        claimants=_claimants(claim.speaker, text_language),
        claimed_on=claim.said_on if claim.said_on and "/" not in claim.said_on else None,
        appearances=tuple(_articles(connection, claim.claim_id, text_language)),
        first_appearance=_source(claim, text_language),
        citations=tuple(_documents(connection, claim.claim_id, text_language)),
    )


def _reviewer(site: Site, language: str) -> Party | None:
    if not site.organization:
        return None
    name = text_and_language(site.organization, language)[0]
    return Party(kind=SpeakerKind.ORGANIZATION, name=name, address=site.organization_address)


def _rating(value: VerdictValue, status: VerificationStatus, language: str) -> ReviewRating:
    label = status.label_ko if language == "ko" else status.label_en
    rating = CLAIM_REVIEW_SCALE.rating_for_verdict(value)
    if rating is None:
        return ReviewRating(label=label)
    numbers = [one.value for one in CLAIM_REVIEW_SCALE.ratings if one.value is not None]
    return ReviewRating(label=label, value=str(rating.value), best=str(max(numbers)), worst=str(min(numbers)))


_KINDS: Mapping[SpeakerKind, Literal[SpeakerKind.PERSON, SpeakerKind.ORGANIZATION]] = {
    SpeakerKind.PERSON: SpeakerKind.PERSON, SpeakerKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
}  # fmt: skip


def _claimants(speaker: Speaker | None, language: str) -> tuple[Party, ...]:
    """Return the speaker, or nothing if the article itself makes the claim or the speaker is anonymous."""
    if speaker is None or speaker.kind not in _KINDS:
        return ()
    texts = {
        field: text_and_language(wording, language)[0] if wording else None
        for field, wording in (("role", speaker.role), ("organization", speaker.organization))
    }
    return (Party(kind=_KINDS[speaker.kind], name=text_and_language(speaker.name, language)[0], **texts),)


def _articles(connection: sqlite3.Connection, claim_id: str, language: str) -> Iterator[CreativeWork]:
    sql = (  # the columns are ours
        "SELECT headline, headline_ko, address, published_on, "  # noqa: S608
        f"{_publisher_sql(Subject.ARTICLE, 'article')} AS publisher "
        "FROM articles WHERE article IN "
        "(SELECT article FROM claims WHERE claim_id = ?1 UNION SELECT article FROM appearances WHERE claim_id = ?1) "
        "ORDER BY published_on, article"
    )
    for row in connection.execute(sql, (claim_id, _publisher_path(language))):
        name = (row["headline_ko"] if language == "ko" else None) or row["headline"]
        yield CreativeWork(
            name=name, address=row["address"], published_on=row["published_on"], publisher=row["publisher"]
        )


def _publisher_sql(subject: Subject, key: str) -> str:
    """Return SQL for a publisher's name at the JSON path `?2`, or else the name in the table."""
    body = (
        f"SELECT body ->> ?2 FROM revision WHERE subject = '{subject}' AND key = {key} ORDER BY revision DESC LIMIT 1"  # noqa: S608
    )
    return f"coalesce(({body}), publisher)"


def _publisher_path(language: str) -> str:
    """Return the SQLite JSON path of a publisher's name in the body of a revision."""
    return f'$.record.publisher."{language}"'


def _source(claim: Claim, language: str) -> CreativeWork | None:
    """Return the article's source for the claim, or None if the source has no address."""
    source = claim.source
    if not source.address:
        return None
    name = text_and_language(source.name, language)[0]
    return CreativeWork(name=name, address=source.address, published_on=source.published_on)


def _documents(connection: sqlite3.Connection, claim_id: str, language: str) -> Iterator[CreativeWork]:
    sql = (
        "SELECT title, title_ko, address, published_on, "  # noqa: S608
        f"{_publisher_sql(Subject.DOCUMENT, 'document_id')} AS publisher "
        "FROM evidence JOIN documents USING (document_id) WHERE claim_id = ?1 ORDER BY position"
    )
    for row in connection.execute(sql, (claim_id, _publisher_path(language))):
        name = (row["title_ko"] if language == "ko" else None) or row["title"]
        yield CreativeWork(
            name=name, address=row["address"], published_on=row["published_on"], publisher=row["publisher"]
        )


def review_feed(reviews: Iterable[ClaimReview], licence: str = "") -> Iterator[bytes]:
    """Yield a schema.org DataFeed of reviews in pieces, as UTF-8 JSON with one review per line.

    `licence` is the licence of the data, as an address or in words; empty if there is none.

    Each `item` is a list with one review, as in the feed of Data Commons, which collectors of ClaimReviews expect.
    """
    terms = f'"license":{json.dumps(licence, ensure_ascii=False)},' if licence else ""
    yield f'{{"@context":"https://schema.org","@type":"DataFeed",{terms}"dataFeedElement":['.encode()
    separator = b"\n"
    for review in reviews:
        item: dict[str, Any] = {"@type": "DataFeedItem", "item": [to_json_ld(review)]}
        yield separator + json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()
        separator = b",\n"
    yield b"\n]}\n"

"""Plan the requests to a language model: which text is sent for a task, and the hashes that identify each request.

A request contains numbered sentences of the article or of a cited document, or a statement with names, excerpts or its
passage; nothing else of the desk. The hash of its input is the same as long as that text is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from claimledger.desk_vocabulary import SuggestionTask
from claimledger.editorial.current_edition import EditionWithText
from claimledger.errors import Problem
from claimledger.ledger.canonical import encode_body
from claimledger.models import Article, Claim, Span
from claimledger.newsroom.model_settings import ModelChoices, PricedModel
from claimledger.newsroom.suggestions import ModelUsage
from claimledger.suggesting.asking import block_data, document_data, make_request, rationale_data, translation_data
from claimledger.suggesting.exchange import ModelRequest, ModelSettings
from claimledger.suggesting.grounded import CitedDocument
from claimledger.suggesting.name_pairs import NameGroups, name_table, pairs_in
from claimledger.suggesting.numbered_text import NumberedText, cut_blocks, estimate_tokens, number_text

DRAFT_LANGUAGES = ("ko", "en")
"""The languages in which statements are drafted."""


class PlannedRequest(NamedTuple):
    """A request, and the text that its answer is judged by."""

    request: ModelRequest
    """The request."""
    language: str
    """The language of the answer."""
    text: NumberedText
    """The text whose sentences the answer numbers, or a statement."""
    input_sha256: str
    """The hash of that text."""
    claim_id: str | None = None
    """The claim, if the request is about one."""
    document_id: str | None = None
    """The document whose text is sent, if there is one."""
    sources: tuple[str, ...] = ()
    """The documents of which the request has words."""

    @property
    def tokens(self) -> int:
        """About how many tokens the request has."""
        return estimate_tokens(self.request.system + self.request.user)

    @property
    def most_tokens(self) -> int:
        """About how many tokens request and answer have at most."""
        return self.tokens + self.request.max_tokens

    @property
    def prompt_sha256(self) -> str:
        """The hash of the rules and of the form of the answer."""
        return self.request.prompt_sha256

    def key_sha256(self, settings: ModelSettings) -> str:
        """Return the hash of everything that decides the answer."""
        object_ids = [self.claim_id, self.document_id]
        model = [settings.suggester, settings.name, settings.address]
        return _hash([*model, *object_ids, self.prompt_sha256, self.request.user])


class RequestPlan(NamedTuple):
    """The requests of a task, and the tokens and the cost that they would take."""

    model: PricedModel
    """The model that would get them."""
    choices: ModelChoices
    """The models and limits of the newsroom."""
    waiting: tuple[PlannedRequest, ...]
    """The requests without an answer."""
    answered: int
    """The number of requests whose answers are stored."""
    tokens: int
    """The most tokens of the waiting requests and their answers, estimated."""
    cost: Decimal | None
    """The most that they may cost; None without prices."""
    used: ModelUsage
    """The use of models for the article so far."""
    refusals: tuple[Problem, ...]
    """The reasons why nothing may be sent."""
    not_sent: tuple[Problem, ...] = ()
    """The reasons why further requests are left out: the rights of documents."""


def _hash(values: Sequence[object]) -> str:
    return sha256(encode_body({"values": json.loads(json.dumps(values))})).hexdigest()


def statement_language(article: Article) -> str:
    """Return the language in which statements of an article are drafted first."""
    language = article.language.partition("-")[0]
    return language if language in DRAFT_LANGUAGES else "en"


def article_blocks(at_hand: EditionWithText) -> list[NumberedText]:
    """Return the blocks of an edition, without page furniture."""
    article = at_hand.article
    headline = article.headline.get(article.language) or next(iter(article.headline.values()))
    whole = number_text(
        at_hand.text.content, article.language, furniture=at_hand.edition.furniture,
        published_on=article.published_on, headline=headline,
    )  # fmt: skip
    return cut_blocks(whole, at_hand.edition.furniture)


def claim_requests(at_hand: EditionWithText) -> list[PlannedRequest]:
    """Return the requests for the claims of an article, one for each block."""
    language = statement_language(at_hand.article)
    return [
        PlannedRequest(make_request(SuggestionTask.CLAIMS, language, block_data(block)), language, block, block.sha256)
        for block in article_blocks(at_hand)
    ]


def statement_requests(at_hand: EditionWithText, passage: Span) -> list[PlannedRequest]:
    """Return the request for the statements of a passage, with its block; none if the passage has no sentence."""
    language = statement_language(at_hand.article)
    return [
        PlannedRequest(
            make_request(SuggestionTask.STATEMENTS, language, {**block_data(block), "passage": numbers}),
            language,
            block,
            block.sha256,
        )
        for block in article_blocks(at_hand)
        if (numbers := list(_numbers_within(block, passage)))
    ]


def _numbers_within(block: NumberedText, passage: Span) -> Iterator[int]:
    for number, span in enumerate(block.sentences, start=1):
        if span.start < passage.end and passage.start < span.end:
            yield number


def translation_requests(claim: Claim, names: NameGroups) -> list[PlannedRequest]:
    """Return the request for the statement in the language that it lacks; none if it has both."""
    missing = [language for language in DRAFT_LANGUAGES if language not in claim.statement]
    if len(missing) != 1:
        return []
    (own,) = (language for language in DRAFT_LANGUAGES if language in claim.statement)
    statement = claim.statement[own]
    data = translation_data(statement, pairs_in(statement, name_table(names)))
    request = make_request(SuggestionTask.TRANSLATION, missing[0], data)
    return [_statement_request(request, missing[0], statement, own, claim.claim_id)]


def question_requests(claim: Claim, language: str) -> list[PlannedRequest]:
    """Return the request for questions whose answers would show whether a statement is right."""
    own = language if language in claim.statement else next(iter(claim.statement))
    request = make_request(SuggestionTask.QUESTIONS, language, {"statement": claim.statement[own]})
    return [_statement_request(request, language, claim.statement[own], own, claim.claim_id)]


@lru_cache(maxsize=16)  # cutting a long document takes longer than the rest of a claim's page
def document_blocks(content: str, language: str | None) -> list[NumberedText]:
    """Return the blocks of a document's stored text."""
    return cut_blocks(number_text(content, language or "en"))


def passage_requests(
    claim: Claim, document_id: str, blocks: Sequence[NumberedText], language: str
) -> list[PlannedRequest]:
    """Return the requests for the passages of a document that bear on a claim; `language` is that of the remarks."""
    return [
        PlannedRequest(
            make_request(SuggestionTask.PASSAGES, language, document_data(claim.statement, block)),
            language, block, passage_input(claim, block), claim.claim_id, document_id, (document_id,),
        )
        for block in blocks
    ]  # fmt: skip


def passage_input(claim: Claim, block: NumberedText) -> str:
    """Return the hash of the input of a request for passages."""
    return _hash([dict(claim.statement), block.sha256])


def rationale_requests(claim: Claim, excerpts: Sequence[CitedDocument], language: str) -> list[PlannedRequest]:
    """Return the request for a draft of the reason of a verdict; none if no document has an excerpt."""
    words = [one.excerpt for one in excerpts]
    if not words:
        return []
    request = make_request(SuggestionTask.RATIONALE, language, rationale_data(claim.statement, words))
    text = number_text("", language, furniture=())
    sources = tuple(dict.fromkeys(one.document_id for one in excerpts))
    found = rationale_input(claim, excerpts)
    return [PlannedRequest(request, language, text, found, claim.claim_id, sources=sources)]


def rationale_input(claim: Claim, excerpts: Sequence[CitedDocument]) -> str:
    """Return the hash of the input of a request for a reason."""
    return _hash([dict(claim.statement), *(one.excerpt for one in excerpts)])


def second_reading_request(passage: str, statement: str, language: str) -> PlannedRequest:
    """Return the request that compares a drafted statement with its passage."""
    request = make_request(SuggestionTask.SECOND_READING, language, {"passage": passage, "statement": statement})
    return _statement_request(request, language, statement, language, None)._replace(
        input_sha256=second_reading_input(passage, statement)
    )


def second_reading_input(passage: str, statement: str) -> str:
    """Return the hash of the input of a second reading."""
    return _hash([passage, statement])


def statement_input(statement: str) -> str:
    """Return the hash of the input of a request that sends only a statement."""
    return _hash([statement])


def _statement_request(
    request: ModelRequest, language: str, statement: str, own: str, claim_id: str | None
) -> PlannedRequest:
    text = number_text(statement, own, furniture=())
    return PlannedRequest(request, language, text, statement_input(statement), claim_id)

"""The steps on a claim: started, recorded, discarded."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from claimledger.article import read_text
from claimledger.desk.opening import Clock, keep, open_store, utc_now
from claimledger.editorial.recording import refused
from claimledger.editorial.verifying import passage_of
from claimledger.errors import ProblemsFound
from claimledger.ledger import edits, text_form
from claimledger.ledger.edit import Edit
from claimledger.ledger.files import Places
from claimledger.ledger.revisions import chosen
from claimledger.ledger.standing import records_in, standing
from claimledger.ledger.store import Draft
from claimledger.review import Case, decide
from claimledger.scalars import BASE32
from claimledger.selectors import make_quote
from claimledger.vocabulary import Action, RecordStage


def new_claim(places: Places, article_id: str, slug: str, text_file: Path, *, quote: str, nth: int = 1) -> Path:
    """Start a claim's file from the `nth` place where `quote` stands in an article's text, and return it.

    What a person must decide is left empty in it.

    Raises:
        NotFound: there is no such article, or the passage does not stand in the text so often.
    """
    text = read_text(text_file.read_bytes(), str(text_file))
    article, span = passage_of(records_in(places), article_id, text, quote, nth)
    selector = make_quote(text.content, span, may_hold_text=article.rights.may_hold_text)
    return text_form.write_skeleton(places, new_claim_id(slug), article_id, text.sha256, span, selector)


def new_claim_id(slug: str) -> str:
    """Return a claim's name: what it says in a few words, and four random characters that tell it from all others."""
    return f"{slug}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def new_document_id(title: str) -> str:
    """Return a document's name: the first ASCII words of its title, and four random characters."""
    words = re.findall(r"[a-z0-9]+", title.lower())[:5]
    slug = "-".join(words) if words and words[0][0].isalpha() else "-".join(["document", *words])
    return f"{slug[:40].rstrip('-')}-{''.join(secrets.choice(BASE32) for _ in range(4))}"


def record(places: Places, paths: Sequence[Path], edit: Edit, clock: Clock = utc_now) -> list[Draft]:
    """Take hand-edited files in as drafts, all or none; no paths means every file of the claims folder.

    Raises:
        ProblemsFound: every problem in every file; nothing was stored.
    """
    with open_store(places) as store, store.writing() as connection:
        changes, problems = edits.changes_in(paths or text_form.files_in(places), store, places)
        drafts, more = edits.drafts_of(changes, store, edit)
        if problems or more or (more := refused(standing(store), drafts, edit)):
            raise ProblemsFound([*problems, *more])
        keep(store, connection, drafts, clock())
    return drafts


def open_drafts(places: Places) -> list[Draft]:
    """Return the drafts that wait to be published."""
    with open_store(places) as store:
        return store.open_drafts()


def discard(places: Places, key: str, edit: Edit, clock: Clock = utc_now) -> None:
    """Close a record's open draft without publishing it.

    Raises:
        NotFound: the record has no open draft.
        ProblemsFound: the table forbids it.
    """
    with open_store(places) as store, store.writing() as connection:
        for draft in chosen(store.open_drafts(), [key]):
            record = RecordStage.LISTED if draft.base else RecordStage.DRAFT
            if problems := decide(Action.DISCARD, Case(record), edit.actor, reason=edit.reason):
                raise ProblemsFound([replace(problem, file=draft.key) for problem in problems])
            store.discard_draft(connection, draft, edit.author, edit.reason, clock())

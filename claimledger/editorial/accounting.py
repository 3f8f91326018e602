"""Coverage of an article on the desk, and the dismissals that its public record shows.

In: an edition at hand. Out: its numbers and quotations, accounted for or not; and the change that puts the desk's
dismissals into the article's record. The invariant: a reason given on the desk is published in the words it was given.
"""

from __future__ import annotations

import re

from claimledger.coverage import Accounted, Bound, account
from claimledger.editorial.edition_at_hand import EditionAtHand
from claimledger.ledger.standing import Standing
from claimledger.models import Change, Dismissal, Span
from claimledger.selectors import make_quote
from claimledger.vocabulary import Decided, Subject

_HANGUL = re.compile("[가-힣]")


def accounted(at_hand: EditionAtHand) -> Accounted:
    """Return each number and quotation of an edition with its state."""
    claims = [Bound(span, entry.claim_id) for entry, span in at_hand.placed()]
    dismissals = [Bound(span, reason) for span, reason in at_hand.dismissals()]
    return account(at_hand.text.content, claims, dismissals, at_hand.edition.furniture)


def dismissal_change(standing: Standing, at_hand: EditionAtHand) -> Change:
    """Return the change that gives the newest edition the dismissals as the desk has them; it may be empty."""
    text, article = at_hand.text.content, at_hand.article
    may_hold_text = article.rights.may_hold_text
    made = [
        Dismissal(
            position=(span := Span(start=start, end=end)),
            quote=make_quote(text, span, may_hold_text=may_hold_text),
            reason={"ko" if _HANGUL.search(decision.reason) else "en": decision.reason},
        )
        for (start, end), decision in at_hand.decisions.items()
        if decision.decided is Decided.DISMISSED
    ]
    kept = [one for one in at_hand.edition.dismissed if not at_hand.is_decided(one.position)]
    ordered = sorted((*kept, *made), key=lambda one: (one.position.start, one.position.end))
    edition = at_hand.edition.model_copy(update={"dismissed": tuple(ordered)})
    grown = article.model_copy(update={"editions": (*article.editions[:-1], edition)})
    return standing.change(Subject.ARTICLE, article.article_id, grown.to_json())

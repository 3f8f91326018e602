"""The forms on an article's and a claim's page that allow or forbid sending a text to models outside this computer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from starlette.datastructures import FormData

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.form_values import read_choice, text
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import sending_steps
from claimledger.desk_vocabulary import Action, ModelReach
from claimledger.editorial.model_requests import RequestPlan
from claimledger.errors import NotFound
from claimledger.models import Claim
from claimledger.newsroom.sending_rights import SendingState, TextOwner
from claimledger.workflow import Case, decide

_CHOICES = ("yes", "no")


class SendingShown(NamedTuple):
    """The rights of the texts of a page."""

    states: tuple[SendingState, ...] = ()
    """The right of each text that editors can decide on here; none if no model outside is turned on."""
    reason_against: str = ""
    """The reason why this person may not decide; empty if they may."""


def article_sending(visit: Visit, article_id: str, plans: Sequence[RequestPlan]) -> SendingShown:
    """Return the right of an article's text."""
    return _sending_shown(visit, [TextOwner(article_id)], plans)


def claim_sending(
    visit: Visit, claim: Claim, open_documents: Collection[str], plans: Sequence[RequestPlan]
) -> SendingShown:
    """Return the rights of the documents that a claim cites; `open_documents` are those that are not confidential."""
    cited = dict.fromkeys(one.document_id for one in claim.evidence)
    return _sending_shown(visit, [TextOwner(name, is_document=True) for name in cited if name in open_documents], plans)


def _sending_shown(visit: Visit, owners: Sequence[TextOwner], plans: Sequence[RequestPlan]) -> SendingShown:
    choices = next((plan.choices for plan in plans), None)
    if choices is None or all(one.settings.reaches is ModelReach.THIS_MACHINE for one in choices.models):
        return SendingShown()
    states = sending_steps.list_sending_states(visit.places, owners, documents=choices.sending.documents)
    problems = decide(Action.ALLOW_SENDING, Case(), visit.staff, reason="-")
    return SendingShown(tuple(states), visit.problem_text(problems[0]) if problems else "")


def decide_on_article(visit: Visit, article_id: str, form: FormData) -> None:
    """Store the decision of a form about an article's text."""
    _decide(visit, TextOwner(article_id), form)


def decide_on_document(visit: Visit, claim: Claim, form: FormData) -> None:
    """Store the decision of a form about a document that a claim cites.

    Raises:
        NotFound: the claim does not cite it.
    """
    name = text(form, "document")
    if name not in {one.document_id for one in claim.evidence}:
        raise NotFound("document", name)
    _decide(visit, TextOwner(name, is_document=True), form)


def _decide(visit: Visit, owner: TextOwner, form: FormData) -> None:
    may_send = read_choice(form, "may_send", _CHOICES) == "yes"
    desk.allow_sending(visit.places, owner, visit.edit(text(form, "reason")), may_send=may_send)

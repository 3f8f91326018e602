"""Allow or forbid that a text is sent to language models outside this computer."""

from __future__ import annotations

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.desk_vocabulary import Action
from claimledger.errors import NotFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.current_records import read_current_records
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.sending_rights import TextOwner


def allow_sending(places: LedgerPaths, owner: TextOwner, edit: Edit, *, may_send: bool, clock: Clock = utc_now) -> None:
    """Allow or forbid that the text of an article or a document is sent to models outside this computer.

    An editor decides.

    Raises:
        NotFound: the article or document does not exist.
        ProblemsFound: the workflow table refuses it.
    """
    demand_allowed(Action.ALLOW_SENDING, edit.actor, reason=edit.reason)
    detail = read_action_detail(Action.ALLOW_SENDING, {"may_send": may_send})
    with open_store(places) as store, store.writing() as connection:
        desk = read_current_records(store)
        if not owner.is_document:
            desk.article(owner.name)
        elif desk.document(owner.name) is None:
            raise NotFound("document", owner.name)
        entry = ActionEntry(Action.ALLOW_SENDING, owner.key, edit.author, reason=edit.reason, detail=detail)
        store_action(connection, entry, clock())

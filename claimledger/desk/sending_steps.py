"""Allow or forbid that a text is sent to language models outside this computer, and read who may send what."""

from __future__ import annotations

from collections.abc import Sequence

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.desk_vocabulary import Action
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.current_records import CurrentRecords, read_current_records
from claimledger.newsroom.edit_input import Edit
from claimledger.newsroom.sending_rights import SendingState, TextOwner, read_sending_state


def allow_sending(
    places: LedgerPaths, owner: TextOwner, edit: Edit, *, may_send: bool, clock: Clock = utc_now
) -> SendingState:
    """Allow or forbid that the text of an article or a document is sent to models outside this computer.

    Two editors must allow it; one can forbid it. The result is the state after this decision.

    Raises:
        NotFound: the article or document does not exist.
        ProblemsFound: the workflow table refuses it, or the same editor has allowed it already.
    """
    demand_allowed(Action.ALLOW_SENDING, edit.actor, reason=edit.reason)
    detail = read_action_detail(Action.ALLOW_SENDING, {"may_send": may_send})
    with open_store(places) as store, store.writing() as connection:
        _demand_known(read_current_records(store), owner)
        if may_send and read_sending_state(connection, owner).first_editor == edit.author:
            raise ProblemsFound([Problem("sending-second-editor")])
        entry = ActionEntry(Action.ALLOW_SENDING, owner.key, edit.author, reason=edit.reason, detail=detail)
        store_action(connection, entry, clock())
        return read_sending_state(connection, owner)


def _demand_known(desk: CurrentRecords, owner: TextOwner) -> None:
    if not owner.is_document:
        desk.article(owner.name)
    elif desk.document(owner.name) is None:
        raise NotFound("document", owner.name)


def list_sending_states(places: LedgerPaths, owners: Sequence[TextOwner], *, documents: bool) -> list[SendingState]:
    """Return the right of each text; `documents` is the newsroom's rule for documents without a decision."""
    with open_store(places) as store:
        return [read_sending_state(store.connection, one, default=documents and one.is_document) for one in owners]

"""Ask a language model in a thread of the server, so that no request of a reader or an editor waits for it.

At most one task of an article runs in a process. The reason why the last one stopped early is kept until the next one.
"""

from __future__ import annotations

import logging
import threading

from claimledger.desk.model_plan import ModelTask, plan_requests
from claimledger.desk.step_setup import demand_allowed
from claimledger.desk.suggestion_steps import ask_model
from claimledger.desk_vocabulary import Action
from claimledger.errors import LedgerError, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.suggesting.exchange import ModelUnavailable
from claimledger.suggesting.suggesters import LoadedSuggesters, find_suggester
from claimledger.workflow import StaffMember

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_running: dict[tuple[str, str], threading.Thread] = {}
_stopped: dict[tuple[str, str], LedgerError] = {}


def start_asking(
    places: LedgerPaths,
    wanted: ModelTask,
    actor: StaffMember,
    *,
    model: str | None = None,
    suggesters: LoadedSuggesters | None = None,
) -> threading.Thread | None:
    """Start a task in a thread and return it; None if another task of the article still runs.

    Raises:
        ModelOff, AddressRefused, NotFound, TextNotHeld: as `plan_requests`.
        SuggesterMissing: the suggester, or a library that it needs, is not installed.
        ProblemsFound: the workflow table refuses it, or the text may not be sent. Nothing was started.
    """
    demand_allowed(Action.ASK_MODEL, actor)
    plan = plan_requests(places, wanted, model)
    if refusals := plan.refusals or (() if plan.waiting else plan.not_sent):
        raise ProblemsFound(refusals)
    find_suggester(plan.model.settings.suggester, suggesters)
    place = (str(places.root), wanted.article_id)

    def work() -> None:
        try:
            stopped = ask_model(places, wanted, actor, model=model, suggesters=suggesters).stopped
        except LedgerError as error:
            stopped = error
        except Exception as error:  # noqa: BLE001  the thread ends, and the log gets the reason
            _log.exception("a task of a language model ended")
            stopped = ModelUnavailable(model or "", type(error).__name__)
        with _lock:
            _running.pop(place, None)
            if stopped:
                _stopped[place] = stopped

    with _lock:
        if place in _running:
            return None
        _stopped.pop(place, None)
        thread = _running[place] = threading.Thread(target=work, name="claimledger suggestions", daemon=True)
        thread.start()
        return thread


def is_asking(places: LedgerPaths, article_id: str) -> bool:
    """Return whether a task of an article runs."""
    with _lock:
        return (str(places.root), article_id) in _running


def last_stop(places: LedgerPaths, article_id: str) -> LedgerError | None:
    """Return the reason why the last task of an article stopped early; None if it did not."""
    with _lock:
        return _stopped.get((str(places.root), article_id))

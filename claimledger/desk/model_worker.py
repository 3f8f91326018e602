"""Ask a language model in a thread of the server, so that no request of a reader or an editor waits for it.

At most one task of an article runs in a process. The reason why the last one stopped early is kept until the next one.
"""

from __future__ import annotations

import logging
import threading

from claimledger.desk.model_plan import ModelTask
from claimledger.desk.suggestion_steps import ask_model
from claimledger.errors import LedgerError
from claimledger.ledger.files import LedgerPaths
from claimledger.suggesting.suggesters import LoadedSuggesters
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
) -> threading.Thread:
    """Start a task in a thread and return it; a task of the same article that still runs is returned instead."""
    place = (str(places.root), wanted.article_id)

    def work() -> None:
        try:
            result = ask_model(places, wanted, actor, model=model, suggesters=suggesters)
            stopped = result.stopped
        except LedgerError as error:
            stopped = error
        except Exception:  # noqa: BLE001  the thread ends, and the log gets the reason
            _log.exception("a task of a language model ended")
            stopped = None
        with _lock:
            _running.pop(place, None)
            if stopped:
                _stopped[place] = stopped

    with _lock:
        if thread := _running.get(place):
            return thread
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

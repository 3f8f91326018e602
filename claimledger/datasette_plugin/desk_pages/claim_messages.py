"""What the claim's page says after an act: what was done, by name, and who is to do what next.

In: the word of the act, which the address brings, and the claim as it stands. Out: a sentence, or none. Anybody can
write an address, so the sentence says only what the claim itself shows.
"""

from __future__ import annotations

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import ClaimView
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.vocabulary import Action, RecordStage

_WAITING = frozenset({"edit", "propose", "correct", "attach", "take-back", "relate", "waive", "withdraw"})
"""Acts after which a second person is to approve what waits."""


def done_message(visit: Visit, view: ClaimView) -> str:
    """Return what was done last, as a sentence; empty if the address names no act."""
    done = visit.request.query_params.get("done", "")
    said = visit.word(f"done.{done}")
    if not said:
        return ""
    sentence = said.format(**_names(visit, view.at))
    if done not in _WAITING or not view.at.waiting:
        return sentence
    names = visit.say("done.or").join(person.shown_name for person in view.second_people)
    following = "done.next_listing" if view.at.record is RecordStage.DRAFT else "done.next"
    return f"{sentence} {visit.say(following, names=names) if names else visit.say('done.nobody')}"


def _names(visit: Visit, at: ClaimAtDesk) -> dict[str, str]:
    """Return the names that a sentence may hold."""
    assigned = [done.deed for done in at.acts if done.deed.action is Action.ASSIGN]
    newest = assigned[-1] if assigned else None
    return {
        "assignee": str(newest.detail.get("assignee", "")) if newest else "",
        "question": visit.label(newest.question) if newest and newest.question else "",
        "authors": ", ".join(at.draft.authors) if at.draft else "",
    }

"""The message on the claim's page after an action: what was done, and who has to act next.

The address names the action. Because anyone can write an address, the message only says what the claim itself shows.
"""

from __future__ import annotations

from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk.lookups import ClaimView
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.desk_vocabulary import Action, RecordStage

_NEEDS_APPROVAL = frozenset(
    {"edit", "propose", "correct", "attach", "take-back", "relate", "waive", "withdraw", "use-suggestion"}
)
"""The actions whose draft a second person has to approve."""


def done_message(visit: Visit, view: ClaimView) -> str:
    """Return the message about the last action; empty if the address names none."""
    done = visit.request.query_params.get("done", "")
    template = visit.word(f"done.{done}")
    if not template:
        return ""
    sentence = template.format(**_names(visit, view.at))
    if done not in _NEEDS_APPROVAL or not view.at.waiting:
        return sentence
    names = visit.say("done.or").join(person.shown_name for person in view.second_people)
    following = "done.next_listing" if view.at.record is RecordStage.DRAFT else "done.next"
    return f"{sentence} {visit.say(following, names=names) if names else visit.say('done.nobody')}"


def _names(visit: Visit, at: ClaimAtDesk) -> dict[str, str]:
    """Return the names that a message may contain."""
    assigned = [done.entry for done in at.acts if done.entry.action is Action.ASSIGN]
    newest = assigned[-1] if assigned else None
    return {
        "assignee": str(newest.detail.get("assignee", "")) if newest else "",
        "question": visit.label(newest.question) if newest and newest.question else "",
        "authors": ", ".join(at.draft.authors) if at.draft else "",
    }

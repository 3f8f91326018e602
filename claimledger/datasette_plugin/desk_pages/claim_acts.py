"""The actions on a claim, with one form each on its page.

Each function reads its form and calls the step of the same name in `claimledger.desk`; nothing is decided here. It
returns the key of the message to show, or None for the message of the action itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import FormData

from claimledger import desk, record_ids
from claimledger.desk import lookups, step_setup
from claimledger.datasette_plugin.desk_pages import sending_forms, suggestion_forms
from claimledger.datasette_plugin.desk_pages.claim_form import (
    read_observed_document, read_evidence, changed_fields, has_evidence, proposed_fields,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.earlier_forms import chosen_relations
from claimledger.datasette_plugin.desk_pages.form_values import (
    number, read_seen_version, text, read_term, read_optional_term,
)  # fmt: skip
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom.edit_input import Edit, make_edit, make_waiver
from claimledger.newsroom.store import utc_text
from claimledger.ledger.validation import record_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models import Claim
from claimledger.desk_vocabulary import QueryAnswer, Priority
from claimledger.vocabulary import Question

UNCHANGED = "unchanged"
"""The message for a form that changes nothing."""
_AS_PUBLIC = Problem("as-public")


_NOTHING_CORRECTED = Problem("nothing-corrected")


def _edit(visit: Visit, claim_id: str, form: FormData) -> str | None:
    found = lookups.claim_at_desk(visit.places, claim_id)
    reason = text(form, "reason") if found.revisions else _reason(visit, claim_id, form, "edited")
    return _save(visit, form, claim_id, changed_fields(form, found.claim.to_json()), {"reason": reason})


def _propose(visit: Visit, claim_id: str, form: FormData) -> str | None:
    fields = proposed_fields(form, lookups.claim_at_desk(visit.places, claim_id).claim.to_json())
    return _save(
        visit, form, claim_id, fields, {"reason": _reason(visit, claim_id, form, "proposed"), "kind": "verdict"}
    )


def _correct(visit: Visit, claim_id: str, form: FormData) -> str | None:
    fields = changed_fields(form, lookups.claim_at_desk(visit.places, claim_id).claim.to_json())
    if text(form, "cited_document"):
        fields["evidence"] = [*fields.get("evidence", ()), read_evidence(form, text(form, "cited_document"))]
    note = {language: words for language in ("en", "ko") if (words := text(form, f"public_note_{language}"))}
    correction = text(form, "correction") or None
    typed = {"reason": text(form, "reason"), "kind": "correction", "correction": correction, "note": note}
    if text(form, "cited_document") or not has_evidence(form):
        if _save(visit, form, claim_id, fields, typed) == UNCHANGED:
            raise ProblemsFound([_NOTHING_CORRECTED])
        return None
    edit = _make_edit(visit, fields, typed)
    document, evidence = _observed_document(form)
    with _name_questions(fields):
        desk.edit_with_evidence(visit.places, claim_id, fields, document, evidence, read_seen_version(form), edit)
    return None


def _observed_document(form: FormData) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a document that a person saw now, and its evidence on the claim (JSON)."""
    document_id = record_ids.new_document_id(text(form, "title_en"))
    return read_observed_document(form, document_id, utc_text(step_setup.utc_now())), read_evidence(form, document_id)


def _save(
    visit: Visit, form: FormData, claim_id: str, fields: Mapping[str, Any], typed: Mapping[str, Any]
) -> str | None:
    """Edit a claim; return the key of a message if nothing changes. `typed` are the fields of the edit.

    Raises:
        ProblemsFound: every problem; one with a verdict names its question.
    """
    with _name_questions(fields):
        draft = desk.edit(visit.places, claim_id, fields, read_seen_version(form), _make_edit(visit, fields, typed))
    if draft:
        return None
    if lookups.claim_at_desk(visit.places, claim_id).claim.to_json() != fields:
        raise ProblemsFound([_AS_PUBLIC])
    return UNCHANGED


def _make_edit(visit: Visit, fields: Mapping[str, Any], typed: Mapping[str, Any]) -> Edit:
    """Return the edit of a form.

    Raises:
        ProblemsFound: the edit is not valid; the problems with the claim's fields are included.
    """
    try:
        return make_edit(author=visit.name, roles=visit.staff.roles, **typed)
    except ProblemsFound as refusal:
        field_problems = record_problems(Claim, fields, SourceLocation())
        raise ProblemsFound([*map(_with_note_field, refusal.problems), *field_problems]) from refusal


def _with_note_field(problem: Problem) -> Problem:
    """Return a problem with the public note under the name of its field, which is not the claim's own note."""
    first, _, rest = problem.field.partition(".")
    if problem.code == "half-a-correction":
        return problem.relocate(field="correction")
    return problem.relocate(field=f"public_note.{rest}".rstrip(".")) if first == "note" else problem


@contextmanager
def _name_questions(fields: Mapping[str, Any]) -> Iterator[None]:
    """Replace the number of a verdict by its question in each problem with a claim's fields (JSON)."""
    try:
        yield
    except ProblemsFound as refusal:
        verdicts = fields.get("verdicts", ())
        raise ProblemsFound([_with_question(problem, verdicts) for problem in refusal.problems]) from refusal


def _with_question(problem: Problem, verdicts: Sequence[Mapping[str, Any]]) -> Problem:
    match problem.field.split("."):
        case ["verdicts", place, *rest] if place.isdigit() and 0 < int(place) <= len(verdicts):
            return problem.relocate(field=".".join(["verdicts", verdicts[int(place) - 1]["question"], *rest]))
    return problem


def _attach(visit: Visit, claim_id: str, form: FormData) -> None:
    document, evidence = _observed_document(form)
    edit = visit.edit(_reason(visit, claim_id, form, "attached"))
    desk.attach(visit.places, claim_id, document, evidence, read_seen_version(form), edit)


def _take_back(visit: Visit, claim_id: str, form: FormData) -> None:
    edit = visit.edit(text(form, "reason"))
    desk.remove_evidence(visit.places, claim_id, number(form, "evidence"), read_seen_version(form), edit)


def _assign(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.assign(
        visit.places, claim_id, read_term(form, "question", Question), text(form, "assignee") or None, visit.staff,
        due_on=text(form, "due_on") or None, priority=read_optional_term(form, "priority", Priority),
    )  # fmt: skip


def _query(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.query(visit.places, claim_id, text(form, "as_printed"), text(form, "should_read"), visit.staff)


def _answer(visit: Visit, claim_id: str, form: FormData) -> None:
    query, value = number(form, "query"), read_term(form, "answer", QueryAnswer)
    desk.record_answer(visit.places, claim_id, query, value, text(form, "text"), visit.staff)


def _comment(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.comment(visit.places, claim_id, text(form, "text"), visit.staff)


def _approve(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.approve(visit.places, claim_id, number(form, "draft_id"), visit.staff)


def _return(visit: Visit, claim_id: str, form: FormData) -> None:
    draft_id = number(form, "draft_id")
    desk.return_(visit.places, claim_id, draft_id, visit.staff, reason=text(form, "reason"))


def _waive(visit: Visit, claim_id: str, form: FormData) -> None:
    reason = {visit.language: text(form, "reason")} if text(form, "reason") else {}
    waiver = make_waiver(text(form, "code"), reason)
    desk.waive(visit.places, claim_id, waiver, visit.edit(visit.reason("waived")))


def _withdraw(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.withdraw(visit.places, claim_id, visit.staff, reason=text(form, "reason"))


def _discard(visit: Visit, claim_id: str, form: FormData) -> None:
    desk.discard(visit.places, claim_id, number(form, "draft_id"), visit.edit(text(form, "reason")))


def _reason(visit: Visit, claim_id: str, form: FormData, otherwise: str) -> str:
    """Return the typed reason, or else the reason of a draft that was never public, or else the default one."""
    found = lookups.claim_at_desk(visit.places, claim_id)
    draft_reason = found.draft.reason if found.draft and not found.revisions else ""
    return text(form, "reason") or draft_reason or visit.reason(otherwise)


def _relate(visit: Visit, claim_id: str, form: FormData) -> str | None:
    edit = visit.edit(_reason(visit, claim_id, form, "related"))
    return (
        None
        if desk.relate(visit.places, claim_id, chosen_relations(form), read_seen_version(form), edit)
        else UNCHANGED
    )


def _suggest(visit: Visit, claim_id: str, form: FormData) -> None:
    suggestion_forms.ask_for_claim(visit, claim_id, form)


def _use_suggestion(visit: Visit, claim_id: str, form: FormData) -> None:
    suggestion_forms.use_translation(visit, claim_id, form, visit.edit(_reason(visit, claim_id, form, "translated")))


def _set_aside(visit: Visit, _: str, form: FormData) -> None:
    suggestion_forms.dismiss(visit, form)


def _sending(visit: Visit, claim_id: str, form: FormData) -> None:
    sending_forms.decide_on_document(visit, lookups.claim_at_desk(visit.places, claim_id).claim, form)


ACTS_BY_FORM: Mapping[str, Callable[[Visit, str, FormData], str | None]] = {
    "edit": _edit,
    "propose": _propose,
    "correct": _correct,
    "attach": _attach,
    "take-back": _take_back,
    "relate": _relate,
    "assign": _assign,
    "query": _query,
    "answer": _answer,
    "comment": _comment,
    "approve": _approve,
    "return": _return,
    "waive": _waive,
    "withdraw": _withdraw,
    "discard": _discard,
    "suggest": _suggest,
    "use-suggestion": _use_suggestion,
    "set-aside": _set_aside,
    "sending": _sending,
}
"""The forms of the page, by the last part of their address."""
CONFLICT_PAGE_ACTS = frozenset({"edit", "propose", "correct"})
"""The actions whose form contains the claim's own fields; if two people send one, both versions are shown."""
REFUSAL_FIELDS: Mapping[str, str] = {"assign": "assignee"}
"""The field at which a refusal without a field is shown, by action."""

"""The steps for templates: list the newsroom's texts for forms, and change one."""

from __future__ import annotations

from collections.abc import Mapping

from claimledger.desk.step_setup import Clock, demand_allowed, open_store, utc_now
from claimledger.desk_vocabulary import Action, TemplateKind
from claimledger.errors import NotFound, Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.action_details import read_action_detail
from claimledger.newsroom.actions import ActionEntry, store_action
from claimledger.newsroom.text_templates import TEMPLATES_KEY, TextTemplate, list_templates
from claimledger.workflow import StaffMember

LONGEST_TEMPLATE = 2_000
"""The most characters of a template in one language."""
MOST_TEMPLATES = 200
"""The most templates of a newsroom, so that each form can offer them."""


def text_templates(places: LedgerPaths) -> list[TextTemplate]:
    """Return the newsroom's templates, in the order in which they were created."""
    with open_store(places) as store:
        return list_templates(store.connection)


def change_template(
    places: LedgerPaths,
    kind: TemplateKind,
    text: Mapping[str, str],
    actor: StaffMember,
    *,
    number: int | None = None,
    clock: Clock = utc_now,
) -> None:
    """Create a template, or replace the one with a number; without a text in any language, it is removed.

    Raises:
        NotFound: there is no template with this number.
        ProblemsFound: the workflow table refuses it, a text is too long, there is no text for a new template, or there
            are too many templates.
    """
    demand_allowed(Action.CHANGE_TEMPLATE, actor)
    words = {language: stripped for language, written in text.items() if (stripped := written.strip())}
    detail = read_action_detail(Action.CHANGE_TEMPLATE, {"kind": kind, "template": number, "text": words})
    with open_store(places) as store, store.writing() as connection:
        known = {one.number: one for one in list_templates(connection)}
        if number is not None and number not in known:
            raise NotFound("template", str(number))
        if problems := [*_length_problems(words), *_count_problems(words, known, number)]:
            raise ProblemsFound(problems)
        store_action(connection, ActionEntry(Action.CHANGE_TEMPLATE, TEMPLATES_KEY, actor.name, detail=detail), clock())


def _length_problems(words: Mapping[str, str]) -> list[Problem]:
    return [
        Problem("text-too-long", field=f"text.{language}", count=len(written), limit=LONGEST_TEMPLATE)
        for language, written in words.items()
        if len(written) > LONGEST_TEMPLATE
    ]


def _count_problems(words: Mapping[str, str], known: Mapping[int, TextTemplate], number: int | None) -> list[Problem]:
    if number is None and not words:
        return [Problem("text-empty/template", field="text")]
    return (
        [Problem("too-many-templates", limit=MOST_TEMPLATES)] if number is None and len(known) >= MOST_TEMPLATES else []
    )

"""The page of the newsroom's templates: everyone reads them, an editor changes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger import desk
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.datasette_plugin.desk_pages.form_values import read_choice, text, whole_number
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import lookups
from claimledger.desk_vocabulary import TemplateKind
from claimledger.errors import Problem, ProblemsFound
from claimledger.newsroom.text_templates import TextTemplate


def templates_by_kind(visit: Visit) -> Mapping[str, list[TextTemplate]]:
    """Return the newsroom's templates by the value of their kind."""
    found = defaultdict[str, list[TextTemplate]](list)
    for one in lookups.text_templates(visit.places):
        found[one.kind.value].append(one)
    return found


async def templates(visit: Visit) -> Response:
    """Show the templates."""
    return await run_in_threadpool(_page, visit)


def _page(
    visit: Visit, problems: Sequence[Problem] = (), typed: Mapping[str, str] | None = None, of: int | None = None
) -> Response:
    return visit.page(
        "templates.html", 409 if problems else 200, kinds=TemplateKind, templates=templates_by_kind(visit),
        LANGUAGES=LANGUAGES, problems=problems, typed=typed or {}, of=of,
        is_done=visit.request.query_params.get("done") == "saved",
    )  # fmt: skip


async def change(visit: Visit) -> Response:
    """Create, replace or remove a template."""
    form = await visit.form()
    kind = TemplateKind(read_choice(form, "kind", [one.value for one in TemplateKind]))
    typed = {language: text(form, f"text_{language}") for language in LANGUAGES}
    number = whole_number(text(form, "number"))
    written = {} if text(form, "act") == "remove" else typed

    def save() -> None:
        desk.change_template(visit.places, kind, written, visit.staff, number=number)

    try:
        await run_in_threadpool(save)
    except ProblemsFound as refusal:
        values = {f"{kind.value}_{language}": one for language, one in typed.items()}
        return await run_in_threadpool(_page, visit, refusal.problems, values, number)
    return visit.go("/templates", done="saved")


PAGES = (("GET", "/templates", templates), ("POST", "/templates", change))

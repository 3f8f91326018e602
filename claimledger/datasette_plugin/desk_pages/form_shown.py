"""A form as a page shows it: what stands in each field, and the problems at each.

In: a claim's own values; after a refusal what was typed, and the problems. Out: `FormShown`, one for each form of the
page. The invariant: what was typed into a form that was refused stands in it again, all of it; each problem stands at
the field it is about, or, if the form has no such field, at the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.claim_form import has_evidence, quantity_rows
from claimledger.datasette_plugin.desk_pages.field_labels import LANGUAGES
from claimledger.errors import Problem
from claimledger.vocabulary import Question

_HIDDEN = frozenset({"form_token", "seen", "draft_id", "query", "code", "evidence"})
"""Fields that nobody fills in: a problem with one of them stands at the form."""
_TELLING = {"answer": "query", "waive": "code", "take-back": "evidence"}
"""Acts with several forms on a page, by the field that tells them apart."""


@dataclass(frozen=True, slots=True)
class FormShown:
    """A form of the page."""

    name: str
    """Its name on the page: the act, and what tells its form from others of the same act."""
    values: Mapping[str, str]
    """What stands in its fields; nothing in one that is not named."""
    problems: Mapping[str, Sequence[Problem]]
    """The problems at each field; those at none, at the empty name."""
    is_refused: bool = False
    """Whether it was sent and refused."""

    @property
    def act(self) -> str:
        """The act it does."""
        return next((act for act in _TELLING if self.name.startswith(f"{act}-")), self.name)

    @property
    def telling(self) -> str:
        """What tells it from other forms of the same act; empty for the only one."""
        return self.name.removeprefix(self.act).removeprefix("-")

    @property
    def has_evidence(self) -> bool:
        """Whether it was refused with a document, or what one says, in it."""
        return self.is_refused and has_evidence(self.values)

    def id(self, field: str) -> str:
        """Return the name of a field on the page."""
        return f"{self.name}-{field}"

    def value(self, field: str, otherwise: str = "") -> str:
        """Return what stands in a field; `otherwise` is offered in one that was not sent yet."""
        return self.values.get(field, "" if self.is_refused else otherwise)

    def places(self) -> Iterator[tuple[str, Problem]]:
        """Yield each problem with the name of its field on the page; empty if it is about none."""
        for field, problems in self.problems.items():
            yield from ((self.id(field) if field else "", problem) for problem in problems)


def form_name(act: str, telling: object = "") -> str:
    """Return the name of a form on the page.

    >>> form_name("edit"), form_name("answer", 12)
    ('edit', 'answer-12')
    """
    return f"{act}-{telling}" if act in _TELLING else act


def refused_form(act: str, form: FormData, problems: Sequence[Problem]) -> FormShown:
    """Return a form that was refused, as it was filled in."""
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    name = form_name(act, values.get(_TELLING.get(act, ""), ""))
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_field_of(problem.field, form), []).append(problem)
    return FormShown(name, values, found, is_refused=True)


def _field_of(path: str, form: FormData) -> str:
    """Return the field of a form that a problem's path is about; empty if it has none.

    The longest beginning of the path that names a field counts, without or with a language, or else its chief part.
    """
    names = ({*form.keys()} | {"reason"}) - _HIDDEN
    steps = _steps(path, quantity_rows(form))
    for length in range(len(steps), 0, -1):
        stem = "_".join(steps[:length])
        for name in (stem, *(f"{stem}_{language}" for language in LANGUAGES), f"{stem}_value", f"{stem}_kind"):
            if name in names:
                return name
    return ""


def _steps(path: str, rows: Sequence[int]) -> list[str]:
    """Return a path in a record as the forms name its steps."""
    match path.split("."):
        case ["quantities", number, *rest] if number.isdigit() and 0 < int(number) <= len(rows):
            return ["quantity", str(rows[int(number) - 1]), *(rest or ["text"])]
        case ["quantities", *_]:
            return ["quantity", "0", "text"]
        case ["verdicts", question, *rest] if question in {one.value for one in Question}:
            return [question, *(rest or ["value"])]
        case ["verdicts", *_]:
            return [Question.SO.value, "value"]
        case ["evidence", number, *rest] if number.isdigit() and rest:
            return rest
        case steps:
            return steps

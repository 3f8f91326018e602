"""A form as a page shows it: the value of each field, and the problems beside each field.

The values are the claim's own or, after a refusal, exactly what was typed. Each problem is shown at its field or, if
the form has no such field, at the form.
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
"""Fields that no one fills in; their problems are shown at the form."""
_DISTINGUISHING_FIELDS = {"answer": "query", "waive": "code", "take-back": "evidence"}
"""The actions that have several forms on a page, with the field that distinguishes the forms."""


@dataclass(frozen=True, slots=True)
class FormState:
    """A form of the page."""

    name: str
    """The form's name on the page: the action and, if needed, the value that distinguishes the form."""
    values: Mapping[str, str]
    """The value of each field; fields without a value are left out."""
    problems: Mapping[str, Sequence[Problem]]
    """The problems by field; the empty name has the problems that belong to no field."""
    is_refused: bool = False
    """True if the form was sent and refused."""

    @property
    def act(self) -> str:
        """The action of the form."""
        return next((act for act in _DISTINGUISHING_FIELDS if self.name.startswith(f"{act}-")), self.name)

    @property
    def item(self) -> str:
        """The value that distinguishes the form from others of the same action; empty if it is the only one."""
        return self.name.removeprefix(self.act).removeprefix("-")

    @property
    def has_evidence(self) -> bool:
        """True if the form was refused and contains a document or its evidence."""
        return self.is_refused and has_evidence(self.values)

    def id(self, field: str) -> str:
        """Return the identifier of a field on the page."""
        return f"{self.name}-{field}"

    def value(self, field: str, otherwise: str = "") -> str:
        """Return the value of a field; `otherwise` is the default in a form that was not sent yet."""
        return self.values.get(field, "" if self.is_refused else otherwise)

    def places(self) -> Iterator[tuple[str, Problem]]:
        """Yield each problem with the identifier of its field on the page, empty for problems of no field."""
        for field, problems in self.problems.items():
            yield from ((self.id(field) if field else "", problem) for problem in problems)


def form_name(act: str, telling: object = "") -> str:
    """Return the name of a form on the page.

    >>> form_name("edit"), form_name("answer", 12)
    ('edit', 'answer-12')
    """
    return f"{act}-{telling}" if act in _DISTINGUISHING_FIELDS else act


def refused_form(act: str, form: FormData, problems: Sequence[Problem]) -> FormState:
    """Return a refused form with its values and the problems by field."""
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    name = form_name(act, values.get(_DISTINGUISHING_FIELDS.get(act, ""), ""))
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_problem_field(problem.field, form), []).append(problem)
    return FormState(name, values, found, is_refused=True)


def _problem_field(path: str, form: FormData) -> str:
    """Return the form's field that a problem's path is about; empty if there is none.

    The longest beginning of the path that names a field counts, with or without a language. Otherwise the main field of
    its part counts.
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
    """Return the steps of a path in a record with the names that the forms use."""
    match path.split("."):
        case ["quantities", number, *rest] if number.isdigit() and 0 < int(number) <= len(rows):
            return ["quantity", str(rows[int(number) - 1]), *(rest or ["text"])]
        case ["quantities", *_]:
            return ["quantity", "0", "text"]
        case ["verdicts", question, *rest] if question in {term.value for term in Question}:
            return [question, *(rest or ["value"])]
        case ["verdicts", *_]:
            return [Question.SO.value, "value"]
        case ["evidence", number, *rest] if number.isdigit() and rest:
            return rest
        case steps:
            return steps

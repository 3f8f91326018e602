"""The page for resolving a conflict when two people edited one claim: both versions side by side, field by field.

It is made from the form that came too late, the version it was filled in for, and the claim as it is now. Nothing is
merged unseen: changes by only one person are shown as accepted, and a person chooses where both changed a field. The
values of the late form are kept until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger.datasette_plugin.desk_pages.claim_form import claim_form_values
from claimledger.datasette_plugin.desk_pages.field_labels import vocabulary_at
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import account_steps
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.models import Claim

CONFLICT_CODES = frozenset({"open-draft", "stale-base", "draft-discarded-meanwhile"})
"""The codes of problems that mean that the claim changed after a form was opened."""
_CHOICE, _MINE, _THEIRS = "choice:", "mine:", "theirs:"


class DifferingField(NamedTuple):
    """A field that one or both of the two people changed."""

    name: str
    """The field's name in the form."""
    path: str
    """The field's path in the record."""
    base: str
    """The value when the form was opened."""
    mine: str
    """The value in the form."""
    theirs: str
    """The value now."""

    @property
    def is_disputed(self) -> bool:
        """True if both people changed the field, to different values."""
        return self.mine not in (self.base, self.theirs) and self.theirs != self.base

    @property
    def is_mine(self) -> bool:
        """True if only the form changed the field."""
        return self.mine != self.base and self.theirs == self.base

    @property
    def merged(self) -> str:
        """The value if no one has to choose."""
        return self.theirs if self.mine == self.base else self.mine

    @property
    def is_term(self) -> bool:
        """True if the value is a vocabulary term, so that a third text is impossible."""
        return vocabulary_at(self.path) is not None


def conflict_page(visit: Visit, act: str, form: FormData, began: Claim | None, now: ClaimAtDesk, seen: str) -> Response:
    """Return the page on which a person resolves a conflict; `seen` is the version of the claim now."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    differing = list(
        differing_fields(
            typed, claim_form_values(began.to_json()) if began else {}, claim_form_values(now.claim.to_json())
        )
    )
    shown_names = {side.name for side in differing} | {"form_token", "seen"}
    other_values = {name: value for name, value in typed.items() if name not in shown_names}
    newest = now.draft or (now.revisions[-1] if now.revisions else None)
    explanation = _explanation(visit, newest.authors[0] if newest else "")
    return visit.page(
        "conflict.html", 409, act=act, at=now, sides=differing, kept=other_values, seen=seen, why=explanation
    )


def _explanation(visit: Visit, author: str) -> str:
    """Return the sentence that says who changed the claim in between: another person, or the same person elsewhere."""
    if author == visit.name:
        return visit.say("conflict.why_own")
    person = account_steps.find_active_user(visit.places, author)
    return visit.say("conflict.why", name=person.shown_name if person else author)


def differing_fields(
    typed: Mapping[str, str], began: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[DifferingField]:
    """Yield the fields of a claim that the form has and whose three values differ.

    >>> list(differing_fields({"topics": "ports", "reason": "x"}, {"topics": "cargo"}, {"topics": "ships"}))
    [DifferingField(name='topics', path='topics', base='cargo', mine='ports', theirs='ships')]
    """
    for name, value in typed.items():
        path = _record_path(name)
        if not path or (name.endswith("_value") and not value.strip()):
            continue  # not a field of the record, or a question left unchanged
        mine = value.replace("\r\n", "\n").strip()
        side = DifferingField(name, path, began.get(name, ""), mine, now.get(name, ""))
        if len({side.base, side.mine, side.theirs}) > 1:
            yield side


def resolved_form(form: FormData) -> FormData:
    """Return the form with the chosen value, or a third text, for each field in conflict."""
    values = [(name, value) for name, value in form.multi_items() if not name.startswith((_CHOICE, _MINE, _THEIRS))]
    choices = {
        name.removeprefix(_CHOICE): form.get(f"{choice}:{name.removeprefix(_CHOICE)}")
        for name, choice in form.multi_items()
        if name.startswith(_CHOICE) and f"{choice}:" in (_MINE, _THEIRS)
    }
    return FormData([(name, value if (other := choices.get(name)) is None else other) for name, value in values])


_PATHS = (
    (re.compile(r"quantity_(\d+)_(\w+)"), lambda found: f"quantities.{int(found[1]) + 1}.{found[2]}"),
    (re.compile(r"(so|said)_rationale_(ko|en)"), lambda found: f"verdicts.{found[1]}.rationale.{found[2]}"),
    (re.compile(r"(so|said)_(value|as_of|recheck_after)"), lambda found: f"verdicts.{found[1]}.{found[2]}"),
    (re.compile(r"(speaker|source)_(\w+)_(ko|en)"), lambda found: f"{found[1]}.{found[2]}.{found[3]}"),
    (re.compile(r"(speaker|source)_kind"), lambda found: f"{found[1]}.kind"),
    (re.compile(r"attribution_(\w+)"), lambda found: f"attribution.{found[1]}"),
    (re.compile(r"(statement|note)_(ko|en)"), lambda found: f"{found[1]}.{found[2]}"),
    (re.compile(r"topics|said_on|about_on"), lambda found: found[0]),
)
"""The patterns of form fields, with the function that returns the path in the record."""


def _record_path(name: str) -> str:
    return next((path(found) for pattern, path in _PATHS if (found := pattern.fullmatch(name))), "")

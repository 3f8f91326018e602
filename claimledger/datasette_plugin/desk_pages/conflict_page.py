"""Two people changed one claim: what each wrote side by side, field by field, and a form that settles it.

In: the form that came too late, the version it was filled in on, and the claim as it stands now. Out: a page; and, from
its form, the form that it settles. The invariant: nothing is merged unseen: what only one of the two changed is shown
as taken, what both changed is chosen by a person, and what stood in the late form is kept until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.responses import Response

from claimledger.datasette_plugin.desk_pages.claim_form import values_of
from claimledger.datasette_plugin.desk_pages.field_labels import vocabulary_at
from claimledger.datasette_plugin.desk_pages.visit import Visit
from claimledger.desk import account_steps
from claimledger.editorial.claim_at_desk import ClaimAtDesk
from claimledger.models import Claim

CODES = frozenset({"open-draft", "stale-base", "draft-discarded-meanwhile"})
"""Problems that say that another version stands there than the one a form was filled in on."""
_CHOICE, _MINE, _THEIRS = "choice:", "mine:", "theirs:"


class Side(NamedTuple):
    """A field that one of the two changed, or both."""

    name: str
    """Its name in the form."""
    path: str
    """Its path in the record."""
    began: str
    """What stood there when the form was filled in."""
    mine: str
    """What the form says."""
    theirs: str
    """What stands there now."""

    @property
    def is_disputed(self) -> bool:
        """Whether both changed it, each to something else."""
        return self.mine not in (self.began, self.theirs) and self.theirs != self.began

    @property
    def is_mine(self) -> bool:
        """Whether only the form changed it."""
        return self.mine != self.began and self.theirs == self.began

    @property
    def settled(self) -> str:
        """What it says where nobody needs to choose."""
        return self.theirs if self.mine == self.began else self.mine

    @property
    def is_word(self) -> bool:
        """Whether a word of a vocabulary stands there, so that there is no third text."""
        return vocabulary_at(self.path) is not None


def conflict_page(visit: Visit, act: str, form: FormData, began: Claim | None, now: ClaimAtDesk, seen: str) -> Response:
    """Return the page on which a person settles what two people wrote; `seen` is the version that stands there now."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    found = list(sides(typed, values_of(began.to_json()) if began else {}, values_of(now.claim.to_json())))
    asked = {side.name for side in found} | {"form_token", "seen"}
    kept = {name: value for name, value in typed.items() if name not in asked}
    why = _why(visit, now.draft.authors[0] if now.draft else now.revisions[-1].authors[0] if now.revisions else "")
    return visit.page("conflict.html", 409, act=act, at=now, sides=found, kept=kept, seen=seen, why=why)


def _why(visit: Visit, author: str) -> str:
    """Return who changed the claim meanwhile: somebody, by the name the desk shows, or the same person elsewhere."""
    if author == visit.name:
        return visit.say("conflict.why_own")
    person = account_steps.named(visit.places, author)
    return visit.say("conflict.why", name=person.shown_name if person else author)


def sides(typed: Mapping[str, str], began: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Side]:
    """Yield the fields of a claim that a form has and that are not everywhere the same.

    >>> list(sides({"topics": "ports", "reason": "x"}, {"topics": "cargo"}, {"topics": "ships"}))
    [Side(name='topics', path='topics', began='cargo', mine='ports', theirs='ships')]
    """
    for name, value in typed.items():
        path = _path_of(name)
        if not path or (name.endswith("_value") and not value.strip()):
            continue  # no field of the record, or a question that the form leaves as it is
        mine = value.replace("\r\n", "\n").strip()
        side = Side(name, path, began.get(name, ""), mine, now.get(name, ""))
        if len({side.began, side.mine, side.theirs}) > 1:
            yield side


def settled(form: FormData) -> FormData:
    """Return the form that the page's form settles: of each field in dispute what was chosen, or the third text."""
    values = [(name, value) for name, value in form.multi_items() if not name.startswith((_CHOICE, _MINE, _THEIRS))]
    chosen = {
        name.removeprefix(_CHOICE): form.get(f"{choice}:{name.removeprefix(_CHOICE)}")
        for name, choice in form.multi_items()
        if name.startswith(_CHOICE) and f"{choice}:" in (_MINE, _THEIRS)
    }
    return FormData([(name, value if (other := chosen.get(name)) is None else other) for name, value in values])


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
"""A field of the forms to its path in the record."""


def _path_of(name: str) -> str:
    return next((path(found) for pattern, path in _PATHS if (found := pattern.fullmatch(name))), "")

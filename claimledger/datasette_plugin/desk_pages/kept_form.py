"""A form that was sent after its session had ended, kept in its sender's browser until they have signed in again.

In: the form as it came. Out: its fields, as one hidden field of the sign-in form, and back. The invariants: the server
keeps none of it, only a form of the desk's own pages is kept, and nothing is sent again but by its sender's hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request

from claimledger.datasette_plugin.desk_pages.visit import is_same_site

_LONGEST_FIELD = 2_000_000
"""Bytes, as of any form of the desk."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was sent, and where to."""

    path: str
    """The address in the desk."""
    fields: tuple[tuple[str, str], ...]
    """Names and values as they came, without the token of the session that ended."""
    lacks_file: bool = False
    """Whether a file came along, which no form can bring back."""

    @property
    def as_text(self) -> str:
        """The form as the value of one field."""
        return msgspec.json.encode(self).decode()


async def kept_form(request: Request) -> KeptForm | None:
    """Return a form whose sender is not signed in any more; none if another site's page sent it."""
    if not is_same_site(request):
        return None
    async with request.form(max_files=1, max_part_size=_LONGEST_FIELD) as form:
        values = [(name, value) for name, value in form.multi_items() if name != "form_token"]
        texts = tuple((name, value) for name, value in values if isinstance(value, str))
        has_file = any(isinstance(value, UploadFile) and value.filename for _, value in values)
    return KeptForm(request.url.path, texts, has_file)


def read_kept(form: Mapping[str, str], desk: str) -> KeptForm | None:
    """Return the form that a sign-in form holds; none if it holds none that the desk at this address wrote."""
    try:
        kept = msgspec.json.decode(form.get("kept", ""), type=KeptForm)
    except msgspec.DecodeError:
        return None
    return kept if kept.path.startswith(f"{desk}/") else None

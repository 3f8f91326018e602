"""A form that was sent after its session ended, stored in the browser until its sender signs in again.

The fields are packed into one hidden field of the sign-in form, and unpacked afterwards. The server stores nothing.
Only forms of the desk's own pages are accepted, and only the sender can send the form again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.datastructures import UploadFile
from starlette.requests import Request

from claimledger.datasette_plugin.desk_pages.visit import is_same_site

_LONGEST_FIELD = 2_000_000
"""The largest size of a field in bytes, as for every form of the desk."""


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """The fields of a form and the address it was sent to."""

    path: str
    """The path below the desk."""
    fields: tuple[tuple[str, str], ...]
    """The names and values as they were sent, without the token of the session that ended."""
    lacks_file: bool = False
    """True if the form had a file, which cannot be stored."""

    @property
    def packed(self) -> str:
        """The form as the value of one field (JSON)."""
        return msgspec.json.encode(self).decode()


async def read_unsent_form(request: Request) -> UnsentForm | None:
    """Return a form whose sender is no longer signed in; None if another site's page sent it."""
    if not is_same_site(request):
        return None
    async with request.form(max_files=1, max_part_size=_LONGEST_FIELD) as form:
        values = [(name, value) for name, value in form.multi_items() if name != "form_token"]
        texts = tuple((name, value) for name, value in values if isinstance(value, str))
        has_file = any(isinstance(value, UploadFile) and value.filename for _, value in values)
    return UnsentForm(request.url.path, texts, has_file)


def unpack_unsent_form(form: Mapping[str, str], desk: str) -> UnsentForm | None:
    """Return the form stored in a sign-in form; None if there is none, or if it is not for the desk at this address."""
    try:
        kept = msgspec.json.decode(form.get("kept", ""), type=UnsentForm)
    except msgspec.DecodeError:
        return None
    return kept if kept.path.startswith(f"{desk}/") else None

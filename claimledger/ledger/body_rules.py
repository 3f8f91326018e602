"""The rules that a body of the log meets by itself: it is a revision for the models, in its canonical form."""

from __future__ import annotations

from pydantic import ValidationError

from claimledger.errors import Problem
from claimledger.ledger.canonical import encode_validated
from claimledger.models import Revision


def body_fault(body: bytes) -> Problem | None:
    """Return the first problem of a body that is not a revision or not in canonical form, or None."""
    try:
        revision = Revision.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return Problem("invalid-body", field=".".join(map(str, first["loc"])), reason=first["msg"])
    except RecursionError as error:
        return Problem("invalid-body", reason=str(error))
    return None if encode_validated(revision.to_json()) == body else Problem("not-canonical")

"""What the forms say of earlier claims: how each that was offered is tied to the claim.

In: a form. Out: relations. The invariant: only what a person chose is tied; what figures and names suggest is never
chosen for them.
"""

from __future__ import annotations

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.form_values import text, word
from claimledger.newsroom.edit_input import make_relation
from claimledger.models import RelatedClaim
from claimledger.vocabulary import Relation

_FIELD = "relation_"


def relations_in(form: FormData) -> list[RelatedClaim]:
    """Return the relations that a form chooses.

    Raises:
        ProblemsFound: a word or a claim's name is none.
    """
    chosen = [name for name in dict.fromkeys(form) if name.startswith(_FIELD) and text(form, name)]
    return [make_relation(word(form, name, Relation), name.removeprefix(_FIELD)) for name in chosen]

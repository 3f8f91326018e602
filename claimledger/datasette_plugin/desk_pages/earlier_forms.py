"""The part of a form that relates a claim to earlier claims.

Only relations that a person chose are returned. Suggestions from figures and names are never selected in advance.
"""

from __future__ import annotations

from starlette.datastructures import FormData

from claimledger.datasette_plugin.desk_pages.form_values import text, read_term
from claimledger.newsroom.edit_input import make_relation
from claimledger.models import RelatedClaim
from claimledger.vocabulary import Relation

_FIELD = "relation_"


def chosen_relations(form: FormData) -> list[RelatedClaim]:
    """Return the relations chosen in a form.

    Raises:
        ProblemsFound: a relation or the name of a claim is not valid.
    """
    chosen = [name for name in dict.fromkeys(form) if name.startswith(_FIELD) and text(form, name)]
    return [make_relation(read_term(form, name, Relation), name.removeprefix(_FIELD)) for name in chosen]

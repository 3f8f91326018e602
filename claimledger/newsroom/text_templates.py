"""The texts that the newsroom uses again and again: questions to the writer, reasons, and rationales of verdicts.

Each change of a template is an act, stored under a name that no claim has. The newest act on a template counts; one
without a text removes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from claimledger.desk_vocabulary import Action, TemplateKind

TEMPLATES_KEY = "templates/"
"""The name under which the acts on templates are stored."""
_ACTS = "SELECT act_id, detail FROM act WHERE claim_id = ? AND action = ? ORDER BY act_id"


class TextTemplate(NamedTuple):
    """A text to insert into a form."""

    number: int
    """The number of the act that created it."""
    kind: TemplateKind
    """The field that it is for."""
    text: Mapping[str, str]
    """The text by language."""


class _Detail(msgspec.Struct):
    kind: str
    template: int = 0
    text: dict[str, str] = {}


def list_templates(connection: sqlite3.Connection) -> list[TextTemplate]:
    """Return the templates, in the order in which they were created."""
    found: dict[int, TextTemplate] = {}
    for act_id, detail in connection.execute(_ACTS, (TEMPLATES_KEY, Action.CHANGE_TEMPLATE.value)):
        read = msgspec.json.decode(detail, type=_Detail)
        number = read.template or act_id
        found[number] = TextTemplate(number, TemplateKind(read.kind), read.text)
    return [one for one in found.values() if one.text]

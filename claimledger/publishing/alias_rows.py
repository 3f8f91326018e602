"""The rows of `ledger.db` about aliases: the lists of names, and each name. They follow the rules of `rows`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from claimledger.models import Alias
from claimledger.publishing.columns import Meaning, label_meaning
from claimledger.publishing.search_names import name_key
from claimledger.publishing.shared_columns import OptionalText, Position, State
from claimledger.vocabulary import RecordState


class AliasRow(NamedTuple):
    """The names of one person or thing, which a search treats as equal.

    같은 사람이나 대상의 이름 목록. 검색에서 같은 말로 다룸.
    """

    alias_id: Annotated[str, Meaning("Permanent ID.", "바뀌지 않는 고유 ID.")]
    kind: Annotated[str, Meaning("Kind of person or thing.", "대상의 종류.")]
    note_en: Annotated[OptionalText, label_meaning("field.note", "English", "영어")]
    note_ko: Annotated[OptionalText, label_meaning("field.note", "Korean", "한국어")]
    record_state: State


class AliasNameRow(NamedTuple):
    """A name in a list of names.

    이름 목록에 있는 이름 하나.
    """

    alias_id: Annotated[str, Meaning("The list of names.", "이름 목록.", "alias.alias_id")]
    position: Position
    name: Annotated[str, Meaning("The name.", "이름.")]
    language: Annotated[OptionalText, label_meaning("field.language", "BCP 47", "BCP 47")]
    search_key: Annotated[str, Meaning("The name as searches compare it.", "검색에서 비교하는 형태.")]


def alias_rows(alias: Alias, state: RecordState) -> Iterator[AliasRow | AliasNameRow]:
    """Yield the rows of a list of names."""
    note = alias.note or {}
    yield AliasRow(alias.alias_id, str(alias.kind), note.get("en"), note.get("ko"), str(state))
    for position, name in enumerate(alias.names, start=1):
        yield AliasNameRow(alias.alias_id, position, name.text, name.language, name_key(name.text))

"""Messages look up one table of sentences and advice, in English and Korean, by a stable key.

The table is the TOML files beside this module, one for each area, together one table: a key in two files is an error.
A key is the code of a problem, `code/variant` where a code has several sentences, or the class name of a refusal.
A row has `en` and `ko`, the sentence, and `do_en` and `do_ko`, the advice, which may be missing. A variant inherits
the parts that it does not have from the row of its code. Both languages name the same places, such as `{count:,}`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import islice
from string import Formatter
from typing import Any, NamedTuple, TypeAlias

from claimledger.vocabulary import Term

Value: TypeAlias = "str | int | float | Decimal | date | Label | Message | tuple[Value, ...]"
"""A value for a place in a sentence; a `Term` is a str and shows its label."""


class MessageRow(NamedTuple):
    """A row of the table: templates with named places."""

    en: str
    """The sentence in English."""
    ko: str
    """The sentence in Korean."""
    do_en: str = ""
    """The advice in English; may be empty."""
    do_ko: str = ""
    """The advice in Korean; may be empty."""


@dataclass(frozen=True, slots=True)
class Label:
    """A value with a name in each language."""

    label_en: str
    """The English name."""
    label_ko: str
    """The Korean name."""


NOTHING = Label("nothing", "없음")
"""Shown in place of an empty value."""


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A row of the table with the values for its places.

    >>> message = Message("text-too-long", count=1200, limit=1000)
    >>> message.text()
    'The text has 1,200 characters. The limit is 1,000. Shorten it.'
    >>> message.text("ko")
    '글이 1,200자입니다. 최대 1,000자입니다. 줄이세요.'
    """

    key: str
    """The key of the row."""
    values: tuple[tuple[str, Value], ...]
    """Each place with its value, in the order given."""

    def __init__(self, key: str, /, **values: Value) -> None:
        """Store the key and the value of each named place."""
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", tuple(values.items()))

    def sentence(self, language: str = "en") -> str:
        """Return the sentence that says what is wrong."""
        row = message_row(self.key)
        return self._fill(row.ko if language == "ko" else row.en, language).rstrip()

    def advice(self, language: str = "en") -> str:
        """Return the advice; an empty text if the row has none."""
        row = message_row(self.key)
        return self._fill(row.do_ko if language == "ko" else row.do_en, language)

    def text(self, language: str = "en") -> str:
        """Return the sentence and the advice."""
        return f"{self.sentence(language)} {self.advice(language)}".rstrip()

    def _fill(self, template: str, language: str) -> str:
        values, formatter = dict(self.values), _FORMATTERS[language == "ko"]
        filled = (
            text if name is None else text + formatter.format_field(values[name], spec or "")
            for text, name, spec in _parts(template)
        )
        return "".join(filled)


@cache
def _parts(template: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """Return the parts of a template: a text, and the name and the format of the place after it."""
    return tuple((text, name, spec) for text, name, spec, _ in Formatter().parse(template))


def did_you_mean(names: Sequence[str]) -> Value:
    """Return the question whether a similar name was meant; an empty text if there is none.

    >>> Message("NotFound/claim", name="oneflw", near=did_you_mean(["oneflow", "outflow"])).text()
    "No claim is named 'oneflw'. Did you mean 'oneflow' or 'outflow'?"
    """
    return Message("did-you-mean", names=tuple(names)) if names else ""


_MOST_LETTERS, _MOST_NAMES = 200, 50_000
"""A longer name resembles no name of the ledger; more names would take seconds to compare."""


def find_similar(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that resemble a name, the nearest first; of very many names, only the first are compared.

    >>> find_similar("oneflw", ["inbox", "oneflow"]), find_similar("oneflw" * 100, ["oneflw" * 101])
    (['oneflow'], [])
    """
    return [] if len(name) > _MOST_LETTERS else difflib.get_close_matches(name, islice(names, _MOST_NAMES), n=most)


def message_row(key: str) -> MessageRow:
    """Return the row of a key.

    Raises:
        KeyError: the table has no such key.
    """
    return message_table()[key]


@cache
def message_table() -> Mapping[str, MessageRow]:
    """Return the whole table.

    Raises:
        ValueError: a key is in two files.
    """
    rows: dict[str, MessageRow] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for key, row in _rows(tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in rows:
                    message = f"{file.name}: the message '{key}' is defined twice"
                    raise ValueError(message)
                rows[key] = row
    return rows


def _rows(tables: Mapping[str, Any]) -> Iterator[tuple[str, MessageRow]]:
    for code, parts in tables.items():
        variants = {name: part for name, part in parts.items() if isinstance(part, dict)}
        own = {name: part for name, part in parts.items() if name not in variants}
        if "en" in own:
            yield code, MessageRow(**own)
        for name, part in variants.items():
            yield f"{code}/{name}", MessageRow(**(own | part))


class _Formatter(Formatter):
    """Fills the places of a template with values as people of one language read them.

    A format may be that of Python (`{count:,}`) or one of these: `{count:file|files}` is the word that goes with a
    number, `{kind:value}` the stored value of a term instead of its label, `{names:or}` a list joined by "or" instead
    of commas. Further words for lists: `quoted` puts each value in quotation marks, `named` shows a term by its stored
    value with the label in brackets, as in `{words:named or}`.
    """

    def __init__(self, *, is_korean: bool) -> None:
        self._is_korean = is_korean

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401  the signature of the base class
        if isinstance(value, tuple):
            return self._join(value, format_spec.split())
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if value == 1 else many
        if isinstance(value, Message):
            return value.sentence("ko" if self._is_korean else "en")
        if format_spec != "value" and isinstance(value, Term | Label):
            return value.label_ko if self._is_korean else value.label_en
        if isinstance(value, Decimal) and not format_spec:
            return format(value, "f")
        return format(value, "" if format_spec == "value" else format_spec)

    def _join(self, values: tuple[Value, ...], words: list[str]) -> str:
        texts = [self._name_with_label(value) if "named" in words else self.format_field(value, "") for value in values]
        if "quoted" in words:
            texts = [f"‘{text}’" if self._is_korean else f"'{text}'" for text in texts]
        if "or" not in words or len(texts) < 2:  # noqa: PLR2004  one value has nothing to be joined with
            return (" " if isinstance(values[0], Message) else ", ").join(texts) if values else ""
        return f"{', '.join(texts[:-1])} {'또는' if self._is_korean else 'or'} {texts[-1]}"

    def _name_with_label(self, value: Value) -> str:
        name = str(value.value) if isinstance(value, Term) else str(value)
        label = self.format_field(value, "")
        quoted = name if self._is_korean else f"'{name}'"
        if label == name:
            return quoted
        return f"{quoted}({label})" if self._is_korean else f"{quoted} ({label})"


_FORMATTERS = (_Formatter(is_korean=False), _Formatter(is_korean=True))

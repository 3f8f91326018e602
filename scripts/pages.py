"""The text of every generated file: JSON Schemas and metadata.yml from the code, and the cog blocks of the pages.

In: the package. Out: path and text; `scripts/docs` writes or compares them. To generate another file, add a row to
`FILES`; to generate part of a page, put a cog block into it that calls a function of this module.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import cogapp
from pydantic import BaseModel

from claimledger import vocabulary
from claimledger.ledger.text_form import ArticleFile, ClaimFile, DocumentFile
from claimledger.models import Revision
from claimledger.publishing.metadata import metadata_text
from claimledger.publishing.sheet_columns import COLUMNS, Use

ROOT = Path(__file__).resolve().parent.parent
HELP_WIDTH = 100


def schema(model: type[BaseModel], comment: str) -> str:
    """Return the JSON Schema (draft 2020-12) of what a model reads."""
    text = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": comment, **model.model_json_schema()}
    return json.dumps(text, ensure_ascii=False, indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "docs/schema/article-file.schema.json": lambda: schema(ArticleFile, "claims/<article>/article.yaml"),
    "docs/schema/claim-file.schema.json": lambda: schema(ClaimFile, "claims/<article>/<claim_id>.yaml"),
    "docs/schema/document-file.schema.json": lambda: schema(DocumentFile, "claims/documents/<document_id>.yaml"),
    "docs/schema/log-body.schema.json": lambda: schema(Revision, "One line of claims/log/*.jsonl"),
    "metadata.yml": metadata_text,
}
"""Every generated file, by its path, and what prints it."""


def texts(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield each generated file, by its path, and the text it should hold."""
    yield from ((root / name, text()) for name, text in FILES.items())
    for page in [*root.glob("*.md"), *sorted((root / "docs").rglob("*.md"))]:
        written = page.read_text(encoding="utf-8")
        if "[[[cog" in written:
            yield page, cogapp.Cog().process_string(written, str(page))


def vocabulary_tables() -> str:
    """Return every vocabulary as Markdown: its meaning and a table of its words."""
    return "\n".join(_vocabulary_table(terms) for terms in (*vocabulary.VOCABULARIES, *vocabulary.DESK_VOCABULARIES))


def _vocabulary_table(terms: type[vocabulary.Term]) -> str:
    words = "".join(f"| `{term.value}` | {term.label_en} | {term.label_ko} |\n" for term in terms)
    return f"## {terms.__name__}\n\n{terms.__doc__}\n\n| value | English | 한국어 |\n| --- | --- | --- |\n{words}"


TAKEN_IN: Mapping[Use, str] = {
    Use.KEY: "key", Use.SHOWN: "shown", Use.BESIDE: "for reading", Use.MERGED: "merged", Use.ADDED: "new",
}  # fmt: skip
"""What becomes of a column of a review sheet, in a word."""


def review_columns() -> str:
    """Return the columns of a review sheet as a Markdown table."""
    rows = (
        f"| `{column.name}` | {TAKEN_IN[column.use]} | {column.meaning.english} | {column.meaning.korean} |\n"
        for column in COLUMNS
    )
    return f"| column | taken in | English | 한국어 |\n|---|---|---|---|\n{''.join(rows)}"


def command_reference(name: str, command: click.Command) -> str:
    """Return the help of a command and of all below it as Markdown."""
    contexts = _contexts(name, command, None)
    return "\n".join(f"## {here.command_path}\n\n```text\n{here.get_help()}\n```\n" for here in contexts)


def _contexts(name: str, command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    widths = {"terminal_width": HELP_WIDTH, "max_content_width": HELP_WIDTH}
    here = click.Context(command, info_name=name, parent=parent, **{**command.context_settings, **widths})
    yield here
    if isinstance(command, click.Group):
        for below in command.list_commands(here):
            yield from _contexts(below, command.commands[below], here)

"""Changes to the templates of Datasette: a main landmark, headings in order, and labels for the values of facets.

Each change replaces a text of a template, so that both lines of Datasette keep their own templates. A text that a later
version lacks is not replaced. A template that a site defines itself is changed in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import BaseLoader

from claimledger.datasette_plugin.public_pages.language import page_language
from claimledger.publishing.column_labels import column_label, value_label

if TYPE_CHECKING:
    from datasette import Request
    from jinja2 import Environment

_HEADINGS = (("<h3", "<h2"), ("</h3>", "</h2>"))
_REPLACEMENTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "base.html": (
        ("<html>", '<html lang="en">'),
        ('<section class="content">', '<main><section class="content">'),
        ("</section>\n</div>", "</section></main>\n</div>"),
    ),
    "table.html": _HEADINGS,
    "query.html": _HEADINGS,
    "_facet_results.html": (
        ("{{ facet_value.toggle_url }}", "{{ claimledger_below(facet_value.toggle_url, urls.path('/')) }}"),
        ("{{ facet_info.toggle_url }}", "{{ claimledger_below(facet_info.toggle_url, urls.path('/')) }}"),
        (
            '{{ path_with_replaced_args(request, {"_facet_size": "max"}) }}',
            "{{ claimledger_below(path_with_replaced_args(request, {'_facet_size': 'max'}), urls.path('/')) }}",
        ),
        ("<strong>{{ facet_info.name }}", "<strong>{{ claimledger_column(database, facet_info.name, request) }}"),
        ('{% if facet_info.type != "column" %} ({{ facet_info.type }}){% endif %}', ""),
        ("facet_value.label", "claimledger_label(database, table, facet_info.name, facet_value.label, request)"),
    ),
}
"""The texts to replace, by template."""


class ChangedTemplates(BaseLoader):
    """A loader that gives out the templates of another loader with replaced texts."""

    def __init__(self, loader: BaseLoader) -> None:
        """Read the templates with a loader."""
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the text of a template, the path of its file, and a function that reports if it is current."""
        source, path, is_current = self._loader.get_source(environment, template)
        for before, after in _REPLACEMENTS.get(template.rpartition(":")[2], ()):
            source = source.replace(before, after)
        return source, path, is_current

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self._loader.list_templates()


def change_templates(environment: Environment) -> None:
    """Change the templates of Datasette."""
    if environment.loader and not isinstance(environment.loader, ChangedTemplates):
        environment.loader = ChangedTemplates(environment.loader)
    environment.globals |= {
        "claimledger_column": _column,
        "claimledger_label": _label,
        "claimledger_below": path_below_root,
    }


def path_below_root(address: str, root: str) -> str:
    """Return an address of this server below the path at which a proxy shows it; Datasette forgets it for some facets.

    >>> path_below_root("http://127.0.0.1/ledger/claims?a=1", "/press/"), path_below_root("/press/ledger", "/press/")
    ('http://127.0.0.1/press/ledger/claims?a=1', '/press/ledger')
    """
    split = urlsplit(address)
    if split.path.startswith(root):
        return address
    return split._replace(path=f"{root.rstrip('/')}{split.path}").geturl()


def _column(_database: str, column: str, request: Request) -> str:
    """Return the heading of a facet: the label of its column, and the column's name as in the table."""
    label = column_label(column, page_language(request))
    return f"{label} ({column})" if label else column


def _label(_database: str, table: str, column: str, value: object, request: Request) -> object:
    """Return the label of a value in a facet; a value without a label is not changed."""
    return value_label(table, column, value, page_language(request)) if isinstance(value, str) else value

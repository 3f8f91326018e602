"""Python sources as syntax trees, each parsed once for all checks that read it."""

import ast
import threading
from collections.abc import Sequence
from functools import cache

WITHOUT_TEXT = frozenset({ast.Load, ast.Store, ast.Del, ast.Name, ast.alias, ast.Import, ast.ImportFrom, ast.Pass})
"""Nodes with neither a definition nor a string below them, or every second node of a tree."""
KEPT = frozenset({ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.JoinedStr, ast.Constant})
"""The nodes that the checks look at: definitions and strings."""
_ONE_AT_A_TIME = threading.Lock()
"""Held while a source is parsed, so that two checks do not both parse it."""


def parse(source: str) -> ast.Module:
    """Return the tree of a source; parse it only once."""
    with _ONE_AT_A_TIME:
        return _parse(source)


def list_nodes(source: str) -> Sequence[ast.AST]:
    """Return the definitions and constants of a source, outer ones before inner ones, as `ast.walk` yields them."""
    tree = parse(source)
    with _ONE_AT_A_TIME:
        return _list_nodes(tree)


@cache
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


@cache
def _list_nodes(tree: ast.Module) -> Sequence[ast.AST]:
    nodes: list[ast.AST] = [tree]
    for node in nodes:  # the list grows
        for value in vars(node).values():
            if isinstance(value, list):
                nodes.extend([one for one in value if isinstance(one, ast.AST)])
            elif isinstance(value, ast.AST) and type(value) not in WITHOUT_TEXT:
                nodes.append(value)
    return [node for node in nodes if type(node) in KEPT]

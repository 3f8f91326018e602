"""Check the size of the source: functions and files must not be too long.

Length is counted in lines, including docstrings. A nested function counts for itself and for the function around it.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import syntax_trees

LONGEST_FUNCTION = 80
LONG_FUNCTION = 50
LONG_SHARE = 0.02
LONGEST_FILE = 400
ONE_FILE_ON_PURPOSE = {"claimledger/verify_log.py": 740}
"""Files that people copy as they are, with their own longest length."""


class Function(NamedTuple):
    """A function and its length."""

    place: str
    """The file, line and name."""
    length: int
    """The number of lines from its `def` to its end."""


def over_budget(files: Iterable[Path]) -> list[str]:
    """Return a sentence for each file or function that is too long."""
    sources = {file.as_posix(): file.read_text(encoding="utf-8") for file in files}
    functions = [function for name, source in sources.items() for function in functions_of(name, source)]
    return [
        *_long_files(sources),
        *(f"{place}: {length} lines; no function over {LONGEST_FUNCTION}"
          for place, length in functions if length > LONGEST_FUNCTION),
        *_too_many_long(functions),
    ]  # fmt: skip


def functions_of(name: str, source: str) -> Iterator[Function]:
    """Yield every function and method of a file."""
    for node in syntax_trees.list_nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(f"{name}:{node.lineno}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)


def _long_files(sources: Mapping[str, str]) -> Iterator[str]:
    for name, source in sources.items():
        length, longest = len(source.splitlines()), LONGEST_FILE
        for on_purpose, own_longest in ONE_FILE_ON_PURPOSE.items():
            longest = own_longest if name.endswith(on_purpose) else longest
        if length > longest:
            yield f"{name}: {length} lines; no file over {longest}"


def _too_many_long(functions: list[Function]) -> Iterator[str]:
    long = [function for function in functions if function.length > LONG_FUNCTION]
    if len(long) > LONG_SHARE * len(functions):
        yield f"{len(long)} of {len(functions)} functions are over {LONG_FUNCTION} lines; at most 2 % may be:"
        yield from (f"  {place}: {length} lines" for place, length in long)

"""Names that are used twice below the interfaces: module names, and public names that modules define.

One name for two things makes a reader look twice. The command line and the Datasette plugin may repeat the names of the
records and steps that they show.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import syntax_trees
from wording import Hit

PACKAGE = "claimledger"
INTERFACES = frozenset({"cli", "datasette_plugin"})
STANDALONE = frozenset({"verify_log.py"})
"""Files that people copy as they are, which therefore have everything themselves."""
USUAL = frozenset({"__init__", "__main__"})


def find_repeated_names(root: Path) -> Iterator[Hit]:
    """Yield each module name and each public name that is there more than once below the interfaces."""
    files = [file for file in sorted((root / PACKAGE).rglob("*.py")) if is_below_interfaces(file, root / PACKAGE)]
    modules: dict[str, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for file in files:
        path = file.relative_to(root).as_posix()
        for module in {file.stem, file.parent.name if file.name == "__init__.py" else file.stem} - USUAL:
            modules[module].append(path)
        for name in sorted(set(public_names(syntax_trees.parse(file.read_text(encoding="utf-8"))))):
            names[name].append(path)
    yield from repeated_hits("module-name", modules)
    yield from repeated_hits("public-name", names)


def is_below_interfaces(file: Path, package: Path) -> bool:
    """Return whether a module belongs to neither interface, and is no program of its own."""
    return file.relative_to(package).parts[0] not in INTERFACES | STANDALONE


def public_names(tree: ast.Module) -> Iterator[str]:
    """Yield every public name that a module itself defines."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def repeated_hits(pattern: str, uses: Mapping[str, list[str]]) -> Iterator[Hit]:
    """Yield a hit for each name that is used more than once; it names all places."""
    for name, paths in sorted(uses.items()):
        if len(paths) > 1:
            yield Hit(pattern, paths[0], 0, f"'{name}' is also in {', '.join(paths[1:])}")

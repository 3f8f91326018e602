"""The places where wording can be plainer: names, docstrings, comments, messages, interface, docs, tests, commits.

Each place is a hit with the name of its pattern. plain_words.py compares the hits with the budget.
"""

import ast
import html
import io
import re
import subprocess
import tokenize
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import syntax_trees
import word_lists
from word_lists import ENGLISH, KOREAN, WordList

FIRST_COMMIT = "536f10a13c72610b3e20b6eaba84b5e40d790c31"
"""The commit after which subjects follow the rules."""
SKIPPED = ("claims/", "tests/faults/", "tests/identity/", "tests/spotting/", "docs/pictures/")
"""Folders of data."""
OWN_LISTS = frozenset({"scripts/word_lists.py", "scripts/plain_words.toml", "tests/test_plain_words.py"})
"""Files that contain the words because they are about them."""
INTERFACE_TOML = re.compile(
    r"claimledger/(?:labels\.toml|messages/[^/]+\.toml|datasette_plugin/.+\.toml|publishing/(?:fields|topics)\.toml|"
    r".+/codes\.toml)$"
)
"""Tables of interface texts; other tables are word lists of the languages."""
INTERFACE_PYTHON = re.compile(
    r"claimledger/(?:(?:labels|vocabulary|desk_vocabulary|rendering|article_rendering)\.py$|"
    r"(?:verdicts|publishing|datasette_plugin|desk|cli)/)"
)
"""Modules whose Korean strings are interface texts."""
HANGUL = re.compile("[가-힣]")
SQL = re.compile(r"\b(?:SELECT|CREATE|INSERT|UPDATE|PRAGMA|DELETE|ALTER)\b")
MESSAGE = re.compile(r"[A-Z'“‘{](?:.*?[A-Za-z]{2,}){4}", re.DOTALL)
"""A string that is a sentence: it begins like one and has four words or more."""
EXAMPLE = re.compile(r"^[ \t]*>>>.*(?:\n(?![ \t]*\n|[ \t]*>>>).+)*", re.MULTILINE)
FENCE = re.compile(r"^ *```.*?^ *```|<!--.*?-->", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`|\]\([^)\n]*\)|https?://\S+")

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Hit(NamedTuple):
    """A place whose wording can be plainer."""

    pattern: str
    """The name of the pattern."""
    path: str
    """The file, or "commit" and its hash."""
    line: int
    """The line, from 1; 0 where the text has no line of its own."""
    text: str
    """The text that matches, with the words around it."""
    word: str = ""
    """The word that an exemption must contain, if the text has several."""

    def __str__(self) -> str:
        """Return the hit as one line that editors can open."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.pattern}: {self.text}"


def list_files(root: Path) -> list[str]:
    """Return the files that git has or would add, or every file if git is not used; folders of data are left out."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listing, cwd=root, check=False, capture_output=True, encoding="utf-8")
    names = done.stdout.splitlines() or [file.relative_to(root).as_posix() for file in root.rglob("*")]
    kept = (name for name in names if not name.startswith((*SKIPPED, ".")) and name not in OWN_LISTS)
    return sorted({name for name in kept if (root / name).is_file()})


def find_hits(root: Path) -> Iterator[Hit]:
    """Yield every hit in the files and in the commit subjects."""
    sources = dict(read_texts(root, list_files(root)))
    trees = {name: syntax_trees.list_nodes(text) for name, text in sources.items() if is_python(name, text)}
    exceptions = find_exceptions(trees.values())
    for name, source in sources.items():
        yield from file_name_hits(name)
        if name in trees:
            yield from python_hits(name, source, trees[name], exceptions)
        elif name.endswith(".md"):
            yield from markdown_hits(name, source)
        elif INTERFACE_TOML.match(name):
            yield from toml_hits(name, tomllib.loads(source))
        elif name.endswith(".html") and name.startswith("claimledger/"):
            yield from template_hits(name, source)
    yield from commit_hits(root)


def read_texts(root: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the files that can have wording, each with its text."""
    for name in names:
        if name.endswith((".py", ".md", ".toml", ".html")) or re.fullmatch(r"scripts/\w+", name):
            yield name, (root / name).read_text(encoding="utf-8")


def is_python(name: str, source: str) -> bool:
    """Return whether a file is Python: by its ending, or a script by its first line."""
    return name.endswith(".py") or source.startswith("#!/usr/bin/env python")


def word_hits(pattern: str, path: str, line: int, text: str, words: WordList = ENGLISH) -> Iterator[Hit]:
    """Yield each word of a list in a text, with its line and the plainer words."""
    for match in words.expression.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        quoted = " ".join(text[max(start, match.start() - 60) : end if end >= 0 else None].split())[:140]
        at = line + text.count("\n", 0, match.start()) if line else 0
        found = " ".join(match[0].split())
        yield Hit(pattern, path, at, f"'{found}' (plainer: {words.advice[match.lastgroup or '']}): {quoted}", found)


def start_hits(pattern: str, path: str, line: int, text: str) -> Iterator[Hit]:
    """Yield each sentence of a text that has a relative for its subject."""
    for match in word_lists.SENTENCE_START.finditer(text):
        at = line + text.count("\n", 0, match.start("relative")) if line else 0
        yield Hit(pattern, path, at, " ".join(text[match.start("relative") : match.end()].split())[:140])


def file_name_hits(name: str) -> Iterator[Hit]:
    """Yield the name of a Python file, if it has a word of the dialect."""
    if name.endswith(".py") and word_lists.DIALECT_NAME.search(Path(name).stem):
        yield Hit("file-name", name, 1, Path(name).name)


# --- Python ---


Nodes = Sequence[ast.AST]
"""The definitions and constants of a tree, outer ones before inner ones."""


def find_exceptions(trees: Iterable[Nodes]) -> set[str]:
    """Return the names of all exception classes: they may be named for a situation."""
    classes = [node for nodes in trees for node in nodes if isinstance(node, ast.ClassDef)]
    bases = {node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases} for node in classes}
    found = {name for name, over in bases.items() if any(base.endswith(("Error", "Exception")) for base in over)}
    for _ in bases:  # a class may derive from one that was found only now
        more = {name for name, over in bases.items() if over & found}
        if more <= found:
            break
        found |= more
    return found


def python_hits(path: str, source: str, nodes: Nodes, exceptions: set[str]) -> Iterator[Hit]:
    """Yield the hits of a Python file: names, docstrings, messages, comments."""
    documented: set[int] = set()
    for where, text in docstrings(nodes):
        documented.add(id(text))
        yield from docstring_hits(path, text.lineno, where, str(text.value))
    for node in nodes:
        if isinstance(node, Definition):
            yield from name_hits(path, node, exceptions)
    if not path.startswith("tests/"):
        for line, string in strings(nodes, documented):
            yield from message_hits(path, line, string)
    yield from comment_hits(path, source)


def comment_hits(path: str, source: str) -> Iterator[Hit]:
    """Yield the hits of the comments; a file without a word behind a "#" is not taken apart, which is slow."""
    if not any(ENGLISH.expression.search(line.partition("#")[2]) for line in source.split("\n")):
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and " noqa" not in token.string:
            yield from word_hits("comment-words", path, token.start[0], token.string)


def docstrings(nodes: Nodes) -> Iterator[tuple[str, ast.Constant]]:
    """Yield every docstring, after the kind of its owner: module, class, function or attribute."""
    kinds = {ast.Module: "module", ast.ClassDef: "class"}
    for node in nodes:
        if isinstance(node, ast.Module | Definition):
            for before, part in zip((None, *node.body), node.body, strict=False):
                text = part.value if isinstance(part, ast.Expr) else None
                if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                    continue
                if before is None:
                    yield kinds.get(type(node), "function"), text
                elif isinstance(before, ast.Assign | ast.AnnAssign):
                    yield "attribute", text


def docstring_hits(path: str, line: int, where: str, text: str) -> Iterator[Hit]:
    """Yield the hits of a docstring, without its examples."""
    prose = EXAMPLE.sub(lambda match: "\n" * match[0].count("\n"), text)
    first = prose.strip().partition("\n")[0][:140]
    if word_lists.RELATIVE_START.match(first):
        yield Hit(f"docstring-{where}", path, line, first)
    if word_lists.RETURN_RELATIVE.match(first):
        yield Hit("docstring-return", path, line, first)
    yield from word_hits("docstring-words", path, line, prose)


def name_hits(path: str, node: Definition, exceptions: set[str]) -> Iterator[Hit]:
    """Yield the name of a class or a function, if it is not a noun or a verb phrase."""
    name, parts = node.name, word_lists.name_parts(node.name)
    if name.startswith("test_"):
        if len(name) > word_lists.LONGEST_TEST_NAME:
            yield Hit("test-name-length", path, node.lineno, name)
        if word_lists.RELATIVE_NAME.match(name) or word_lists.DIALECT_NAME.search(name):
            yield Hit("test-name", path, node.lineno, name)
    elif isinstance(node, ast.ClassDef):
        if len(parts) == 1 and word_lists.is_participle(parts[0]) and name not in exceptions | {name.lower()}:
            yield Hit("class-name", path, node.lineno, name)
    elif not name.startswith("__") and not is_property(node) and not is_verb_phrase(name.strip("_"), parts):
        yield Hit("function-name", path, node.lineno, name)


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is read like an attribute."""
    return any(ast.unparse(one).rpartition(".")[2] in {"property", "cached_property"} for one in node.decorator_list)


def is_verb_phrase(bare: str, parts: list[str]) -> bool:
    """Return whether nothing in a function's name shows that it is neither a verb phrase nor a noun."""
    if len(parts) == 1:
        participle = word_lists.is_participle(parts[0]) and parts[0] not in word_lists.VERBS_TOO
        return not participle and parts[0] not in word_lists.ADVERBS
    return not (bare.endswith("_of") or word_lists.PRONOUN_START.match(bare))


def strings(nodes: Nodes, documented: set[int]) -> Iterator[tuple[int, str]]:
    """Yield every string that is not a docstring, with its line; of an f-string each value is `{}`."""
    inside: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented | inside:
            yield node.lineno, node.value


def message_hits(path: str, line: int, text: str) -> Iterator[Hit]:
    """Yield the hits of a string in the code, if it is a sentence or an interface text."""
    if HANGUL.search(text):
        if INTERFACE_PYTHON.match(path):
            yield from word_hits("interface-korean", path, line, text, KOREAN)
    elif MESSAGE.match(text) and not SQL.search(text):
        yield from word_hits("message-words", path, line, text)
        yield from start_hits("message-start", path, line, text)


# --- other files ---


def markdown_hits(path: str, source: str) -> Iterator[Hit]:
    """Yield the hits of a page of the docs or of the changelog; code is left out."""
    prose = FENCE.sub(lambda match: "\n" * match[0].count("\n"), source)
    prose = CODE.sub("x", prose)
    kind = "changelog" if path == "CHANGELOG.md" else "docs"
    english = "\n".join("" if HANGUL.search(line) else line for line in prose.split("\n"))
    korean = "\n".join(line if HANGUL.search(line) else "" for line in prose.split("\n"))
    yield from word_hits(f"{kind}-words", path, 1, english)
    yield from start_hits(f"{kind}-start", path, 1, english)
    yield from word_hits(f"{kind}-korean", path, 1, korean, KOREAN)
    if kind == "changelog":
        for match in re.finditer(r"^- (?:.+\n)(?:  .*\n)*", source, re.MULTILINE):
            entry = " ".join(match[0].split())
            if len(entry) > word_lists.LONGEST_ENTRY:
                line = source.count("\n", 0, match.start()) + 1
                yield Hit("changelog-length", path, line, f"{len(entry)} characters: {entry[:80]}")


def toml_hits(path: str, table: object, key: str = "") -> Iterator[Hit]:
    """Yield the hits of a table of interface texts; hits have a key instead of a line."""
    if isinstance(table, Mapping):
        for name, value in table.items():
            yield from toml_hits(path, value, f"{key}.{name}".lstrip("."))
    elif isinstance(table, list):
        for value in table:
            yield from toml_hits(path, value, key)
    elif isinstance(table, str):
        for hit in interface_hits(path, 0, table):
            yield hit._replace(text=f"{key}: {hit.text}")


def template_hits(path: str, source: str) -> Iterator[Hit]:
    """Yield the hits of the texts of a template, between tags and expressions."""
    bare = re.sub(r"\{[{%#].*?[#%}]\}|<style.*?</style>|<script.*?</script>|<[^>]*>",
                  lambda match: " " + "\n" * match[0].count("\n"), source, flags=re.DOTALL)  # fmt: skip
    for number, line in enumerate(bare.split("\n"), start=1):
        yield from interface_hits(path, number, html.unescape(line))


def interface_hits(path: str, line: int, text: str) -> Iterator[Hit]:
    """Yield the hits of an interface text in its language."""
    if HANGUL.search(text):
        yield from word_hits("interface-korean", path, line, text, KOREAN)
    else:
        yield from word_hits("interface-words", path, line, text)
        yield from start_hits("interface-start", path, line, text)


def commit_hits(root: Path) -> Iterator[Hit]:
    """Yield the commit subjects that are too long or not imperative; none where the history is not there."""
    log = ["git", "log", "--no-merges", "--format=%h%x09%s", f"{FIRST_COMMIT}..HEAD"]
    done = subprocess.run(log, cwd=root, check=False, capture_output=True, encoding="utf-8")
    for entry in done.stdout.splitlines() if not done.returncode else ():
        commit, _, subject = entry.partition("\t")
        if len(subject) > word_lists.LONGEST_SUBJECT:
            yield Hit("commit-length", f"commit {commit}", 0, f"{len(subject)} characters: {subject}")
        if not word_lists.is_imperative(subject):
            yield Hit("commit-verb", f"commit {commit}", 0, f"does not begin with a verb: {subject}")

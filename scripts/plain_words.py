"""The budget of wording: no kind of unclear wording may become more frequent.

Run by scripts/check, and by hand: `python scripts/plain_words.py` compares with the budget in plain_words.toml,
`--show PATTERN` lists the hits, `--since COMMIT` only those in lines that changed since then, and `--write` writes
today's counts.
"""

import argparse
import gc
import re
import subprocess
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import environment
from environment import Failed, say
from public_names import find_repeated_names
from wording import Hit, find_hits

BUDGET = "scripts/plain_words.toml"
NAMES = frozenset({"module-name", "public-name"})
"""The patterns of the check "names"; all others belong to the check "plain words"."""
PATTERNS = {
    "changelog-korean": "an unusual Korean word in the changelog",
    "changelog-length": "an entry of the changelog over 240 characters",
    "changelog-start": "a sentence of the changelog that has a relative for its subject",
    "changelog-words": "an unclear word in the changelog",
    "class-name": "a class that is named with a bare participle",
    "comment-words": "an unclear word in a comment",
    "commit-length": "a commit subject over 72 characters",
    "commit-verb": "a commit subject without an imperative verb",
    "docs-korean": "an unusual Korean word in the docs",
    "docs-start": "a sentence or heading of the docs that has a relative for its subject",
    "docs-words": "an unclear word in the docs",
    "docstring-attribute": "the docstring of an attribute that begins with a relative or a preposition",
    "docstring-class": "the docstring of a class that begins with a relative or a preposition",
    "docstring-function": "the docstring of a function that begins with a relative or a preposition",
    "docstring-module": "the docstring of a module that begins with a relative or a preposition",
    "docstring-return": 'a docstring that returns a relative ("Return what ...")',
    "docstring-words": "an unclear word in a docstring",
    "file-name": "a Python file that is named with a participle or a verb of the old dialect",
    "function-name": "a function whose name is neither a verb phrase nor a noun",
    "interface-korean": "an unusual Korean word in the interface",
    "interface-start": "a label or sentence of the interface that has a relative for its subject",
    "interface-words": "an unclear word in the interface",
    "message-start": "a sentence in the code that has a relative for its subject",
    "message-words": "an unclear word in a sentence in the code",
    "module-name": "a module name that is used twice below the interfaces",
    "public-name": "a public name that two modules below the interfaces define",
    "test-name": "a test name that begins with a relative or has a word of the old dialect",
    "test-name-length": "a test name over 70 characters",
}
"""Each pattern and what it finds."""
SHOWN = 5
HEADING = "[counts]\n"


class Exemption(NamedTuple):
    """Hits that are accepted, with the reason."""

    pattern: str
    """The pattern."""
    text: str
    """A part of the hit's text, with the word that is accepted."""
    path: str
    """The beginning of the hit's path; empty for all files."""

    def covers(self, hit: Hit) -> bool:
        """Return whether a hit is accepted: its own word must be in the text, not only another one of its line."""
        is_here = hit.pattern == self.pattern and hit.path.startswith(self.path)
        return is_here and self.text in hit.text and hit.word in self.text


class Budget(NamedTuple):
    """The numbers of hits that are allowed."""

    counts: dict[str, int]
    """The largest count of each pattern; 0 for a pattern that is not listed."""
    accepted: list[Exemption]
    """The hits that are not counted."""


def main(arguments: Sequence[str]) -> int:
    """Compare with the budget, list hits or write the budget."""
    parser = argparse.ArgumentParser(prog="scripts/plain_words.py", description="Check the budget of wording.")
    parser.add_argument("--show", nargs="+", metavar="PATTERN", choices=sorted(PATTERNS), help="list these hits")
    parser.add_argument("--since", metavar="COMMIT", help="list only hits in lines that changed since this commit")
    parser.add_argument("--write", action="store_true", help="write today's counts into the budget")
    options = parser.parse_args(arguments)
    root = environment.ROOT
    hits = [*find_hits(root), *find_repeated_names(root)]
    if options.write:
        write_budget(root, hits)
        return 0
    if options.show or options.since:
        lines = changed_lines(root, options.since) if options.since else None
        budget = read_budget(root)
        for hit in open_hits(hits, budget):
            if hit.pattern in (options.show or PATTERNS) and (lines is None or hit.line in lines.get(hit.path, ())):
                say(str(hit))
        return 0
    found = complaints(root, hits, frozenset(PATTERNS))
    for complaint in found or ["No kind of unclear wording is over its budget."]:
        say(complaint)
    return 1 if found else 0


def wording_complaints(root: Path) -> list[str]:
    """Return the complaints of the check "plain words"."""
    return complaints(root, find_hits(root), PATTERNS.keys() - NAMES)


def name_complaints(root: Path) -> list[str]:
    """Return the complaints of the check "names"."""
    return complaints(root, find_repeated_names(root), NAMES)


def complaints(root: Path, hits: Iterable[Hit], patterns: Iterable[str]) -> list[str]:
    """Return a sentence for each pattern over its budget, with hits, and for each exemption without a hit."""
    try:
        budget = read_budget(root)
    except Failed as failure:
        return [str(failure)]
    hits = list(hits)
    counted = defaultdict(list)
    for hit in open_hits(hits, budget):
        counted[hit.pattern].append(hit)
    lines: list[str] = []
    for pattern in sorted({*patterns, *counted}):
        found, allowed = counted[pattern], budget.counts.get(pattern, 0)
        if len(found) > allowed:
            lines.append(f"{pattern}: {len(found)}, at most {allowed} allowed: {PATTERNS[pattern]}. To list yours: "
                         f"python scripts/plain_words.py --show {pattern} --since COMMIT")  # fmt: skip
            lines.extend(f"  {hit}" for hit in newest_first(root, found)[:SHOWN])
    unused = [one for one in budget.accepted if one.pattern in patterns and not any(map(one.covers, hits))]
    lines.extend(f"{BUDGET}: nothing matches the exemption {one.pattern} '{one.text}'. Remove it." for one in unused)
    return lines


def newest_first(root: Path, hits: list[Hit]) -> list[Hit]:
    """Return hits with those in lines that are not committed yet before the others."""
    try:
        lines = changed_lines(root, "HEAD")
    except Failed:  # no git here, or no commit
        return hits
    return sorted(hits, key=lambda hit: hit.line not in lines.get(hit.path, ()))


def open_hits(hits: Iterable[Hit], budget: Budget) -> Iterator[Hit]:
    """Yield the hits that no exemption covers."""
    return (hit for hit in hits if not any(one.covers(hit) for one in budget.accepted))


def read_budget(root: Path) -> Budget:
    """Return the budget.

    Raises:
        Failed: an exemption has no reason, or a pattern is unknown.
    """
    table = tomllib.loads((root / BUDGET).read_text(encoding="utf-8"))
    accepted = table.get("accepted", [])
    for one in accepted:
        if not (one.get("text") and str(one.get("reason", "")).strip()):
            raise Failed(f"{BUDGET}: an exemption of '{one.get('pattern')}' has no text or no reason. Add both.")
    unknown = {*table.get("counts", {}), *(str(one.get("pattern")) for one in accepted)} - PATTERNS.keys()
    if unknown:
        raise Failed(f"{BUDGET}: unknown pattern {', '.join(sorted(unknown))}. Use one of {', '.join(PATTERNS)}.")
    exemptions = [Exemption(one["pattern"], one["text"], one.get("path", "")) for one in accepted]
    return Budget(table.get("counts", {}), exemptions)


def write_budget(root: Path, hits: Iterable[Hit]) -> None:
    """Write today's counts; the exemptions stay as they are."""
    budget = read_budget(root)
    counts = Counter(hit.pattern for hit in open_hits(hits, budget))
    for pattern in sorted(PATTERNS):
        before, after = budget.counts.get(pattern, 0), counts[pattern]
        if before != after:
            say(f"{pattern}: {before} before, {after} now")
    kept = (root / BUDGET).read_text(encoding="utf-8").partition(HEADING)[0]
    listed = "".join(f"{pattern} = {counts[pattern]}\n" for pattern in sorted(PATTERNS))
    (root / BUDGET).write_text(kept + HEADING + listed, encoding="utf-8", newline="\n")


def changed_lines(root: Path, commit: str) -> dict[str, set[int]]:
    """Return for each file the numbers of the lines that were added or changed since a commit; 0 is the file itself.

    Raises:
        Failed: git does not know the commit.
    """
    diff = git(root, "diff", "--unified=0", "--no-color", commit, "--")
    lines: dict[str, set[int]] = defaultdict(set)
    for name in git(root, "ls-files", "--others", "--exclude-standard").splitlines():
        lines[name].update(range((root / name).read_bytes().count(b"\n") + 2))
    path = ""
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = line[len("+++ b/") :]
        place = re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)
        if place:
            first, count = int(place[1]), int(place[2] or 1)
            lines[path].update(range(first, first + count), {0} if count else ())
    return lines


def git(root: Path, *arguments: str) -> str:
    """Run git; return what it prints.

    Raises:
        Failed: it failed; says the command and git's own words.
    """
    done = subprocess.run(["git", *arguments], cwd=root, check=False, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Failed(f"'git {arguments[0]}' failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    gc.disable()  # the trees stay: looking for garbage in them takes as long as the checks that read them
    environment.finish(main)

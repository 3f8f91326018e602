#!/usr/bin/env python3
"""Write the table of characters of one Unicode version to claimledger/characters.toml, from the package `regex`.

The table ships with the program, so that every Python decides alike; `unicodedata` has another version in each of them.
Run it after an update of `regex`, with the version that its documentation names: `python scripts/characters.py 18.0.0`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

import regex  # type: ignore[import-untyped]

TABLE = Path(__file__).parent.parent / "claimledger" / "characters.toml"
PROPERTIES = {
    "hidden": r"[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cn}\p{Cs}\u2028\u2029\u2800\ufff9-\ufffb]",
    "pictographic": r"\p{Extended_Pictographic}",
    "latin": r"[\p{Script=Latin}&&\p{L}]",
    "cyrillic": r"[\p{Script=Cyrillic}&&\p{L}]",
    "greek": r"[\p{Script=Greek}&&\p{L}]",
    "armenian": r"[\p{Script=Armenian}&&\p{L}]",
    "cherokee": r"[\p{Script=Cherokee}&&\p{L}]",
}
"""The name of each set, and its characters."""


def code_points(pattern: str) -> Iterator[int]:
    """Yield the code points that match, in order; of the set `hidden`, those assigned to no character too."""
    compiled = regex.compile(pattern, regex.V1)
    return (code for code in range(0x110000) if compiled.match(chr(code)))


def ranges(codes: Iterator[int]) -> Iterator[str]:
    """Yield the ranges of ordered code points in hexadecimal digits."""
    first = last = next(codes)
    for code in codes:
        if code != last + 1:
            yield write_table(first, last)
            first = code
        last = code
    yield write_table(first, last)


def write_table(first: int, last: int) -> str:
    """Return a range as the table has it."""
    return f"{first:04X}" if first == last else f"{first:04X}-{last:04X}"


def table(version: str) -> str:
    """Return the text of the table."""
    head = f'# Written by scripts/characters.py, from the data of Unicode {version}.\nunicode = "{version}"\n'
    parts = [
        f'{name} = """\n{fill(" ".join(ranges(code_points(pattern))), 118)}\n"""\n'
        for name, pattern in PROPERTIES.items()
    ]
    return "\n".join([head, *parts])


if __name__ == "__main__":
    TABLE.write_text(table(sys.argv[1]), encoding="utf-8", newline="\n")

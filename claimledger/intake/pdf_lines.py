"""Joins the lines of a PDF's pages to paragraphs, so that a sentence is on one line as in other articles."""

from __future__ import annotations

import re

_ENDS_SENTENCE = re.compile(r"[.!?。…:;][\"'”’」』)\]]*$")
_BROKEN_WORD = re.compile(r"[a-z]{2}-$")
_SHORT = 0.7
"""A line with less than this share of the longest usual line ends a paragraph if it ends a sentence."""


def join_lines(text: str) -> str:
    r"""Return the text with the lines of each paragraph joined; empty lines and pages end no sentence.

    >>> join_lines("The port moved 1.2 mil-\nlion tonnes in 2030,\nit said.\n\nNew.")
    'The port moved 1.2 million tonnes in 2030, it said.\nNew.\n'
    """
    lines = [" ".join(line.split()) for line in text.replace("\f", "\n").split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if not line:
            is_open = is_open and not _ENDS_SENTENCE.search(paragraphs[-1])
            continue
        if not is_open:
            paragraphs.append(line)
        elif _BROKEN_WORD.search(paragraphs[-1]) and line[0].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        else:
            paragraphs[-1] += f" {line}"
        is_open = not (_ENDS_SENTENCE.search(line) and len(line) < usual * _SHORT)
    return "\n".join(paragraphs) + "\n" if paragraphs else ""

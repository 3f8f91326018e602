"""Read the values of a large file of JSON one after the other, so that memory does not grow with the file.

The file is JSON Lines, one list, or a map with a list: the items of the first list with a map in it are the values.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from claimledger.foreign_reviews.json_documents import JSON_DECODER

_CHUNK = 1 << 20
_LONGEST_VALUE = 64 << 20
"""The largest number of characters of one value."""
_BLANK = re.compile(r"[\s,\ufeff]*")
_TEXT = r'"(?:[^"\\]|\\.)*"'
_LIST_IN_MAP = re.compile(rf'\s*\{{\s*(?:{_TEXT}\s*:\s*(?:{_TEXT}|[^\[\]{{}}",]+)\s*,\s*)*{_TEXT}\s*:\s*\[')
"""The beginning of a map up to its first list, if only single values come before it."""


def stream_json_values(file: Path) -> Iterator[Any]:
    """Yield the values of a file in UTF-8.

    Raises:
        ValueError: from some place on, the file is not JSON.
    """
    with file.open("rb") as stream:
        buffer = _Buffer(stream)
        buffer.fill()
        begin = _BLANK.match(buffer.text)
        text = buffer.text[begin.end() if begin else 0 :]
        opened = _LIST_IN_MAP.match(text)
        if text.startswith("["):
            buffer.drop(buffer.text.index("[") + 1)
        elif opened and not _is_whole_line(text):
            buffer.drop(len(buffer.text) - len(text) + opened.end())
        yield from buffer.values()


def _is_whole_line(text: str) -> bool:
    """Return whether the first line is a value of its own, as in JSON Lines."""
    try:
        JSON_DECODER.decode(text.partition("\n")[0])
    except ValueError:
        return False
    return "\n" in text.strip()


class _Buffer:
    """The part of a file that is read and not yet used."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.text, self._stream, self._is_end = "", stream, False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")

    def fill(self) -> bool:
        """Read the next part of the file; return whether there was one."""
        chunk = b"" if self._is_end else self._stream.read(_CHUNK)
        self._is_end = not chunk
        self.text += self._decoder.decode(chunk, final=self._is_end)
        return not self._is_end

    def drop(self, length: int) -> None:
        """Remove the beginning, which is used."""
        self.text = self.text[length:]

    def values(self) -> Iterator[Any]:
        """Yield one value after the other, up to the end of the list or of the file."""
        position = 0
        while True:
            found = _BLANK.match(self.text, position)
            position = found.end() if found else position
            if self.text[position : position + 1] == "]":
                return
            if len(self.text) - position < _CHUNK // 2 and self.fill_from(position):
                position = 0
                continue
            if position >= len(self.text):
                return
            try:
                value, end = JSON_DECODER.raw_decode(self.text, position)
            except json.JSONDecodeError:
                if len(self.text) - position > _LONGEST_VALUE or not self.fill_from(position):
                    raise
                position = 0
                continue
            yield value
            position = end

    def fill_from(self, position: int) -> bool:
        """Drop what was used and read more; return whether there was more."""
        self.drop(position)
        if self.fill():
            return True
        return position > 0

"""Unusual spellings in claim files: each is read, printed in its plain form, and stays the same from then on.

`NAME.yaml` is the file as a person typed it. `NAME.printed.yaml` is the printed form, if it differs.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from claimledger.ledger import text_form
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.text_form import RecordFile

HERE = Path(__file__).parent
TYPED = sorted(path.stem for path in HERE.glob("*.yaml") if not path.name.endswith(".printed.yaml"))


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return the paths of an empty ledger."""
    return LedgerPaths(tmp_path)


def read(content: bytes, places: LedgerPaths) -> RecordFile:
    """Write a file's content to the path where it belongs, and read it."""
    if b"obtained_at" in content:
        path = places.claims / "documents" / "toll-notice.yaml"
    else:
        name = "night-toll-900-won-nt7w.yaml" if b"claim_id" in content else "article.yaml"
        path = places.claims / "hanbit-bridge" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    form, problems, _ = text_form.read_record_file(path, places)
    assert not problems, "\n".join(map(str, problems))
    assert form is not None
    return form


def typed_content(name: str) -> bytes:
    """Return the content as it was typed."""
    return (HERE / f"{name}.yaml").read_bytes()


def printed_content(name: str) -> bytes:
    """Return the content in its printed form."""
    path = HERE / f"{name}.printed.yaml"
    return path.read_bytes() if path.exists() else typed_content(name)


@pytest.mark.parametrize("name", TYPED)
def test_odd_file_is_normalised_once_and_then_stable(name: str, places: LedgerPaths) -> None:
    form = read(typed_content(name), places)
    assert text_form.format_record_file(form).decode() == printed_content(name).decode()
    again = read(printed_content(name), places)
    assert again.to_json() == form.to_json()
    assert text_form.format_record_file(again) == printed_content(name)


@pytest.mark.parametrize("name", TYPED)
def test_printed_file_exists_only_if_it_differs(name: str) -> None:
    assert (HERE / f"{name}.printed.yaml").exists() == (typed_content(name) != printed_content(name))


def with_crlf(content: bytes) -> bytes:
    """Return the content with the line ends of Windows."""
    return content.replace(b"\n", b"\r\n")


def with_cr(content: bytes) -> bytes:
    """Return the content with the line ends of the classic Macintosh."""
    return content.replace(b"\n", b"\r")


def with_mark(content: bytes) -> bytes:
    """Return the content with a byte order mark and the line ends of Windows, as old versions of Notepad saved it."""
    return codecs.BOM_UTF8 + with_crlf(content)


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPED)
@pytest.mark.parametrize("variant", [with_crlf, with_cr, with_mark])
def test_line_ends_and_byte_order_mark_are_normalised(
    name: str, variant: Callable[[bytes], bytes], places: LedgerPaths
) -> None:
    assert text_form.format_record_file(read(variant(typed_content(name)), places)) == printed_content(name)


FILES_WITH_PASSAGES = {"base-in-the-middle", "verbatim-passages", "quotation-of-a-person"}
"""Files with passages and addresses, which are printed exactly as they were typed."""


@pytest.mark.parametrize("name", sorted(set(TYPED) - FILES_WITH_PASSAGES))
def test_decomposed_letters_are_printed_composed(name: str, places: LedgerPaths) -> None:
    decomposed = unicodedata.normalize("NFD", typed_content(name).decode()).encode()
    assert text_form.format_record_file(read(decomposed, places)) == printed_content(name)


def test_passage_is_printed_exactly_as_typed(places: LedgerPaths) -> None:
    form = read(typed_content("verbatim-passages"), places)
    assert isinstance(form, text_form.ClaimFile)
    assert form.evidence[0].excerpt == "  밤\r\n통행료\u2028900원\0\ufeff \u1112\u1161\u11ab\x1b "
    assert form.appearances[0].quote.exact == "밤  통행료\n 900\n"

"""Documents made for tests: a page, a PDF with any text, and the server answers that contain them."""

from __future__ import annotations

from functools import partial

from loopback import Answer, Server, page

from claimledger.evidence import DOCUMENT_LIMITS, DocumentFetcher
from claimledger.fetching import fetch

SENTENCE = "항만공사는 2030년에 화물 1,204,331t을 다루었다고 밝혔다."
PARAGRAPH = f"{SENTENCE} 이는 한 해 전보다 늘어난 것이다. The authority counts every container that leaves the port."


def html_page(paragraph: str = PARAGRAPH, menu: str = "Home") -> bytes:
    """Return a page with an article of one paragraph, and a menu around it."""
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>하늘항 화물 통계</title>'
        '<meta property="og:site_name" content="하늘항만공사">'
        '<meta property="article:published_time" content="2031-03-02T09:00:00+09:00"></head>'
        f"<body><nav>{menu}</nav><article><h1>하늘항 화물 통계</h1><p>{paragraph}</p></article></body></html>"
    ).encode()


def answered(paragraph: str = PARAGRAPH, menu: str = "Home") -> Answer:
    """Return a server answer with such a page."""
    return page(html_page(paragraph, menu), "Content-Type: text/html; charset=utf-8", "ETag: made")


def reaching(server: Server) -> DocumentFetcher:
    """Return a fetcher that may use a server on loopback like one on the public web."""
    return partial(fetch, limits=DOCUMENT_LIMITS, allow=server.allow)


_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""


def pdf_of(*pages: str, title: str = "Port yearbook") -> bytes:
    """Return a PDF with these texts as pages; they may use any character of Unicode's first plane."""
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(pages)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/Made/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Made/CIDSystemInfo<</Registry(Adobe)/Ordering(I)/Supplement 0>>>>",
        pdf_stream(_TO_UNICODE),
        b"<</Title(%b)/CreationDate(D:20310115090000Z)>>" % title.encode(),
    ]
    for number, text in enumerate(pages):
        parts += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {8 + 2 * number} 0 R>>".encode(),
            pdf_stream(f"BT /F 12 Tf 40 700 Td <{text.encode('utf-16-be').hex()}> Tj ET".encode()),
        ]
    return pdf_file(parts)


def pdf_stream(content: bytes) -> bytes:
    """Return a stream object."""
    return b"<</Length %d>>stream\n%b\nendstream" % (len(content), content)


def pdf_file(parts: list[bytes]) -> bytes:
    """Return a PDF of objects; the first is its catalog, the sixth its metadata."""
    out, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    return out + head + table + b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(parts) + 1, len(out),
    )  # fmt: skip

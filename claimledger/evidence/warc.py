"""Writes requests and answers as WARC 1.1 records (ISO 28500:2017), one pair for each hop, in order.

The result is the bytes of a .warc.gz file, which the tools of web archives can read. The last response has the content
as received, before decompression. Redirects have only their headers, since their bodies were never read;
`WARC-Truncated` says so. The parts of a chunked answer are joined; therefore that header is stored as X-Archive-Orig-….
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from claimledger import __version__
from claimledger.evidence.packages import PackageMissing
from claimledger.fetching import HttpExchange, FetchedPage

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

_REWRITTEN_HEADER = "transfer-encoding"


class _Hop(NamedTuple):
    address: str
    exchange: HttpExchange
    body: bytes | None


def make_warc(page: FetchedPage) -> bytes:
    """Return the WARC records of a page.

    Raises:
        PackageMissing: warcio is not installed.
    """
    try:
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415  of the extra `evidence`
    except ImportError:
        raise PackageMissing("warcio", "archiving") from None
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    software = {"software": f"claimledger/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(None, software))
    date = page.obtained_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for hop in _hops(page):
        _write(writer, hop, date)
    return out.getvalue()


def _hops(page: FetchedPage) -> Iterator[_Hop]:
    yield from (_Hop(hop.address, hop.exchange, None) for hop in page.redirects)
    yield _Hop(page.final_address, page.exchange, page.packed)


def _write(writer: WARCWriter, hop: _Hop, date: str) -> None:
    response = writer.create_warc_record(
        hop.address, "response", payload=io.BytesIO(hop.body or b""), length=len(hop.body or b""),
        http_headers=_response_head(hop.exchange), warc_headers_dict=_warc_headers(hop, date),
    )  # fmt: skip
    response_id = response.rec_headers.get_header("WARC-Record-ID")
    line, *lines = hop.exchange.request.decode("latin-1").split("\r\n")
    headers = [(name, value) for name, divider, value in (one.partition(": ") for one in lines) if divider]
    request = writer.create_warc_record(
        hop.address, "request", http_headers=_http_head(line, headers),
        warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": response_id},
    )  # fmt: skip
    writer.write_record(request)
    writer.write_record(response)


def _warc_headers(hop: _Hop, date: str) -> dict[str, str]:
    headers = {"WARC-Date": date, "WARC-IP-Address": hop.exchange.ip}
    if hop.body is None:
        return headers | {"WARC-Truncated": "unspecified"}
    return headers | {"WARC-Payload-Digest": f"sha256:{sha256(hop.body).hexdigest()}"}


def _response_head(exchange: HttpExchange) -> Any:  # noqa: ANN401  warcio has no types
    headers = [(f"X-Archive-Orig-{name}" if name.lower() == _REWRITTEN_HEADER else name, value)
               for name, value in exchange.headers]  # fmt: skip
    return _http_head(exchange.status_line, headers, "HTTP/1.1")


def _http_head(line: str, headers: list[tuple[str, str]], protocol: str = "") -> Any:  # noqa: ANN401  warcio has no types
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415  of the extra `evidence`

    return StatusAndHeaders(line, headers, protocol=protocol, is_http_request=not protocol)

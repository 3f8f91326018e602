"""What was said and answered, as WARC 1.1 records (ISO 28500:2017): request and response of each hop, in order.

In: a fetched page. Out: the bytes of a .warc.gz, which archives' tools read. The invariant: the last response holds the
content as it came, before it was unpacked. Hops that sent on hold their heads: their bodies were never read, and
`WARC-Truncated` says so. The parts of a chunked answer were joined, so that header stands as X-Archive-Orig-…
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from claimledger import __version__
from claimledger.evidence.packages import PackageMissing
from claimledger.fetching import Exchange, Fetched

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

_JOINED = "transfer-encoding"


class _Hop(NamedTuple):
    address: str
    exchange: Exchange
    body: bytes | None


def warc_of(page: Fetched) -> bytes:
    """Return the records of a page.

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
    at = page.obtained_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for hop in _hops(page):
        _write(writer, hop, at)
    return out.getvalue()


def _hops(page: Fetched) -> Iterator[_Hop]:
    yield from (_Hop(hop.address, hop.exchange, None) for hop in page.redirects)
    yield _Hop(page.final_address, page.exchange, page.packed)


def _write(writer: WARCWriter, hop: _Hop, at: str) -> None:
    response = writer.create_warc_record(
        hop.address, "response", payload=io.BytesIO(hop.body or b""), length=len(hop.body or b""),
        http_headers=_answer_head(hop.exchange), warc_headers_dict=_said_of(hop, at),
    )  # fmt: skip
    answered_to = response.rec_headers.get_header("WARC-Record-ID")
    line, *lines = hop.exchange.request.decode("latin-1").split("\r\n")
    headers = [(name, value) for name, divider, value in (one.partition(": ") for one in lines) if divider]
    request = writer.create_warc_record(
        hop.address, "request", http_headers=_head(line, headers),
        warc_headers_dict={"WARC-Date": at, "WARC-Concurrent-To": answered_to},
    )  # fmt: skip
    writer.write_record(request)
    writer.write_record(response)


def _said_of(hop: _Hop, at: str) -> dict[str, str]:
    said = {"WARC-Date": at, "WARC-IP-Address": hop.exchange.ip}
    if hop.body is None:
        return said | {"WARC-Truncated": "unspecified"}
    return said | {"WARC-Payload-Digest": f"sha256:{sha256(hop.body).hexdigest()}"}


def _answer_head(exchange: Exchange) -> Any:  # noqa: ANN401  warcio has no types
    headers = [(f"X-Archive-Orig-{name}" if name.lower() == _JOINED else name, value)
               for name, value in exchange.headers]  # fmt: skip
    return _head(exchange.status_line, headers, "HTTP/1.1")


def _head(line: str, headers: list[tuple[str, str]], protocol: str = "") -> Any:  # noqa: ANN401  warcio has no types
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415  of the extra `evidence`

    return StatusAndHeaders(line, headers, protocol=protocol, is_http_request=not protocol)

"""The files of the public log, for everybody who wants to verify it: bodies, checkpoints, lists of keys, the verifier.

The log is the folder `claims/log` beside the served `ledger.db`. A full file never changes, so that browsers and
proxies may keep it. A server that has only `ledger.db` has no log to show.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from datasette import NotFound, Response

from claimledger.datasette_plugin.answering import is_cached
from claimledger.datasette_plugin.ledger_access import check_reader, find_ledger
from claimledger.ledger.log import BODIES_PER_FILE

if TYPE_CHECKING:
    from datasette import Request
    from datasette.app import Datasette

PATH = (
    r"^/-/log/(?P<name>[0-9]{6}\.jsonl|checkpoint|release|checkpoints/[0-9]{9}\.note|keys/[0-9]{6}\.note"
    r"|verify_log\.py)$"
)
"""The address of each file; the name cannot leave the folder."""
VERIFIER = "verify_log.py"
_TEXT = "text/plain; charset=utf-8"
_KEPT = "public, max-age=31536000, immutable"


async def serve_file(datasette: Datasette, request: Request) -> Response:
    """Answer a request for a file of the log.

    Raises:
        NotFound: the log has no such file, or this server has no log.
        Forbidden: the reader may not see the ledger.
    """
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED)
    name = request.url_vars["name"]
    content = await asyncio.to_thread(_read, await _ledger_path(datasette, request), name)
    etag = f'"{sha256(content).hexdigest()}"'
    kept = "private, no-store" if request.actor else _cache_control(name, content)
    headers = {"etag": etag, "cache-control": kept, "vary": "Cookie", "access-control-allow-origin": "*"}
    if is_cached(request, etag):
        return Response("", status=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = content.decode("utf-8", errors="replace")
    return Response(body, headers=headers, content_type=_TEXT)


async def _ledger_path(datasette: Datasette, request: Request) -> str:
    """Return the path of the ledger, if there is one that the reader may see."""
    database = await find_ledger(datasette)
    if database is None or not database.path:
        raise NotFound("This server shows no ledger. · 이 서버에는 공개 기록이 없습니다.")
    await check_reader(datasette, database.name, request.actor)
    return str(database.path)


def _read(ledger: str, name: str) -> bytes:
    """Return a file of the log beside a ledger, or the verifier."""
    if name == VERIFIER:
        return files("claimledger").joinpath(VERIFIER).read_bytes()
    try:
        return (Path(ledger).absolute().parent / "claims" / "log" / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("The log has no such file here. · 로그에 그런 파일이 없습니다.") from error


def _cache_control(name: str, content: bytes) -> str:
    """Return how long a file may be kept: full files and lists of keys never change; checkpoints may gain witnesses."""
    is_full = name.endswith(".jsonl") and content.count(b"\n") == BODIES_PER_FILE
    return _KEPT if is_full or name.startswith("keys/") else "no-cache"

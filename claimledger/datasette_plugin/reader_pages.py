"""Two pages in Datasette's own stylesheet: the corrections with their policy, and the pictures with their tables.

In: requests from Datasette's router. Out: HTML. The invariants: every word of a page is escaped by the template, in the
reader's language; a number says of how many; nothing is shown that is not in the public ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from datasette import NotFound, Response
from datasette.utils.asgi import BadRequest
from markupsafe import Markup

from claimledger.datasette_plugin.public_pages import language as languages
from claimledger.datasette_plugin.public_pages.doorway import check_reader, ledger_of
from claimledger.publishing import charts, policy
from claimledger.publishing.columns import Meaning
from claimledger.publishing.drawing import said, svg
from claimledger.publishing.site import Language, in_language

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette import Request
    from datasette.app import Datasette

ON_A_PAGE = 50
"""Corrections on one page."""
_LARGEST = 2**31

WORDS: Mapping[str, Meaning] = {
    "corrections": Meaning("Corrections", "정정"),
    "policy": Meaning(
        "What was published is never changed in silence: the log keeps each version. What was judged of a claim, and "
        "the verdict itself, change only by a correction, which a second person approves and which owes you a note.",
        "공개한 것을 말없이 고치지 않습니다. 로그가 모든 판을 남깁니다. 판정이 난 주장은 정정으로만 그 내용이나 판정을 "
        "바꿀 수 있고, 정정은 다른 사람이 승인하며 독자에게 알리는 글이 따릅니다.",
    ),
    "measured": Meaning("The policy, measured", "방침을 지켰는지, 수로"),
    "claims": Meaning("claims published", "공개된 주장"),
    "withdrawals": Meaning("claims withdrawn", "철회된 주장"),
    "count": Meaning("corrections of claims", "주장의 정정"),
    "per_hundred": Meaning("corrections for each 100 claims", "주장 100건당 정정"),
    "median_days": Meaning("days, as a median, until a correction", "정정까지 걸린 날(중앙값)"),
    "silent_edits": Meaning("edits without the correction they owed", "정정 없이 고친 것"),
    "kinds": Meaning("by kind", "종류별"),
    "none": Meaning("Nothing was corrected yet.", "아직 정정한 것이 없습니다."),
    "field": Meaning("field", "필드"),
    "before": Meaning("it said", "바뀌기 전"),
    "after": Meaning("it says", "바뀐 뒤"),
    "why": Meaning("Why", "이유"),
    "who": Meaning("proposed by {}, approved by {}", "제안 {}, 승인 {}"),
    "older": Meaning("Older corrections", "더 이전 정정"),
    "feed": Meaning("as a feed (Atom)", "피드(Atom)로 받기"),
    "table": Meaning("as a table", "표로 보기"),
    "charts": Meaning("The ledger in pictures", "그림으로 보는 원장"),
    "data": Meaning("The data", "데이터"),
    "as_table": Meaning("Table", "표"),
    "ledger": Meaning("The ledger", "원장"),
    "other_language": Meaning("한국어", "English"),
}  # fmt: skip


async def corrections(datasette: Datasette, request: Request) -> Response:
    """Show the corrections, the newest first, and how the policy was kept."""
    before = _number(request.args.get("before"))

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        found = policy.corrections(connection, count=ON_A_PAGE + 1, before=before)
        older = found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else None
        return {"measured": policy.measured(connection), "found": found[:ON_A_PAGE], "older": older}

    return await _page(datasette, request, "claimledger_corrections.html", read)


def _number(written: str | None) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and int(written[:12]) < _LARGEST):
        raise BadRequest("'before' is a number of the log. · before에는 로그 번호를 쓰세요.")
    return int(written)


async def pictures(datasette: Datasette, request: Request) -> Response:
    """Show every picture with its table below it, and where to take it away."""
    language: Language = languages.chosen(request)

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        every = [make(connection, language) for make in charts.PICTURES.values()]
        # the SVG is ours, and its texts are escaped where it is made
        return {"pictures": [(picture, Markup(svg(picture, language))) for picture in every]}  # noqa: S704

    return await _page(datasette, request, "claimledger_charts.html", read)


async def _page(
    datasette: Datasette, request: Request, template: str, read: Callable[[sqlite3.Connection], dict[str, Any]]
) -> Response:
    if request.method not in {"GET", "HEAD"}:
        return Response.text("Method not allowed", status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"allow": "GET, HEAD"})
    ledger = await ledger_of(datasette)
    if ledger is None:
        raise NotFound("There is no ledger here. · 여기에는 원장이 없습니다.")
    await check_reader(datasette, ledger.name, request.actor)
    language: Language = languages.chosen(request)
    values = {
        "language": language,
        "other": next(other for other in languages.LANGUAGES if other != language),
        "say": lambda name: said(WORDS[name], language),
        "said": lambda meaning: said(meaning, language),
        "label": lambda term: term.label_ko if language == "ko" else term.label_en,
        "wording": lambda texts: in_language(texts, language),
        "ledger": ledger.name,
        "url": datasette.urls.path,
        **await ledger.execute_fn(read),
    }
    content = await datasette.render_template(template, values, request=request)
    return Response.html(content, headers={"vary": "Accept-Language, Cookie", "content-language": language})


ROUTES: list[tuple[str, Callable[..., Awaitable[Any]]]] = [(r"^/corrections$", corrections), (r"^/charts$", pictures)]
"""Both pages: the form of the address, and what answers."""

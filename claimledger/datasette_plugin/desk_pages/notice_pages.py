"""A person's notices: their page, their Atom feed at a secret address (RFC 4287), and how they want them.

A feed has the kind and the time of each notice, and a link that needs a sign-in. It names no claim, article or person.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from claimledger.datasette_plugin.desk_pages.form_values import read_action, whole_number
from claimledger.datasette_plugin.desk_pages.visit import HEADERS, Visit
from claimledger.desk import notice_steps
from claimledger.errors import NotFound
from claimledger.newsroom.notices import Notice

_ATOM = "http://www.w3.org/2005/Atom"
_FIRST = "1970-01-01T00:00:00Z"
"""The time of a feed without entries."""


async def notices(visit: Visit) -> Response:
    """Show the notices of the signed-in person."""
    return await _page(visit)


async def _page(visit: Visit, secret: str = "") -> Response:
    own = await run_in_threadpool(notice_steps.own_notices, visit.places, visit.name)
    address = f"{_server(visit)}{visit.desk}/feeds/{secret}.xml" if secret else ""
    return visit.page("notices.html", own=own, feed_address=address, target=notice_steps.notice_target)


def _server(visit: Visit) -> str:
    return str(visit.request.url.replace(path="", query="")).rstrip("/")


async def choose(visit: Visit) -> Response:
    """Create, replace or end the feed of the signed-in person, or turn e-mail on or off."""
    act = read_action(await visit.form(), ("feed", "end-feed", "mail", "no-mail"))
    secret = await run_in_threadpool(_choose, visit, act)
    return await _page(visit, secret) if secret else visit.go("/notices")


def _choose(visit: Visit, act: str) -> str:
    """Do the action of the form; return the secret of a new feed, or an empty text."""
    if act == "feed":
        return notice_steps.issue_own_feed(visit.places, visit.name, actor=visit.staff)
    if act == "end-feed":
        notice_steps.revoke_own_feed(visit.places, visit.name, actor=visit.staff)
    else:
        notice_steps.choose_own_mail(visit.places, visit.name, is_by_mail=act == "mail", actor=visit.staff)
    return ""


async def notice(visit: Visit) -> Response:
    """Go to the claim or the article of a notice."""
    number = whole_number(visit.request.path_params["number"])
    if number is None:
        raise NotFound("notice", visit.request.path_params["number"])
    found = await run_in_threadpool(notice_steps.find_own_notice, visit.places, visit.name, number)
    return visit.go(notice_steps.notice_target(found))


async def feed(visit: Visit) -> Response:
    """Return the Atom feed at a secret address, without a sign-in."""
    secret = visit.request.path_params["secret"]
    person, own = await run_in_threadpool(notice_steps.feed_notices, visit.places, secret)
    content = _feed_xml(Visit(visit.request, person), secret, own)
    headers = {**HEADERS, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
    return Response(content, media_type="application/atom+xml", headers=headers)


def _feed_xml(visit: Visit, secret: str, own: list[Notice]) -> bytes:
    server = _server(visit)
    root = _element(None, "feed")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", visit.language)
    _element(root, "title", visit.say("notices.feed_title"))
    _element(root, "id", uuid5(NAMESPACE_URL, secret).urn)
    _element(root, "updated", own[0].made_at if own else _FIRST)
    _element(root, "link", rel="self", href=f"{server}{visit.desk}/feeds/{secret}.xml")
    _element(_element(root, "author"), "name", visit.say("desk.title"))
    for one in own:
        entry = _element(root, "entry")
        _element(entry, "title", visit.label(one.kind))
        _element(entry, "id", uuid5(NAMESPACE_URL, f"{secret}/{one.notice_id}").urn)
        _element(entry, "updated", one.made_at)
        _element(entry, "link", rel="alternate", href=f"{server}{visit.desk}/notices/{one.notice_id}")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _element(parent: ET.Element | None, name: str, text: str = "", **attributes: str) -> ET.Element:
    tag = f"{{{_ATOM}}}{name}"
    made = ET.Element(tag, attributes) if parent is None else ET.SubElement(parent, tag, attributes)
    made.text = text or None
    return made


ET.register_namespace("", _ATOM)
PAGES = (
    ("GET", "/notices", notices),
    ("POST", "/notices", choose),
    ("GET", "/notices/{number}", notice),
    ("GET", "/feeds/{secret}.xml", feed),
)
OPEN_PAGES = frozenset({feed})
"""The page that needs no sign-in: its address is the secret."""

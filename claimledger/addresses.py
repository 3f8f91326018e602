"""Web addresses: what of one only says where a reader came from, and when two lead to one page.

In: an address. Out: the same without it, or the form by which pages are told apart. The invariant: what is left of a
query stands as it stood, in its order. It asks no server.
"""

from __future__ import annotations

import ipaddress
import re
from itertools import product
from urllib.parse import urlsplit

_TRACKING = re.compile(r"(?:utm_\w+|wt_\w+|fbclid|gclid|mc_[ce]id)(?:=.*)?", re.IGNORECASE)
"""Parameters that change no page: campaigns, clicks, newsletters."""
_CAME_FROM = re.compile(r"(?:ref|src|source)(?:=.*)?", re.IGNORECASE)
"""Parameters that mostly say where a reader came from; an address keeps them, two pages are not told apart by them."""


def without_tracking(address: str) -> str:
    """Return an address without the parameters that count readers.

    >>> without_tracking("https://paper.example/1?utm_source=rss&id=7#top")
    'https://paper.example/1?id=7#top'
    """
    return _without(_TRACKING, address)


def page_of(address: str) -> str:
    """Return what tells a page from others: no scheme, `www.`, usual port, last slash, fragment, or tracking.

    >>> page_of("http://www.paper.example:80/1/?utm_source=rss") == page_of("https://paper.example/1")
    True
    """
    try:
        found = urlsplit(_without(_CAME_FROM, without_tracking(address)))
    except ValueError:  # it equals itself alone
        return address
    host = re.sub(r"^www\.|:(?:80|443)$", "", found.netloc.lower())
    return f"{host}{found.path.rstrip('/')}{f'?{found.query}' if found.query else ''}"


def beginnings_of(address: str) -> list[str]:
    """Return how every spelling of an address that leads to the same page begins, if the host is in lower case.

    >>> beginnings_of("https://www.paper.example/1/?id=7")[:2]
    ['http://paper.example/1', 'http://paper.example:80/1']
    """
    host, slash, path = page_of(address).partition("?")[0].partition("/")
    spellings = product(("http", "https"), ("", "www."), ("", ":80", ":443"))
    return [f"{scheme}://{www}{host}{port}{slash}{path}" for scheme, www, port in spellings]


def _without(parameters: re.Pattern[str], address: str) -> str:
    try:
        found = urlsplit(address)
    except ValueError:  # it is no address
        return address
    kept = [one for one in found.query.split("&") if not parameters.fullmatch(one)]
    return found._replace(query="&".join(kept)).geturl()


def network_of(address: str) -> str:
    """Return whose failures an address adds to: itself, or the 64-bit prefix of an IPv6 one, which one client has.

    >>> network_of("203.0.113.7"), network_of("::ffff:203.0.113.7"), network_of("2001:db8::5:1")
    ('203.0.113.7', '203.0.113.7', '2001:db8::/64')
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))

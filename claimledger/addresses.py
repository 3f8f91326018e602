"""Compare web addresses by page, and remove tracking parameters.

The rest of a query keeps its text and order. No server is contacted.
"""

from __future__ import annotations

import ipaddress
import re
from itertools import product
from urllib.parse import urlsplit

_TRACKING = re.compile(r"(?:utm_\w+|wt_\w+|fbclid|gclid|mc_[ce]id)(?:=.*)?", re.IGNORECASE)
"""Parameters that do not change the page: campaigns, clicks, newsletters."""
_REFERRER = re.compile(r"(?:ref|src|source)(?:=.*)?", re.IGNORECASE)
"""Parameters that usually name the referrer; an address keeps them, but they do not distinguish two pages."""


def remove_tracking(address: str) -> str:
    """Return an address without the parameters that track readers.

    >>> remove_tracking("https://paper.example/1?utm_source=rss&id=7#top")
    'https://paper.example/1?id=7#top'
    """
    return _remove_parameters(_TRACKING, address)


def page_key(address: str) -> str:
    """Return a key that is equal for addresses of one page.

    It leaves out the scheme, `www.`, the default port, the last slash, the fragment, and tracking and referrer
    parameters.

    >>> page_key("http://www.paper.example:80/1/?utm_source=rss") == page_key("https://paper.example/1")
    True
    """
    try:
        found = urlsplit(_remove_parameters(_REFERRER, remove_tracking(address)))
    except ValueError:  # an invalid address is its own key
        return address
    host = re.sub(r"^www\.|:(?:80|443)$", "", found.netloc.lower())
    return f"{host}{found.path.rstrip('/')}{f'?{found.query}' if found.query else ''}"


def page_prefixes(address: str) -> list[str]:
    """Return a prefix for each spelling of an address that leads to the same page, with the host in lower case.

    >>> page_prefixes("https://www.paper.example/1/?id=7")[:2]
    ['http://paper.example/1', 'http://paper.example:80/1']
    """
    host, slash, path = page_key(address).partition("?")[0].partition("/")
    spellings = product(("http", "https"), ("", "www."), ("", ":80", ":443"))
    return [f"{scheme}://{www}{host}{port}{slash}{path}" for scheme, www, port in spellings]


def _remove_parameters(parameters: re.Pattern[str], address: str) -> str:
    try:
        found = urlsplit(address)
    except ValueError:  # not a valid address
        return address
    kept = [one for one in found.query.split("&") if not parameters.fullmatch(one)]
    return found._replace(query="&".join(kept)).geturl()


def client_network(address: str) -> str:
    """Return the network of a client address: itself, or the 64-bit prefix of an IPv6 address.

    >>> client_network("203.0.113.7"), client_network("::ffff:203.0.113.7"), client_network("2001:db8::5:1")
    ('203.0.113.7', '203.0.113.7', '2001:db8::/64')
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))

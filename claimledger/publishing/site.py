"""The published site: its address and its publisher.

The values come from the settings of the plug-in `claimledger` or from options of the command line. Nothing is shown
that is not configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimledger.publishing.columns import Meaning

PageLanguage = Literal["en", "ko"]
LANGUAGES: tuple[PageLanguage, ...] = ("en", "ko")

SETTINGS: Mapping[str, Meaning] = {
    "address": Meaning(
        "Web address of the site; if missing, the address of the request.",
        "사이트의 웹 주소. 없으면 요청이 온 주소.",
    ),
    "organization": Meaning("Publisher of the site; `{en: …, ko: …}` gives both languages.", "사이트를 운영하는 곳."),
    "organization_address": Meaning("Web address of the publisher.", "운영하는 곳의 주소."),
    "report_address": Meaning(
        "Address for error reports: a web address or `mailto:`. If missing, the desk's form, if this server has a "
        "desk. A claim's page adds `claim=NAME`, other pages `about=PATH`; with mailto both are the subject.",
        "독자가 오류를 제보할 주소. 없으면 이 서버에 데스크가 있을 때 데스크의 제보 양식.",
    ),
}
"""The public settings of the plug-in, in the order of the documentation."""


@dataclass(frozen=True, slots=True)
class Site:
    """A published site."""

    address: str
    """Its web address, without a slash at the end."""
    organization: Mapping[str, str] | None = None
    """Its publisher, by language."""
    organization_address: str | None = None
    """The web address of the publisher."""

    def page(self, path: str) -> str:
        """Return the address of a page of the site.

        >>> Site("https://ledger.example.org").page("/claims/port-opened-aaaa")
        'https://ledger.example.org/claims/port-opened-aaaa'
        """
        return f"{self.address}{path}"


def site_from_settings(settings: Mapping[str, Any], address: str) -> Site:
    """Return the site that settings describe; `address` is that of the request, used if none is configured.

    >>> site_from_settings({"organization": "Harbour Desk"}, "http://127.0.0.1:8001/").organization
    {'en': 'Harbour Desk', 'ko': 'Harbour Desk'}
    """
    name = settings.get("organization")
    by_language = dict.fromkeys(LANGUAGES, name) if isinstance(name, str) else name
    return Site(str(settings.get("address") or address).rstrip("/"), by_language, settings.get("organization_address"))


def text_and_language(wording: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return a text in a language, else in English, in Korean or in any language; and the language of the text.

    >>> text_and_language({"ko": "바이두"}, "en")
    ('바이두', 'ko')
    """
    chosen = next((tag for tag in (language, "en", "ko") if tag in wording), None) or next(iter(wording))
    return wording[chosen], chosen

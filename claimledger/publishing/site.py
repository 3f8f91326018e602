"""What a published ledger says of itself where it stands: its address, who keeps it.

In: settings of the plug-in `claimledger`, or options of the command line. Out: a `Site`. The invariant: what nobody
configured is said nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimledger.publishing.columns import Meaning

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")

SETTINGS: Mapping[str, Meaning] = {
    "address": Meaning(
        "Where the ledger stands on the Web; without it, where a request found it.",
        "원장의 웹 주소. 없으면 요청이 온 주소.",
    ),
    "organization": Meaning("Who keeps it; `{en: …, ko: …}` names it in both languages.", "원장을 내는 곳."),
    "organization_address": Meaning("Their own address.", "원장을 내는 곳의 주소."),
    "report_address": Meaning(
        "Where readers report an error, a web address or `mailto:`; without it, the desk's form if this server has a "
        "desk. A claim's page adds `claim=NAME`, others `about=PATH`; to mailto both are the subject.",
        "독자가 오류를 제보할 곳. 없으면 이 서버에 데스크가 있을 때 데스크의 제보 양식.",
    ),
}
"""Settings of the plug-in that anybody may read, in the order they are documented."""


@dataclass(frozen=True, slots=True)
class Site:
    """A ledger on the Web."""

    address: str
    """Where it stands, without a slash at the end."""
    organization: Mapping[str, str] | None = None
    """Who keeps it, by language."""
    organization_address: str | None = None
    """Their own address."""

    def page(self, path: str) -> str:
        """Return the address of a page of the ledger.

        >>> Site("https://ledger.example.org").page("/claims/port-opened-aaaa")
        'https://ledger.example.org/claims/port-opened-aaaa'
        """
        return f"{self.address}{path}"


def configured(settings: Mapping[str, Any], address: str) -> Site:
    """Return the site that settings describe; `address` is where a request found it, for want of a configured one.

    >>> configured({"organization": "Harbour Desk"}, "http://127.0.0.1:8001/").organization
    {'en': 'Harbour Desk', 'ko': 'Harbour Desk'}
    """
    name = settings.get("organization")
    by_language = dict.fromkeys(LANGUAGES, name) if isinstance(name, str) else name
    return Site(str(settings.get("address") or address).rstrip("/"), by_language, settings.get("organization_address"))


def in_language(wording: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return a wording in a language, else in English, in Korean or in what there is; and the language it is in.

    >>> in_language({"ko": "바이두"}, "en")
    ('바이두', 'ko')
    """
    chosen = next((tag for tag in (language, "en", "ko") if tag in wording), None) or next(iter(wording))
    return wording[chosen], chosen

"""The published site: its address and its publisher.

The values come from the file `claimledger.toml` beside the ledger. Settings of the plug-in `claimledger` and options of
the command line win. Nothing is shown that is not configured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from claimledger.publishing.columns import Meaning

PageLanguage = Literal["en", "ko"]
LANGUAGES: tuple[PageLanguage, ...] = ("en", "ko")

SETTINGS_FILE = "claimledger.toml"
"""The name of the file with the settings of the site, in the folder of the ledger."""
SETTINGS: Mapping[str, Meaning] = {
    "address": Meaning(
        "Web address of the site; if missing, the address of the request.",
        "사이트의 웹 주소. 없으면 요청이 온 주소.",
    ),
    "organization": Meaning("Publisher of the site; `{en: …, ko: …}` gives both languages.", "사이트를 운영하는 곳."),
    "organization_address": Meaning("Web address of the publisher.", "운영하는 곳의 주소."),
    "organization_note": Meaning(
        "A sentence about the publisher, for example that the site is a demonstration.",
        "운영하는 곳을 설명하는 한 문장(예: 시연용 사이트).",
    ),
    "contact": Meaning("E-mail or web address of the publisher for readers.", "독자가 연락할 이메일이나 웹 주소."),
    "corrections_policy": Meaning(
        "Web address of the publisher's corrections policy; the page of corrections has one, too.",
        "운영하는 곳의 정정 방침 주소.",
    ),
    "data_license": Meaning(
        "Licence of the data: an SPDX name such as CC-BY-4.0, an address, or words.",
        "데이터의 이용 조건: CC-BY-4.0 같은 SPDX 이름, 주소, 또는 문장.",
    ),
    "citation": Meaning(
        "How to cite the data; version and address are added. If missing, publisher, year and title.",
        "데이터를 인용하는 방법. 버전과 주소는 자동으로 붙음. 없으면 운영하는 곳, 연도, 제목.",
    ),
    "report_address": Meaning(
        "Address for error reports: a web address or `mailto:`. If missing, the desk's form, if this server has a "
        "desk. A claim's page adds `claim=NAME`, other pages `about=PATH`; with mailto both are the subject.",
        "독자가 오류를 제보할 주소. 없으면 이 서버에 데스크가 있을 때 데스크의 제보 양식.",
    ),
}
"""The public settings of the plug-in, in the order of the documentation."""
SERVER_SETTINGS = ("hosts", "proxies", "mail")
"""The settings that only the server needs: other host names that it answers for, addresses of trusted proxies, and the
mail server for notices."""


@dataclass(frozen=True, slots=True)
class Site:
    """A published site."""

    address: str
    """Its web address, without a slash at the end."""
    organization: Mapping[str, str] | None = None
    """Its publisher, by language."""
    organization_address: str | None = None
    """The web address of the publisher."""
    organization_note: Mapping[str, str] | None = None
    """A sentence about the publisher, by language."""
    contact: str | None = None
    """The address at which readers reach the publisher."""
    corrections_policy: str | None = None
    """The web address of the corrections policy."""
    data_license: Mapping[str, str] | None = None
    """The licence of the data, by language."""
    citation: Mapping[str, str] | None = None
    """How to cite the data, without version and address, by language."""
    is_copy: bool = False
    """True if the pages are rendered for a static copy, which has no server."""

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
    return Site(
        address=str(settings.get("address") or address).rstrip("/"),
        organization=_text_by_language(settings.get("organization")),
        organization_address=settings.get("organization_address"),
        organization_note=_text_by_language(settings.get("organization_note")),
        contact=settings.get("contact"),
        corrections_policy=settings.get("corrections_policy"),
        data_license=_text_by_language(settings.get("data_license")),
        citation=_text_by_language(settings.get("citation")),
        is_copy=bool(settings.get("static_copy")),
    )


def _text_by_language(text: str | Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return a setting by language; a plain text is the same in both."""
    return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) and text else text or None


def missing_settings(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the settings that name who is responsible for the site and have no value.

    >>> missing_settings({"organization": "Harbour Desk"})
    ('contact',)
    """
    return tuple(name for name in ("organization", "contact") if not settings.get(name))


def read_settings_file(folder: Path) -> Mapping[str, Any]:
    """Return the settings in `claimledger.toml` of a folder that are not empty; none if there is no such file.

    Raises:
        SettingsFileUnreadable: the file is not TOML, or has a setting that does not exist.
    """
    path = folder / SETTINGS_FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise SettingsFileUnreadable(path, str(fault)) from fault
    if unknown := sorted(found.keys() - SETTINGS.keys() - set(SERVER_SETTINGS)):
        raise SettingsFileUnreadable(path, f"unknown settings: {', '.join(unknown)}")
    return {name: value for name, value in found.items() if value}


class SettingsFileUnreadable(Exception):
    """Raised when `claimledger.toml` cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        """Name the file and the reason."""
        super().__init__(f"{path.name}: {reason}")


def text_and_language(wording: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return a text in a language, else in English, in Korean or in any language; and the language of the text.

    >>> text_and_language({"ko": "바이두"}, "en")
    ('바이두', 'ko')
    """
    chosen = next((tag for tag in (language, "en", "ko") if tag in wording), None) or next(iter(wording))
    return wording[chosen], chosen

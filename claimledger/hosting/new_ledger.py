"""Create the folder of a new ledger: its settings, its log, its `ledger.db`, and the account of its administrator.

A file that exists already is left as it is, so that a ledger can be created inside a git repository.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from claimledger import desk
from claimledger.accounts import access, people
from claimledger.accounts.credential_rules import CONSOLE_AUTHOR
from claimledger.desk.step_setup import open_store, utc_now
from claimledger.desk_vocabulary import Role
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.ledger.files import LedgerPaths, replace_all
from claimledger.publishing.site import SETTINGS, SETTINGS_FILE, PageLanguage

ADDRESS_SCHEMES: Mapping[str, tuple[str, ...]] = {
    "address": ("http", "https"),
    "organization_address": ("http", "https"),
    "corrections_policy": ("http", "https"),
    "report_address": ("http", "https", "mailto"),
}
"""The settings that are web addresses, with the schemes that each may have."""
PRIVATE_FILES = (
    "desk.db",
    "desk.db-*",
    "models.toml",
    "desk-evidence/",
    "ledger.db-*",
    "ledger.db.building*",
    "*.part",
)
"""The files of a ledger's folder that git must not store: the private desk, and what the stores leave beside them."""
_FIRST_LINES = (
    "# Who is responsible for this site: shown on its pages, in its feeds and in its ClaimReviews.",
    '# A text in both languages is written { en = "…", ko = "…" }. Restart the server after a change.',
)


class LedgerExists(LedgerError):
    """Raised when the folder of a new ledger has a ledger already."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(folder=str(folder))


class CreatedLedger(NamedTuple):
    """The files that were made for a new ledger, and those that existed before."""

    written: tuple[Path, ...]
    """The files that were written."""
    kept: tuple[Path, ...]
    """The files that existed and were left as they are."""


def create_ledger(
    folder: Path, settings: Mapping[str, str], *, language: PageLanguage = "en", admin: str = "admin"
) -> CreatedLedger:
    """Create a ledger in a folder, which is created if it is missing; `admin` is the name of its administrator.

    Raises:
        LedgerExists: the folder has a ledger.
        ProblemsFound: a setting or the name of the administrator is not valid; nothing was written.
    """
    places = LedgerPaths(folder)
    if places.log.exists() or places.desk.exists() or places.ledger.exists():
        raise LedgerExists(folder)
    if problems := [*settings_problems(settings), *people.name_problems(admin)]:
        raise ProblemsFound(problems)
    planned = {folder / name: text for name, text in folder_texts(settings, language).items()}
    written = tuple(path for path in planned if not path.exists())
    places.log.mkdir(parents=True)
    replace_all((path, planned[path].encode()) for path in written)
    add_administrator(places, admin, language)
    desk.build_public_files(places, is_fresh=True)
    return CreatedLedger(written, tuple(path for path in planned if path not in written))


def settings_problems(settings: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each address that is not one.

    >>> [problem.field for problem in settings_problems({"address": "ledger", "report_address": "mailto:a@b.example"})]
    ['address']
    """
    for name, schemes in ADDRESS_SCHEMES.items():
        value = settings.get(name)
        if value and not _is_address(value, schemes):
            yield Problem("not-a-web-address", field=name, text=value, schemes=schemes)


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        found = urlsplit(text)
    except ValueError:
        return False
    return found.scheme in schemes and bool(found.path if found.scheme == "mailto" else found.hostname)


def folder_texts(settings: Mapping[str, str], language: PageLanguage) -> Mapping[str, str]:
    """Return the texts of the files of a new folder, by their names."""
    readme = files("claimledger.hosting").joinpath(f"folder_{language}.md").read_text(encoding="utf-8")
    return {
        SETTINGS_FILE: settings_text(settings),
        ".gitignore": "".join(f"{name}\n" for name in PRIVATE_FILES),
        "README.md": readme.replace("NAME", settings.get("organization") or folder_name(language)),
    }


def folder_name(language: PageLanguage) -> str:
    """Return the heading of the folder's README as long as no organisation is set."""
    return {"en": "A ledger of claims", "ko": "주장 검증 기록"}[language]


def settings_text(settings: Mapping[str, str]) -> str:
    """Return the text of `claimledger.toml`: every setting with its meaning in both languages.

    >>> settings_text({"organization": "Harbour Desk"}).splitlines()[9]
    'organization = "Harbour Desk"'
    """
    parts = [
        f"# {meaning.english}\n# {meaning.korean}\n{name} = {json.dumps(settings.get(name, ''), ensure_ascii=False)}\n"
        for name, meaning in SETTINGS.items()
    ]
    return "\n".join(["\n".join(_FIRST_LINES) + "\n", *parts])


def add_administrator(places: LedgerPaths, name: str, language: PageLanguage) -> None:
    """Add the administrator of a new ledger, who chooses a password with the link that the server prints."""
    with open_store(places) as store, store.writing() as connection:
        people.insert_person(
            connection, name, roles=[Role.ADMIN], author=CONSOLE_AUTHOR, now=utc_now(), language=language
        )


def first_admin_path(places: LedgerPaths) -> str:
    """Return the path of a one-time link for the first administrator; empty once one has a password."""
    places.log.mkdir(parents=True, exist_ok=True)
    with open_store(places) as store, store.writing() as connection:
        secret = access.issue_first_admin_link(connection, "admin", utc_now())
    return access.welcome_path(secret) if secret else ""

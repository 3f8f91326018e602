"""Create a demonstration newsroom: made-up people with passwords, and an article in progress.

It can begin with a copy of another ledger's public log. It is created completely or not at all.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from claimledger import desk, record_ids
from claimledger.accounts import access, people
from claimledger.accounts.account_events import Client
from claimledger.desk import step_setup
from claimledger.desk_vocabulary import Role
from claimledger.editorial.candidate_decisions import ClaimInput
from claimledger.errors import LedgerError
from claimledger.hosting.new_ledger import folder_texts
from claimledger.intake import extract_document
from claimledger.ledger.files import LedgerPaths
from claimledger.models import Span
from claimledger.newsroom.edit_input import Edit, make_edit
from claimledger.publishing.site import SETTINGS_FILE
from claimledger.scalars import BASE32
from claimledger.vocabulary import Question
from claimledger.workflow import StaffMember

EXAMPLE = "harbour.txt"
"""The file of the example article, beside this module. It was made up for this project."""
ARTICLE_ID = "harbour-2031-04"
SIGN_INS = "sign-ins.txt"
"""The file with the names and passwords of a demonstration newsroom."""


class DemonstrationPerson(NamedTuple):
    """A person of the demonstration newsroom, named for their role."""

    name: str
    shown_name: str
    role: Role
    language: str = "ko"


DEMONSTRATION_PEOPLE = (
    DemonstrationPerson("checker", "팩트체커", Role.CHECKER),
    DemonstrationPerson("editor", "편집자", Role.EDITOR),
    DemonstrationPerson("second-editor", "Second editor", Role.EDITOR, "en"),
    DemonstrationPerson("admin", "관리자", Role.ADMIN),
)
CHECKER, EDITOR = StaffMember("checker", (Role.CHECKER,)), StaffMember("editor", (Role.EDITOR,))


class NotADemonstration(LedgerError):
    """Raised when the folder of a demonstration newsroom has something else in it."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(folder=str(folder))


def is_demonstration(folder: Path) -> bool:
    """Return whether a folder has a demonstration newsroom.

    Raises:
        NotADemonstration: the folder has something else in it.
    """
    if (folder / SIGN_INS).is_file():
        return True
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotADemonstration(folder)
    return False


def create_demonstration(folder: Path, source: LedgerPaths | None = None) -> None:
    """Create a demonstration newsroom in a new folder; what a demonstration there has is lost.

    With `source`, its public log comes first: the log, the claim files and `ledger.db` are copied.

    Raises:
        NotADemonstration: the folder has something else in it.
    """
    if is_demonstration(folder):
        shutil.rmtree(folder)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    places = LedgerPaths(part)
    places.log.mkdir(parents=True)
    part.chmod(0o700)
    if source:
        copy_public_files(source, places)
    texts = folder_texts({"organization": "Harbour Desk (demonstration)"}, "en")
    (part / SETTINGS_FILE).write_text(texts[SETTINGS_FILE], encoding="utf-8")
    write_sign_ins(part / SIGN_INS, add_people(places))
    add_example(places)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rmdir()
    part.rename(folder)


def copy_public_files(source: LedgerPaths, places: LedgerPaths) -> None:
    """Copy a ledger's log, claim files and `ledger.db`."""
    shutil.copytree(source.claims, places.claims, dirs_exist_ok=True)
    if source.ledger.is_file():
        shutil.copy(source.ledger, places.ledger)


def add_people(places: LedgerPaths) -> list[tuple[DemonstrationPerson, str]]:
    """Add the people and return them with their passwords."""
    passwords = [(person, new_password()) for person in DEMONSTRATION_PEOPLE]
    with step_setup.open_store(places) as store:
        for person, password in passwords:
            now = step_setup.utc_now()
            with store.writing() as connection:
                people.insert_person(
                    connection, person.name, roles=[person.role], author="admin-console", now=now,
                    shown_name=person.shown_name, language=person.language,
                )  # fmt: skip
                link = access.issue_password_link(connection, person.name, author="admin-console", now=now)
            access.set_password_by_link(store, link, password, Client("", "claimledger demo"), now)
    return passwords


def new_password() -> str:
    """Return a password that is easy to type: four groups of four characters, 80 random bits."""
    return "-".join("".join(secrets.choice(BASE32) for _ in range(4)) for _ in range(4))


def write_sign_ins(file: Path, passwords: Sequence[tuple[DemonstrationPerson, str]]) -> None:
    """Write names and passwords to a file that only its owner can read."""
    lines = [f"  {person.name:<15}{password}   {person.shown_name}" for person, password in passwords]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write("\n".join(["Sign in as (name and password):", *lines]) + "\n")


def example_edit(reason: str, kind: str | None = None) -> Edit:
    """Return an edit by the checker."""
    return make_edit(author=CHECKER.name, reason=reason, kind=kind, roles=CHECKER.roles)


def add_example(places: LedgerPaths) -> None:
    """Add the example article: one public claim in progress, one correct draft, and one draft with a wrong amount."""
    content = files("claimledger.hosting").joinpath(EXAMPLE).read_bytes()
    imported = replace(
        extract_document(content, name=EXAMPLE),
        headline="하늘항, 지난해 화물 120만t",
        publisher="항만월간",
        published_on="2031-04-02",
    )
    statement = {"en": "Made up for this project; anybody may copy it."}
    may = {"may_hold_text": True, "may_publish_text": True}
    rights = {"holder": {"en": "Harbour Monthly"}, "statement": statement, **may}
    desk.add_article(
        places, imported, example_edit("The text was imported."), origin=EXAMPLE, article_id=ARTICLE_ID, rights=rights
    )
    desk.record(places, [places.claims / ARTICLE_ID / "article.yaml"], example_edit("First reading."))
    text = imported.text.decode("utf-8")
    for passage, fields in claims():
        desk.accept(places, ARTICLE_ID, span_of(text, passage), fields, example_edit("Accepted from the article."))
        if fields.topics == ("cargo",):
            publish_and_check(places, fields.claim_id)
    headline = span_of(text, "하늘항, 지난해 화물 120만t")
    desk.dismiss(places, ARTICLE_ID, headline, example_edit("제목이 본문의 수를 되풀이한다."))


def span_of(text: str, passage: str) -> Span:
    """Return the position of a passage in the text."""
    start = text.index(passage)
    return Span(start=start, end=start + len(passage))


def claims() -> Iterator[tuple[str, ClaimInput]]:
    """Yield the claims of the article: the passage, and the fields that the checker enters."""
    yield "하늘항만공사는 지난해 화물이 약 120만t으로 한 해 전보다 10% 늘었다고 2일 밝혔다", ClaimInput(
        record_ids.new_claim_id("haneul-cargo-in-2030"),
        {
            "ko": "하늘항은 2030년에 화물을 약 120만t 다뤘고, 한 해 전보다 10% 늘었다.",
            "en": "Haneul port moved about 1.2 million tonnes of cargo in 2030, 10 percent more than a year before.",
        },
        ("cargo",), "announcement", {"ko": "하늘항만공사 발표", "en": "Haneul Port Authority's announcement"},
        speaker_kind="organization", said_on="2031-04-02", about_on="2030",
    )  # fmt: skip
    yield "서미래 소장은 “내년에는 화물이 130만t을 넘을 것으로 본다”고 말했다", ClaimInput(
        record_ids.new_claim_id("haneul-expects-more-cargo"),
        {
            "ko": "서미래 소장은 2032년 화물이 130만t을 넘을 것으로 본다.",
            "en": "Seo Mirae expects more than 1.3 million tonnes of cargo in 2032.",
        },
        ("forecast",), "speech", {"ko": "서미래의 말"},
    )  # fmt: skip
    yield "자동 크레인 두 대를 들이는 데는 1300만달러(약 173억원)가 든다", ClaimInput(
        record_ids.new_claim_id("automatic-cranes-cost-13m"),
        {
            "ko": "자동 크레인 두 대를 들이는 데 130만달러(약 173억원)가 든다.",
            "en": "Two automatic cranes cost 13 million dollars (about 17.3 billion won).",
        },
        ("cranes",), "own_reporting", {"ko": "항만월간 취재"}, has_speaker=False,
    )  # fmt: skip


def publish_and_check(places: LedgerPaths, claim_id: str) -> None:
    """Publish the article and the claim, assign the check, ask the writer a question and add a comment."""
    desk.publish(places, EDITOR, [ARTICLE_ID, claim_id], is_clock_right=True)  # the copied log may be months old
    due = (step_setup.utc_now() + timedelta(days=3)).date().isoformat()
    desk.assign(places, claim_id, Question.SO, CHECKER.name, EDITOR, due_on=due)
    desk.query(places, claim_id, "10% 늘었다", "9.8% 늘었다 (공사의 표와 대조)", CHECKER)
    desk.comment(places, claim_id, "공사의 월별 표를 받아 두 해를 견줄 것.", EDITOR)

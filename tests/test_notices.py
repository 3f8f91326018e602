"""Notices of assignments, returns, answers, deadlines and publications: on the desk, in a feed, by e-mail."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import newsroom
import packages
import pytest
import test_feeds
from article_pages import Browser, make_newsroom

from newsroom import ARTICLE_ID, CARGO, GROWTH, Clock, actor

from claimledger import desk
from claimledger.accounts import email_addresses, people
from claimledger.datasette_plugin.desk_pages import PREFIX
from claimledger.desk import lookups, notice_steps, personal_data_steps, step_setup
from claimledger.desk.check_steps import SeenVersion
from claimledger.desk.notice_mail import (
    MailNotSent, MailSecurity, MailSettings, MailSettingsInvalid, compose_message, read_mail_settings, send_message,
)  # fmt: skip
from claimledger.desk_vocabulary import NoticeKind, QueryAnswer, Role
from claimledger.errors import NotFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom.notices import KEPT_FOR, RETRY_AFTER
from claimledger.models import Correction
from claimledger.workflow import StaffMember
from claimledger.vocabulary import CorrectionKind, Question, RevisionKind

SO = Question.SO
ADMIN = StaffMember("admin", (Role.ADMIN,))
LOCAL = MailSettings("127.0.0.1", 25, MailSecurity.NONE, "desk@sea.example", desk="https://desk.sea.example")
VERDICT = {"question": "so", "value": "not_checkable", "rationale": {"en": "A forecast."}, "as_of": "2031-04"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def places(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> LedgerPaths:
    monkeypatch.setenv("CLAIMLEDGER_TIMEZONE", "UTC")
    places = newsroom.published(tmp_path, clock)
    newsroom.hire(places, "kim", "lee")
    with step_setup.open_store(places) as store, store.writing() as connection:
        email_addresses.change_address(connection, "kim", "kim@sea.example", author="lee", now=clock())
    return places


def kinds(places: LedgerPaths, name: str, clock: Clock) -> list[tuple[NoticeKind, str]]:
    """Return the notices of a person, the oldest first."""
    found = notice_steps.own_notices(places, name, clock).notices
    return [(one.kind, one.object) for one in reversed(found)]


def propose(places: LedgerPaths, claim_id: str, author: str, clock: Clock, **verdict: object) -> None:
    at = lookups.claim_at_desk(places, claim_id)
    fields = at.claim.to_json() | {"verdicts": [VERDICT | verdict]}
    correction = at.public is not None and bool(at.public.verdicts)
    note = Correction(kind=CorrectionKind.VERDICT_CHANGED, public_note={"en": "Said better."}) if correction else None
    kind = RevisionKind.CORRECTION if correction else RevisionKind.VERDICT
    made = newsroom.edit_by(author, "Checked", kind, note)
    draft_id = at.draft.draft_id if at.draft else None
    desk.edit(places, claim_id, fields, SeenVersion(at.head_sha256, draft_id), made, clock)


def test_each_event_reaches_the_people_it_concerns(places: LedgerPaths, clock: Clock) -> None:
    assert kinds(places, "kim", clock) == [], "acts before the first person are no news"
    desk.assign(places, GROWTH, SO, "kim", actor("lee"), clock=clock)
    asked = desk.query(places, GROWTH, "10%", "11%", actor("kim"), clock)
    desk.record_answer(places, GROWTH, asked, QueryAnswer.FIXED, "Yes.", actor("lee"), clock)
    propose(places, GROWTH, "kim", clock)
    at = lookups.claim_at_desk(places, GROWTH)
    desk.return_(places, GROWTH, at.newest_draft_id, actor("lee"), reason="Say more.", clock=clock)
    desk.set_deadline(places, ARTICLE_ID, "2031-04-04", actor("lee"), clock)
    assert len(kinds(places, "kim", clock)) == 4
    propose(places, GROWTH, "kim", clock, as_of="2031-03")
    desk.publish(places, actor("lee"), [GROWTH], clock=clock)
    propose(places, GROWTH, "lee", clock, as_of="2031-02")
    newsroom.hire(places, "choi")
    desk.publish(places, actor("choi"), [GROWTH], clock=clock)
    assert kinds(places, "kim", clock) == [
        (NoticeKind.ASSIGNED, GROWTH), (NoticeKind.ANSWERED, GROWTH), (NoticeKind.RETURNED, GROWTH),
        (NoticeKind.DEADLINE, ARTICLE_ID), (NoticeKind.PUBLISHED, GROWTH), (NoticeKind.CORRECTED, GROWTH),
    ]  # fmt: skip
    assert kinds(places, "lee", clock) == [(NoticeKind.CORRECTED, GROWTH)], "not of one's own acts"
    assert kinds(places, "choi", clock) == []


def test_near_deadline_gives_one_notice_for_each_article(places: LedgerPaths, clock: Clock) -> None:
    for claim_id in (CARGO, GROWTH):
        desk.assign(places, claim_id, SO, "kim", actor("kim"), clock=clock)
    desk.set_deadline(places, ARTICLE_ID, "2031-04-03T17:30", actor("kim"), clock)
    assert kinds(places, "kim", clock) == []
    clock.now = clock.now.replace(hour=15, minute=40)
    for _ in range(2):
        assert kinds(places, "kim", clock) == [(NoticeKind.DUE, ARTICLE_ID)]
    desk.set_deadline(places, ARTICLE_ID, "2031-04-03T16:30", actor("kim"), clock)
    clock.now = clock.now.replace(hour=16, minute=31)
    assert kinds(places, "kim", clock) == [(NoticeKind.DUE, ARTICLE_ID)], "it has passed already"


def test_notices_end_after_a_while_and_with_their_person(places: LedgerPaths, clock: Clock) -> None:
    desk.assign(places, CARGO, SO, "kim", actor("lee"), clock=clock)
    secret = notice_steps.issue_own_feed(places, "kim", actor=actor("kim"), clock=clock)
    assert len(notice_steps.feed_notices(places, secret, clock)[1]) == 1
    assert "notice" in personal_data_steps.export_person_data(places, "kim", ADMIN)
    clock.now += KEPT_FOR + timedelta(days=1)
    desk.assign(places, GROWTH, SO, "kim", actor("lee"), clock=clock)
    assert kinds(places, "kim", clock) == [(NoticeKind.ASSIGNED, GROWTH)]
    with step_setup.open_store(places) as store, store.writing() as connection:
        people.deactivate_person(connection, "kim", author="lee", now=clock())
    with pytest.raises(NotFound):
        notice_steps.feed_notices(places, secret, clock)
    personal_data_steps.forget_person_data(places, "kim", ADMIN)
    with step_setup.open_store(places) as store:
        assert store.connection.execute("SELECT count(*) FROM notice WHERE name = 'kim'").fetchone() == (0,)


# The feed


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
def test_feed_is_valid_secret_and_names_nothing(tmp_path: Path, language: str) -> None:
    places = make_newsroom(tmp_path)
    browser, stranger = Browser(places, "checker", language), Browser(places, "")
    for claim_id in (CARGO, GROWTH):
        desk.assign(places, claim_id, SO, "checker", actor("editor"))
    page = browser.post(f"{PREFIX}/notices", act="feed").text
    address = page.split("<code>")[1].split("</code>")[0]
    answer = stranger.ask("GET", address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml")
    assert test_feeds.broken_rules(ElementTree.fromstring(answer.content)) == []  # noqa: S314  our own
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, feed.version, len(feed.entries)) == (False, "atom10", 4)
    both = NoticeKind.ASSIGNED, NoticeKind.PUBLISHED
    assert {one.title for one in feed.entries} == {one.label_ko if language == "ko" else one.label_en for one in both}
    for secret_word in (CARGO, GROWTH, ARTICLE_ID, "checker", "Haneul", "하늘"):
        assert secret_word not in answer.text
    assert browser.ask("GET", feed.entries[0].link).url.path == f"{PREFIX}/claims/{GROWTH}"
    assert stranger.ask("GET", feed.entries[0].link).url.path == f"{PREFIX}/sign-in"
    again = stranger.ask("GET", address).content
    assert again == answer.content
    browser.post(f"{PREFIX}/notices", act="feed")
    assert stranger.ask("GET", address).status_code == 404, "a new address replaces the old one"
    assert Browser(places, "editor").ask("GET", feed.entries[0].link).status_code == 404


# E-mail


def test_message_names_only_kinds_and_numbers(places: LedgerPaths, clock: Clock) -> None:
    for claim_id in (CARGO, GROWTH):
        desk.assign(places, claim_id, SO, "kim", actor("lee"), clock=clock)
    own = notice_steps.own_notices(places, "kim", clock).notices
    korean, english = (compose_message("kim@sea.example", language, own, LOCAL, clock()) for language in ("ko", "en"))
    assert (korean["Subject"], english["Subject"]) == ("팩트체크 데스크 알림 2건", "Notices of the fact-check desk: 2")
    assert (korean["To"], korean["Auto-Submitted"]) == ("kim@sea.example", "auto-generated")
    assert "- 검증 배정: 2" in korean.get_content()
    assert "https://desk.sea.example/-/desk/notices" in english.get_content()
    for word in (CARGO, GROWTH, ARTICLE_ID, "Haneul", "하늘"):
        assert word not in korean.get_content() + english.get_content()


def test_failed_mail_is_retried_later_and_then_given_up(
    places: LedgerPaths, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[str] = []

    def refuse(message: Any, _: MailSettings) -> None:  # noqa: ANN401  a message of the library
        attempts.append(message["To"])
        raise MailNotSent(OSError("kim@sea.example"))

    desk.assign(places, CARGO, SO, "kim", actor("lee"), clock=clock)

    def send_at(now: datetime) -> tuple[int, int]:
        return notice_steps.send_notices(places, LOCAL, clock=lambda: now, send=refuse)

    now = clock()
    with caplog.at_level(logging.WARNING):
        assert send_at(now) == (0, 1)
    assert "kim" not in caplog.text
    for pause in RETRY_AFTER:
        assert send_at(now + pause - timedelta(seconds=1)) == (0, 0), "it is not due yet"
        now += pause
        assert send_at(now) == (0, 1)
    assert send_at(now + timedelta(days=30)) == (0, 0)
    assert len(attempts) == len(RETRY_AFTER) + 1
    assert lookups.claim_at_desk(places, CARGO).assignee(SO) == "kim", "the act stands"


def test_person_without_address_or_wish_gets_no_mail(places: LedgerPaths, clock: Clock) -> None:
    sent: list[str] = []
    notice_steps.choose_own_mail(places, "kim", is_by_mail=False, actor=actor("kim"), clock=clock)
    for name in ("kim", "lee"):
        desk.assign(places, CARGO, SO, name, actor("choi"), clock=clock)
    result = notice_steps.send_notices(places, LOCAL, clock=clock, send=lambda message, _: sent.append(message["To"]))
    assert (result, sent) == ((0, 0), [])
    notice_steps.choose_own_mail(places, "kim", is_by_mail=True, actor=actor("kim"), clock=clock)
    assert notice_steps.send_notices(places, LOCAL, clock=clock).sent == 0, "old notices are not sent later"


@pytest.mark.parametrize(
    ("settings", "variables", "variant"),
    [
        ('host = "127.0.0.1"\nsecurity = "none"', {}, "sender"),
        ('host = "mail.sea.example"\nsender = "desk@sea.example"\nsecurity = "none"', {}, "unencrypted"),
        ('host = "mail.sea.example"\nsender = "desk@sea.example"\nuser = "desk"', {}, "password"),
        ('host = "mail.sea.example"\nsender = "desk@sea.example"\nport = 0', {}, "port"),
        ('host = "mail.sea.example"\nsender = "desk@sea.example"\ndesk = "desk"', {}, "desk"),
        ('host = "mail.sea.example"\npassword = "x"', {}, "unknown"),
        ('host = "x"\nsender = "a b"', {"CLAIMLEDGER_MAIL_SECURITY": "plain"}, "security"),
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, settings: str, variables: dict[str, str], variant: str) -> None:
    (tmp_path / "claimledger.toml").write_text(f"[mail]\n{settings}\n", encoding="utf-8")
    with pytest.raises(MailSettingsInvalid) as refused:
        read_mail_settings(tmp_path, variables)
    assert refused.value.message.key == f"MailSettingsInvalid/{variant}"


def test_mail_is_off_without_a_host_and_variables_win(tmp_path: Path) -> None:
    assert read_mail_settings(tmp_path, {}) is None
    (tmp_path / "claimledger.toml").write_text('[mail]\nhost = "a.example"\nuser = "desk"\n', encoding="utf-8")
    variables = {
        "CLAIMLEDGER_MAIL_HOST": "b.example", "CLAIMLEDGER_MAIL_SENDER": "desk@sea.example",
        "CLAIMLEDGER_MAIL_PASSWORD": "x",
    }  # fmt: skip
    found = read_mail_settings(tmp_path, variables)
    assert found == MailSettings("b.example", 587, MailSecurity.STARTTLS, "desk@sea.example", "desk", "x")


class Inbox:
    """The messages that a mail server on this machine accepted; it refuses them while `is_full`."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.is_full = False
        self.arrived = threading.Event()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802  aiosmtpd's
        if self.is_full:
            return "452 Insufficient storage"
        self.messages.append(envelope.content.decode())
        self.arrived.set()
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, MailSettings]]:
    controller = packages.needed("aiosmtpd.controller")
    box = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = controller.Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, MailSettings("127.0.0.1", port, MailSecurity.NONE, LOCAL.sender)
    server.stop()


@pytest.mark.slow
def test_real_mail_server_gets_the_message_when_it_accepts_mail(
    places: LedgerPaths, clock: Clock, inbox: tuple[Inbox, MailSettings]
) -> None:
    box, settings = inbox
    desk.assign(places, CARGO, SO, "kim", actor("lee"), clock=clock)
    box.is_full = True
    assert notice_steps.send_notices(places, settings, clock=clock) == (0, 1)
    box.is_full = False
    clock.now += RETRY_AFTER[0]
    assert notice_steps.send_notices(places, settings, clock=clock) == (1, 0)
    assert notice_steps.send_notices(places, settings, clock=clock) == (0, 0)
    (message,) = box.messages
    assert "To: kim@sea.example" in message
    assert "Check assigned to you: 1" in message
    with pytest.raises(MailNotSent):
        send_message(compose_message("kim@sea.example", "en", [], settings, clock()), settings_with_tls(settings))


def settings_with_tls(settings: MailSettings) -> MailSettings:
    """Return settings that demand an encryption that the test server lacks."""
    return MailSettings(settings.host, settings.port, MailSecurity.STARTTLS, settings.sender)


@pytest.mark.slow
def test_running_mailer_sends_what_happens_meanwhile(places: LedgerPaths, inbox: tuple[Inbox, MailSettings]) -> None:
    box, settings = inbox
    stop = threading.Event()
    thread = notice_steps.start_mailer(places, settings, stop, every=0.05)
    desk.assign(places, CARGO, SO, "kim", actor("lee"))
    assert box.arrived.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()

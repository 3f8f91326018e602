"""The steps for notices: make them from what happened, show them to their person, and send those that wait by e-mail.

Notices are made after the acts, when someone reads them or when e-mail is sent. No act waits for them, and none fails
because of them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import NamedTuple

from claimledger.accounts import email_addresses, notice_choices, people
from claimledger.accounts.notice_choices import NoticeChoice
from claimledger.accounts.people import Person
from claimledger.desk.newsroom_clock import newsroom_time
from claimledger.desk.notice_mail import MailNotSent, MailSettings, compose_message, send_message
from claimledger.desk.step_setup import Clock, demand_allowed, open_for_accounts, open_store, utc_now
from claimledger.desk_vocabulary import Action, NoticeKind
from claimledger.editorial import notice_rules
from claimledger.editorial.work_rows import update_queue
from claimledger.errors import NotFound
from claimledger.ledger.files import LedgerPaths
from claimledger.newsroom import notices
from claimledger.newsroom.notices import Notice
from claimledger.newsroom.store import DeskStore
from claimledger.workflow import Case, StaffMember

_log = logging.getLogger(__name__)
SEND_EVERY = 30.0
"""The seconds between two looks for e-mails to send."""
_OF_ARTICLES = (NoticeKind.DEADLINE, NoticeKind.DUE)
"""The kinds of notices that are about an article."""
MailSender = Callable[[EmailMessage, MailSettings], None]


class OwnNotices(NamedTuple):
    """The notices of a person, and how they want them."""

    notices: list[Notice]
    """The last notices, the newest first."""
    choice: NoticeChoice
    """The choice of feed and e-mail."""
    has_address: bool
    """True if the desk has an e-mail address of the person."""


class SentMail(NamedTuple):
    """The result of one look for e-mails to send."""

    sent: int
    """The number of messages that the mail server accepted."""
    failed: int
    """The number of messages that it did not accept."""


def _update(store: DeskStore, clock: Clock) -> None:
    """Store the notices of all acts since the last update, and of the deadlines that are near now."""
    update_queue(store)
    connection = store.connection
    due = notice_rules.notices_of_deadlines(store, datetime.fromisoformat(newsroom_time(clock)))
    while True:
        seen = notices.seen_act(connection)
        made, last = notice_rules.notices_of_acts(store, seen)
        if not (made or due or last > seen):
            return
        active = {one.name for one in people.all_people(connection) if one.is_active}
        by_mail = email_addresses.email_addresses(connection).keys() - notice_choices.people_without_mail(connection)
        with store.writing() as writer:
            notices.add_notices(writer, [one for one in [*due, *made] if one.name in active], last, by_mail, clock())
        due = []


def own_notices(places: LedgerPaths, name: str, clock: Clock = utc_now) -> OwnNotices:
    """Return the notices of a person, up to now."""
    with open_store(places) as store:
        _update(store, clock)
        connection = store.connection
        return OwnNotices(
            notices.list_notices(connection, name),
            notice_choices.read_notice_choice(connection, name),
            name in email_addresses.email_addresses(connection),
        )


def find_own_notice(places: LedgerPaths, name: str, number: int) -> Notice:
    """Return a notice of a person.

    Raises:
        NotFound: the person has no notice with this number.
    """
    with open_store(places) as store:
        found = notices.find_notice(store.connection, name, number)
    if not found:
        raise NotFound("notice", str(number))
    return found


def feed_notices(places: LedgerPaths, secret: str, clock: Clock = utc_now) -> tuple[Person, list[Notice]]:
    """Return the person whose feed has a secret address, and their last notices.

    Raises:
        NotFound: no active person has a feed with this secret.
    """
    with open_for_accounts(places) as store:
        name = notice_choices.find_feed_owner(store.connection, secret)
        person = people.find_person(store.connection, name) if name else None
    if not person or not person.is_active:
        raise NotFound("feed", "")
    return person, own_notices(places, person.name, clock).notices


def issue_own_feed(places: LedgerPaths, name: str, *, actor: StaffMember, clock: Clock = utc_now) -> str:
    """Return the secret of a new address for a user's own feed, which cannot be shown again; an older one ends."""
    demand_allowed(Action.CHANGE_NOTICES, actor, Case(account_owner=name))
    with open_for_accounts(places) as store, store.writing() as connection:
        return notice_choices.issue_feed_secret(connection, name, clock())


def revoke_own_feed(places: LedgerPaths, name: str, *, actor: StaffMember, clock: Clock = utc_now) -> None:
    """End a user's own feed."""
    demand_allowed(Action.CHANGE_NOTICES, actor, Case(account_owner=name))
    with open_for_accounts(places) as store, store.writing() as connection:
        notice_choices.revoke_feed(connection, name, clock())


def choose_own_mail(
    places: LedgerPaths, name: str, *, is_by_mail: bool, actor: StaffMember, clock: Clock = utc_now
) -> None:
    """Store whether a user gets their notices by e-mail."""
    demand_allowed(Action.CHANGE_NOTICES, actor, Case(account_owner=name))
    with open_for_accounts(places) as store, store.writing() as connection:
        notice_choices.choose_mail(connection, name, clock(), is_by_mail=is_by_mail)


def send_notices(
    places: LedgerPaths, settings: MailSettings, *, clock: Clock = utc_now, send: MailSender = send_message
) -> SentMail:
    """Send the notices that wait, one message for each person; those that fail are tried again later.

    An attempt is counted before it is made, so that a message is not lost and seldom sent twice if the program ends.
    """
    with open_store(places) as store:
        _update(store, clock)
        with store.writing() as connection:
            waiting = notices.take_waiting(connection, clock())
        results = [_send_one(store, name, own, settings, clock, send) for name, own in waiting.items()]
    return SentMail(results.count(True), results.count(False))


def _send_one(
    store: DeskStore, name: str, own: list[Notice], settings: MailSettings, clock: Clock, send: MailSender
) -> bool | None:
    """Send the notices of a person and return whether that succeeded; None if they want none any longer."""
    connection = store.connection
    address, person = email_addresses.email_addresses(connection).get(name), people.find_person(connection, name)
    is_wanted = name not in notice_choices.people_without_mail(connection)
    if not (address and is_wanted and person and person.is_active):
        return None
    try:
        send(compose_message(address, person.language, own, settings, clock()), settings)
    except MailNotSent as failure:
        _log.warning("%s · %s", failure.text("en"), failure.text("ko"))
        return False
    with store.writing() as writer:
        notices.mark_sent(writer, own)
    return True


def start_mailer(
    places: LedgerPaths, settings: MailSettings, stop: threading.Event, every: float = SEND_EVERY
) -> threading.Thread:
    """Start a thread that sends waiting notices until `stop` is set; it goes on after every failure."""

    def work() -> None:
        while not stop.wait(every):
            try:
                send_notices(places, settings)
            except Exception:  # noqa: BLE001  a notice never ends the thread, and the log gets the reason
                _log.warning("notices were not sent", exc_info=True)

    thread = threading.Thread(target=work, name="claimledger notices", daemon=True)
    thread.start()
    return thread


def notice_target(notice: Notice) -> str:
    """Return the path of the desk's page that a notice is about."""
    is_article = notice.kind in _OF_ARTICLES
    return f"/articles/{notice.object}" if is_article else f"/claims/{notice.object}"

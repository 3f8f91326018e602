"""Notices by e-mail: the settings of the mail server, the text of a message, and its sending (RFC 5321, RFC 5322).

The settings are in the table `[mail]` of `claimledger.toml` or in environment variables; the password only in a
variable. Without a host, no e-mail is sent. A message says how many notices of each kind wait for a person, and where
the desk is. It names no claim, article or person.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from claimledger.accounts.email_addresses import check_address
from claimledger.errors import LedgerError, ProblemsFound
from claimledger.labels import label_text
from claimledger.newsroom.notices import Notice
from claimledger.publishing.site import read_settings_file

_PATIENCE = 20
"""The seconds that the mail server may take to answer."""
_NAMES = ("host", "port", "security", "user", "sender", "desk")
_PASSWORD = "CLAIMLEDGER_MAIL_PASSWORD"  # noqa: S105  the name of a variable


class MailSecurity(StrEnum):
    """The encryption of the connection to the mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only for a server on this machine."""


_PORTS: Mapping[MailSecurity, int] = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


class MailSettingsInvalid(LedgerError):
    """Raised when a setting of the mail server is missing or cannot be used; no e-mail is sent."""

    def __init__(self, name: str, value: object = "") -> None:
        """Name the setting; the message has a variant for each (`sender`, `port` …)."""
        super().__init__(name, value=str(value))


class MailOff(LedgerError):
    """Raised when e-mail is to be sent and no mail server is set."""


class MailNotSent(LedgerError):
    """Raised when the mail server did not accept a message; it is tried again later."""

    def __init__(self, error: Exception) -> None:
        """Name the kind of error; its text may contain an address."""
        super().__init__(error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server through which notices are sent."""

    host: str
    """Its name or address."""
    port: int
    """Its TCP port."""
    security: MailSecurity
    """The encryption of the connection."""
    sender: str
    """The address from which the messages come."""
    user: str = ""
    """The name with which the program signs in; empty to send without signing in."""
    password: str = ""
    """The password for that name."""
    desk: str = ""
    """The web address of the desk for the link in messages, without a slash at the end; empty for no link."""


def read_mail_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> MailSettings | None:
    """Return the settings in the folder of a ledger and in the environment, which wins; None if no host is set.

    Raises:
        MailSettingsInvalid: a setting is missing, unknown or cannot be used.
        SettingsFileUnreadable: `claimledger.toml` cannot be read.
    """
    table = read_settings_file(folder).get("mail") or {}
    if not isinstance(table, dict) or (unknown := sorted(table.keys() - {*_NAMES})):
        raise MailSettingsInvalid("unknown", ", ".join(unknown) if isinstance(table, dict) else table)
    variables = {name: environment.get(f"CLAIMLEDGER_MAIL_{name.upper()}", "") for name in _NAMES}
    given: dict[str, Any] = {**table, **{name: value for name, value in variables.items() if value}}
    if not given.get("host"):
        return None
    return _checked_settings(given, environment.get(_PASSWORD, ""))


def _checked_settings(given: Mapping[str, Any], password: str) -> MailSettings:
    host, user, desk = (str(given.get(name, "")) for name in ("host", "user", "desk"))
    security = str(given.get("security", MailSecurity.STARTTLS.value))
    if security not in [one.value for one in MailSecurity]:
        raise MailSettingsInvalid("security", security)
    if security == MailSecurity.NONE and (user or host not in _LOOPBACK):
        raise MailSettingsInvalid("unencrypted", host)
    if bool(user) is not bool(password):
        raise MailSettingsInvalid("password", user)
    if desk and urlsplit(desk).scheme not in ("http", "https"):
        raise MailSettingsInvalid("desk", desk)
    port = str(given.get("port", _PORTS[MailSecurity(security)]))
    if not (port.isdecimal() and 0 < int(port) < 2**16):
        raise MailSettingsInvalid("port", port)
    return MailSettings(host, int(port), MailSecurity(security), _sender(given), user, password, desk.rstrip("/"))


def _sender(given: Mapping[str, Any]) -> str:
    sender = str(given.get("sender", ""))
    try:
        checked = check_address(sender)
    except ProblemsFound as refused:
        raise MailSettingsInvalid("sender", sender) from refused
    if not checked:
        raise MailSettingsInvalid("sender")
    return checked


def compose_message(
    to: str, language: Literal["en", "ko"], notices: Sequence[Notice], settings: MailSettings, now: datetime
) -> EmailMessage:
    """Return the message with the number of notices of each kind, in the language of the person; `now` is UTC."""
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, to
    message["Subject"] = label_text("notice.subject", language).format(count=len(notices))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=settings.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content("\n".join(_lines(language, notices, settings)) + "\n")
    return message


def _lines(language: Literal["en", "ko"], notices: Sequence[Notice], settings: MailSettings) -> list[str]:
    counts = Counter(one.kind for one in notices)
    labels = {kind: kind.label_ko if language == "ko" else kind.label_en for kind in counts}
    link = f"{settings.desk}/-/desk/notices" if settings.desk else label_text("notice.no_link", language)
    return [
        *(f"- {labels[kind]}: {count}" for kind, count in counts.items()),
        "", link, "", label_text("notice.why", language),
    ]  # fmt: skip


def send_message(message: EmailMessage, settings: MailSettings) -> None:
    """Hand a message to the mail server.

    Raises:
        MailNotSent: it was not accepted.
    """
    try:
        with _connect(settings) as server:
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(error) from error


def _connect(settings: MailSettings) -> smtplib.SMTP:
    if settings.security is MailSecurity.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)
    if settings.security is MailSecurity.STARTTLS:
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server

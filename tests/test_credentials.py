"""Links, sessions and tokens in any order of use, expiry, revocation and change are valid while they should be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule
from staff import HERE, NOW, PASSWORD, add, choose, invite, later, opened, sign_in

from claimledger.accounts.credential_rules import (
    LINK_LASTS, SESSION_IDLE_TIME, SESSION_LASTS, LabelTaken, LinkExpired, NoSuchToken, PersonInactive, SignInRefused,
)  # fmt: skip
from claimledger.errors import ProblemsFound
from claimledger.accounts import access, cli_tokens, credentials, people
from claimledger.accounts.credentials import CredentialKind
from claimledger.newsroom.store import DeskStore

NAMES = st.sampled_from(["sora", "haru"])
LABELS = st.sampled_from(["laptop", "기자실"])
SPANS = st.sampled_from([0, 0.001, 30, 60, 3600, 43199.999, 43200, 86400, 604799.999, 604800])


@dataclass
class IssuedSecret:
    """A secret that was issued, and for how long it should be valid."""

    kind: CredentialKind
    name: str
    issued_at: datetime
    used_at: datetime
    label: str = ""
    is_ended: bool = False

    def is_valid(self, now: datetime) -> bool:
        if self.kind is CredentialKind.LINK:
            return not self.is_ended and now < self.issued_at + LINK_LASTS
        if self.kind is CredentialKind.SESSION:
            return not self.is_ended and now < min(self.issued_at + SESSION_LASTS, self.used_at + SESSION_IDLE_TIME)
        return not self.is_ended


class Access(RuleBasedStateMachine):
    """Two people with every kind of credential, and a model that says which are valid."""

    issued = Bundle("issued")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = opened(Path(self.folder.name))
        self.now = NOW
        self.model: dict[str, IssuedSecret] = {}
        self.active = {"sora": True, "haru": True}
        self.has_password = {"sora": False, "haru": False}
        for name in self.active:
            add(self.store, name)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    def keep(self, secret: str, kind: CredentialKind, name: str, label: str = "") -> str:
        self.model[secret] = IssuedSecret(kind, name, self.now, self.now, label)
        return secret

    def end(self, name: str, *kinds: CredentialKind) -> None:
        for known in self.model.values():
            if known.name == name and known.kind in (kinds or CredentialKind):
                known.is_ended = True

    @rule(seconds=SPANS)
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(target=issued, name=NAMES)
    def invite(self, name: str) -> object:
        if not self.active[name]:
            with pytest.raises(PersonInactive):
                invite(self.store, name, self.now)
            return multiple()
        self.end(name, CredentialKind.LINK)
        return self.keep(invite(self.store, name, self.now), CredentialKind.LINK, name)

    @rule(secret=issued)
    def choose(self, secret: str) -> None:
        known = self.model[secret]
        if known.kind is not CredentialKind.LINK or not known.is_valid(self.now):
            with pytest.raises(LinkExpired):
                choose(self.store, secret, now=self.now)
            return
        choose(self.store, secret, now=self.now)
        self.end(known.name)
        self.has_password[known.name] = True

    @precondition(lambda self: any(self.has_password.values()))
    @rule(target=issued, name=NAMES)
    def sign_in(self, name: str) -> object:
        if not (self.active[name] and self.has_password[name]):
            self.now += timedelta(minutes=31)  # so that no failure makes anybody wait
            with pytest.raises(SignInRefused):
                sign_in(self.store, name, PASSWORD, self.now)
            return multiple()
        return self.keep(sign_in(self.store, name, PASSWORD, self.now).token, CredentialKind.SESSION, name)

    @rule(target=issued, name=NAMES, label=LABELS)
    def issue_token(self, name: str, label: str) -> object:
        is_taken = bool(self.tokens(name, label))
        try:
            with self.store.writing() as connection:
                token = cli_tokens.issue_cli_token(connection, name, label, author="haru", now=self.now)
        except (LabelTaken, PersonInactive):
            assert is_taken or not self.active[name]
            return multiple()
        assert self.active[name]
        assert not is_taken
        return self.keep(token, CredentialKind.CLI_TOKEN, name, label)

    def tokens(self, name: str, label: str) -> list[IssuedSecret]:
        found = [known for known in self.model.values() if (known.name, known.label) == (name, label)]
        return [known for known in found if known.is_valid(self.now)]

    @rule(name=NAMES, label=LABELS)
    def revoke_token(self, name: str, label: str) -> None:
        found = self.tokens(name, label)
        try:
            with self.store.writing() as connection:
                cli_tokens.revoke_cli_token(connection, name, label, author="haru", now=self.now)
        except NoSuchToken:
            assert not found
            return
        assert len(found) == 1
        found[0].is_ended = True

    @rule(secret=issued)
    def sign_out(self, secret: str) -> None:
        with self.store.writing() as connection:
            access.end_session(connection, secret, self.now)
        self.model[secret].is_ended |= self.model[secret].kind is CredentialKind.SESSION

    @rule(name=NAMES)
    def sign_out_everywhere(self, name: str) -> None:
        with self.store.writing() as connection:
            access.end_all_sessions(connection, name, author=name, now=self.now)
        self.end(name, CredentialKind.SESSION)

    @rule(name=NAMES)
    def deactivate(self, name: str) -> None:
        with self.store.writing() as connection:
            people.deactivate_person(connection, name, author="haru", now=self.now)
        self.active[name] = False
        self.end(name)

    @rule(name=NAMES)
    def reactivate(self, name: str) -> None:
        with self.store.writing() as connection:
            people.reactivate_person(connection, name, author="haru", now=self.now)
        self.active[name] = True

    @invariant()
    def each_secret_is_valid_for_its_lifetime(self) -> None:
        for secret, known in getattr(self, "model", {}).items():
            is_valid = known.is_valid(self.now)
            if is_valid and self.now - known.used_at >= timedelta(minutes=1) and known.kind is CredentialKind.SESSION:
                known.used_at = self.now
            assert self.holders(secret) == {
                kind: known.name if is_valid and kind is known.kind else None for kind in CredentialKind
            }

    def holders(self, secret: str) -> dict[CredentialKind, str | None]:
        """Return the person that a secret identifies, for each kind of credential it is used as."""
        session = access.session_holder(self.store, secret, self.now)
        token = cli_tokens.cli_token_holder(self.store, secret, self.now)
        return {
            CredentialKind.LINK: self.invited_person(secret),
            CredentialKind.SESSION: session.name if session else None,
            CredentialKind.CLI_TOKEN: token.name if token else None,
        }

    def invited_person(self, secret: str) -> str | None:
        try:
            return access.link_holder(self.store.connection, secret, self.now).name
        except LinkExpired:
            return None


TestAccess = pytest.mark.slow(Access.TestCase)
TestAccess.settings = settings(stateful_step_count=30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        yield desk


def issue_token_for(store: DeskStore, label: str = "laptop", now: datetime = NOW) -> str:
    with store.writing() as connection:
        return cli_tokens.issue_cli_token(connection, "sora", label, author="haru", now=now)


def used_at(store: DeskStore, now: datetime = NOW) -> list[str | None]:
    return [token.used_at for token in cli_tokens.list_cli_tokens(store.connection, "sora", now)]


def test_tokens_are_listed_with_their_last_use_to_the_hour(store: DeskStore) -> None:
    add(store)
    issue_token_for(store, " 기자실 ")
    token = issue_token_for(store, "laptop", later(minutes=1))
    listed = cli_tokens.list_cli_tokens(store.connection, "sora", NOW)
    assert [(one.label, one.author, one.issued_at[11:16]) for one in listed] == [
        ("기자실", "haru", "09:00"), ("laptop", "haru", "09:01"),
    ]  # fmt: skip
    seen = []
    for minutes in (10, 69, 70, 100):
        cli_tokens.cli_token_holder(store, token, later(minutes=minutes))
        seen += [(used_at(store)[1] or "")[11:16]]
    assert seen == ["09:10", "09:10", "10:10", "10:10"]
    assert used_at(store)[0] is None


@pytest.mark.parametrize(
    ("label", "code"), [("", "empty-text"), ("a\x00", "invisible-character"), ("긴" * 61, "text-too-long")]
)
def test_wrong_label_is_refused(store: DeskStore, label: str, code: str) -> None:
    add(store)
    with pytest.raises(ProblemsFound) as refused:
        issue_token_for(store, label)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_malformed_token_is_not_looked_up(store: DeskStore) -> None:
    add(store)
    token = issue_token_for(store)
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    assert cli_tokens.cli_token_holder(store, token[:-1] + ("0" if token[-1] != "0" else "1"), NOW) is None
    assert statements == []
    assert cli_tokens.cli_token_holder(store, token, NOW)
    assert statements


def test_expired_credentials_are_deleted_at_the_next_sign_in(store: DeskStore) -> None:
    add(store)
    issue_token_for(store)
    choose(store, invite(store))
    sign_in(store)
    sign_in(store, now=NOW + SESSION_LASTS, client=HERE)
    assert len(credentials.person_credentials(store.connection, CredentialKind.SESSION, "sora", NOW)) == 1
    assert store.connection.execute("SELECT count(*) FROM credential").fetchone() == (1,)

"""A person's own page: a new password needs the current one, and all sessions can be ended."""

from __future__ import annotations

from pathlib import Path

import desk_visits
import pytest
import staff
from desk_visits import PREFIX, sent, signed_in

from claimledger.desk import account_steps
from claimledger.accounts.account_events import Client
from claimledger.accounts.credential_rules import SignInRefused
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow
NEW = "a long new password of words"


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


def sign_in(places: LedgerPaths, password: str) -> str:
    return account_steps.sign_in_user(places, "kim", password, Client("", "")).person.name


def test_own_password_is_changed_with_the_current_one(places: LedgerPaths) -> None:
    kim, elsewhere = signed_in(places, "kim"), signed_in(places, "kim")
    assert "Signed in" in kim.get(f"{PREFIX}/account").text
    for old, again in (("wrong", NEW), (staff.PASSWORD, "another password of words")):
        status, page = sent(kim, "/account", act="password", old=old, password=NEW, password_again=again)
        assert (status, 'role="alert"' in page) == (409, True)
    assert sign_in(places, staff.PASSWORD) == "kim", "nothing was changed"
    status, page = sent(kim, "/account", act="password", old=staff.PASSWORD, password=NEW, password_again=NEW)
    assert (status, "The password was changed." in page) == (200, True)
    assert "/sign-in" in str(elsewhere.get(f"{PREFIX}/account").url), "the other session has ended"
    with pytest.raises(SignInRefused):
        sign_in(places, staff.PASSWORD)
    assert sign_in(places, NEW) == "kim"


def test_all_own_sessions_can_be_ended(places: LedgerPaths) -> None:
    kim, elsewhere = signed_in(places, "kim"), signed_in(places, "kim")
    lee = signed_in(places, "lee")
    sent(kim, "/account", act="sessions")
    assert ["/sign-in" in str(one.get(f"{PREFIX}/account").url) for one in (kim, elsewhere, lee)] == [True, True, False]

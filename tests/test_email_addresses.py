"""E-mail addresses of the desk's people: changed with a history, private, and a warning if two accounts share one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from desk_visits import PREFIX, made, sent, signed_in
from staff import NOW, add, enrol, opened

from claimledger.accounts import email_addresses, people
from claimledger.accounts.credential_rules import NoSuchPerson
from claimledger.accounts.email_addresses import SharedAddress, check_address
from claimledger.checks.private_texts import private_texts
from claimledger.cli import main
from claimledger.desk import step_setup
from claimledger.errors import ProblemsFound
from claimledger.newsroom.row_hashes import altered_rows
from claimledger.newsroom.store import DeskStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DeskStore]:
    with opened(tmp_path) as desk:
        for name in ("haru", "sora", "dain"):
            add(desk, name)
        yield desk


def change(store: DeskStore, name: str, address: str) -> None:
    with store.writing() as connection:
        email_addresses.change_address(connection, name, address, author="haru", now=NOW)


def test_address_is_replaced_and_removed_with_a_history(store: DeskStore) -> None:
    for address in ("sora@example.org", "sora@example.org", " sora.lim@example.org ", ""):
        change(store, "sora", address)
    history = store.connection.execute("SELECT name, address, author FROM person_address").fetchall()
    assert history == [("sora", one, "haru") for one in ("sora@example.org", "sora.lim@example.org", "")]
    assert email_addresses.email_addresses(store.connection) == {}
    assert list(altered_rows(store.connection)) == []


def test_altered_address_is_found(store: DeskStore) -> None:
    change(store, "sora", "sora@example.org")
    for trigger in ("person_address_no_update", "person_address_hash_changed"):
        store.connection.execute(f"DROP TRIGGER {trigger}")
    store.connection.execute("UPDATE person_address SET address = 'sola@example.org'")
    assert [problem.code for problem in altered_rows(store.connection)] == ["altered-row"]


def test_people_who_share_an_address_are_listed(store: DeskStore) -> None:
    change(store, "sora", "Desk@Example.org")
    change(store, "haru", "desk+haru@example.org")
    change(store, "dain", "dain@example.org")
    both = [SharedAddress("desk+haru@example.org", ("haru", "sora"))]
    assert email_addresses.shared_addresses(store.connection) == both
    with store.writing() as connection:
        people.deactivate_person(connection, "sora", author="haru", now=NOW)
    assert email_addresses.shared_addresses(store.connection) == []


@pytest.mark.parametrize(
    "address",
    ["sora", "sora@", "@example.org", "sora@example", "so ra@example.org", "a@b.org, c@d.org", "sora@exa_mple.org",
     "소라@example.org", "sora@example.org\nBcc: x@example.org", "s@" + "a" * 60 + ".b" * 100,
     "\u202esora@example.org"],
)  # fmt: skip
def test_text_that_is_no_address_is_refused(store: DeskStore, address: str) -> None:
    with pytest.raises(ProblemsFound, match="is not an e-mail address"):
        change(store, "sora", address)
    assert email_addresses.email_addresses(store.connection) == {}


@pytest.mark.parametrize("address", ["", "a@b.kr", "o'neil+desk@news.example.co.uk", "x@xn--9n2bp8q.kr"])
def test_address_is_accepted(address: str) -> None:
    assert check_address(address) == address


def test_address_needs_a_person(store: DeskStore) -> None:
    with pytest.raises(NoSuchPerson):
        change(store, "nari", "nari@example.org")


def test_address_is_searched_for_in_public_files(store: DeskStore) -> None:
    change(store, "sora", "sora@example.org")
    assert private_texts(store.connection)["sora@example.org"] == "e-mail-address"


def test_command_line_sets_addresses_and_warns_of_shared_ones(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[str, str]:
        result = CliRunner().invoke(main, ["--root", str(tmp_path), "person", *arguments])
        return result.stdout, result.stderr

    run("add", "sora", "--role", "editor", "--email", "desk@example.org")
    run("add", "haru", "--role", "checker")
    assert run("list") == (run("list")[0], "")
    run("email", "haru", "DESK@example.org")
    listed, warned = run("list", "--lang", "ko")
    assert ("desk@example.org" in listed, "haru, sora: 같은 이메일 주소" in warned) == (True, True)
    assert "'desk' is not an e-mail address." in run("email", "haru", "desk")[1]
    run("email", "haru")
    assert run("list")[1] == ""


@pytest.mark.slow
def test_users_page_sets_addresses_and_warns_of_shared_ones(tmp_path: Path) -> None:
    places = made(tmp_path)
    with step_setup.open_store(places) as store:
        enrol(store, "root", "admin", now=step_setup.utc_now())
    root = signed_in(places, "root")
    for name in ("kim", "lee"):
        _, page = sent(root, "/people", act="address", name=name, email="desk@example.org")
    assert "kim, lee" in page
    assert "같은 이메일 주소(desk@example.org)" in page or "have the same e-mail address (desk@example.org)" in page
    status, refused = sent(root, "/people", act="address", name="kim", email="<b>@example.org")
    assert (status, "<b>@" in refused, "&lt;b&gt;@example.org" in refused) == (409, False, True)
    assert "desk@example.org" not in signed_in(places, "kim").get(f"{PREFIX}/people").text

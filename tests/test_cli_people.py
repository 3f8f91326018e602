"""The commands on people and tokens: their output, where it is printed, and the exit status."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from staff import CHEAP, HERE, PASSWORD

from claimledger.desk import step_setup
from claimledger.accounts.credential_rules import is_cli_token
from claimledger.cli import main
from claimledger.cli.people import ROLES
from claimledger.accounts import access, account_events, cli_tokens, people
from claimledger.ledger.files import LedgerPaths
from claimledger.desk_vocabulary import Role


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    """Return a desk with one editor, who has no password yet."""
    made = LedgerPaths(tmp_path)
    run(made, "person", "add", "kim.jh", "--role", "editor", "--shown", "김지현", "--lang", "ko")
    return made


def run(places: LedgerPaths, *arguments: str, given: Mapping[str, str] | None = None) -> Result:
    environment: Mapping[str, str | None] = given or {"CLAIMLEDGER_TOKEN": None}
    return CliRunner().invoke(main, ["--root", str(places.root), *arguments], env=environment)


def run_refused(places: LedgerPaths, *arguments: str) -> str:
    result = run(places, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def rows(result: Result) -> list[list[str]]:
    """Return the cells of the rows of a table."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in result.stdout.splitlines()[2:]]


def choose_password(places: LedgerPaths, name: str = "kim.jh") -> None:
    path = run(places, "person", "link", name).stdout.strip()
    assert path.startswith("/-/desk/welcome?token=")
    with step_setup.open_store(places) as store:
        secret = path.partition("=")[2]
        access.set_password_by_link(store, secret, PASSWORD, HERE, step_setup.utc_now(), hasher=CHEAP)


def test_command_line_roles_match_the_vocabulary() -> None:
    assert list(ROLES) == [role.value for role in Role]


def test_add_prints_how_to_get_a_link(places: LedgerPaths) -> None:
    token = run(places, "token", "new", "kim.jh", "--label", "desk").stdout.strip()
    given = {"CLAIMLEDGER_TOKEN": token}
    added = run(places, "person", "add", "haru", "--role", "checker", "--role", "admin", given=given)
    assert (added.exit_code, added.stdout) == (0, "")
    assert "Run 'claimledger person link haru'" in added.stderr
    with step_setup.open_store(places) as store:
        version = people.person_versions(store.connection, "haru")[0]
    assert (version.author, version.person.roles, version.person.language) == (
        "kim.jh", (Role.CHECKER, Role.ADMIN), "en",
    )  # fmt: skip


def test_people_are_listed_in_both_languages(places: LedgerPaths) -> None:
    run(places, "person", "add", "haru", "--role", "checker", "--role", "admin")
    run(places, "person", "add", "mina", "--role", "checker")
    run(places, "person", "deactivate", "mina")
    choose_password(places)
    assert rows(run(places, "person", "list")) == [
        ["haru", "haru", "Fact-checker, Administrator", "en", "no password yet"],
        ["kim.jh", "김지현", "Editor", "ko", "may sign in"],
        ["mina", "mina", "Fact-checker", "en", "deactivated"],
    ]
    korean = run(places, "person", "list", "--lang", "ko")
    assert rows(korean)[0] == ["haru", "haru", "팩트체커, 관리자", "en", "비밀번호 미설정"]
    assert korean.stdout.split()[:3] == ["이름", "표시", "이름"]


def test_desk_without_people_says_how_to_add_one(tmp_path: Path) -> None:
    places = LedgerPaths(tmp_path)
    places.log.mkdir(parents=True)
    nobody = run(places, "person", "list")
    assert (nobody.exit_code, nobody.stdout) == (0, "")
    assert "Run 'claimledger person add'" in nobody.stderr


def test_link_sets_a_password(places: LedgerPaths) -> None:
    choose_password(places)
    with step_setup.open_store(places) as store:
        signed_in = access.start_session(store, "kim.jh", PASSWORD, HERE, step_setup.utc_now(), hasher=CHEAP)
        assert signed_in.person.shown_name == "김지현"
        assert account_events.list_account_events(store.connection)[-1].author == "admin-console"


def test_roles_are_replaced(places: LedgerPaths) -> None:
    assert run(places, "person", "roles", "kim.jh", "--role", "checker").exit_code == 0
    assert rows(run(places, "person", "list"))[0][2] == "Fact-checker"
    assert run(places, "person", "roles", "kim.jh").exit_code == 2
    assert run(places, "person", "roles", "kim.jh", "--role", "publisher").exit_code == 2


def test_deactivated_person_gets_no_link_or_token(places: LedgerPaths) -> None:
    run(places, "token", "new", "kim.jh", "--label", "laptop")
    assert run(places, "person", "deactivate", "kim.jh").exit_code == 0
    assert run(places, "token", "list", "kim.jh").stdout == ""
    assert "deactivated" in run_refused(places, "person", "link", "kim.jh")
    assert "deactivated" in run_refused(places, "token", "new", "kim.jh", "--label", "laptop")
    assert "a name is given only once" in run_refused(places, "person", "add", "kim.jh", "--role", "editor")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("person", "roles", "kim", "--role", "editor"),
        ("person", "deactivate", "kim"),
        ("person", "link", "kim"),
        ("token", "new", "kim", "--label", "laptop"),
        ("token", "list", "kim"),
        ("token", "revoke", "kim", "laptop"),
    ],
)
def test_unknown_name_is_refused_with_a_suggestion(places: LedgerPaths, command: tuple[str, ...]) -> None:
    assert "No user is named 'kim'. Did you mean 'kim.jh'?" in run_refused(places, *command)


def test_wrong_user_name_is_refused(places: LedgerPaths) -> None:
    assert "name: '김' is not a user name" in run_refused(places, "person", "add", "김", "--role", "editor")


def test_commands_take_no_name_of_the_acting_person(places: LedgerPaths) -> None:
    assert run(places, "person", "deactivate", "kim.jh", "--by", "kim.jh").exit_code == 2
    run(places, "person", "roles", "kim.jh", "--role", "checker")
    with step_setup.open_store(places) as store:
        authors = [one.author for one in people.person_versions(store.connection, "kim.jh")]
    assert authors == ["admin-console", "admin-console"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("person", "roles", "kim.jh", "--role", "admin"),
        ("person", "list"),
        ("token", "list", "kim.jh"),
        ("token", "new", "kim.jh", "--label", "laptop"),
    ],
)
def test_unknown_token_is_refused(
    places: LedgerPaths, tmp_path_factory: pytest.TempPathFactory, command: tuple[str, ...]
) -> None:
    run(places, "person", "add", "haru", "--role", "admin")
    haru_token = run(places, "token", "new", "haru", "--label", "desk").stdout.strip()
    run(places, "person", "deactivate", "haru")
    fresh = LedgerPaths(tmp_path_factory.mktemp("fresh"))
    fresh.log.mkdir(parents=True)
    for where, token in ((places, "cl_" + 72 * "0"), (places, haru_token), (fresh, haru_token)):
        result = run(where, *command, given={"CLAIMLEDGER_TOKEN": token})
        assert (result.exit_code, result.stdout) == (1, "")
        assert "This token is unknown or was revoked. Take it out of CLAIMLEDGER_TOKEN" in result.stderr
    assert not fresh.desk.exists()
    with step_setup.open_store(places) as store:
        assert len(people.person_versions(store.connection, "kim.jh")) == 1
        assert [one.name for one in account_events.list_account_events(store.connection)] == ["haru"]


def test_token_is_shown_once_listed_by_label_and_revoked(places: LedgerPaths) -> None:
    made = run(places, "token", "new", "kim.jh", "--label", "기자실 PC")
    token = made.stdout.strip()
    assert is_cli_token(token)
    with step_setup.open_store(places) as store:
        holder = cli_tokens.cli_token_holder(store, token, step_setup.utc_now())
        assert holder
        assert holder.name == "kim.jh"
    listed = run(places, "token", "list", "kim.jh", "--lang", "ko")
    assert token not in listed.stdout
    (label, author, issued, used), *others = rows(listed)
    assert (label, author, others) == ("기자실 PC", "admin-console", [])
    assert len(issued) == len(used) == len("2031-05-02 09:00")
    assert "already" in run_refused(places, "token", "new", "kim.jh", "--label", "기자실 PC")
    assert run(places, "token", "revoke", "kim.jh", "기자실 PC").exit_code == 0
    assert "has no token" in run_refused(places, "token", "revoke", "kim.jh", "기자실 PC")
    nothing = run(places, "token", "list", "kim.jh")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "'kim.jh' has no tokens.\n")


@pytest.mark.parametrize("group", ["person", "token"])
def test_help_says_who_may_run_the_command(places: LedgerPaths, group: str) -> None:
    assert "Everyone who can write the folder of desk.db may do this" in run(places, group, "--help").stdout

"""The commands for a ledger's folder and its server: `init`, `serve`, `demo` and `metadata`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.cli.progress import progress

if TYPE_CHECKING:
    from claimledger.hosting.server import Place
    from claimledger.ledger.files import LedgerPaths
    from claimledger.publishing.site import PageLanguage

_QUESTIONS = {
    "organization": "Organisation that publishes the ledger",
    "contact": "E-mail or web address at which readers reach it",
    "address": "Web address of the site, if you know it already",
}
"""The settings that `init` asks for on a terminal, in this order."""
_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_port = click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port.")


def _with_slashes(_context: click.Context, _parameter: click.Parameter, path: str) -> str:
    """Return a path with a slash at both ends."""
    return f"/{path.strip('/')}/" if path.strip("/") else "/"


_base_path = click.option(
    "--base-path", default="/", show_default=True, callback=_with_slashes,
    help="Path below which a proxy shows the site, such as /press/.",
)  # fmt: skip


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--organization", help="The publisher of the ledger.")
@click.option("--address", help="Web address of the site.")
@click.option("--contact", help="E-mail or web address of the publisher for readers.")
@click.option("--report", "report_address", help="Web address or mailto: for error reports.")
@click.option("--policy", "corrections_policy", help="Web address of the publisher's corrections policy.")
@click.option("--licence", "data_license", help="Licence of the data, in words or as an address.")
@click.option("--language", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="Main language.")
@click.option("--admin", default="admin", show_default=True, help="Name of the desk's administrator.")
def init(folder: Path, language: PageLanguage, admin: str, **given: str | None) -> None:
    """Create a new ledger in FOLDER (default: this one).

    On a terminal, the command asks for missing settings; all of them can be changed later in claimledger.toml. Files
    that exist already are not changed.
    """
    from claimledger.hosting.new_ledger import create_ledger

    settings = {name: value for name, value in given.items() if value}
    if sys.stdin.isatty():
        settings |= _ask({name: text for name, text in _QUESTIONS.items() if name not in settings})
    created = create_ledger(folder, settings, language=language, admin=admin)
    for path in created.kept:
        click.echo(f"{path} exists and was not changed.", err=True)
    click.echo(f"The ledger is in {folder.resolve()}. Now serve it and open the desk:")
    click.echo(f"  claimledger{'' if folder == Path() else f' --root {folder}'} serve --desk")


def _ask(questions: dict[str, str]) -> dict[str, str]:
    """Return the answers to the questions that were answered."""
    answers = {name: click.prompt(text, default="", show_default=False, err=True) for name, text in questions.items()}
    return {name: answer.strip() for name, answer in answers.items() if answer.strip()}


@click.command()
@click.option("--desk", "has_desk", is_flag=True, help="Serve the newsroom's private desk too.")
@_host
@_port
@_base_path
@click.option(
    "--uds", type=click.Path(dir_okay=False), default="", help="Path of a Unix socket to listen on instead of a port."
)
@click.pass_obj
def serve(places: LedgerPaths, *, has_desk: bool, host: str, port: int, base_path: str, uds: str) -> None:
    """Serve the ledger with Datasette until Ctrl-C.

    ledger.db is built first, unless it is up to date. With --desk, the command prints a link for the first
    administrator until one has chosen a password.
    """
    from claimledger.hosting import new_ledger, server

    place = server.Place(host, port, base_path, uds)
    server.check_place(place)
    sign_in = ""
    if has_desk:
        server.check_desk_packages()
        path = new_ledger.first_admin_path(places)
        sign_in = _first_link(place, path) if path else "Sign in with your name and password."
    _serve(places, place, sign_in, has_desk=has_desk)


def _first_link(place: Place, path: str) -> str:
    return (
        "The newsroom has no administrator with a password yet. This link lets the first one choose it. It works once, "
        f"and only today:\n{place.address}{path.lstrip('/')}"
    )


def _serve(places: LedgerPaths, place: Place, sign_in: str, *, has_desk: bool) -> None:
    """Build ledger.db if it is not up to date, serve it, and say where when it answers."""
    from claimledger import desk
    from claimledger.hosting import server

    with progress("Building ledger.db") as tick:
        desk.build_public_files(places, tick)
    click.echo("Starting Datasette ...")
    raise SystemExit(server.serve(places, place, lambda: click.echo(_welcome(place, sign_in)), has_desk=has_desk))


def _welcome(place: Place, sign_in: str) -> str:
    """Return what is printed when the server answers; `sign_in` is empty if no desk is served."""
    if not sign_in:
        return f"The ledger is at {place.uds or place.address} (Ctrl-C stops it)"
    lines = [f"The desk is at {place.address}-/desk", f"The public site is at {place.address}", "", sign_in.rstrip()]
    return "\n".join([*lines, "", "Ctrl-C stops the server."])


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="demo-newsroom")
@click.option(
    "--copy", "source", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a ledger whose public log the demonstration begins with.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Create the demonstration again; all work in it is lost.")
@_host
@_port
def demo(folder: Path, source: Path | None, *, fresh: bool, host: str, port: int) -> None:
    """Serve a demonstration newsroom from FOLDER (default: demo-newsroom), which is created if it is missing.

    It has a checker, two editors and an administrator with passwords, and an article in progress.
    """
    from claimledger.hosting import demonstration, server
    from claimledger.ledger.files import LedgerPaths

    place = server.Place(host, port)
    server.check_place(place)
    server.check_desk_packages()
    folder = folder.resolve()
    if fresh or not demonstration.is_demonstration(folder):
        click.echo(f"Creating a demonstration newsroom in {folder} ...")
        demonstration.create_demonstration(folder, LedgerPaths(source.resolve()) if source else None)
    sign_ins = (folder / demonstration.SIGN_INS).read_text(encoding="utf-8")
    _serve(LedgerPaths(folder), place, sign_ins, has_desk=True)


@click.command()
@click.pass_obj
def metadata(places: LedgerPaths) -> None:
    """Print metadata.yml, the descriptions of tables and columns, for those who start Datasette themselves."""
    from claimledger.hosting.server import ledger_metadata

    click.echo(ledger_metadata(places.root), nl=False)

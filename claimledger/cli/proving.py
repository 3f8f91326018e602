"""The commands that let others prove the log: keys, checkpoints, proofs, and the verification itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimledger.counting import format_count

if TYPE_CHECKING:
    from claimledger.ledger.files import LedgerPaths

_file = click.Path(dir_okay=False, path_type=Path)
_old_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def key() -> None:
    """Manage the key that signs the log.

    Everyone who can write the folder of desk.db may do this; no password is needed. The private key is a file outside
    the ledger (--file, the variable CLAIMLEDGER_KEY, or your configuration folder).
    """


@key.command("new")
@click.argument("origin")
@click.option("--file", "path", type=_file, help="The file for the private key; it must not exist yet.")
@click.pass_obj
def new_key(places: LedgerPaths, origin: str, path: Path | None) -> None:
    """Make the first key of the log, and a recovery key for paper.

    ORIGIN is the log's permanent name: the address of its public site without https://, for example ledger.example.
    """
    from claimledger.desk import key_steps

    made = key_steps.make_log_key(places, origin, path)
    click.echo(f"Public key:   {made.key}")
    click.echo(f"Private key:  {made.path}")
    click.echo(f"Recovery key: {made.recovery}")
    click.echo(
        "Write the recovery key on paper now; the program does not store it. Print the public key where readers find "
        "it, apart from the log. Then run 'claimledger checkpoint' to sign what is published.",
        err=True,
    )


@key.command("trust")
@click.argument("public_key")
@click.pass_obj
def trust_key(places: LedgerPaths, public_key: str) -> None:
    """Trust the first key of the log on this computer, so that its signed entries can be imported.

    PUBLIC_KEY is the line that 'key new' printed. Get it from elsewhere than the log.
    """
    from claimledger.desk import key_steps
    from claimledger.ledger.signed_notes import parse_verifier_key

    key_steps.trust_log_key(places, parse_verifier_key(public_key))


@key.command("show")
@click.pass_obj
def show_keys(places: LedgerPaths) -> None:
    """Show the public keys of the log, oldest first, then the recovery key that may sign for a new one.

    Readers and other computers trust the key on the first line; the log's lists lead from it to the later ones.
    """
    from claimledger.desk import key_steps

    lists = key_steps.read_log_keys(places)
    for one in lists:
        for public in one.log_keys:
            click.echo(f"{one.number}  from entry {one.size:,} on  {public}")
    for public in lists[-1].recovery_keys if lists else ():
        click.echo(f"recovery key  {public}")
    if not lists:
        click.echo("The log has no keys. Run 'claimledger key new'.", err=True)


@key.command("replace")
@click.option("--file", "path", type=_file, required=True, help="The file for the new private key.")
@click.option("--recovery", is_flag=True, help="Sign with the recovery key; the command prompts for it.")
@click.pass_obj
def replace_key(places: LedgerPaths, path: Path, *, recovery: bool) -> None:
    """Replace the key of the log by a new one, for example because it was stolen.

    The old key may sign the log as it is now, and no longer one.
    """
    from claimledger.desk import key_steps
    from claimledger.ledger.signed_notes import parse_signing_key

    signer = parse_signing_key(click.prompt("Recovery key", hide_input=True)) if recovery else None
    made = key_steps.replace_log_key(places, path, signer)
    click.echo(f"Public key:   {made.key}")
    click.echo(f"Private key:  {made.path}")
    click.echo(
        "Set CLAIMLEDGER_KEY to the new file, or move it to the place of the old one. Then run 'claimledger "
        "checkpoint', commit claims/log, and print the new key beside the first. Readers still trust the first key.",
        err=True,
    )


@click.command()
@click.option("--cosigned", type=_old_file, help="Add the signature of a witness: the file that 'witness sign' wrote.")
@click.pass_obj
def checkpoint(places: LedgerPaths, cosigned: Path | None) -> None:
    """Sign everything that is published.

    With a key, each publication is signed anyway. Use this for the first time, after 'key new'.
    """
    from claimledger.desk import key_steps, witness_steps

    if cosigned:
        size = witness_steps.add_witness(places, cosigned.read_text("utf-8", errors="replace"))
        click.echo(f"The checkpoint of {format_count(size, 'entry', 'entries')} has the witness's signature.")
        click.echo("Commit claims/log.", err=True)
        return
    signed = key_steps.sign_checkpoint(places)
    click.echo(
        f"{format_count(signed.size, 'entry', 'entries')} signed as {signed.origin}, tree hash {signed.root.hex()}."
    )
    click.echo("Commit claims/log.", err=True)


@click.command()
@click.argument("record", required=False)
@click.option("--since", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An older checkpoint.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=".", help="The folder for the files.")
@click.pass_obj
def prove(places: LedgerPaths, record: str | None, since: Path | None, out: Path) -> None:
    """Write a proof that a record is in the signed log, or that the log of an older checkpoint is its beginning.

    RECORD is the name of a claim, article or document. The result is RECORD.json, the version as it is in the log, and
    RECORD.tlog-proof; anyone can verify them with verify_log.py and the public key.
    """
    from claimledger.desk import key_steps
    from claimledger.ledger.files import replace_bytes

    if bool(record) == bool(since):
        raise click.UsageError("Give RECORD or --since.")
    if since:
        path = out / "consistency.proof"
        replace_bytes(path, str(key_steps.prove_growth(places, since.read_text("utf-8", errors="replace"))).encode())
        click.echo(path)
        return
    found = key_steps.prove_claim(places, str(record))
    for suffix, content in ((".json", found.body + b"\n"), (".tlog-proof", str(found.proof).encode())):
        path = out / f"{record}{suffix}"
        replace_bytes(path, content)
        click.echo(path)


@click.group()
def witness() -> None:
    """Cosign the checkpoints of another newsroom's log.

    A witness signs only what continues the last that they signed. Readers may demand such signatures
    ('verify --policy'), so that a stolen key or one person is not enough to show them another log.
    """


@witness.command("new")
@click.argument("name")
@click.option("--file", "path", type=_file, required=True, help="The file for the private key; it must not exist yet.")
@click.pass_obj
def new_witness(places: LedgerPaths, name: str, path: Path) -> None:
    """Make the key of a witness.

    NAME is an address of the witness without https://, for example witness.example/haru.
    """
    from claimledger.desk import witness_steps

    click.echo(witness_steps.make_witness_key(places, name, path))


@witness.command("sign")
@click.argument("shown", type=_old_file)
@click.option("--key", "log_key", required=True, help="The log's public key.")
@click.option("--name", required=True, help="The witness's name.")
@click.option("--file", "private", type=_file, required=True, help="The file with the witness's private key.")
@click.option("--memory", type=_file, required=True, help="The file with the last checkpoint that this witness signed.")
@click.option("--out", type=_file, help="The file for the cosigned checkpoint; without it, it is printed.")
def sign_as_witness(shown: Path, log_key: str, name: str, private: Path, memory: Path, out: Path | None) -> None:
    """Cosign a newer checkpoint of a log.

    SHOWN is the file that 'prove --since NOTE' wrote, for the last note that this witness signed. The first time, when
    there is no such note, it is the log's checkpoint itself.
    """
    from claimledger.desk import witness_steps
    from claimledger.ledger.files import replace_bytes
    from claimledger.ledger.signed_notes import parse_verifier_key

    note = witness_steps.cosign_checkpoint(shown, parse_verifier_key(log_key), name, private, memory)
    if out:
        replace_bytes(out, note.encode())
    click.echo(out or note, nl=bool(out))


@click.command("verify", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
@click.pass_obj
def verify(places: LedgerPaths, context: click.Context, arguments: tuple[str, ...]) -> None:
    """Verify a log as a stranger would; without arguments, the log of this ledger. See --help for all arguments."""
    from claimledger import verify_log

    has_log = any(not word.startswith("-") for word in arguments[:1]) or "--proof" in arguments or "--help" in arguments
    program = "claimledger verify"
    context.exit(verify_log.main(arguments if has_log else (str(places.log), *arguments), program))

"""`sealane keys`: keys to sign with, for tests, fixtures and load.

Secrets are in files alone: no option takes one and no line shows one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.options import AsJson

if TYPE_CHECKING:
    from ...signatures.keypair import Keypair

keys_command = typer.Typer(help="Make keys to sign with, and look at them.", rich_markup_mode=None)
KeyFile = Annotated[str, typer.Argument(metavar="FILE", help="The file of the key.")]


class SigningScheme(StrEnum):
    """The schemes that sign transactions."""

    ed25519 = "ed25519"
    ml_dsa_44 = "ml-dsa-44"


@keys_command.command("new")
def new_key(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to write the key.")],
    scheme: Annotated[
        SigningScheme, typer.Option(help="ed25519 as on Solana, or post-quantum ml-dsa-44.")
    ] = SigningScheme.ed25519,
    seed_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Take the seed from a file, `-` for standard input: 32 bytes or 64 hex digits.",
            show_default="random",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key, and write it to a new file for its owner alone.

    Ed25519 keys are written as solana-keygen does. Prints the address, never the secret.
    """
    from ...signatures.key_file import write_keypair
    from ...signatures.keypair import Keypair
    from ...signatures.schemes import Scheme

    named = Scheme(scheme.value)
    keypair = Keypair.generate(named) if seed_file is None else Keypair(named, _seed(seed_file))
    write_keypair(file, keypair, replace=force)
    _show(keypair, as_json=as_json)


@keys_command.command("show")
def show_key(file: KeyFile, as_json: AsJson = False) -> None:
    """Show the address and public key of a key."""
    _show(_opened(file), as_json=as_json)


def _seed(file: str) -> bytes:
    import sys

    from ...signatures.key_file import FILE_LEN_MAX, read_seed, seed_of

    if file == "-":
        return seed_of(sys.stdin.buffer.read(FILE_LEN_MAX), "standard input")
    return read_seed(file)


def _opened(file: str) -> Keypair:
    """The key in a file; warns where others could have read it."""
    from ...signatures.key_file import open_to_others, read_keypair
    from ..output.exit_codes import warn

    keypair = read_keypair(file)
    if open_to_others(file):
        warn(f"{file}: other users of this machine can open it; chmod 600 {file}")
    return keypair


def _show(keypair: Keypair, *, as_json: bool) -> None:
    import base64

    from ..output.stdout import write_json, write_text

    public_key = f"base64:{base64.b64encode(keypair.public_key).decode()}"
    if as_json:
        write_json(
            {
                "address": str(keypair.address),
                "scheme": str(keypair.scheme),
                "public_key": public_key,
            }
        )
    else:
        write_text(
            f"address     {keypair.address}\nscheme      {keypair.scheme}\n"
            f"public key  {public_key}\n"
        )

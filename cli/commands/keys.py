"""`sealane keys`: keys to sign with, for tests, fixtures and load.

Secrets are in files alone: no option takes one and no line shows one.
"""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ...primitives.one_line import counted
from ..inputs.options import AsJson, Programs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...ingest.building.recording import Recording
    from ...signatures.keypair import Keypair

keys_command = typer.Typer(
    help="Make and show keys; sign and verify with them.", rich_markup_mode=None
)
# Characters on a terminal; what reads a pipe gets all of them.
_PUBLIC_KEY_SHOWN_MAX: Final = 60
_PUBLIC_KEY_BEGIN: Final = 20
KeyFile = Annotated[str, typer.Argument(metavar="FILE", help="The key file.")]


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
    """Make a key, and write it to a new file that only its owner can read.

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


@keys_command.command("sign")
def sign_file(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The fixture.")],
    key: Annotated[
        list[str],
        typer.Option(
            metavar="[NAME=]FILE",
            help="A key file; NAME= says whose key it is where the fixture does not. Repeatable.",
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="OUT", help="Where to write; - is stdout.")
    ],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Let NAME=FILE take the place of a key that NAME has."),
    ] = False,
    program: Programs = None,
) -> None:
    """Sign the transactions of a fixture.

    Writes the fixture as YAML, with signatures of every account that has to sign and whose key is
    given. Comments are lost.
    """
    from ...ingest.building.signed.signing import sign_fixture
    from ...ingest.fixture.written import fixture_yaml
    from ..inputs.known_programs import known_programs
    from ..inputs.opening import load_fixture
    from ..output.escaping import escaped
    from ..output.stderr import say
    from ..reports.page_file import write_page

    keypairs: list[Keypair] = []
    named: dict[str, Keypair] = {}
    for option in key:
        name, _, path = option.rpartition("=")
        if name:
            named[name] = _opened(path)
        else:
            keypairs.append(_opened(path))
    fixture = load_fixture(file, "signed")
    signed = sign_fixture(fixture, known_programs(program), keypairs, named, replace=replace)
    write_page(output, "".join(f"{escaped(line)}\n" for line in fixture_yaml(signed.document)))
    say(f"{counted(signed.made, 'signature')} made")
    for transaction, names in signed.lacking.items():
        say(f"{transaction} is still to be signed by {', '.join(names)}")


@keys_command.command("verify")
def verify_file(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A fixture or a recorded block; - is stdin.")
    ],
    program: Programs = None,
    as_json: AsJson = False,
) -> None:
    """Verify the signatures of a fixture or a recorded block.

    Runs nothing. In a fixture, all accounts that have to sign must have signed. For a recorded
    block, also says which signatures cannot be checked, and why.
    """
    from ...ingest.building.build import build_fixture
    from ...ingest.fixture.model import FixtureFile
    from ...ingest.read_input import read_input
    from ...signatures.verifying import verify
    from ..inputs.known_programs import known_programs
    from ..output.exit_codes import CHECK_FAILED, complain
    from ..output.stdout import write_json, write_text
    from ..reports.json_documents import signatures_document

    loaded = read_input(file)
    if not isinstance(loaded, FixtureFile):
        _verify_recorded(file, loaded, as_json=as_json)
        return
    built = build_fixture(loaded, known_programs(program))
    found = built.signatures.of_block(built.block).verified(verify)
    if as_json:
        write_json({"file": file, **signatures_document(found)})
    elif found.ok:
        write_text(f"{counted(found.verified, 'signature')} verified\n")
    for fault in built.signatures.faults(built.block, found):
        complain(str(fault))
    if not found.ok:
        raise typer.Exit(CHECK_FAILED)


def _verify_recorded(file: str, blocks: Sequence[Recording], *, as_json: bool) -> None:
    """Each block of a file: its signatures, as its chain has them."""
    from ..output.exit_codes import CHECK_FAILED
    from ..output.several import one_or_list
    from ..output.stdout import write_json
    from ..render.page import Page
    from ..render.plan_view import show_case
    from ..render.signature_view import render_signatures
    from ..reports.json_documents import Document, signatures_document

    page = Page()
    documents: list[Document] = []
    is_right = True
    for block in blocks:
        found = block.signatures().verified()
        is_right &= found.ok
        case = {} if block.case is None else {"case": block.case}
        documents.append({"file": file, **case, **signatures_document(found)})
        if block.case is not None:
            show_case(block.case, page)
        page.show(f"{os.path.basename(file)}  {counted(len(block.ids), 'transaction')}")
        render_signatures(found, page, quiet=False, strict=False)
    if as_json:
        write_json(one_or_list(documents))
    else:
        page.write()
    if not is_right:
        raise typer.Exit(CHECK_FAILED)


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
    import sys

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
        if sys.stdout.isatty() and len(public_key) > _PUBLIC_KEY_SHOWN_MAX:
            length = f"{len(keypair.public_key):,} bytes"
            public_key = f"{public_key[:_PUBLIC_KEY_BEGIN]}… ({length}; --json prints them all)"
        write_text(
            f"address     {keypair.address}\nscheme      {keypair.scheme}\n"
            f"public key  {public_key}\n"
        )

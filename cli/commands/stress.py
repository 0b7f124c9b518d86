"""`sealane stress`: drives nodes over ABCI with generated transactions, and measures them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.options import AsJson, Quiet, whole_number
from ..output.exit_codes import CHECK_FAILED

if TYPE_CHECKING:
    from ...node.stress.little_engine import LittleEngine, Load
    from ...node.stress.report import StressReport
    from ...signatures.keypair import Keypair

DEFAULT_SECONDS = 10.0
DEFAULT_BLOCK_TRANSACTIONS = 200
DEFAULT_WALLETS = 100


def stress_command(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ADDRESSES",
            help="Where nodes serve ABCI; of several, the app hashes are compared.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="S", help="How long to send.")
    ] = DEFAULT_SECONDS,
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            metavar="N",
            help="Transactions a second, at most.",
            show_default="as many as get through",
        ),
    ] = None,
    block_transactions: Annotated[
        int,
        typer.Option(
            "--block-transactions",
            parser=whole_number,
            metavar="N",
            help="New ones for each block.",
        ),
    ] = DEFAULT_BLOCK_TRANSACTIONS,
    wallets: Annotated[
        int,
        typer.Option(
            "--wallets", parser=whole_number, metavar="N", help="Accounts that pay each other."
        ),
    ] = DEFAULT_WALLETS,
    zipf: Annotated[
        float | None,
        typer.Option(
            "--zipf",
            metavar="S",
            help="Prefer the first accounts, with this exponent.",
            show_default="all alike",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            parser=whole_number,
            metavar="N",
            help="Determines the accounts, and who pays whom.",
        ),
    ] = 0,
    check_by_first: Annotated[
        bool,
        typer.Option(
            "--check-by-first",
            help="Only the first node checks; the others meet transactions in blocks.",
        ),
    ] = False,
    genesis: Annotated[
        str | None,
        typer.Option(
            "--genesis",
            metavar="FILE",
            help="Only write the fixture that funds the accounts; - is stdout.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Drive nodes with transfers, and measure what they take.

    Plays the ordering engine: checks signed transfers, makes blocks of them and commits them, for a
    time and at a rate. Begins the chain with funded accounts if it has not begun. Exit code 1:
    something was refused or failed, or nodes disagree.
    """
    from ...node.stress.wallets import make_wallets
    from ...primitives import UsageError

    if bool(addresses) == (genesis is not None):
        raise UsageError("name the address of a node, or --genesis FILE, and not both")
    keys = make_wallets(wallets, seed)
    if genesis is not None:
        _write_genesis(genesis, keys)
        return
    from ...node.stress.little_engine import Load, require_bounded, require_different

    load = Load(seconds, rate, block_transactions, checked_by_all=not check_by_first)
    require_bounded(load)
    require_different(addresses or [])
    engine: LittleEngine | None = None
    try:
        with _engine(addresses or [], keys, load, zipf, seed, quiet=quiet) as engine:
            engine.run()
    except BaseException:
        # Ctrl-C, or a node that ended: until then it was measured.
        if engine is not None and engine.report.blocks:
            _show(engine.report, as_json=as_json, quiet=quiet)
        raise
    _show(engine.report, as_json=as_json, quiet=quiet)
    if not engine.report.ok:
        raise typer.Exit(CHECK_FAILED)


@contextmanager
def _engine(
    addresses: Sequence[str],
    keys: Sequence[Keypair],
    load: Load,
    zipf: float | None,
    seed: int,
    *,
    quiet: bool,
) -> Generator[LittleEngine]:
    """An engine that has begun the nodes' chain, with a bar of its progress."""
    from ...node.abci.client import Client
    from ...node.stress.little_engine import CLIENT_TIMEOUT_S, LittleEngine
    from ...node.stress.transfers import Transfers
    from ...node.stress.wallets import CHAIN_ID, genesis_of
    from ..output.progress import progress_bar

    transfers = Transfers(keys, zipf=zipf, seed=seed)
    with ExitStack() as stack:
        told = stack.enter_context(progress_bar("stress", round(load.seconds), quiet=quiet))
        clients = [
            stack.enter_context(Client(address, timeout_s=CLIENT_TIMEOUT_S))
            for address in addresses
        ]
        engine = LittleEngine(
            clients, transfers, load, told=lambda report: told(int(report.seconds))
        )
        engine.start(genesis_of(keys), CHAIN_ID)
        yield engine


def _write_genesis(file: str, keys: Sequence[Keypair]) -> None:
    from ...ingest.files.writing import write_whole
    from ...node.stress.wallets import genesis_of
    from ..output.stdout import write_text

    content = genesis_of(keys)
    if file == "-":
        write_text(content.decode())
    else:
        write_whole(file, content)


def _show(report: StressReport, *, as_json: bool, quiet: bool) -> None:
    from ..output.stdout import write_json

    if as_json:
        write_json(report.document())
        return
    from ..render.page import Page
    from ..render.stress_view import render_stress

    page = Page()
    render_stress(report, page, quiet=quiet)
    page.write()

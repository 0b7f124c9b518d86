"""`sealane node`: an application that an ordering engine drives, over ABCI."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ..inputs.options import (
    Expect,
    Memory,
    Programs,
    RootKind,
    Timeout,
    Verbose,
    Workers,
    whole_number,
)
from ..output.signals import raise_if_stopped
from ..output.stderr import say
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from ...node.metrics.address import Address
    from ...node.observer import Observer

FEE_MAX: Final = 1_000_000_000  # for each signature: a SOL
BLOCK_LIMITS: Final = "0306"  # as in node/chain/starting.py


class LogFormat(StrEnum):
    """How lines on stderr are written."""

    text = "text"
    json = "json"


class Packing(StrEnum):
    """As Policy in scheduler/packing, which takes long to import."""

    greedy = "greedy"
    prio_graph = "prio-graph"


def node_command(
    abci: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where the engine connects: tcp://127.0.0.1:26658, or unix:///PATH. Port 0 "
            "lets the system choose.",
        ),
    ],
    store: Annotated[
        str | None,
        typer.Option("--store", "-s", metavar="DIR", help="Durable state.", show_default="memory"),
    ] = None,
    expect: Expect = None,
    genesis: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A fixture with the accounts that a new chain begins with.",
            show_default="the engine's app_state",
        ),
    ] = None,
    program: Programs = None,
    root: RootKind = None,
    fee: Annotated[
        int,
        typer.Option(
            parser=whole_number,
            metavar="LAMPORTS",
            help="Fee for each signature; all nodes of a chain need the same.",
        ),
    ] = 0,
    rent: Annotated[
        bool, typer.Option("--rent", help="Enforce rent; all nodes of a chain need the same.")
    ] = False,
    signatures: Annotated[
        bool,
        typer.Option(
            "--signatures/--no-signatures",
            help="Verify signatures; a rule of the chain, the same for all its nodes.",
        ),
    ] = True,
    block_limits: Annotated[
        str,
        typer.Option(
            metavar="SIMD",
            help="Limits on a block, named by the Solana proposal that set them: before-0207, "
            "0207, 0256, 0306, 0286, 0458; all nodes of a chain need the same.",
        ),
    ] = BLOCK_LIMITS,
    packing: Annotated[
        Packing,
        typer.Option(
            help="How this node makes proposals: greedy takes what pays best; prio-graph also "
            "prefers what can run at the same time."
        ),
    ] = Packing.greedy,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="Listen beyond this machine, although ABCI has no authentication.",
        ),
    ] = False,
    workers: Workers = None,
    timeout: Timeout = None,
    memory: Memory = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Serve /metrics and /healthz there: HOST:PORT, or a port of this machine.",
            show_default=False,
        ),
    ] = None,
    log_format: Annotated[
        LogFormat, typer.Option(help="json: every line on stderr is a JSON object.")
    ] = LogFormat.text,
    verbose: Verbose = 0,
) -> None:
    """Serve an application to an ordering engine.

    The engine, such as CometBFT, drives it over ABCI 2.0. Runs until Ctrl-C or SIGTERM; after any
    end, and any crash, it goes on from the last committed block.
    """
    from ...node import Application, read_genesis
    from ...node.abci.endpoint import parse_endpoint
    from ...node.abci.server import Server
    from ...primitives import UsageError
    from ...runtime import Runtime
    from ...scheduler.packing import Policy
    from ..inputs.known_programs import known_programs
    from ..inputs.limits import worker_limits

    if expect is not None and store is None:
        raise UsageError("--expect is about a block of a store; name the store with --store DIR")
    if not 0 <= fee <= FEE_MAX:
        raise UsageError(f"--fee {fee}: from 0 to {FEE_MAX:,} lamports")
    endpoint = parse_endpoint(abci)
    show_log(verbose, quiet=False, as_json=log_format is LogFormat.json)
    with ExitStack() as stack:
        # Before the store is opened, which may take a while: until then /healthz says so.
        observer, watched_at = _watched(metrics, store, stack)
        runtime = stack.enter_context(
            Runtime(
                workers=workers,
                programs=known_programs(program),
                store=store,
                expect=expect,
                root=root,
                lamports_per_signature=fee,
                rent=rent,
                limits=worker_limits(timeout, memory),
            )
        )
        application = Application(
            runtime,
            signatures=signatures,
            block_limits=block_limits,
            packing=Policy(packing.value),
            observer=observer,
        )
        accounts = None if genesis is None else read_genesis(genesis, runtime.programs)
        if accounts is not None:
            application.require_genesis(accounts)
        with Server(
            application, endpoint, public=public, genesis=accounts, observer=observer
        ) as server:
            info = application.info()
            observer.serving(info.height, info.root)
            say(f"listening on {server.address} at height {info.height}, root {info.root.hex()}")
            if watched_at is not None:
                say(f"metrics on http://{watched_at}/metrics")
            server.run(between=raise_if_stopped)


def _watched(
    address: str | None, store: str | None, stack: ExitStack
) -> tuple[Observer, Address | None]:
    """What hears the node, and where what it hears is served until the stack is closed."""
    from ...node.observer import Observer

    if address is None:
        return Observer(), None
    from ...node.metrics.address import parse_address
    from ...node.metrics.endpoint import serve_metrics
    from ...node.metrics.prometheus import NodeMetrics
    from ...primitives.version import find_version

    where = parse_address(address)
    metrics = NodeMetrics(find_version(), store=None if store is None else Path(store))
    return metrics, stack.enter_context(serve_metrics(where, metrics)).address

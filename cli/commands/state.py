"""`sealane state`: what a durable store holds, and its upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.options import AsJson, Brief, Expect, Programs, Verbose
from ..output.committed import note_done
from ..output.verbosity import show_log

if TYPE_CHECKING:
    from ...primitives import Pubkey
    from ...programs.kit.program.program_set import ProgramSet
    from ...runtime import Store
    from ..reports.store_report import Compaction, StoreReport


def state_command(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the store.")],
    account: Annotated[
        str | None, typer.Option(metavar="KEY", help="Show this account: a key or a name.")
    ] = None,
    accounts: Annotated[bool, typer.Option("--accounts", help="Show every account.")] = False,
    log: Annotated[
        bool, typer.Option("--log", help="List the blocks: root, counts and time.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare every checksum and recompute the roots.")
    ] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Merge the store's files into the fewest.")
    ] = False,
    export: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write all accounts as a fixture.")
    ] = None,
    import_file: Annotated[
        str | None,
        typer.Option(
            "--import", metavar="FILE", help="First put a fixture's accounts into the store."
        ),
    ] = None,
    expect: Expect = None,
    program: Programs = None,
    as_json: AsJson = False,
    quiet: Brief = False,
    verbose: Verbose = 0,
) -> None:
    """Show a durable store: height, root, accounts, log.

    Also verifies it, exports and imports its accounts, and compacts it.
    """
    from ...testing.names import KeyNames
    from ..inputs.known_programs import known_programs
    from ..output.stdout import write_json
    from ..reports.store_report import StoreReport, state_document

    show_log(verbose, quiet=quiet)
    known = known_programs(program)
    # Only an import may create a store; everything else requires an existing one.
    changes = compact or import_file is not None
    with _opened(folder, expect, create=import_file is not None, changes=changes) as store:
        report = StoreReport(store, KeyNames(known))
        if import_file is not None:
            report.imported = _import(store, import_file, known)
            note_done(f"the accounts of {import_file} are imported")
        if compact:
            report.compacted = _compact(store, folder)
            note_done("the store is compacted")
        if verify:
            report.check = store.verify()
        if export is not None:
            report.exported = _export(store, export)
            note_done(f"{export} is written")
        report.collect(_resolved(account, known), accounts=accounts, log=log)
    if as_json:
        write_json(state_document(report))
    else:
        _show(folder, report, quiet=quiet)


def _opened(folder: str, expect: str | None, *, create: bool, changes: bool) -> Store:
    """Open the store; read-only if the user cannot write it and nothing is to change."""
    from ...primitives import StoreUnavailable
    from ...runtime import Store

    try:
        return Store(folder, create=create, expect=expect)
    except StoreUnavailable:
        if changes:
            raise
    return Store(folder, writable=False, expect=expect)


def _import(store: Store, file: str, known: ProgramSet) -> int:
    from ...testing.checked_runs.store_fixture import import_fixture
    from ..inputs.opening import load_fixture

    fixture = load_fixture(file, "imported")
    return import_fixture(store, fixture, known)


def _compact(store: Store, folder: str) -> Compaction:
    from ..reports.store_report import Compaction, files_of

    before = files_of(folder)
    store.compact()
    return Compaction(before, files_of(folder))


def _export(store: Store, file: str) -> int:
    from ...testing.checked_runs.store_fixture import export_store

    return export_store(store, file)


def _resolved(name: str | None, known: ProgramSet) -> Pubkey | None:
    """The key of a name, including names from `--program`."""
    from ...primitives import Pubkey

    if name is None:
        return None
    named = known.named(name)
    return Pubkey.of(name) if named is None else named.id


def _show(folder: str, report: StoreReport, *, quiet: bool) -> None:
    from ..render.page import Page
    from ..render.state_view import render_state

    page = Page()
    render_state(folder, report, page, quiet=quiet)
    page.write()

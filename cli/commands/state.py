"""`sealane state`: what a durable store holds, and its upkeep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from ..inputs.options import AsJson, Brief, Expect, Programs, RootKind, Verbose
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
    prove: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Write a proof of this account, or that it does not exist, and nothing else.",
        ),
    ] = None,
    accounts_root: Annotated[
        bool,
        typer.Option("--accounts-root", help="Show the root that proofs of accounts lead to."),
    ] = False,
    expect: Expect = None,
    root: RootKind = None,
    program: Programs = None,
    as_json: AsJson = False,
    quiet: Brief = False,
    verbose: Verbose = 0,
) -> None:
    """Show a durable store: height, root, accounts, log.

    Also verifies it, exports and imports its accounts, compacts it, and proves what an account
    holds.
    """
    from ..inputs.known_programs import known_programs
    from ..output.stdout import write_json
    from ..reports.store_report import state_document

    show_log(verbose, quiet=quiet)
    wanted = _Wanted(account, accounts, log, accounts_root, verify, compact, export, import_file)
    known = known_programs(program)
    asked = _Asked(folder, expect, root)
    if prove is not None:
        _prove(asked, prove, wanted, known, quiet=quiet)
        return
    report = _report(asked, wanted, known)
    if as_json:
        write_json(state_document(report))
    else:
        _show(folder, report, quiet=quiet)


class _Asked(NamedTuple):
    """Which store is opened: its folder, a block that it must have, and the kind of its roots."""

    folder: str
    expect: str | None
    root_kind: str | None


class _Wanted(NamedTuple):
    """What a store is to show, and what is to be done with it."""

    account: str | None
    accounts: bool
    log: bool
    accounts_root: bool
    verify: bool
    compact: bool
    export: str | None
    import_file: str | None

    @property
    def changes(self) -> bool:
        return self.compact or self.import_file is not None


def _report(asked: _Asked, wanted: _Wanted, known: ProgramSet) -> StoreReport:
    """Do what is to be done, in order, then look at what is to be shown."""
    from ...node.chain.chain import require_no_chain
    from ...runtime.store_verification import verify_store
    from ...testing.names import KeyNames
    from ..reports.store_report import StoreReport

    file = wanted.import_file
    # Only an import may create a store; everything else requires an existing one.
    with _opened(asked, create=file is not None, changes=wanted.changes) as store:
        report = StoreReport(store, KeyNames(known))
        if file is not None:
            require_no_chain(store, asked.folder)
            report.imported = _import(store, file, known)
            note_done(f"the accounts of {file} are imported")
        if wanted.compact:
            report.compacted = _compact(store, asked.folder)
            note_done("the store is compacted")
        if wanted.verify:
            report.check = verify_store(store)
        if wanted.export is not None:
            report.exported = _export(store, wanted.export)
            note_done(f"{wanted.export} is written")
        account = None if wanted.account is None else _resolved(wanted.account, known)
        report.collect(
            account,
            accounts=wanted.accounts,
            log=wanted.log,
            accounts_root=wanted.accounts_root,
        )
    return report


def _prove(asked: _Asked, name: str, beside: _Wanted, known: ProgramSet, *, quiet: bool) -> None:
    """Write the proof of an account to stdout, and to stderr what its root is."""
    from ...merkle import proof_document
    from ...primitives import UsageError
    from ...runtime.proving import prove_account
    from ..output.stderr import say
    from ..output.stdout import write_json
    from ..reports.proof_report import root_remark

    if any(beside):
        raise UsageError("--prove writes a proof and nothing else; ask for the rest by itself")
    with _opened(asked, create=False, changes=False) as store:
        proof = prove_account(store, _resolved(name, known))
        remark = root_remark(proof, store.root)
    write_json(proof_document(proof))
    if not quiet:
        say(remark)


def _opened(asked: _Asked, *, create: bool, changes: bool) -> Store:
    """Open the store; read-only if the user cannot write it and nothing is to change."""
    from ...primitives import StoreUnavailable
    from ...runtime import Store

    folder, expect, kind = asked
    try:
        return Store(folder, create=create, expect=expect, root_kind=kind)
    except StoreUnavailable:
        if changes:
            raise
    return Store(folder, writable=False, expect=expect, root_kind=kind)


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


def _resolved(name: str, known: ProgramSet) -> Pubkey:
    """The key of a name, including names from `--program`."""
    from ...primitives import Pubkey, UsageError

    if not name:
        raise UsageError("name the account: the name given is empty")
    named = known.named(name)
    try:
        return Pubkey.of(name) if named is None else named.id
    except ValueError as error:
        raise UsageError(f"{name!r} names no account: {error}") from error


def _show(folder: str, report: StoreReport, *, quiet: bool) -> None:
    from ..render.page import Page
    from ..render.state_view import render_state

    page = Page()
    render_state(folder, report, page, quiet=quiet)
    page.write()

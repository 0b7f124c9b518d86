"""Runs one fixture: places its accounts, executes its block, checks its expectations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...ingest.building.build import BuiltFixture, build_fixture
from ...ingest.fixture.model import FixtureFile
from ...primitives import Account
from ...primitives.account import EMPTY_ACCOUNT
from ...runtime import Result, Runtime
from .expectations import ExpectationCheck, LamportSums, check_expectations


@dataclass(frozen=True, slots=True)
class FixtureRun:
    """The outcome of a fixture. `accounts`: every account named in the file, after the block."""

    built: BuiltFixture
    result: Result
    check: ExpectationCheck
    accounts: dict[str, Account]


def run_fixture(
    fixture: FixtureFile,
    runtime: Runtime,
    *,
    progress: Callable[[int], None] | None = None,
    again: bool = False,
    timeline: bool = False,
) -> FixtureRun:
    """Place the fixture's accounts, execute its block and check its expectations.

    A store skips a block that it has already run, unless `again`; then nothing is checked.
    `timeline`: the result is to have one.
    Raises InputError for a fixture that cannot be run, before anything changes, and MachineError.
    """
    built = build_fixture(fixture, runtime.programs)
    built.require_runnable()
    place_accounts(built, runtime)
    conserved = fixture.expect.lamports_conserved is not None
    before = _lamports(built, runtime) if conserved else 0
    rent, sysvars = runtime.rent, runtime.sysvars
    runtime.sysvars = built.sysvars(sysvars)
    runtime.rent = rent or fixture.rent
    try:
        result = runtime.execute(built.block, progress=progress, again=again, timeline=timeline)
    finally:
        runtime.sysvars = sysvars
        runtime.rent = rent
    sums = LamportSums(before, _lamports(built, runtime)) if conserved else None
    check = (
        ExpectationCheck()
        if result.skipped
        else check_expectations(built, result, runtime.account, runtime.programs, sums)
    )
    accounts = {name: runtime.account(key) for key, name in built.names.by_key.items()}
    return FixtureRun(built, result, check, accounts)


def place_accounts(built: BuiltFixture, runtime: Runtime) -> None:
    """Set the accounts that the file defines, except those already in that state.

    An account written `{}` is left unchanged.
    """
    runtime.place_accounts(
        {key: account for key, account in built.accounts.items() if account != EMPTY_ACCOUNT}
    )


def _lamports(built: BuiltFixture, runtime: Runtime) -> int:
    return sum(runtime.account(key).lamports for key in built.block.keys)

"""One fixture through a runtime: accounts in, block executed, expectations checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..primitives import Account
from ..primitives.account import EMPTY_ACCOUNT
from ..runtime import Result, Runtime
from .build import BuiltFixture, build_fixture
from .expectations import ExpectationCheck, LamportSums, check_expectations
from .fixture import FixtureFile


@dataclass(frozen=True, slots=True)
class FixtureRun:
    """What came of a fixture. `accounts`: every account named in the file, after the block."""

    built: BuiltFixture
    result: Result
    check: ExpectationCheck
    accounts: dict[str, Account]


def run_fixture(
    fixture: FixtureFile, runtime: Runtime, *, progress: Callable[[int], None] | None = None
) -> FixtureRun:
    """Put the fixture's accounts in place, execute its block and check what it expects.

    Raises InputError for a fixture that cannot be run, before anything changes, and MachineError.
    """
    built = build_fixture(fixture, runtime.programs)
    built.require_runnable()
    place_accounts(built, runtime)
    conserved = fixture.expect.lamports_conserved is not None
    before = _lamports(built, runtime) if conserved else 0
    result = runtime.execute(built.block, progress=progress)
    sums = LamportSums(before, _lamports(built, runtime)) if conserved else None
    check = check_expectations(built, result, runtime.account, runtime.programs, sums)
    accounts = {name: runtime.account(key) for key, name in built.names.by_key.items()}
    return FixtureRun(built, result, check, accounts)


def place_accounts(built: BuiltFixture, runtime: Runtime) -> None:
    """Set the accounts that the file gives a state. One written `{}` keeps what it has."""
    for key, account in built.accounts.items():
        if account != EMPTY_ACCOUNT:
            runtime.set_account(
                key,
                lamports=account.lamports,
                owner=account.owner,
                data=account.data,
                executable=account.executable,
            )


def _lamports(built: BuiltFixture, runtime: Runtime) -> int:
    return sum(runtime.account(key).lamports for key in built.block.keys)

"""The programs a fixture needs beyond the given ones: those of the library and of packages."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.installed import add_named_programs
from ...programs.kit.program.program_set import ProgramSet
from ..fixture.model import FixtureFile, LayoutData


def add_needed(programs: ProgramSet, fixture: FixtureFile) -> None:
    """Load the programs that the fixture names and that are not in the set yet."""
    add_named_programs(programs, _program_names(fixture))


def _program_names(fixture: FixtureFile) -> Iterator[str]:
    """Every program name that the fixture uses."""
    for account in fixture.accounts.values():
        yield account.owner
        if account.address is not None:
            yield account.address.program
        if isinstance(account.data, LayoutData) and account.data.program:
            yield account.data.program
    for transaction in fixture.transactions:
        for instruction in transaction.instructions or ():
            yield instruction.program
        if transaction.expect is not None and transaction.expect.program:
            yield transaction.expect.program

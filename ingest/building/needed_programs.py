"""Which programs a fixture takes beside the given ones: those that are installed by its names."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.installed import add_installed_programs
from ...programs.kit.program.program_set import ProgramSet
from ..fixture.model import FixtureFile, LayoutData


def add_installed(programs: ProgramSet, fixture: FixtureFile) -> None:
    """Load the entry points whose names the fixture uses and no program has yet."""
    add_installed_programs(programs, _program_names(fixture))


def _program_names(fixture: FixtureFile) -> Iterator[str]:
    """Every name that the fixture uses for a program."""
    for account in fixture.accounts.values():
        yield account.owner
        if isinstance(account.data, LayoutData) and account.data.program:
            yield account.data.program
    for transaction in fixture.transactions:
        for instruction in transaction.instructions or ():
            yield instruction.program
        if transaction.expect is not None and transaction.expect.program:
            yield transaction.expect.program

"""The programs a fixture needs beyond the given ones: installed ones whose names it uses."""

from __future__ import annotations

from collections.abc import Iterator

from ...programs.installed import add_installed_programs
from ...programs.kit.program.program_set import ProgramSet
from ..fixture.model import FixtureFile, LayoutData


def add_installed(programs: ProgramSet, fixture: FixtureFile) -> None:
    """Load the entry points that the fixture names and that no program in the set provides."""
    add_installed_programs(programs, _program_names(fixture))


def _program_names(fixture: FixtureFile) -> Iterator[str]:
    """Every program name that the fixture uses."""
    for account in fixture.accounts.values():
        yield account.owner
        if isinstance(account.data, LayoutData) and account.data.program:
            yield account.data.program
    for transaction in fixture.transactions:
        for instruction in transaction.instructions or ():
            yield instruction.program
        if transaction.expect is not None and transaction.expect.program:
            yield transaction.expect.program

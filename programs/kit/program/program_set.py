"""The programs that a runtime knows, by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....primitives import Pubkey, UsageError
from ....primitives.one_line import counted, in_one_line
from .program import Program
from .traits import ProgramTraits


class ProgramSet:
    """Programs by id and by name, both unique.

    `impure`: programs found to change the process they run in; see process_guard.py.
    """

    def __init__(self, programs: Iterable[Program] = ()) -> None:
        self.impure: frozenset[Pubkey] = frozenset()
        self._by_id: dict[Pubkey, Program] = {}
        self._by_name: dict[str, Program] = {}
        for program in programs:
            self.add(program)

    def add(self, program: Program | ProgramTraits) -> bool:
        """Add a program; returns False if it was already present. Raises UsageError for a clash."""
        if not isinstance(program, Program):
            raise UsageError(f"{program!r} is no Program: give the Program object itself")
        known = self._by_id.get(program.id) or self._by_name.get(program.name)
        if known is program:
            return False
        if known is not None:
            raise UsageError(
                f"two programs claim the name {program.name!r} or the id {program.id}; "
                "give one another name and id"
            )
        self._by_id[program.id] = program
        self._by_name[program.name] = program
        return True

    def replace(self, program: Program) -> None:
        """Add a program, replacing an earlier version of it. Raises UsageError for a clash."""
        known = self._by_id.get(program.id)
        if known is not None and known.name == program.name:
            self._by_id[program.id] = self._by_name[program.name] = program
        else:
            self.add(program)

    def get(self, program_id: bytes) -> Program | None:
        return self._by_id.get(program_id)  # pyright: ignore[reportArgumentType] - bytes hash alike

    def named(self, name: str) -> Program | None:
        return self._by_name.get(name)

    def names(self) -> list[str]:
        return sorted(self._by_name)

    def __repr__(self) -> str:
        return in_one_line(f"{counted(len(self), 'program')}: {', '.join(self.names())}")

    def __iter__(self) -> Iterator[Program]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

"""Resolves a name given to `sealane programs`: a program, an instruction or a layout.

For an unknown name, the error suggests the nearest.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...ingest.files.values import suggestion
from ...primitives import UsageError
from ...programs.installed import add_named_programs, installed_programs
from ...programs.kit.program.description import (
    InstructionDescription,
    LayoutDescription,
    ProgramDescription,
    describe_instruction,
    describe_program,
)
from ...programs.kit.program.program import Program
from ...programs.kit.program.program_set import ProgramSet
from ...programs.library.on_demand import ON_DEMAND
from .known_programs import program_named


@dataclass(frozen=True, slots=True)
class ProgramList:
    """All programs; `installed`: names and entry points of those not loaded."""

    programs: tuple[ProgramDescription, ...]
    installed: dict[str, str]


Described = ProgramList | ProgramDescription | InstructionDescription | LayoutDescription


def find_described(name: str | None, programs: ProgramSet) -> Described:
    """The item of that name. Raises UsageError, suggesting the nearest name."""
    if name is None:
        add_named_programs(programs, ON_DEMAND)
        described = tuple(map(describe_program, programs))
        return ProgramList(described, installed_programs(programs))
    program_name, dot, part = name.partition(".")
    program = program_named(program_name, programs)
    return _part(program, part) if dot else describe_program(program)


def _part(program: Program, name: str) -> InstructionDescription | LayoutDescription:
    spec = program.instructions.get(name)
    if spec is not None:
        return describe_instruction(spec)
    if name in program.layouts:
        layouts = describe_program(program).layouts
        return next(layout for layout in layouts if layout.name == name)
    known = [*program.instructions, *program.layouts]
    hint = suggestion(name, known) if known else "; it has none at all"
    raise UsageError(f"{program.name} has no instruction or layout {name!r}{hint}")

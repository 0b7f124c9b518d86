"""The programs that everybody knows, written with the kit and nothing else."""

from ..kit import Program
from .system import system

BUILTIN_PROGRAMS: tuple[Program, ...] = (system,)

__all__ = ["BUILTIN_PROGRAMS", "system"]

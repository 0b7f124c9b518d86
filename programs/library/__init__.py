"""The programs that everybody knows, written with the kit and nothing else."""

from ..kit import Program
from .system import system
from .token import token

BUILTIN_PROGRAMS: tuple[Program, ...] = (system, token)

__all__ = ["BUILTIN_PROGRAMS", "system", "token"]

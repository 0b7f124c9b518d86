"""Solana's well-known programs, written with the kit only."""

from ..kit import Program
from . import nonce as nonce  # declares the nonce instructions of the system program
from .associated_token import associated_token
from .compute_budget import compute_budget
from .memo import memo
from .system import system
from .token import token

BUILTIN_PROGRAMS: tuple[Program, ...] = (system, token, associated_token, memo, compute_budget)

__all__ = [
    "BUILTIN_PROGRAMS",
    "associated_token",
    "compute_budget",
    "memo",
    "system",
    "token",
]


def __dir__() -> list[str]:
    return __all__

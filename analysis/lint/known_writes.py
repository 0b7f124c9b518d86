"""Which accounts an instruction of a well-known program may write, by their place in it.

Guarantees: what the library's programs declare, which do what the programs on chain do; a node
holds a program that is called by another to the rights that its caller got. An instruction that the
library does not know may write whatever its program owns.
"""

from __future__ import annotations

from typing import Final

from ...primitives import Pubkey
from ...programs.library import BUILTIN_PROGRAMS

_PROGRAMS: Final = {program.id: program for program in BUILTIN_PROGRAMS}
# Its accounts are those of the instructions within it.
_COMPOSED: Final = {"token.batch"}


def is_known(program: Pubkey) -> bool:
    """Whether the program's instructions are known."""
    return program in _PROGRAMS


def may_write(program: Pubkey, data: bytes | None, place: int | None) -> bool:
    """Whether an instruction of a known program may write its account number `place`.

    None for data, or a place, that was not recorded. Raises KeyError for an unknown program.
    """
    spec = None if data is None else _PROGRAMS[program].find_instruction(data)
    if spec is None or spec.full_name in _COMPOSED:
        return True
    if place is None:
        return any(parameter.writable for parameter in spec.accounts)
    for index, parameter in enumerate(spec.accounts):
        if index == place or parameter.variadic:
            return parameter.writable
    return False

"""Determines the owner required of accounts that a handler takes with a layout.

A layout gives bytes a meaning; many programs may list the same one. The owner that a parameter
requires is fixed when the handler is declared:

1. `claim: Annotated[Balance, Owner("bank")]`: an account of the program that the mark names.
2. The handler's program lists the layout: an account of its own.
3. The layout has a program of its own: an account of that. It is named with the layout (`class
   Mint(Layout, program="token")`), or else the only one that lists it in the layout's own module.

Anything else is an error where the handler is defined. Programs of other modules, and the import
order, make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ....primitives import DefinitionError, Errors, InstructionErrors, Pubkey, UsageError
from ..accounts.layout import Layout
from ..accounts.layout_registry import programs_at_home, programs_listing
from .constraints import Constraint, Named, Owner


@dataclass(frozen=True, slots=True)
class AccountOwner:
    """The program that must own an account; `error` is raised if it does not."""

    name: str
    id: Pubkey
    error: Errors = InstructionErrors.InvalidAccountOwner


class Lister(Named, Protocol):
    """The part of a program that determines owners."""

    @property
    def layouts(self) -> Mapping[str, type[Layout]]: ...


def owner_of_parameter(
    layout: type[Layout], constraints: Iterable[Constraint], program: Lister, where: str
) -> AccountOwner:
    """The required owner of an account that a handler of `program` takes with this layout.

    Raises DefinitionError, with `where` and what to write, if none is determined.
    """
    for mark in constraints:
        if isinstance(mark, Owner):
            return AccountOwner(mark.name, mark.owner, mark.error)
    if _lists(program, layout):
        return AccountOwner(program.name, program.id)
    own = _own_program(layout)
    if own is not None:
        return own
    others = [*programs_at_home(layout).values(), *programs_listing(layout).values(), "token"]
    raise DefinitionError(
        f"{where} has the layout {layout.__name__}, which program {program.name!r} does not list: "
        f"for accounts of its own, write Program({program.name!r}, layouts=[…, "
        f"{layout.__name__}]); for accounts of another program, "
        f'Annotated[{layout.__name__}, Owner("{others[0]}")]; for an argument, Arg[…]'
    )


def usual_owners(layout: type[Layout], programs: Iterable[Lister]) -> Mapping[Pubkey, str]:
    """The programs whose accounts may be meant if only a layout is given: names by id.

    The one that the layout names, else those of `programs` that list it, else any that does.
    """
    if layout.layout_program is not None:
        name, key = layout.layout_program
        return {key: name}
    found = {program.id: program.name for program in programs if _lists(program, layout)}
    return found or programs_at_home(layout) or programs_listing(layout)


def usual_owner(layout: type[Layout], programs: Iterable[Lister]) -> AccountOwner | None:
    """The default owner of an account with this layout; None if no program lists it.

    Raises UsageError if several programs do.
    """
    known = usual_owners(layout, programs)
    if len(known) > 1:
        names = sorted(known.values())
        raise UsageError(
            f"several programs list the layout {layout.__name__}: {', '.join(names)}; say which "
            f"one owns the account, like owner={names[0]!r}"
        )
    return next((AccountOwner(name, key) for key, name in known.items()), None)


def _own_program(layout: type[Layout]) -> AccountOwner | None:
    if layout.layout_program is not None:
        return AccountOwner(*layout.layout_program)
    known = programs_at_home(layout)
    if len(known) != 1:
        return None
    ((key, name),) = known.items()
    return AccountOwner(name, key)


def _lists(program: Lister, layout: type[Layout]) -> bool:
    return any(listed is layout for listed in program.layouts.values())

"""Layouts that a program's handlers add to must agree on where the sums are.

Two handlers may add to one account at the same time, each through a layout of its own. What one of
them reads as a key must be no sum for the other, and sums of both must be the same integers.
Layouts whose discriminators differ never meet in one account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import cast

from ....primitives import DefinitionError, Pubkey
from ..accounts.added import is_sum
from ..accounts.layout import Layout
from .parameters import AccountParameter, Parameter, is_layout

Span = tuple[int, int]  # first byte, end


def require_agreeing_sums(parameters: Iterable[Parameter], program_id: Pubkey, where: str) -> None:
    """Raise DefinitionError if two layouts of these parameters cannot both be added to.

    `parameters`: those of all handlers of the program.
    """
    layouts = dict.fromkeys(_added_layouts(parameters, program_id))
    for first, second in combinations(layouts, 2):
        if _may_be_one(first, second) and (_clash(first, second) or _clash(second, first)):
            raise DefinitionError(
                f"{where}: handlers add to accounts as {first.__name__} and {second.__name__}, "
                "whose sums are at different places of the same bytes; give both layouts a "
                "discriminator=, or declare one of them with Mut[…]"
            )


def _added_layouts(parameters: Iterable[Parameter], program_id: Pubkey) -> Iterator[type[Layout]]:
    """The layouts with which accounts of the program itself are added to."""
    for each in parameters:
        if not isinstance(each, AccountParameter) or not (each.adds or each.credits):
            continue
        if is_layout(each.view_type) and each.owner is not None and each.owner.id == program_id:
            yield cast(type[Layout], each.view_type)


def _may_be_one(first: type[Layout], second: type[Layout]) -> bool:
    """Whether one account can have both layouts: the discriminators do not rule it out."""
    length = min(len(first.discriminator), len(second.discriminator))
    return first.discriminator[:length] == second.discriminator[:length]


def _clash(first: type[Layout], second: type[Layout]) -> bool:
    """Whether a sum of the first shares bytes with something else of the second."""
    others = [*_spans(second, sums=False), *_spans(second, sums=True)]
    sums = set(_spans(second, sums=True))
    return any(
        start < stop and begin < end
        for start, end in _spans(first, sums=True)
        for begin, stop in others
        if not ((begin, stop) == (start, end) and (start, end) in sums)
    )


def _spans(layout: type[Layout], *, sums: bool) -> Iterator[Span]:
    """Where the sums of a layout are, or all the rest."""
    if not sums:
        yield 0, len(layout.discriminator)
        if not layout.layout_fixed:
            yield layout.layout_size, 1 << 62  # fields of varying length
    for field in layout.layout_fields.values():
        if field.codec.size is not None and is_sum(field) is sums:
            yield field.offset, field.offset + field.codec.size

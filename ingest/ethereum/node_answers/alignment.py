"""Lines up what several documents say about one block: which transaction is which.

Guarantees: documents that contradict each other raise an InputError that names both: another block,
another number of transactions, a transaction that the block does not have, other facts of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

from ....primitives import InputError
from ..model import BlockSource, TransactionFacts
from .answer import Answer, Told, transaction_place

# Tracers answer in any order that they were asked in; blocks and traces number their transactions.
_ORDERED_LAST: Final = (BlockSource.PRESTATE, None)


class Named(NamedTuple):
    """An answer, and the file that it is from."""

    name: str
    answer: Answer


class Header(NamedTuple):
    """What the documents say of the block as a whole; None for what none of them says."""

    number: int | None
    hash: str | None
    coinbase: str | None
    gas_limit: int | None
    list_hash: str | None


def common_header(answers: Sequence[Named]) -> Header:
    """Raises InputError where two documents are about different blocks."""
    return Header(**{field: _agreed(answers, field) for field in Header._fields})


def aligned(answers: Sequence[Named]) -> list[list[Told]]:
    """What each document says of the block's n transactions, in the order of the block.

    A document that names its transactions by hash may have another order than the first that does.
    """
    about = [each for each in answers if each.answer.transactions is not None]
    if not about:
        return []
    named = [each for each in about if _is_named(each)]
    first = min(named or about, key=lambda each: each.answer.kind in _ORDERED_LAST)  # stable
    return [_in_order(each, first) for each in about]


def common_facts(told: Sequence[Told], names: Sequence[str], position: int) -> TransactionFacts:
    """What the documents `names` say of one transaction. Raises InputError if two contradict."""
    found = TransactionFacts()
    said_by: dict[str, str] = {}
    for name, each in zip(names, told, strict=True):
        for field in fields(TransactionFacts):
            value, known = getattr(each.facts, field.name), getattr(found, field.name)
            if value is None or value == known:
                continue
            if known is not None:
                raise InputError(
                    f"{transaction_place(position, found.hash)}: {field.name} is {known} in "
                    f"{said_by[field.name]} and {value} in {name}; leave one of the two out"
                )
            found = replace(found, **{field.name: value})
            said_by[field.name] = name
    return found


def _agreed(answers: Iterable[Named], field: str) -> Any:
    known: Any = None
    said_by = ""
    for name, answer in answers:
        value = getattr(answer, field)
        if value is None or value == known:
            continue
        if known is not None:
            raise InputError(
                f"{said_by} and {name} are of different blocks: {field.replace('_', ' ')} "
                f"{known} in the one, {value} in the other; leave one of the two out"
            )
        known, said_by = value, name
    return known


def _is_named(each: Named) -> bool:
    return all(told.facts.hash is not None for told in each.answer.transactions or ())


def _in_order(each: Named, first: Named) -> list[Told]:
    told, expected = list(each.answer.transactions or ()), first.answer.transactions or ()
    if len(told) != len(expected):
        raise InputError(
            f"{first.name} has {len(expected):,} transactions, {each.name} {len(told):,}: they are "
            "of different blocks, or one is cut"
        )
    positions = {other.facts.hash: position for position, other in enumerate(expected)}
    ordered: list[Told | None] = [None] * len(told)
    for position, one in enumerate(told):
        own = one.facts.hash
        place = position if own is None or None in positions else positions.get(own)
        if place is None:
            raise InputError(
                f"{each.name}: {transaction_place(position, own)} is not among the transactions "
                f"of {first.name}"
            )
        if ordered[place] is not None:
            raise InputError(f"{each.name}: {transaction_place(position, own)}: there twice")
        ordered[place] = one
    return [one for one in ordered if one is not None]

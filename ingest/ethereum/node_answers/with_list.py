"""A block access list (EIP-7928) together with what nodes answer about its block.

The list says what each transaction wrote, what the system did before and after them, and what the
block as a whole read; answers say more of the transactions, or who the coinbase is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ....primitives import InputError
from ..access_list.changes import AccessList
from ..access_list.to_block import Header, block_of_list
from ..keys import StateKey
from ..model import BlockSource, EthereumBlock, TransactionFacts
from .alignment import Named, aligned, common_header
from .answer import Answer, Told
from .joined import common_state, join


class NamedList(NamedTuple):
    """A list, and the file that it is from."""

    name: str
    found: AccessList


def answer_of_header(header: Header) -> Answer:
    """What a document says beside its list."""
    facts = header.facts
    return Answer(
        "what stands beside a list",
        kind=None,
        transactions=None if facts is None else [Told(each) for each in facts],
        number=header.number,
        hash=header.hash,
        coinbase=header.coinbase,
        gas_limit=header.gas_limit,
        list_hash=header.list_hash,
    )


def block_of(answers: Sequence[Named], lists: Sequence[NamedList]) -> EthereumBlock:
    """The block that all of these are about. Raises InputError."""
    if not lists:
        return join(answers)
    first, *others = lists
    for other in others:
        if other.found.hash != first.found.hash:
            raise InputError(
                f"{first.name} and {other.name} are two different access lists; leave one out"
            )
    told = aligned(answers)
    listed = _listed(first, answers, len(told[0]) if told else None)
    joined = join([*_within(answers, listed), Named(first.name, _answer(listed))])
    return replace(
        joined,
        before=listed.before,
        after=listed.after,
        unindexed_reads=() if joined.reads_known else listed.unindexed_reads,
        touched=() if joined.reads_known else listed.touched,
        list_hash=listed.list_hash,
    )


def _listed(first: NamedList, answers: Sequence[Named], count: int | None) -> EthereumBlock:
    header = common_header(answers)
    facts = None if count is None else [TransactionFacts()] * count
    known = Header(
        header.number, header.hash, header.coinbase, header.gas_limit, facts, header.list_hash
    )
    try:
        return block_of_list(first.found, known, common_state(answers))
    except InputError as error:
        raise InputError(f"{first.name}: {error.message}") from error


def _answer(listed: EthereumBlock) -> Answer:
    told = [Told(writes={**step.writes, **step.adds}) for step in listed.steps]
    return Answer("a block access list", BlockSource.ACCESS_LIST, transactions=told)


def _within(answers: Sequence[Named], listed: EthereumBlock) -> list[Named]:
    """The answers, without hints at slots that the list lacks: these nobody accessed."""
    slots = {key for step in listed.steps for key in step.writes} | {*listed.unindexed_reads}
    return [Named(name, _hinting_within(answer, slots)) for name, answer in answers]


def _hinting_within(answer: Answer, slots: set[StateKey]) -> Answer:
    if answer.transactions is None:
        return answer
    told = [
        replace(each, hints=[key for key in each.hints if key in slots])
        for each in answer.transactions
    ]
    return replace(answer, transactions=told)

"""Makes a block of an access list: what each transaction wrote, and what the block read.

Guarantees: writes are exact; they stand in the step that made them, in the list's order. Reads are
known for the block only, as the list has no index for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ....primitives import InputError
from ..keys import StateKey, StateValue
from ..model import BlockSource, EthereumBlock, KnownState, ListHash, Step, TransactionFacts
from ..payments import infer_coinbase, payments_as_adds
from .changes import CHANGE_FIELDS, AccessList, AccountChanges, Numbering
from .numbering import Numbered, number_list, require_changes
from .rules import Limits, check_rules


class Header(NamedTuple):
    """What is known of a list's block beside the list; None for what is not.

    `facts`: of each transaction. `list_hash`: as the header has it.
    """

    number: int | None = None
    hash: str | None = None
    coinbase: str | None = None
    gas_limit: int | None = None
    facts: Sequence[TransactionFacts] | None = None
    list_hash: str | None = None


NO_HEADER = Header()


def block_of_list(
    found: AccessList, header: Header = NO_HEADER, pre: KnownState | None = None
) -> EthereumBlock:
    """The block of a list. Raises InputError if the list breaks a rule."""
    accounts = found.accounts
    numbered = _checked(found, header, pre)
    steps = _steps(accounts, numbered)
    facts = header.facts or [TransactionFacts()] * numbered.transactions
    transactions = steps[1:-1]
    coinbase = header.coinbase or infer_coinbase(transactions)
    if coinbase is not None:
        transactions = payments_as_adds(transactions, facts, coinbase, pre)
    return EthereumBlock(
        source=BlockSource.ACCESS_LIST,
        facts=facts,
        steps=transactions,
        before=steps[0],
        after=steps[-1],
        number=header.number,
        hash=header.hash,
        coinbase=coinbase,
        coinbase_is_inferred=header.coinbase is None and coinbase is not None,
        gas_limit=header.gas_limit,
        unindexed_reads=_reads(accounts),
        touched=[account.address for account in accounts if account.is_untouched],
        pre=pre,
        list_hash=ListHash(header.list_hash, found.hash),
    )


def _checked(found: AccessList, header: Header, pre: KnownState | None) -> Numbered:
    """How the list counts. Raises InputError for the first rule that it breaks."""
    known = None if header.facts is None else len(header.facts)
    numbered = number_list(found.accounts, known, committed=header.list_hash is not None)
    if found.padded_slots and numbered.numbering is not Numbering.FROM_ZERO:
        raise InputError(
            "slots or their values have leading zeros; EIP-7928: integers are encoded without"
        )
    check_rules(found.accounts, Limits(numbered.span, header.gas_limit, pre))
    require_changes(found.accounts, numbered)
    return numbered


def _steps(accounts: Sequence[AccountChanges], numbered: Numbered) -> list[Step]:
    """The steps before the first transaction, of each, and after the last one: n + 2."""
    writes: list[dict[StateKey, StateValue]] = [{} for _ in range(numbered.transactions + 2)]
    for account in accounts:
        address = account.address
        for slot, changes in account.storage_changes:
            for index, value in changes:
                writes[1 + numbered.position(index)][StateKey.slot(address, slot)] = value
        for part in CHANGE_FIELDS:
            for index, value in account.changes_of(part):
                writes[1 + numbered.position(index)][StateKey(address, part)] = value
    return [Step(writes=each) for each in writes]


def _reads(accounts: Sequence[AccountChanges]) -> list[StateKey]:
    return [
        StateKey.slot(account.address, slot)
        for account in accounts
        for slot in account.storage_reads
    ]

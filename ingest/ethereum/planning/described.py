"""A block of Ethereum in the terms of the scheduler: what its transactions and keys are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ....primitives.cost_note import CostNote, notes_on_gaps, without_gaps
from ....runtime import Block
from ....runtime.block.block import InstructionColumns
from ....scheduler import AccessLists
from ....scheduler.schedule.about import NO_PAYER, About
from ....scheduler.schedule.belonging import Belonging
from ....scheduler.schedule.calls import Calls
from ....scheduler.schedule.left_out import PROGRAM
from ...building.recording import Described
from ..columns import EthereumColumns
from ..keys import BALANCE, StateKey
from ..model import EthereumBlock, TransactionFacts
from ..transaction_ids import transaction_ids
from .contract_labels import key_name, labels_by_name
from .known_methods import method_name

_PLAIN_TRANSFER_GAS: Final = 21_000  # what a transaction costs that runs no code


def described(
    block: EthereumBlock, columns: EthereumColumns, given: Mapping[str, str]
) -> Described:
    """The block to plan. `columns`: its accesses; `given`: labels by address or key."""
    labels = labels_by_name(given, columns.names, block.coinbase)
    costs, known, note = _costs(block.facts)
    access = AccessLists(
        columns.offsets, columns.accounts, columns.writes, len(columns.names), columns.adds
    )
    payers = _payers(block.facts, columns.names)
    calls = _calls(block.facts)
    count = len(block)
    return Described(
        block=Block(
            ids=transaction_ids(block),
            keys=[Pubkey.of(name) for name in columns.names],
            access=access,
            payers=np.full(count, NO_PAYER, dtype=np.int64),
            fees=np.zeros(count, dtype=np.uint64),
            costs=costs,
            instructions=InstructionColumns.none(count),
            program_ids=(),
            programs=(),
        ),
        about=About(
            payers=payers,
            priorities=np.zeros(count, dtype=np.int64),
            own_cost=known,
            is_vote=np.zeros(count, dtype=np.bool_),
            failed=None,
            called=calls,
            accounts=Belonging(
                columns.names,
                access,
                payers,
                calls,
                labels,
                groups=_keys_by_address(columns.names),
                spell=key_name,
            ),
            phrases=[_phrase(facts, labels) for facts in block.facts],
        ),
        select=CallsOf(block.facts, labels),
        notes=(*block.notes, *note),
    )


def _keys_by_address(names: Sequence[str]) -> dict[str, list[int]]:
    """The accounts of each address; none where an address is one account."""
    found: dict[str, list[int]] = {}
    for account, name in enumerate(names):
        address, colon, _ = name.partition(":")
        if colon:
            found.setdefault(address, []).append(account)
    return found


def _phrase(facts: TransactionFacts, labels: Mapping[str, str]) -> str:
    """Who sends a transaction to whom, and what it calls there."""
    parts: list[str] = []
    if facts.sender is not None:
        parts.append(f"from {_called(facts.sender, labels)}")
    if facts.to is not None:
        parts.append(f"to {_called(facts.to, labels)}")
    elif facts.creates:
        parts.append("creates a contract")
    text = " ".join(parts)
    return text if facts.selector is None else f"{text}, method {method_name(facts.selector)}"


def _called(address: str, labels: Mapping[str, str]) -> str:
    return f"{labels[address]} {address}" if address in labels else address


@dataclass(frozen=True, eq=False)
class CallsOf:
    """Which transactions "program:ADDRESS" or "program:LABEL" stands for: those sent to it.

    None for an address that no transaction is sent to, and for other words.
    """

    facts: Sequence[TransactionFacts]
    labels: Mapping[str, str]

    def __call__(self, word: str) -> NDArray[np.bool_] | None:
        if not word.startswith(PROGRAM):
            return None
        name = word.removeprefix(PROGRAM)
        wanted = [key_name(name), *(each for each, label in self.labels.items() if label == name)]
        found = np.array([facts.to in wanted for facts in self.facts], dtype=np.bool_)
        return found if found.any() else None


def _costs(
    facts: Sequence[TransactionFacts],
) -> tuple[NDArray[np.int64], NDArray[np.bool_], list[CostNote]]:
    """The gas of each transaction, whether it is recorded, and what else stands in for it."""
    used = [each.gas_used for each in facts]
    recorded = np.array([gas is not None for gas in used], dtype=np.bool_)
    limits = [each.gas_limit for each in facts]
    what, missing = "the gas used is not recorded", used.count(None)
    if facts and missing == len(facts) and None not in limits:
        filled, notes = without_gaps(limits), [CostNote(f"{what}: the gas limits stand in")]
    else:
        filled, notes = without_gaps(used), list(notes_on_gaps(what, missing, len(used)))
    return np.array(filled, dtype=np.int64), recorded, notes


def _payers(facts: Sequence[TransactionFacts], names: Sequence[str]) -> NDArray[np.int64]:
    """The account that holds the balance of each transaction's sender."""
    ids = {name: account for account, name in enumerate(names)}
    payers = np.full(len(facts), NO_PAYER, dtype=np.int64)
    for position, each in enumerate(facts):
        if each.sender is not None:
            balance = ids.get(StateKey(each.sender, BALANCE).name, NO_PAYER)
            payers[position] = ids.get(each.sender, balance)
    return payers


def _calls(facts: Sequence[TransactionFacts]) -> Calls:
    """A call for each transaction that is sent to code: "ADDRESS:SELECTOR"."""
    contracts: dict[str, int] = {}
    offsets = [0]
    programs: list[int] = []
    names: list[str] = []
    for each in facts:
        if each.to is not None and _runs_code(each):
            programs.append(contracts.setdefault(each.to, len(contracts)))
            names.append(each.to if each.selector is None else f"{each.to}:{each.selector}")
        offsets.append(len(programs))
    return Calls.of(
        np.array(offsets, dtype=np.int64),
        np.array(programs, dtype=np.uint32),
        tuple(contracts),
        names,
    )


def _runs_code(facts: TransactionFacts) -> bool:
    if facts.selector is not None:
        return True
    return facts.gas_used is not None and facts.gas_used > _PLAIN_TRANSFER_GAS

"""A recorded block in the terms of the scheduler: what its transactions and accounts are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...scheduler import AccessLists
from ...scheduler.schedule.about import NO_PAYER, About
from ...scheduler.schedule.belonging import Belonging, Owner
from ...scheduler.schedule.calls import Calls
from ..building.account_names import AccountNames
from ..building.call_names import CallNames
from ..building.known_labels import known_labels
from ..building.recording import Described
from ..building.selection import Selection
from ..building.well_known import INCIDENTAL
from .instruction_data import DecodedData
from .notes import notes_on
from .recorded import RecordedBlock, RecordedCalls
from .recorded_columns import plan_only_block


def described(recorded: RecordedBlock, given: Mapping[str, str]) -> Described:
    """The block to plan. `given`: labels by any word that names an account or program."""
    block = plan_only_block(recorded)
    labels = known_labels(given, {})
    names = AccountNames(block.keys, {})
    return Described(
        block=block,
        about=about_recorded(recorded, block.access, names, labels),
        select=Selection(block, recorded.is_vote, by_locks=True, program_keys={}, labels=labels),
        notes=tuple(notes_on(recorded)),
    )


def about_recorded(
    recorded: RecordedBlock, access: AccessLists, names: Sequence[str], labels: Mapping[str, str]
) -> About:
    """Of a recorded block. `names` by account id, `labels` by name."""
    calls = _recorded_calls(recorded.calls, recorded.keys)
    payers = _first_accounts(recorded)
    owners = {
        account: Owner(token.program, token.mint, token.owner)
        for account, token in recorded.token_accounts.items()
    }
    return About(
        payers=payers,
        priorities=recorded.priority,
        own_cost=recorded.units_known,
        is_vote=recorded.is_vote,
        failed=recorded.failed if recorded.has_outcomes else None,
        called=calls,
        accounts=Belonging(names, access, payers, calls, labels, owners, INCIDENTAL),
    )


def _recorded_calls(recorded: RecordedCalls, keys: Sequence[Pubkey]) -> Calls:
    called, first, inverse = np.unique(recorded.programs, return_index=True, return_inverse=True)
    order = np.argsort(first)  # programs in the order in which the block calls them
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    programs = rank[inverse]
    accounts: list[int] = called[order].tolist()
    program_keys = [keys[account] for account in accounts]
    names = tuple(map(str, program_keys))
    of_calls = CallNames(programs, program_keys, names, DecodedData(recorded.data))
    return Calls.of(recorded.offsets, programs, names, of_calls)


def _first_accounts(recorded: RecordedBlock) -> NDArray[np.int64]:
    """The first account of a transaction pays its fee."""
    payers = np.full(len(recorded.ids), NO_PAYER, dtype=np.int64)
    locking = np.diff(recorded.offsets) > 0
    payers[locking] = recorded.accounts[recorded.offsets[:-1][locking]]
    return payers

"""What a fixture or a recorded block tells about its transactions and accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...programs.kit.program.program_set import ProgramSet
from ...scheduler import AccessLists
from ...scheduler.schedule.about import NO_PAYER, About
from ...scheduler.schedule.belonging import Belonging, Owner
from ...scheduler.schedule.calls import Calls
from ..fixture.model import AccountSpec, LayoutData
from ..solana.recorded import RecordedBlock, RecordedCalls
from .build import BuiltFixture
from .call_names import CallNames, ColumnData
from .well_known import INCIDENTAL

_SYSTEM = "system"


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
    of_calls = CallNames(programs, program_keys, names, recorded.data)
    return Calls.of(recorded.offsets, programs, names, of_calls)


def _first_accounts(recorded: RecordedBlock) -> NDArray[np.int64]:
    """The first account of a transaction pays its fee."""
    payers = np.full(len(recorded.ids), NO_PAYER, dtype=np.int64)
    locking = np.diff(recorded.offsets) > 0
    payers[locking] = recorded.accounts[recorded.offsets[:-1][locking]]
    return payers


def about_fixture(
    built: BuiltFixture,
    programs: ProgramSet,
    shown: Mapping[Pubkey, str],
    names: Sequence[str],
    labels: Mapping[str, str],
) -> About:
    """Of a built fixture. `shown`: its names of keys; `names` by account id, `labels` by name."""
    block, columns = built.block, built.block.instructions
    program_names = tuple(
        shown.get(key) or built.names.first_word(key) for key in block.program_ids
    )
    of_calls = CallNames(
        columns.programs, block.program_ids, program_names, ColumnData(columns), programs
    )
    calls = Calls.of(columns.offsets, columns.programs, program_names, of_calls)
    owners = _owners(built)
    priorities = np.zeros(len(block), dtype=np.int64)
    specs = built.fixture.transactions
    priorities[: len(specs)] = [spec.priority for spec in specs]
    own_cost = np.zeros(len(block), dtype=np.bool_)
    own_cost[: len(specs)] = [spec.cost is not None for spec in specs]
    return About(
        payers=block.payers,
        priorities=priorities,
        own_cost=own_cost,
        is_vote=np.zeros(len(block), dtype=np.bool_),
        failed=None,
        called=calls,
        accounts=Belonging(names, block.access, block.payers, calls, labels, owners, INCIDENTAL),
    )


def _owners(built: BuiltFixture) -> dict[int, Owner]:
    """The owners of declared accounts, by account id; the system program's are left out."""
    # The accounts of the file come first in `accounts`, in the same order.
    specs = zip(built.accounts, built.fixture.accounts.values(), strict=False)
    owners = {key: _owner(spec) for key, spec in specs if spec.owner != _SYSTEM}
    if not owners:
        return {}
    return {account: owners[key] for account, key in enumerate(built.block.keys) if key in owners}


def _owner(spec: AccountSpec) -> Owner:
    if not isinstance(spec.data, LayoutData):
        return Owner(spec.owner)
    mint, holder = spec.data.fields.get("mint"), spec.data.fields.get("owner")
    return Owner(
        spec.owner,
        mint if isinstance(mint, str) else None,
        holder if isinstance(holder, str) else None,
    )

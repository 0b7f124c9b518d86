"""What a fixture tells about its transactions and accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...primitives import Pubkey
from ...programs.kit.program.program_set import ProgramSet
from ...scheduler.schedule.about import About
from ...scheduler.schedule.belonging import Belonging, Owner
from ...scheduler.schedule.calls import Calls
from ..fixture.model import AccountSpec, LayoutData
from .build import BuiltFixture
from .call_names import CallNames, ColumnData
from .well_known import INCIDENTAL

_SYSTEM = "system"


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

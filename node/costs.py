"""What a transaction counts towards the limits of a block, by Solana's cost model.

Guarantees: a function of its bytes alone, so that all nodes count alike. Does not: know what it
will use; one that states no limit counts as the model says, whatever the runtime allows it.
"""

from __future__ import annotations

from ..primitives import Pubkey
from ..primitives.known_keys import COMPUTE_BUDGET_ID
from ..scheduler.packing import Demand, cost_of
from ..scheduler.packing.cost_model import BUILTIN_PROGRAMS
from ..wire import SignedTransaction
from ..wire.compute_budget import DATA_LIMIT, UNIT_LIMIT


def declared_cost(signed: SignedTransaction) -> int:
    """In compute units; `signed` must have a valid compute budget."""
    calls = signed.transaction.instructions
    builtin = sum(call.program_id in BUILTIN_PROGRAMS for call in calls)
    stated: dict[int, int] = {
        call.data[0]: int.from_bytes(call.data[1:5], "little")
        for call in calls
        if call.program_id == COMPUTE_BUDGET_ID
    }
    demand = Demand(
        signatures=len(signed.witnesses),
        write_locks=len(_written(signed)),
        data_len=sum(len(call.data) for call in calls),
        builtin_calls=builtin,
        other_calls=len(calls) - builtin,
        unit_limit=stated.get(UNIT_LIMIT),
        loaded_len=stated.get(DATA_LIMIT),
    )
    return cost_of(demand).total


def _written(signed: SignedTransaction) -> set[Pubkey]:
    given = signed.transaction
    written = {*given.writes}
    if given.payer is not None:
        written.add(given.payer)
    for call in given.instructions:
        written.update([meta.key for meta in call.accounts if meta.writable])
    return written

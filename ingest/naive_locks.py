"""A workload's transactions with the locks of a naive layout: what a program's care is worth.

Each transaction declares what its instructions do, and writes what the program would write as well
if all fees went into one vault, all totals into one account. Such a file can be planned and
simulated beside the workload itself, not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..primitives import Pubkey, UsageError
from ..programs.installed import add_named_programs
from ..programs.kit.program.program_set import ProgramSet
from .building.call_builder import build_call
from .fixture.account_reader import read_accounts
from .fixture.model import Call
from .fixture.names import Names
from .fixture.transaction_reader import read_transaction
from .fixture.workload import WorkloadSpec
from .fixture.workload_lines import fixture_lines
from .workloads.market import Market, TransactionDocument
from .workloads.registry import generator_of


def naive_lines(spec: WorkloadSpec, programs: ProgramSet) -> Iterator[str]:
    """The lines of a JSONL fixture of transactions that name only their locks.

    Raises UsageError for transfers of lamports, which have no other layout.
    """
    if not spec.is_market:
        raise UsageError(f"--naive: {spec.program} has no other layout; name another --program")
    market = generator_of(spec.program)(spec.draws)
    why = f"{spec.n:,} calls of {spec.program} with the locks of a naive layout, seed {spec.seed}"
    return fixture_lines(why, {}, _transactions(market, programs))


def _transactions(market: Market, programs: ProgramSet) -> Iterator[str]:
    names = Names(programs)
    for word, account in read_accounts(dict(market.accounts)).items():
        if account.address is not None:
            names.bind(word, account.address)
    for position, document in enumerate(market.transactions):
        locks = _locks(document, position, names)
        for word in market.naive(document):
            locks[names.account(word)] = True
        yield json.dumps(_plan_only(document, position, locks, names), separators=(",", ":"))


def _locks(document: TransactionDocument, position: int, names: Names) -> dict[Pubkey, bool]:
    """Whether each account of the transaction is written, by key, in order of naming."""
    spec = read_transaction(document, position)
    locks = {} if spec.payer is None else {names.account(spec.payer): True}
    for call in spec.instructions or ():
        assert isinstance(call, Call)  # generators call by name
        add_named_programs(names.programs, [call.program])
        for meta in build_call(call, names.programs, names.mentioned).accounts:
            locks[meta.key] = locks.get(meta.key, False) or meta.writable
    return locks


def _plan_only(
    document: TransactionDocument, position: int, locks: dict[Pubkey, bool], names: Names
) -> dict[str, Any]:
    return {
        "id": document.get("id", f"t{position}"),
        "writes": [names.shown(key) for key, written in locks.items() if written],
        "reads": [names.shown(key) for key, written in locks.items() if not written],
    }

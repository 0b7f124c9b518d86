"""Solana's cost model: what a transaction counts towards a block's limits, before it runs.

    signatures        720 each; precompiles' as they verify them, see below
  + write locks       300 each
  + instruction data  a unit for each 4 bytes, rounded down
  + execution         the requested limit; without one, 3,000 for each instruction of a builtin and
                      200,000 for each other, at most 1,400,000; once it ran, what it used
  + loaded accounts   8 for each page of 32 KiB; without a requested limit, of 64 MiB
  = cost              a simple vote always costs 3,428, until SIMD-0458

Source: anza-xyz/agave@007bac8b, cost-model/src/cost_model.rs and block_cost_limits.rs; SIMD-0170
for builtins. Does not: read instructions; `Demand` has the counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from ...primitives import Pubkey

SIGNATURE_COST: Final = 720
SECP256K1_COST: Final = 6_690
ED25519_COST: Final = 2_280
ED25519_STRICT_COST: Final = 2_400
SECP256R1_COST: Final = 4_800
WRITE_LOCK_COST: Final = 300
DATA_BYTES_PER_UNIT: Final = 4
BUILTIN_UNITS: Final = 3_000
INSTRUCTION_UNITS: Final = 200_000
TRANSACTION_UNITS_MAX: Final = 1_400_000
PAGE_LEN: Final = 32 * 1024
PAGE_COST: Final = 8
LOADED_LEN_MAX: Final = 64 * 1024 * 1024  # what a transaction may load that asks for no limit
SIMPLE_VOTE_UNITS: Final = 2_100

# BUILTIN_INSTRUCTION_COSTS in agave, without those that have become BPF programs since (stake,
# config, address lookup table). The secp256r1 precompile is none of them.
BUILTIN_PROGRAMS: Final = frozenset(
    Pubkey.from_base58(key)
    for key in (
        "11111111111111111111111111111111",
        "Vote111111111111111111111111111111111111111",
        "ComputeBudget111111111111111111111111111111",
        "BPFLoader1111111111111111111111111111111111",
        "BPFLoader2111111111111111111111111111111111",
        "BPFLoaderUpgradeab1e11111111111111111111111",
        "LoaderV411111111111111111111111111111111111",
        "KeccakSecp256k11111111111111111111111111111",
        "Ed25519SigVerify111111111111111111111111111",
    )
)


@dataclass(frozen=True, slots=True)
class CostRules:
    """What has changed over time; by default, as agave 4.3 has it.

    `strict_ed25519`: the precompile verifies strictly, for more. `demoted_locks`: write locks that
    are demoted to reads count (feature cost_model_requested_write_lock_cost). `fixed_votes`: a
    simple vote has its fixed cost, as before SIMD-0458.
    """

    strict_ed25519: bool = True
    demoted_locks: bool = True
    fixed_votes: bool = True


class Demand(NamedTuple):
    """What a transaction asks for, counted. Lengths are in bytes.

    `write_locks`: those that are kept; `demoted_locks`: asked for, but only read, as sysvars are.
    `unit_limit` and `loaded_len`: as requested, None if not. `builtin_calls`, `other_calls`: of
    BUILTIN_PROGRAMS, and of all others.
    """

    signatures: int = 1
    write_locks: int = 1
    data_len: int = 0
    builtin_calls: int = 0
    other_calls: int = 0
    unit_limit: int | None = None
    loaded_len: int | None = None
    secp256k1_signatures: int = 0
    ed25519_signatures: int = 0
    secp256r1_signatures: int = 0
    demoted_locks: int = 0
    simple_vote: bool = False


class TransactionCost(NamedTuple):
    """The parts of a cost, in compute units."""

    signatures: int
    write_locks: int
    data: int
    execution: int
    loaded_accounts: int

    @property
    def total(self) -> int:
        return sum(self)

    def executed(self, units: int, loaded_len: int | None = None) -> TransactionCost:
        """The same once it has run: it used so many units, and loaded so many bytes, if known."""
        if loaded_len is None:
            return self._replace(execution=units)
        return self._replace(execution=units, loaded_accounts=loaded_accounts_cost(loaded_len))


def cost_of(demand: Demand, rules: CostRules | None = None) -> TransactionCost:
    """What a transaction costs before it has run.

    >>> cost_of(Demand(signatures=1, write_locks=2, data_len=12, builtin_calls=1)).total
    20707
    """
    rules = rules or CostRules()
    if demand.simple_vote and rules.fixed_votes:
        return TransactionCost(
            SIGNATURE_COST, 2 * WRITE_LOCK_COST, 0, SIMPLE_VOTE_UNITS, loaded_accounts_cost(1)
        )
    locks = demand.write_locks + (demand.demoted_locks if rules.demoted_locks else 0)
    loaded_len = LOADED_LEN_MAX if demand.loaded_len is None else demand.loaded_len
    return TransactionCost(
        signatures=_signatures_cost(demand, rules),
        write_locks=locks * WRITE_LOCK_COST,
        data=demand.data_len // DATA_BYTES_PER_UNIT,
        execution=unit_limit_of(demand),
        loaded_accounts=loaded_accounts_cost(loaded_len),
    )


def unit_limit_of(demand: Demand) -> int:
    """The units that a transaction may use, as requested or by default."""
    default = BUILTIN_UNITS * demand.builtin_calls + INSTRUCTION_UNITS * demand.other_calls
    limit = default if demand.unit_limit is None else demand.unit_limit
    return min(limit, TRANSACTION_UNITS_MAX)


def loaded_accounts_cost(length: int) -> int:
    """Of so many bytes of account data, in pages that are begun."""
    return PAGE_COST * -(-length // PAGE_LEN)


def _signatures_cost(demand: Demand, rules: CostRules) -> int:
    ed25519 = ED25519_STRICT_COST if rules.strict_ed25519 else ED25519_COST
    return (
        demand.signatures * SIGNATURE_COST
        + demand.secp256k1_signatures * SECP256K1_COST
        + demand.ed25519_signatures * ed25519
        + demand.secp256r1_signatures * SECP256R1_COST
    )

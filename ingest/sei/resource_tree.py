"""The tree of Sei's resource types: what an operation of its access control can name.

A type stands for all that lies below it: `KV_BANK` for balances, supply and denominations.
Source: sei-cosmos @62bafe89, types/accesscontrol/resource.go and constants.proto. KV_CT and
KV_CT_ACCOUNT have a number but no place in upstream's tree, by an oversight; here they stand where
the comments beside their numbers put them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

# Name and number; two spaces for each level.
_TABLE: Final = """
ANY 0
  KV 1
    KV_BANK 4
      KV_BANK_SUPPLY 18
      KV_BANK_DENOM 19
      KV_BANK_BALANCES 20
      KV_BANK_WEI_BALANCE 108
    KV_EPOCH 9
    KV_ORACLE 7
      KV_ORACLE_AGGREGATE_VOTES 12
      KV_ORACLE_VOTE_TARGETS 11
      KV_ORACLE_FEEDERS 13
      KV_ORACLE_EXCHANGE_RATE 25
      KV_ORACLE_VOTE_PENALTY_COUNTER 26
      KV_ORACLE_PRICE_SNAPSHOT 27
    KV_STAKING 5
      KV_STAKING_DELEGATION 14
      KV_STAKING_VALIDATOR 15
      KV_STAKING_VALIDATION_POWER 28
      KV_STAKING_TOTAL_POWER 29
      KV_STAKING_VALIDATORS_CON_ADDR 30
      KV_STAKING_UNBONDING_DELEGATION 31
      KV_STAKING_UNBONDING_DELEGATION_VAL 32
      KV_STAKING_REDELEGATION 33
      KV_STAKING_REDELEGATION_VAL_SRC 34
      KV_STAKING_REDELEGATION_VAL_DST 35
      KV_STAKING_REDELEGATION_QUEUE 36
      KV_STAKING_VALIDATOR_QUEUE 37
      KV_STAKING_HISTORICAL_INFO 38
      KV_STAKING_UNBONDING 39
      KV_STAKING_VALIDATORS_BY_POWER 41
    KV_WASM 6
      KV_WASM_CODE 73
      KV_WASM_CONTRACT_ADDRESS 74
      KV_WASM_CONTRACT_STORE 75
      KV_WASM_SEQUENCE_KEY 76
      KV_WASM_CONTRACT_CODE_HISTORY 77
      KV_WASM_CONTRACT_BY_CODE_ID 78
      KV_WASM_PINNED_CODE_INDEX 79
    KV_AUTH 16
      KV_AUTH_ADDRESS_STORE 17
      KV_AUTH_GLOBAL_ACCOUNT_NUMBER 80
    KV_TOKENFACTORY 10
      KV_TOKENFACTORY_DENOM 21
      KV_TOKENFACTORY_METADATA 22
      KV_TOKENFACTORY_ADMIN 23
      KV_TOKENFACTORY_CREATOR 24
    KV_DISTRIBUTION 40
      KV_DISTRIBUTION_FEE_POOL 42
      KV_DISTRIBUTION_PROPOSER_KEY 43
      KV_DISTRIBUTION_OUTSTANDING_REWARDS 44
      KV_DISTRIBUTION_DELEGATOR_WITHDRAW_ADDR 45
      KV_DISTRIBUTION_DELEGATOR_STARTING_INFO 46
      KV_DISTRIBUTION_VAL_HISTORICAL_REWARDS 47
      KV_DISTRIBUTION_VAL_CURRENT_REWARDS 48
      KV_DISTRIBUTION_VAL_ACCUM_COMMISSION 49
      KV_DISTRIBUTION_SLASH_EVENT 50
    KV_ACCESSCONTROL 71
      KV_ACCESSCONTROL_WASM_DEPENDENCY_MAPPING 72
    KV_AUTHZ 81
    KV_FEEGRANT 82
      KV_FEEGRANT_ALLOWANCE 83
    KV_SLASHING 84
      KV_SLASHING_VAL_SIGNING_INFO 85
      KV_SLASHING_ADDR_PUBKEY_RELATION_KEY 86
    KV_BANK_DEFERRED 93
      KV_BANK_DEFERRED_MODULE_TX_INDEX 95
    KV_EVM 96
      KV_EVM_BALANCE 97
      KV_EVM_TRANSIENT 98
      KV_EVM_ACCOUNT_TRANSIENT 99
      KV_EVM_MODULE_TRANSIENT 100
      KV_EVM_NONCE 101
      KV_EVM_RECEIPT 102
      KV_EVM_S2E 103
      KV_EVM_E2S 104
      KV_EVM_CODE_HASH 105
      KV_EVM_CODE 106
      KV_EVM_CODE_SIZE 107
    KV_CT 111
      KV_CT_ACCOUNT 112
  Mem 2
"""


@dataclass(frozen=True, eq=False, slots=True)
class Resource:
    """A resource type: its name, its protobuf number, the types just below it.

    `ancestors`: the types above it, the nearest first; empty for ANY.
    """

    name: str
    number: int
    ancestors: tuple[Resource, ...]
    children: list[Resource] = field(default_factory=list)

    def __repr__(self) -> str:
        return self.name

    @property
    def parent(self) -> Resource | None:
        return self.ancestors[0] if self.ancestors else None

    def descendants(self) -> Iterator[Resource]:
        """All types below it, in the order of the table."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def is_related(self, other: Resource) -> bool:
        """Whether they are one type, or one of them lies below the other."""
        return self is other or self in other.ancestors or other in self.ancestors


def _parsed(table: str) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    above: list[Resource] = []
    for line in table.strip().splitlines():
        name, number = line.split()
        del above[(len(line) - len(line.lstrip())) // 2 :]
        resource = Resource(name, int(number), tuple(reversed(above)))
        if above:
            above[-1].children.append(resource)
        above.append(resource)
        found[name] = resource
    return found


RESOURCES: Final[Mapping[str, Resource]] = _parsed(_TABLE)
RESOURCES_BY_NUMBER: Final = {each.number: each for each in RESOURCES.values()}
ANY: Final = RESOURCES["ANY"]

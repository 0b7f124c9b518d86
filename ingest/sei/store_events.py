"""What a message touched in the store, compared with what it declares.

Upstream finds what is *missing*: an event that no operation covers. `unmatched` also finds what is
superfluous: an operation that covers no event.
Source: sei-cosmos @62bafe89, types/accesscontrol/{comparator,validation}.go. Prefixes of stores:
sei-chain @5b7271b1~1, aclmapping/utils/resource_type.go, and the keys.go of its modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, cast

from ...primitives import InputError
from ..files.json_values import as_text
from .operations import EVERY, SYNCHRONOUS, Access, Operation
from .protobuf_json import entries, fields_of, identifier_of
from .resource_tree import RESOURCES, Resource

# The prefix of a resource's keys in its store, in hex digits.
Stores: TypeAlias = Mapping[str, Mapping[Resource, str]]

MESSAGE_EVENTS_MAX: Final = 10_000  # each is compared with each operation of the message
EVENT_KEY_LEN_MAX: Final = 4_096  # contracts make keys of what they like; in hex digits
_ACCESS_EVENT: Final = "resource_access"
_PARENTS: Final = "ParentNode"  # types that cover keys of every store
_PARAMETERS: Final = "params"
# Changed by governance alone, which runs by itself.
_SAFE_KEYS: Final = frozenset(
    {
        "bank/SendEnabled",
        "bank/DefaultSendEnabled",
        "staking/BondDenom",
        "staking/UnbondingTime",
    }
)

# Store, then resource type and prefix: hex digits, or quoted text; `-` for none.
_TABLE: Final = """
bank          KV_BANK - KV_BANK_BALANCES 02 KV_BANK_SUPPLY 00 KV_BANK_DENOM 01
              KV_BANK_WEI_BALANCE 04
deferredcache KV_BANK_DEFERRED - KV_BANK_DEFERRED_MODULE_TX_INDEX 03
acc           KV_AUTH - KV_AUTH_ADDRESS_STORE 01
              KV_AUTH_GLOBAL_ACCOUNT_NUMBER "globalAccountNumber"
authz         KV_AUTHZ -
distribution  KV_DISTRIBUTION - KV_DISTRIBUTION_FEE_POOL 00 KV_DISTRIBUTION_PROPOSER_KEY 01
              KV_DISTRIBUTION_OUTSTANDING_REWARDS 02 KV_DISTRIBUTION_DELEGATOR_WITHDRAW_ADDR 03
              KV_DISTRIBUTION_DELEGATOR_STARTING_INFO 04 KV_DISTRIBUTION_VAL_HISTORICAL_REWARDS 05
              KV_DISTRIBUTION_VAL_CURRENT_REWARDS 06 KV_DISTRIBUTION_VAL_ACCUM_COMMISSION 07
              KV_DISTRIBUTION_SLASH_EVENT 08
feegrant      KV_FEEGRANT - KV_FEEGRANT_ALLOWANCE 00
oracle        KV_ORACLE - KV_ORACLE_EXCHANGE_RATE 01 KV_ORACLE_FEEDERS 02
              KV_ORACLE_VOTE_PENALTY_COUNTER 03 KV_ORACLE_AGGREGATE_VOTES 05
              KV_ORACLE_VOTE_TARGETS 06 KV_ORACLE_PRICE_SNAPSHOT 07
staking       KV_STAKING - KV_STAKING_VALIDATION_POWER 11 KV_STAKING_TOTAL_POWER 12
              KV_STAKING_VALIDATOR 21 KV_STAKING_VALIDATORS_CON_ADDR 22
              KV_STAKING_VALIDATORS_BY_POWER 23 KV_STAKING_DELEGATION 31
              KV_STAKING_UNBONDING_DELEGATION 32 KV_STAKING_UNBONDING_DELEGATION_VAL 33
              KV_STAKING_REDELEGATION 34 KV_STAKING_REDELEGATION_VAL_SRC 35
              KV_STAKING_REDELEGATION_VAL_DST 36 KV_STAKING_UNBONDING 41
              KV_STAKING_REDELEGATION_QUEUE 42 KV_STAKING_VALIDATOR_QUEUE 43
              KV_STAKING_HISTORICAL_INFO 50
slashing      KV_SLASHING - KV_SLASHING_VAL_SIGNING_INFO 01 KV_SLASHING_ADDR_PUBKEY_RELATION_KEY 03
tokenfactory  KV_TOKENFACTORY - KV_TOKENFACTORY_DENOM "denoms"
              KV_TOKENFACTORY_METADATA "authoritymetadata" KV_TOKENFACTORY_ADMIN "admin"
              KV_TOKENFACTORY_CREATOR "admin"
epoch         KV_EPOCH -
aclaccesscontrol KV_ACCESSCONTROL - KV_ACCESSCONTROL_WASM_DEPENDENCY_MAPPING 02
wasm          KV_WASM - KV_WASM_CODE 01 KV_WASM_CONTRACT_ADDRESS 02 KV_WASM_CONTRACT_STORE 03
              KV_WASM_SEQUENCE_KEY 04 KV_WASM_CONTRACT_CODE_HISTORY 05
              KV_WASM_CONTRACT_BY_CODE_ID 06 KV_WASM_PINNED_CODE_INDEX 07
evm           KV_EVM - KV_EVM_BALANCE - KV_EVM_E2S 01 KV_EVM_S2E 02 KV_EVM_TRANSIENT 04
              KV_EVM_ACCOUNT_TRANSIENT 05 KV_EVM_MODULE_TRANSIENT 06 KV_EVM_CODE 07
              KV_EVM_CODE_HASH 08 KV_EVM_CODE_SIZE 09 KV_EVM_NONCE 0a KV_EVM_RECEIPT 0b
"""


def _prefix(word: str) -> str:
    if word.startswith('"'):
        return word.strip('"').encode().hex()
    return "" if word == "-" else word


def _stores(table: str) -> Stores:
    stores: dict[str, dict[Resource, str]] = {}
    store = ""
    for line in table.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            store = words.pop(0)
        prefixes = stores.setdefault(store, {})
        prefixes |= {RESOURCES[n]: _prefix(p) for n, p in zip(words[::2], words[1::2], strict=True)}
    return stores


# What Sei's own library knows without the chain's modules.
PARENT_STORES: Final[Stores] = {
    _PARENTS: {RESOURCES[name]: "" for name in ("ANY", "KV", "Mem", "KV_WASM")}
}
# What the chain knows.
SEI_STORES: Final[Stores] = {
    _PARENTS: {RESOURCES[name]: "" for name in ("ANY", "KV", "Mem")},
    **_stores(_TABLE),
}


class StoreEvent(NamedTuple):
    """A read or a write of a key (hex digits) in a store; the store may be unknown, as ''."""

    access: Access
    key: str
    store: str

    @property
    def is_safe(self) -> bool:
        """Whether no transaction can change it, so that it need not be declared."""
        return self.store == _PARAMETERS or self.key in _SAFE_KEYS

    def resource(self, stores: Stores = SEI_STORES) -> Resource | None:
        """The narrowest resource type whose keys have this prefix in this store, if one is known.

        Of equals the first in the table.
        """
        prefixes = stores.get(self.store, {})
        fitting = [each for each, prefix in prefixes.items() if self.key.startswith(prefix)]
        return max(fitting, key=lambda each: len(prefixes[each]), default=None)


def dependency_match(event: StoreEvent, operation: Operation, prefix: str) -> bool:
    """Whether an operation covers an event; `prefix`: its resource's in the store, hex digits.

    The accesses must be equal, as a write does not cover a read here; UNKNOWN covers both.
    """
    if operation.access not in (event.access, Access.UNKNOWN):
        return False
    if operation.identifier == EVERY:
        return True
    return (
        event.key.startswith(prefix)
        and operation.identifier.startswith(prefix)
        and operation.identifier in event.key
    )


def covers(operation: Operation, event: StoreEvent, stores: Stores) -> bool:
    """Whether an operation covers an event, as far as its resource has keys in that store."""
    for store in (event.store, _PARENTS):
        prefix = stores.get(store, {}).get(operation.resource)
        if prefix is not None:
            return dependency_match(event, operation, prefix)
    return False


def missing_events(
    operations: Sequence[Operation], events: Sequence[StoreEvent], stores: Stores = PARENT_STORES
) -> list[StoreEvent]:
    """The events that no operation covers, each once, in order; upstream's check.

    Nothing is missing for a message that declares that it may touch everything.
    """
    if tuple(operations) == SYNCHRONOUS:
        return []
    return [
        event
        for event in dict.fromkeys(events)
        if not event.is_safe and not any(covers(each, event, stores) for each in operations)
    ]


def unmatched(
    operations: Sequence[Operation], events: Sequence[StoreEvent], stores: Stores = SEI_STORES
) -> Iterator[tuple[int, bool]]:
    """The operations that cover no event, by index, and whether the same as a read would cover one.

    Commits cover nothing, and are left out.
    """
    distinct = list(dict.fromkeys(events))
    for index, operation in enumerate(operations):
        if operation.is_commit:
            continue
        read = operation._replace(access=Access.READ)
        writes = [event for event in distinct if event.access.writes]
        relevant = distinct if operation.access is Access.READ else writes
        if not any(covers(operation, event, stores) for event in relevant):
            yield index, operation.access.writes and any(covers(read, e, stores) for e in distinct)


def read_events(value: object, place: str) -> list[StoreEvent]:
    """Events as a node gives them, those of other types left out; or rows of access, key, store."""
    found: list[StoreEvent] = []
    for where, entry in entries(value, place):
        if len(found) == MESSAGE_EVENTS_MAX:
            raise InputError(
                f"{place}: more than {MESSAGE_EVENTS_MAX:,} accesses of one message; split it"
            )
        is_row = isinstance(entry, list)
        event = _row(cast("list[object]", entry), where) if is_row else _event(entry, where)
        if event is not None:
            found.append(event)
    return found


def _row(row: list[object], place: str) -> StoreEvent:
    if not 2 <= len(row) <= 3:
        raise InputError(f"{place}: expected access, key and store, found {len(row)} values")
    access, key, store = [*row, None][:3]
    return StoreEvent(
        _event_access(access, f"{place}: access"),
        identifier_of(key, f"{place}: key", EVENT_KEY_LEN_MAX),
        identifier_of(store, f"{place}: store"),
    )


def _event(entry: object, place: str) -> StoreEvent | None:
    fields = fields_of(entry, place)
    if fields.get("type") != _ACCESS_EVENT:
        return None
    found: dict[str, object] = {}
    for where, attribute in entries(fields.get("attributes"), f"{place}.attributes"):
        each = fields_of(attribute, where)
        found[as_text(each.get("key"), f"{where}.key")] = each.get("value")
    return StoreEvent(
        _event_access(found.get("access_type"), f"{place}: access_type"),
        identifier_of(found.get("key"), f"{place}: key", EVENT_KEY_LEN_MAX),
        identifier_of(found.get("store_key"), f"{place}: store_key"),
    )


def _event_access(value: object, place: str) -> Access:
    word = as_text(value, place).upper()
    if word not in (Access.READ, Access.WRITE):
        raise InputError(f"{place}: '{word[:60]}' is neither READ nor WRITE")
    return Access(word)

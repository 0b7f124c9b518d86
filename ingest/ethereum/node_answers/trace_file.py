"""Reads a file of traces: for each transaction of a block, its bytes and what it did by address.

The form is that of zk_evm's trace protocol: `block`, `withdrawals`, and `txs` with `raw`,
`gas_used` and `traces`; or, as its provers take it, `block_trace` and `other_data` with these under
other names, alone or in a list. Of an address a trace has the balance and the nonce if they
changed, the slots read (those of the access list too), the slots written with their values, the
code that was read (its hash) or deployed (its bytes), and whether the account was destroyed.
Source: 0xPolygonZero/zk_evm, trace_decoder/src/interface.rs and zero/src/rpc/native/txn.rs.
Guarantees: reads and writes of storage and code are all there. Does not: know which balances and
nonces were only looked at; a trace has none of them, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from ....primitives import InputError
from ....primitives.keccak import keccak_hex
from ....primitives.one_line import counted
from ...files.json_values import as_flag, as_list, as_list_or_none, as_object
from ..hex_values import (
    U64_BITS,
    as_address,
    as_address_or_none,
    as_data,
    as_hash,
    as_quantity,
    as_quantity_or_none,
)
from ..keys import BALANCE, CODE, NONCE, StateKey, StateValue
from ..model import BlockSource
from ..raw_transaction import RAW_LEN_MAX, read_raw_transaction
from .answer import TRANSACTIONS_MAX, Answer, Caveat, Told, transaction_place
from .envelope import Fields, is_list, is_object
from .sender import sender_by_writes

_ONLY_LOOKED_AT: Final = Caveat(
    "a trace does not record which balances and nonces a transaction only looked at",
    settled_by=BlockSource.PRESTATE,
)
_HEADER_PREFIX: Final = "block_"
_PROVER: Final = "block_trace"


class _Parts(NamedTuple):
    """What a file consists of, as it stands there. `name`: of the transactions' list."""

    block: object
    transactions: object
    withdrawals: object
    name: str


def is_trace_file(document: object) -> bool:
    if is_list(document):
        return bool(document) and all(map(is_trace_file, document))
    if not is_object(document):
        return False
    parts = _parts(document)
    is_header = is_object(parts.block) and any(map(_is_header_name, parts.block))
    return is_header and parts.transactions is not None


def read_trace_file(document: object) -> Answer:
    """Raises InputError, naming transaction and field."""
    parts = _parts(_only_block(document))
    block = as_object(parts.block, "block")
    entries = as_list(parts.transactions, parts.name)
    if len(entries) > TRANSACTIONS_MAX:
        raise InputError(f"{parts.name}: {len(entries):,}; at most {TRANSACTIONS_MAX:,} are read")
    traced = [_read_transaction(position, entry) for position, entry in enumerate(entries)]
    withdrawals = len(as_list_or_none(parts.withdrawals, "withdrawals"))
    return Answer(
        source="a file of traces",
        kind=BlockSource.TRACE,
        transactions=list(_with_codes(traced)),
        number=as_quantity_or_none(block.get("block_number"), "block_number", bits=U64_BITS),
        coinbase=as_address_or_none(block.get("block_beneficiary"), "block_beneficiary"),
        gas_limit=as_quantity_or_none(block.get("block_gaslimit"), "block_gaslimit", bits=U64_BITS),
        caveats=(_ONLY_LOOKED_AT, *_on_withdrawals(withdrawals)),
    )


def _only_block(document: object) -> Fields:
    if not is_list(document):
        return as_object(document, "the file")
    if len(document) != 1:
        raise InputError(f"{len(document)} blocks in one file; save each in a file of its own")
    return as_object(document[0], "the file")


def _parts(fields: Fields) -> _Parts:
    """The parts of the short form, or of the one that provers take."""
    inner = fields.get(_PROVER)
    if not is_object(inner):
        return _Parts(fields.get("block"), fields.get("txs"), fields.get("withdrawals"), "txs")
    other = fields.get("other_data")
    data = other.get("b_data") if is_object(other) else None
    about = data if is_object(data) else {}
    return _Parts(about.get("b_meta"), inner.get("txn_info"), about.get("withdrawals"), "txn_info")


def _is_header_name(name: str) -> bool:
    return name.startswith(_HEADER_PREFIX)


def _on_withdrawals(count: int) -> tuple[Caveat, ...]:
    if not count:
        return ()
    text = f"a trace does not record what the block's {counted(count, 'withdrawal')} came to"
    return (Caveat(text, settled_by=BlockSource.ACCESS_LIST),)


class _Traced:
    """A transaction, with the hashes of the codes that it read."""

    def __init__(self, told: Told, code_hashes: Mapping[StateKey, str]) -> None:
        self.told = told
        self.code_hashes = code_hashes


def _read_transaction(position: int, entry: object) -> _Traced:
    place = transaction_place(position)
    fields = as_object(entry, place)
    index = as_quantity_or_none(fields.get("index"), f"{place}: index", bits=U64_BITS)
    if index not in (None, position):
        raise InputError(f"{place}: index: expected {position}, found {index}; a trace is missing")
    meta, raw_name = fields.get("meta"), "raw"
    if is_object(meta):
        fields, raw_name = meta | {"traces": fields.get("traces")}, "byte_code"
    signed = as_data(fields.get(raw_name), f"{place}: {raw_name}", RAW_LEN_MAX)
    raw = read_raw_transaction(signed, f"{place}: {raw_name}")
    place = transaction_place(position, raw.facts.hash)
    accounts = as_object(fields.get("traces"), f"{place}: traces")
    touched = _Accounts(place)
    for name, trace in accounts.items():
        address = as_address(name, f"{place}: traces")
        touched.add(address, as_object(trace, f"{place}: {address}"))
    gas_used = as_quantity(fields.get("gas_used"), f"{place}: gas_used", bits=U64_BITS)
    facts = replace(
        raw.facts, gas_used=gas_used, sender=sender_by_writes(raw.facts, touched.writes)
    )
    reads = touched.reads
    if facts.to is not None:
        reads.setdefault(StateKey(facts.to, CODE), None)
    return _Traced(Told(facts, reads, touched.writes, hints=raw.hints), touched.code_hashes)


class _Accounts:
    """The traces of one transaction, by address, as reads and writes."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.reads: dict[StateKey, StateValue | None] = {}
        self.writes: dict[StateKey, StateValue | None] = {}
        self.code_hashes: dict[StateKey, str] = {}

    def add(self, address: str, trace: Mapping[str, object]) -> None:
        place = f"{self.place}: {address}"
        if not trace:  # looked at, and nothing of it changed
            self.reads |= {StateKey(address, part): None for part in (BALANCE, NONCE, CODE)}
        for part, bits in ((BALANCE, 256), (NONCE, U64_BITS)):
            if trace.get(part) is not None:
                value = as_quantity(trace[part], f"{place}: {part}", bits=bits)
                self.writes[StateKey(address, part)] = value
        self._add_code(address, trace.get("code_usage"), f"{place}: code_usage")
        self._add_storage(address, trace, place)
        if as_flag(trace.get("self_destructed", False), f"{place}: self_destructed"):
            self._destroy(address)

    def _add_code(self, address: str, usage: object, place: str) -> None:
        if usage is None:
            return
        key = StateKey(address, CODE)
        fields = as_object(usage, place)
        if fields.keys() == {"write"}:
            self.writes[key] = as_data(fields["write"], f"{place}: write")
        elif fields.keys() == {"read"}:
            self.reads[key] = None
            self.code_hashes[key] = as_hash(fields["read"], f"{place}: read")
        else:
            raise InputError(f"{place}: expected either read or write, found {list(fields)[:3]}")

    def _add_storage(self, address: str, trace: Mapping[str, object], place: str) -> None:
        for slot in as_list_or_none(trace.get("storage_read"), f"{place}: storage_read"):
            number = as_quantity(slot, f"{place}: storage_read")
            self.reads[StateKey.slot(address, number)] = None
        written = trace.get("storage_written")
        if written is None:
            return
        for slot, value in as_object(written, f"{place}: storage_written").items():
            key = StateKey.slot(address, as_quantity(slot, f"{place}: storage_written"))
            self.writes[key] = as_quantity(value, f"{place}: storage_written: {slot}")

    def _destroy(self, address: str) -> None:
        slots = [key for key in (*self.reads, *self.writes) if key.address == address]
        parts = (StateKey(address, part) for part in (BALANCE, NONCE, CODE))
        for key in (*parts, *(key for key in slots if key.is_slot)):
            self.writes[key] = key.absent


def _with_codes(traced: Sequence[_Traced]) -> Iterable[Told]:
    """The transactions, with the codes found: of those that the block itself deploys, the bytes."""
    deployed = {
        keccak_hex(value): value
        for each in traced
        for value in (each.told.writes or {}).values()
        if isinstance(value, bytes)
    }
    for each in traced:
        found = {
            key: deployed[code_hash]
            for key, code_hash in each.code_hashes.items()
            if code_hash in deployed
        }
        yield replace(each.told, reads={**(each.told.reads or {}), **found})

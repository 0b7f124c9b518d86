"""Small answers of nodes, for tests to alter: two transactions of one block, in every form.

    tx 0   alice → bob, value 5
    tx 1   carol → pool, calls it: slot 1 read, slot 2 written 7 → 8

The miner is paid 21 by each.
"""

from __future__ import annotations

from typing import Any

from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.node_answers.answer import Answer, Told
from sealane.ingest.ethereum.rlp import RlpItem, encode_rlp
from sealane.primitives.keccak import keccak_hex

ALICE, BOB, CAROL, POOL, MINER = (f"0x{number:040x}" for number in range(0xA1, 0xA6))
BLOCK_HASH = "0x" + 64 * "b"
ONE, TWO = "0x" + 63 * "0" + "1", "0x" + 63 * "0" + "2"
POOL_CODE = "0x600160005500"
SLOT_ONE, SLOT_TWO = StateKey.slot(POOL, 1), StateKey.slot(POOL, 2)


def raw(nonce: int, to: str, value: int, data: str = "") -> bytes:
    fields: list[RlpItem] = [_digits(nonce), b"\x01", b"\x52\x08", bytes.fromhex(to[2:])]
    fields += [_digits(value), bytes.fromhex(data), b"\x1b", b"\x01", b"\x02"]
    return encode_rlp(fields)


def _digits(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


RAWS = [raw(3, BOB, 5), raw(9, POOL, 0, "d0e30db0")]
HASHES = [keccak_hex(each) for each in RAWS]


def told_of(answer: Answer) -> list[Told]:
    return list(answer.transactions or ())


def rpc_block() -> dict[str, Any]:
    parties = [(ALICE, BOB, "0x5", "0x3", "0x"), (CAROL, POOL, "0x0", "0x9", "0xd0e30db0")]
    return {
        "number": "0x10",
        "hash": BLOCK_HASH,
        "parentHash": "0x" + 64 * "a",
        "stateRoot": "0x" + 64 * "c",
        "miner": MINER,
        "gasLimit": "0x1c9c380",
        "transactions": [
            {
                "hash": HASHES[position],
                "transactionIndex": hex(position),
                "from": sender,
                "to": to,
                "value": value,
                "nonce": nonce,
                "gas": "0x5208",
                "input": data,
            }
            for position, (sender, to, value, nonce, data) in enumerate(parties)
        ],
    }


def header() -> dict[str, Any]:
    block = rpc_block()
    del block["transactions"]
    return block


def receipts() -> list[dict[str, Any]]:
    return [
        {"transactionHash": own, "blockHash": BLOCK_HASH, "blockNumber": "0x10", "gasUsed": used}
        for own, used in zip(HASHES, ("0x5208", "0xa000"), strict=True)
    ]


def trace_file() -> dict[str, Any]:
    return {
        "block": {
            "block_number": "0x10",
            "block_beneficiary": MINER,
            "block_gaslimit": "0x1c9c380",
        },
        "withdrawals": [],
        "txs": [
            {
                "index": 0,
                "raw": "0x" + RAWS[0].hex(),
                "gas_used": 21_000,
                "traces": {
                    ALICE: {"balance": "0x4a", "nonce": "0x4"},
                    BOB: {"balance": "0x6"},
                    MINER: {"balance": "0x16"},
                },
            },
            {
                "index": 1,
                "raw": "0x" + RAWS[1].hex(),
                "gas_used": 40_960,
                "traces": {
                    CAROL: {"balance": "0x4f", "nonce": "0xa"},
                    POOL: {
                        "storage_read": [ONE],
                        "storage_written": {TWO: "0x8"},
                        "code_usage": {"read": keccak_hex(bytes.fromhex(POOL_CODE[2:]))},
                    },
                    MINER: {"balance": "0x2b"},
                },
            },
        ],
    }


def plain_frames() -> list[dict[str, Any]]:
    frames = [
        {
            ALICE: {"balance": "0x64", "nonce": 3},
            BOB: {"balance": "0x1"},
            MINER: {"balance": "0x1"},
        },
        {
            CAROL: {"balance": "0x64", "nonce": 9},
            POOL: {
                "balance": "0x0",
                "nonce": 1,
                "code": POOL_CODE,
                "storage": {ONE: ONE, TWO: "0x" + 63 * "0" + "7"},
            },
            MINER: {"balance": "0x16"},
        },
    ]
    return _by_hash(frames)


def diff_frames() -> list[dict[str, Any]]:
    frames = [
        {
            "pre": {
                ALICE: {"balance": "0x64", "nonce": 3},
                BOB: {"balance": "0x1"},
                MINER: {"balance": "0x1"},
            },
            "post": {
                ALICE: {"balance": "0x4a", "nonce": 4},
                BOB: {"balance": "0x6"},
                MINER: {"balance": "0x16"},
            },
        },
        {
            "pre": {
                CAROL: {"balance": "0x64", "nonce": 9},
                POOL: {
                    "balance": "0x0",
                    "nonce": 1,
                    "code": POOL_CODE,
                    "storage": {TWO: "0x" + 63 * "0" + "7"},
                },
                MINER: {"balance": "0x16"},
            },
            "post": {
                CAROL: {"balance": "0x4f", "nonce": 10},
                POOL: {"storage": {TWO: "0x" + 63 * "0" + "8"}},
                MINER: {"balance": "0x2b"},
            },
        },
    ]
    return _by_hash(frames)


def _by_hash(frames: list[Any]) -> list[dict[str, Any]]:
    return [{"txHash": own, "result": each} for own, each in zip(HASHES, frames, strict=True)]


WRITES = [
    {
        StateKey(ALICE, BALANCE): 0x4A,
        StateKey(ALICE, NONCE): 4,
        StateKey(BOB, BALANCE): 6,
    },
    {StateKey(CAROL, BALANCE): 0x4F, StateKey(CAROL, NONCE): 10, SLOT_TWO: 8},
]
PAYMENTS = [{StateKey(MINER, BALANCE): 0x16}, {StateKey(MINER, BALANCE): 0x2B}]
CALLED = StateKey(POOL, CODE)


def listed() -> list[dict[str, Any]]:
    """The access list of the samples' block."""
    parties = [(1, 1, "0x4a", "0x4"), (3, 2, "0x4f", "0xa")]
    accounts = [
        {
            "address": f"0x{0xA0 + number:040x}",
            "balanceChanges": [{"index": hex(index), "value": balance}],
            "nonceChanges": [{"index": hex(index), "value": nonce}],
        }
        for number, index, balance, nonce in parties
    ]
    bob = {"address": f"0x{0xA2:040x}", "balanceChanges": [{"index": "0x1", "value": "0x6"}]}
    slot = {"key": "0x2", "changes": [{"index": "0x2", "value": "0x8"}]}
    pool = {"address": POOL, "storageChanges": [slot], "storageReads": ["0x1"]}
    payments = [{"index": "0x1", "value": "0x16"}, {"index": "0x2", "value": "0x2b"}]
    miner = {"address": MINER, "balanceChanges": payments}
    return [accounts[0], bob, accounts[1], pool, miner]

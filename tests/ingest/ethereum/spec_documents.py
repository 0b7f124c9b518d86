"""A small execution-spec test, for tests to alter: two blocks of one transfer each."""

from __future__ import annotations

from typing import Any

SENDER, BOB, MINER = ("0x" + 40 * letter for letter in "abc")


def transfer(index: int, *, nonce: int) -> list[dict[str, Any]]:
    """The list of a block with one transaction, which sends 5 to bob."""
    at = hex(index)
    return [
        {
            "address": SENDER,
            "balanceChanges": [{"blockAccessIndex": at, "postBalance": hex(100 - 10 * nonce)}],
            "nonceChanges": [{"blockAccessIndex": at, "postNonce": hex(nonce)}],
        },
        {
            "address": BOB,
            "balanceChanges": [{"blockAccessIndex": at, "postBalance": hex(5 * nonce)}],
        },
        {
            "address": MINER,
            "balanceChanges": [{"blockAccessIndex": at, "postBalance": hex(nonce)}],
        },
    ]


def block(number: int) -> dict[str, Any]:
    call = {"sender": SENDER, "to": BOB, "nonce": hex(number - 1), "data": "0xa9059cbb00"}
    return {
        "number": hex(number),
        "coinbase": MINER,
        "gasLimit": "0x1000000",
        "expectException": None,
        "n_tx": 1,
        "transactions": [call],
        "withdrawals": [],
        "blockAccessList": transfer(1, nonce=number),
    }


def two_blocks() -> dict[str, Any]:
    return {
        "pre": {SENDER: {"balance": "0x64", "nonce": "0x00", "code": "0x", "storage": {}}},
        "post": {
            SENDER: {"balance": "0x50", "nonce": "0x02"},
            BOB: {"balance": "0x0a"},
            MINER: {"balance": "0x02"},
        },
        "blocks": [block(1), block(2)],
    }

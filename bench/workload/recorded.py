"""A `getBlock` answer of any size: real transactions repeated, or generated ones.

A real block comes from the checkout's fixtures, which a wheel does not contain. Its transactions
are repeated with new signatures; their accounts, and so their contention, stay the same.
"""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson

# Resolved, since a symlinked package has other neighbours than its checkout.
_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_REAL_BLOCK: Final = _CHECKOUT / "fixtures" / "blocks" / "mainnet_254170887.json.gz"
_SIGNATURE_LEN: Final = 64
_KEY_LEN: Final = 32
_SEED: Final = 7
_ACCOUNTS: Final = 3_000
_ACCOUNTS_EACH: Final = 8
_PROGRAMS: Final = 20
_HOT_ACCOUNTS: Final = 10
_LOG_LINES: Final = 30


def is_real() -> bool:
    """Whether a recorded block is available."""
    return _REAL_BLOCK.is_file()


def source() -> str:
    """The source of the transactions, in words."""
    return "a real block's, repeated" if is_real() else "made up"


def recorded_json(*, transactions: int | None = None, length: int | None = None) -> bytes:
    """The document with this many transactions, or with enough for `length` bytes."""
    chosen: list[dict[str, Any]] = []
    size = 0
    for entry in _entries():
        if transactions is not None and len(chosen) >= transactions:
            break
        if length is not None and size >= length:
            break
        chosen.append(entry)
        size += len(orjson.dumps(entry)) + 1 if length is not None else 0
    block = {
        "blockhash": "1" * 32,
        "previousBlockhash": "1" * 32,
        "parentSlot": 1,
        "transactions": chosen,
    }
    return orjson.dumps({"jsonrpc": "2.0", "id": 1, "result": block})


def _entries():
    """An endless sequence of entries with distinct signatures."""
    draws = Random(_SEED)
    if not is_real():
        for _ in count():
            yield _made_up(draws)
    document = orjson.loads(gzip.decompress(_REAL_BLOCK.read_bytes()))
    for entry in cycle(document["transactions"]):
        text, encoding = entry["transaction"]
        raw = b64decode(text)
        signed = raw[:1] + draws.randbytes(_SIGNATURE_LEN) + raw[1 + _SIGNATURE_LEN :]
        yield entry | {"transaction": [b64encode(signed).decode(), encoding]}


def _made_up(draws: Random) -> dict[str, Any]:
    """A legacy transaction with one call on eight accounts, half of them written, one hot."""
    numbers = draws.sample(range(_HOT_ACCOUNTS, _ACCOUNTS), _ACCOUNTS_EACH - 1)
    numbers.insert(1, draws.randrange(_HOT_ACCOUNTS))
    keys = b"".join(_key(number) for number in numbers)
    program = _key(_ACCOUNTS + draws.randrange(_PROGRAMS))
    header = bytes((1, 0, 1 + _ACCOUNTS_EACH // 2))
    call = bytes((_ACCOUNTS_EACH, _ACCOUNTS_EACH, *range(_ACCOUNTS_EACH), 8)) + draws.randbytes(8)
    message = header + bytes((_ACCOUNTS_EACH + 1,)) + keys + program + bytes(_KEY_LEN)
    raw = b"\x01" + draws.randbytes(_SIGNATURE_LEN) + message + b"\x01" + call
    balances = [draws.randrange(10**9) for _ in range(_ACCOUNTS_EACH + 1)]
    return {
        "transaction": [b64encode(raw).decode(), "base64"],
        "meta": {
            "err": None,
            "fee": 5_000,
            "preBalances": balances,
            "postBalances": balances,
            "innerInstructions": [],
            "logMessages": list(islice(cycle(["Program log: Instruction: Swap"]), _LOG_LINES)),
            "loadedAddresses": {"writable": [], "readonly": []},
            "computeUnitsConsumed": draws.randrange(1_000, 200_000),
        },
        "version": "legacy",
    }


def _key(number: int) -> bytes:
    return Random(number).randbytes(_KEY_LEN)

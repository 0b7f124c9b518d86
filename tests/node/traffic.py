"""What strangers send to a chain, at random: a day of the library's programs, signed, and worse.

    Market   the accounts of a generated day, and its transactions, whose users are given real keys
    Traffic  block after block of them: with transfers that overdraw, copies of what was sent
             before, messages for no recent block, and bytes with a flipped bit

Everything follows from the seed and the blockhashes: nodes that agree are sent the same.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

import sealane
from sealane import Account, AccountMeta, Block, Instruction, Pubkey, Transaction
from sealane.ingest.workloads.day import day
from sealane.ingest.workloads.draws import Draws
from sealane.programs.library import system
from sealane.programs.library.compute_budget import set_compute_unit_limit, set_compute_unit_price
from sealane.runtime.block.block import SIGNER, WRITABLE
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.wire import required_signers, sign_transaction

USERS: Final = 10
FUNDS: Final = 10**9
_SENT_KEPT: Final = 200


@dataclass(frozen=True)
class Market:
    """`accounts`: before the first block. `transactions`: to be signed, without ids and fees."""

    accounts: Mapping[Pubkey, Account]
    keypairs: Mapping[Pubkey, Keypair]
    transactions: tuple[Transaction, ...]


@lru_cache(maxsize=2)
def market(transactions: int, seed: int) -> Market:
    """A day with this many transactions, in which every signer has a key pair."""
    made = day(Draws(n=transactions, users=USERS, zipf=None, seed=seed))
    document = {
        "sealane": 1,
        "accounts": dict(made.accounts),
        "transactions": list(made.transactions),
    }
    unsigned = sealane.load(json.dumps(document).encode())
    named = {str(unsigned.account_names[key]): key for key in _signers(unsigned.block)}
    keypairs = {name: _keypair(name) for name in sorted(named)}
    keys = {name: str(each.address) for name, each in keypairs.items()}
    signed = sealane.load(json.dumps(_renamed(document, keys)).encode())
    by_key = {each.address: each for each in keypairs.values()}
    quantum = Keypair(Scheme.ML_DSA_44, bytes(32))
    by_key[quantum.address] = quantum
    accounts = {**signed.accounts, **{key: Account(FUNDS) for key in by_key}}
    return Market(accounts, by_key, tuple(_transactions(signed.block)))


def _keypair(name: str) -> Keypair:
    return Keypair(Scheme.ED25519, hashlib.sha256(name.encode()).digest())


def _signers(block: Block) -> list[int]:
    calls = block.instructions
    return [*calls.accounts[calls.account_flags & SIGNER > 0].tolist(), *block.payers.tolist()]


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return {names.get(key, key): _renamed(each, names) for key, each in entries}
    if isinstance(value, list):
        return [_renamed(each, names) for each in cast("list[Any]", value)]
    return names.get(value, value) if isinstance(value, str) else value


def _transactions(block: Block) -> Iterator[Transaction]:
    calls = [_call(block, row) for row in range(len(block.instructions.programs))]
    payers: list[int] = block.payers.tolist()
    for place, payer in enumerate(payers):
        start, end = block.instructions.offsets[place : place + 2].tolist()
        yield Transaction(calls[start:end], payer=block.keys[payer])


def _call(block: Block, row: int) -> Instruction:
    columns = block.instructions
    first, last = columns.account_offsets[row : row + 2].tolist()
    start, end = columns.data_offsets[row : row + 2].tolist()
    accounts: list[int] = columns.accounts[first:last].tolist()
    rights: list[int] = columns.account_flags[first:last].tolist()
    metas = [
        AccountMeta(block.keys[account], bool(flags & SIGNER), bool(flags & WRITABLE))
        for account, flags in zip(accounts, rights, strict=True)
    ]
    program = block.program_ids[int(columns.programs[row])]
    return Instruction(program, tuple(metas), bytes(columns.data[start:end]))


class Traffic:
    """Blocks of up to `size` transactions, from a market and a seed."""

    def __init__(self, of: Market, seed: int, size: int) -> None:
        self._market = of
        self._random = random.Random(seed)
        self._size = size
        self._transactions = iter(of.transactions)
        self._people = sorted(of.keypairs)
        self._sent: deque[bytes] = deque(maxlen=_SENT_KEPT)
        self._old: deque[bytes] = deque(maxlen=_SENT_KEPT)

    def block(self, blockhash: bytes) -> list[bytes]:
        """What is sent next, by people who know this blockhash."""
        self._old.append(blockhash)
        count = self._random.randrange(self._size + 1)
        sent = [self._one(blockhash) for _ in range(count)]
        self._sent += sent
        return sent

    def _one(self, blockhash: bytes) -> bytes:
        drawn = self._random.random()
        if self._sent and drawn < 0.04:
            return self._random.choice(self._sent)
        if drawn < 0.08:  # many of these are recent still
            blockhash = self._random.choice([*self._old, bytes(32)])
        raw = self._signed(blockhash)
        return self._flipped(raw) if drawn > 0.96 else raw

    def _signed(self, blockhash: bytes) -> bytes:
        given = next(self._transactions, None) if self._random.random() < 0.6 else None
        if given is None:
            given = Transaction([self._transfer()])
        budget = self._budget() if self._random.random() < 0.3 else ()
        transaction = Transaction([*budget, *given.instructions], payer=given.payer)
        keypairs = [self._market.keypairs[key] for key in required_signers(transaction)]
        return sign_transaction(transaction, keypairs, blockhash)

    def _transfer(self) -> Instruction:
        source, destination = self._random.sample(self._people, 2)
        lamports = self._random.choice((1, 1_000, FUNDS // 3, 10 * FUNDS))
        return system.transfer(source=source, destination=destination, lamports=lamports)

    def _budget(self) -> tuple[Instruction, ...]:
        units = self._random.choice((500, 100_000, 1_400_000))
        price = self._random.choice((0, 1, 10_000, 2**64 - 1))
        return (set_compute_unit_limit(units=units), set_compute_unit_price(micro_lamports=price))

    def _flipped(self, raw: bytes) -> bytes:
        at = self._random.randrange(len(raw))
        return raw[:at] + bytes([raw[at] ^ 1 << self._random.randrange(8)]) + raw[at + 1 :]

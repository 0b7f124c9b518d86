"""Transactions as the node reads them: decoded once, and verified once, then kept for a while.

Guarantees: what is kept is bounded in number and bytes, oldest use dropped first; an answer never
depends on what is kept. Does not: look at the state.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from ..primitives import Failure, InputError, Pubkey, Transaction, TransactionErrors
from ..primitives.integers import U64_MAX
from ..runtime.block.limits import ACCOUNT_LOCKS_MAX
from ..scheduler.packing import priority_of
from ..signatures.schemes import SignatureCheck
from ..wire import SignedTransaction, decode_signed
from .chain.recent_blocks import RESERVED
from .codes import Code, Refusal
from .costs import declared_cost
from .limits import PARSED_LEN_MAX, PARSED_MAX
from .mempool import digest_of_calls

_MICRO: Final = 1_000_000

#: Verifies signatures, many at once: whether each counts.
Verify = Callable[[Sequence[SignatureCheck]], Iterable[Any]]


@dataclass(slots=True)
class Parsed:
    """A transaction that decodes, with its fee. `compute_units`: the most that it may use.

    `price`: micro-lamports for each; `fee`: lamports, for signatures and priority; it is that of
    `transaction`, too. `cost`: what it counts towards limits; `priority`: lamports for a million
    units of it. `calls`: equal for two that mean the same. `verified`: whether its signatures
    count; None if nobody has looked yet.
    """

    raw: bytes
    message_hash: bytes
    recent_blockhash: bytes
    transaction: Transaction
    payer: Pubkey
    compute_units: int
    price: int
    fee: int
    cost: int
    priority: int
    calls: bytes
    checks: list[SignatureCheck]
    verified: bool | None = None

    @property
    def id(self) -> str:
        assert self.transaction.id is not None  # decoding names each
        return self.transaction.id


def priority_fee(compute_units: int, price: int) -> int:
    """Lamports for this many compute units at `price` micro-lamports each, rounded up."""
    return -(-compute_units * price // _MICRO)


class ParsedTransactions:
    """Parses transactions, and verifies their signatures; remembers those of late."""

    def __init__(self, lamports_per_signature: int, verify: Verify | None) -> None:
        """`verify`: None if this chain's signatures are not verified."""
        self._lamports_per_signature = lamports_per_signature
        self._verify = verify
        self._kept: OrderedDict[bytes, Parsed] = OrderedDict()
        self._kept_len = 0

    def parse(self, raw: bytes) -> Parsed | Refusal:
        """What these bytes say. A refusal is a function of the bytes alone."""
        identity = sha256(raw).digest()
        known = self._kept.get(identity)
        if known is not None:
            self._kept.move_to_end(identity)
            return known
        found = _parse(raw, self._lamports_per_signature)
        if isinstance(found, Parsed):
            self._keep(identity, found)
        return found

    def verify(self, transactions: Sequence[Parsed]) -> None:
        """Find out which of these have signatures that count; all at once, as that is faster."""
        new = [each for each in transactions if each.verified is None]
        if not new:
            return
        if self._verify is None:
            for each in new:
                each.verified = True
            return
        answers = iter(self._verify([check for each in new for check in each.checks]))
        for each in new:
            own = list(islice(answers, len(each.checks)))
            each.verified = all(own)

    def __len__(self) -> int:
        return len(self._kept)

    def _keep(self, identity: bytes, parsed: Parsed) -> None:
        self._kept[identity] = parsed
        self._kept_len += len(parsed.raw)
        while len(self._kept) > PARSED_MAX or self._kept_len > PARSED_LEN_MAX:
            _, dropped = self._kept.popitem(last=False)
            self._kept_len -= len(dropped.raw)


def _parse(raw: bytes, lamports_per_signature: int) -> Parsed | Refusal:
    try:
        signed = decode_signed(raw)
    except InputError as error:
        return Refusal.of(Code.MALFORMED, str(error))
    budget = signed.compute_budget
    if isinstance(budget, Failure):
        return Refusal.of_failure(budget)
    named = _named(signed)
    if not RESERVED.isdisjoint(named):
        return Refusal.of(Code.RESERVED_ACCOUNT, "names an account that is the node's own")
    if len(named) > ACCOUNT_LOCKS_MAX:
        # The runtime fails it as well, but without a fee: it would have its place in a block free.
        return Refusal.of_failure(
            Failure.of_rule(
                TransactionErrors.TooManyAccountLocks,
                f"{len(named)} accounts locked, programs included; {ACCOUNT_LOCKS_MAX} at most",
            )
        )
    fee = lamports_per_signature * len(signed.witnesses) + priority_fee(*budget)
    if fee > U64_MAX:
        return Refusal.of(Code.FEE_OVERFLOW, f"the fee of {fee} lamports is more than there can be")
    return _priced(signed, budget.limit, budget.price, fee)


def _priced(signed: SignedTransaction, compute_units: int, price: int, fee: int) -> Parsed:
    payer = signed.transaction.payer
    assert payer is not None  # a message has one
    given = signed.transaction
    cost = declared_cost(signed)
    return Parsed(
        raw=signed.raw,
        message_hash=signed.message_hash,
        recent_blockhash=signed.recent_blockhash,
        transaction=Transaction(
            given.instructions,
            payer=payer,
            id=given.id,
            fee=fee,
            cost=cost,
            writes=given.writes,
            reads=given.reads,
        ),
        payer=payer,
        compute_units=compute_units,
        price=price,
        fee=fee,
        cost=cost,
        priority=priority_of(fee, cost),
        calls=digest_of_calls(given),
        checks=signed.checks(),
    )


def _named(signed: SignedTransaction) -> set[Pubkey]:
    """Every account that a message locks, programs included."""
    given = signed.transaction
    assert given.payer is not None  # a message has one
    named = {given.payer, *given.writes, *given.reads}
    for call in given.instructions:
        named.add(call.program_id)
        named.update([meta.key for meta in call.accounts])
    return named

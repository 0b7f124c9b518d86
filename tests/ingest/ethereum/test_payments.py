"""Who the coinbase is, and which transactions only pay it."""

from __future__ import annotations

import pytest

from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey, StateValue
from sealane.ingest.ethereum.model import KnownState, Step, TransactionFacts
from sealane.ingest.ethereum.payments import (
    PAID_MIN,
    SENT_MAX,
    TRANSACTIONS_MIN,
    infer_coinbase,
    payments_as_adds,
)

MINER, ALICE, POOL = ("0x" + 40 * letter for letter in "cab")
PAID = StateKey(MINER, BALANCE)
UNKNOWN = TransactionFacts()


def writes(*changes: tuple[str, str, StateValue]) -> Step:
    return Step(writes={StateKey(address, part): value for address, part, value in changes})


def pays(balance: int, *more: tuple[str, str, StateValue]) -> Step:
    return writes((MINER, BALANCE, balance), *more)


def is_add(step: Step, facts: TransactionFacts = UNKNOWN, pre: KnownState | None = None) -> bool:
    """Whether a transaction after one that leaves 10 to the coinbase only adds to it."""
    first, second = payments_as_adds([pays(10), step], [UNKNOWN, facts], MINER, pre)
    assert first.adds == {PAID: 10}
    assert (PAID in second.adds) is not (PAID in second.writes)
    if PAID in second.adds:
        assert {**second.writes, **second.adds} == step.writes
    else:
        assert second == step
    return PAID in second.adds


def test_a_payment_is_an_add() -> None:
    assert is_add(pays(11, (ALICE, BALANCE, 5), (ALICE, NONCE, 1)))


WRITTEN = {
    "it has less afterwards": (pays(9), UNKNOWN),
    "it sends": (pays(11), TransactionFacts(sender=MINER)),
    "its nonce changes": (pays(11, (MINER, NONCE, 3)), UNKNOWN),
    "its storage changes": (pays(11, (MINER, "0x1", 3)), UNKNOWN),
    "its code changes": (pays(11, (MINER, CODE, b"\1")), UNKNOWN),
    "its balance is read": (Step(reads={PAID: 10}, writes={PAID: 11}), UNKNOWN),
    "it is called, and may have code": (pays(11), TransactionFacts(to=MINER)),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_whatever_else_happens_to_the_coinbase_is_a_write(name: str) -> None:
    step, facts = WRITTEN[name]
    assert not is_add(step, facts)


def test_a_transfer_to_a_coinbase_without_code_is_an_add() -> None:
    called = TransactionFacts(to=MINER)
    assert is_add(pays(11), called, KnownState({}, is_whole=True))
    with_code = KnownState({StateKey(MINER, CODE): b"\1"}, is_whole=True)
    assert not is_add(pays(11), called, with_code)
    assert not is_add(pays(11), called, KnownState({}, is_whole=False))


def test_a_coinbase_that_gets_code_may_be_called_from_then_on() -> None:
    pre = KnownState({}, is_whole=True)
    called = TransactionFacts(to=MINER)
    steps = [pays(1), writes((MINER, CODE, b"\1")), pays(2)]
    paid = payments_as_adds(steps, [called, UNKNOWN, called], MINER, pre)
    assert [bool(step.adds) for step in paid] == [True, False, False]


def block(transactions: int, *, paid: int, sent: int = 0) -> list[Step]:
    """So many transactions, of which the coinbase is paid by some, and sends some."""
    return [
        writes(
            (f"0x{position:040x}", BALANCE, 1),
            *([(MINER, BALANCE, position)] if position < paid else []),
            *([(MINER, NONCE, position)] if position < sent else []),
        )
        for position in range(transactions)
    ]


def test_the_coinbase_is_whom_nearly_all_transactions_pay() -> None:
    least = int(PAID_MIN * 20)
    assert infer_coinbase(block(20, paid=least)) == MINER
    assert infer_coinbase(block(20, paid=least - 1)) is None


def test_a_sender_of_many_transactions_is_not_taken_for_the_coinbase() -> None:
    most = int(SENT_MAX * 20)
    assert infer_coinbase(block(20, paid=20, sent=most)) == MINER
    assert infer_coinbase(block(20, paid=20, sent=most + 1)) is None


def test_few_transactions_do_not_tell_the_coinbase() -> None:
    assert infer_coinbase(block(TRANSACTIONS_MIN, paid=TRANSACTIONS_MIN)) == MINER
    assert infer_coinbase(block(TRANSACTIONS_MIN - 1, paid=TRANSACTIONS_MIN - 1)) is None


def test_of_two_that_all_transactions_pay_none_is_taken() -> None:
    steps = [pays(n, (POOL, BALANCE, n)) for n in range(20)]
    assert infer_coinbase(steps) is None

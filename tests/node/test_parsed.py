"""Transactions as the node reads them: what is kept of them, and how much."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sealane.node import Application, limits
from sealane.node import parsed as module
from sealane.node.parsed import Parsed, ParsedTransactions, priority_fee
from sealane.signatures.schemes import SignatureCheck
from sealane.wire import SignedTransaction, decode_signed

from .senders import ALICE, CAROL, pay

BLOCKHASH = bytes(32)


class Verifier:
    """Finds every signature good but those of messages that it is told; counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.bad: set[bytes] = set()

    def __call__(self, checks: Sequence[SignatureCheck]) -> list[bool]:
        self.asked.append(len(checks))
        return [check.message not in self.bad for check in checks]


def parse(transactions: ParsedTransactions, amount: int) -> Parsed:
    found = transactions.parse(ALICE.pay(BLOCKHASH, "bob", amount))
    assert isinstance(found, Parsed)
    return found


def test_signatures_are_verified_once_and_together() -> None:
    verifier = Verifier()
    transactions = ParsedTransactions(0, verifier)
    first, second = parse(transactions, 1), parse(transactions, 2)
    verifier.bad.add(second.checks[0].message)
    transactions.verify([first, second])
    transactions.verify([parse(transactions, 1), parse(transactions, 2)])
    assert verifier.asked == [2]
    assert (first.verified, second.verified) == (True, False)


def test_one_that_is_forgotten_is_verified_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARSED_MAX", 2)
    transactions = ParsedTransactions(0, Verifier())
    first = parse(transactions, 1)
    first.verified = True
    parse(transactions, 2)
    assert parse(transactions, 1) is first  # at the limit
    parse(transactions, 3)  # past it: 2 goes, which was used least lately
    assert len(transactions) == 2
    assert parse(transactions, 1) is first
    parse(transactions, 4)
    parse(transactions, 5)
    assert parse(transactions, 1).verified is None


def test_no_more_bytes_are_kept_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    length = len(ALICE.pay(BLOCKHASH, "bob", 1))
    monkeypatch.setattr(module, "PARSED_LEN_MAX", 2 * length)
    transactions = ParsedTransactions(0, None)
    for amount in (1, 2):
        parse(transactions, amount)
    assert len(transactions) == 2
    parse(transactions, 3)
    assert len(transactions) == 2
    monkeypatch.setattr(module, "PARSED_LEN_MAX", 3 * length - 1)
    parse(transactions, 4)
    assert len(transactions) == 2


def test_a_fee_is_for_each_signature() -> None:
    raw = ALICE.pay(BLOCKHASH, "bob", 1)
    found = ParsedTransactions(7, None).parse(raw)
    assert isinstance(found, Parsed)
    assert found.fee == 7 == found.transaction.fee


def test_the_calls_are_equal_whatever_is_offered() -> None:
    transactions = ParsedTransactions(0, None)
    raws = [CAROL.pay(blockhash, "bob", 1) for blockhash in (bytes(32), bytes([1]) * 32)]
    first, second = [transactions.parse(raw) for raw in raws]
    assert isinstance(first, Parsed)
    assert isinstance(second, Parsed)
    assert first.calls == second.calls
    assert first.message_hash != second.message_hash


@pytest.mark.parametrize(("units", "price", "fee"), [(0, 5, 0), (1, 1, 1), (10**6, 1, 1)])
def test_priority_is_rounded_up(units: int, price: int, fee: int) -> None:
    assert priority_fee(units, price) == fee


@pytest.mark.parametrize("kept", [0, 3, 4, 65_536])
def test_a_proposal_decodes_each_transaction_once(
    node: Application, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Also where fewer are kept than are offered."""
    decoded: list[bytes] = []

    def decode(raw: bytes) -> SignedTransaction:
        decoded.append(raw)
        return decode_signed(raw)

    monkeypatch.setattr(module, "PARSED_MAX", kept)
    monkeypatch.setattr(module, "decode_signed", decode)
    raws = [pay(node, amount) for amount in range(4)]
    assert node.prepare(raws) == raws
    assert decoded == raws


def test_all_transactions_of_a_block_are_kept() -> None:
    assert limits.PARSED_MAX >= limits.BLOCK_TRANSACTIONS_MAX

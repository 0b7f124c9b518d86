"""A mempool's answers, one by one; at each limit, and one past it."""

from __future__ import annotations

import doctest
import sys

import pytest

from sealane.errors import UsageError
from sealane.node.mempool import Admitted, Mempool, MempoolLimits, RefusalCode
from sealane.node.mempool.limits import EVICTED_MAX, TRANSACTIONS_MAX, TRANSACTIONS_OF_PAYER_MAX

from .entries import RICH, entry, filled, names, refused


def test_priorities_order_and_of_equals_the_earlier_is_first() -> None:
    mempool = filled(Mempool(), entry("a", 5), entry("b", 7), entry("c", 5), entry("d", 6))
    assert names(mempool) == ["b", "d", "a", "c"]


def test_a_duplicate_is_refused_by_its_hash() -> None:
    mempool = filled(Mempool(), entry("a", 5))
    assert refused(mempool, entry("a", 50)).code == RefusalCode.DUPLICATE


@pytest.mark.parametrize(("old", "wanted"), [(0, 1), (1, 2), (9, 10), (10, 11), (100, 110)])
def test_a_replacement_offers_a_tenth_more(old: int, wanted: int) -> None:
    mempool = filled(Mempool(), entry("old", old, payer="p", calls="same"))
    newcomer = entry("new", wanted - 1, payer="p", calls="same")
    refusal = refused(mempool, newcomer)
    assert refusal.code == RefusalCode.UNDERPRICED_REPLACEMENT
    assert f"offer {wanted} " in refusal.log
    admitted = mempool.admit(newcomer._replace(priority=wanted), balance=RICH)
    assert isinstance(admitted, Admitted)
    assert admitted.replaced is not None
    assert admitted.replaced.message_hash == b"old"
    assert names(mempool) == ["new"]


def test_a_replacement_takes_the_fee_the_room_and_the_share_of_the_old_one() -> None:
    limits = MempoolLimits(transactions_max=1, bytes_max=10, transactions_of_payer_max=1)
    old = entry("old", 10, payer="p", calls="same", fee=70, size=8)
    mempool = filled(Mempool(limits), old)
    new = entry("new", 11, payer="p", calls="same", fee=100, size=10)
    assert mempool.admit(new, balance=100) == Admitted(old, ())
    assert (mempool.size, mempool.fees_of(new.payer), len(mempool)) == (10, 100, 1)


def test_a_larger_replacement_makes_room_beside_the_one_that_it_replaces() -> None:
    """old is the lowest, and goes anyway; it makes room for one byte, b for the rest."""
    old = entry("old", 1, payer="p", calls="same")
    mempool = filled(Mempool(MempoolLimits(bytes_max=9)), old, entry("b", 2, size=4))
    filled(mempool, entry("c", 8, size=4))
    new = entry("new", 5, payer="p", calls="same", size=6)
    assert refused(mempool, new).code == RefusalCode.FULL  # c is not below
    admitted = mempool.admit(new._replace(raw=bytes(5)), balance=RICH)
    assert isinstance(admitted, Admitted)
    assert admitted.replaced == old
    assert [each.message_hash for each in admitted.evicted] == [b"b"]
    assert (names(mempool), mempool.size) == (["c", "new"], 9)


def test_a_payer_has_its_share() -> None:
    assert MempoolLimits().transactions_of_payer_max == TRANSACTIONS_OF_PAYER_MAX
    mempool = Mempool()
    for number in range(TRANSACTIONS_OF_PAYER_MAX):
        filled(mempool, entry(f"{number}", payer="p"))
    refusal = refused(mempool, entry("one more", 99, payer="p"))
    assert refusal.code == RefusalCode.TOO_MANY_OF_PAYER
    assert isinstance(mempool.admit(entry("other", payer="q"), balance=RICH), Admitted)


def test_a_balance_covers_the_fees_of_all_that_wait() -> None:
    mempool = filled(Mempool(), entry("a", payer="p", fee=60))
    second = entry("b", payer="p", fee=40)
    refusal = refused(mempool, second, balance=99)
    assert refusal.code == RefusalCode.FEES_NOT_COVERED
    assert refusal.log == "the payer holds 99 lamports, and what waits for it costs up to 100"
    assert isinstance(mempool.admit(second, balance=100), Admitted)


def test_a_full_mempool_evicts_the_lowest_and_of_equals_the_latest() -> None:
    mempool = Mempool(MempoolLimits(transactions_max=3))
    filled(mempool, entry("a", 5), entry("b", 5), entry("c", 7))
    admitted = mempool.admit(entry("d", 6), balance=RICH)
    assert isinstance(admitted, Admitted)
    assert [each.message_hash for each in admitted.evicted] == [b"b"]
    assert names(mempool) == ["c", "d", "a"]


@pytest.mark.parametrize("priority", [4, 5])
def test_a_newcomer_that_is_not_above_the_lowest_is_refused(priority: int) -> None:
    mempool = filled(Mempool(MempoolLimits(transactions_max=1)), entry("a", 5))
    assert refused(mempool, entry("b", priority)).code == RefusalCode.FULL


def test_as_many_wait_as_may_by_default() -> None:
    mempool = Mempool()
    for number in range(TRANSACTIONS_MAX):
        filled(mempool, entry(f"{number}"))
    assert len(mempool) == TRANSACTIONS_MAX
    assert refused(mempool, entry("one more")).code == RefusalCode.FULL


def test_bytes_are_bounded_as_transactions_are() -> None:
    mempool = Mempool(MempoolLimits(bytes_max=10))
    filled(mempool, entry("a", 1, size=4), entry("b", 2, size=4), entry("c", 9, size=2))
    assert mempool.size == 10
    assert refused(mempool, entry("d", 2, size=5)).code == RefusalCode.FULL  # only a is below
    admitted = mempool.admit(entry("d", 3, size=5), balance=RICH)
    assert isinstance(admitted, Admitted)
    assert [each.message_hash for each in admitted.evicted] == [b"a", b"b"]
    assert (names(mempool), mempool.size) == (["c", "d"], 7)


def test_a_transaction_larger_than_all_room_is_refused() -> None:
    mempool = filled(Mempool(MempoolLimits(bytes_max=10)), entry("a", 1, size=10))
    assert refused(mempool, entry("b", 2, size=11)).code == RefusalCode.TOO_LARGE
    assert isinstance(mempool.admit(entry("b", 2, size=10), balance=RICH), Admitted)


def test_a_newcomer_evicts_so_many_and_no_more() -> None:
    limits = MempoolLimits(bytes_max=EVICTED_MAX + 1)
    mempool = Mempool(limits)
    for number in range(EVICTED_MAX + 1):
        filled(mempool, entry(f"{number}"))
    assert refused(mempool, entry("large", 2, size=EVICTED_MAX + 1)).code == RefusalCode.FULL
    admitted = mempool.admit(entry("large", 2, size=EVICTED_MAX), balance=RICH)
    assert isinstance(admitted, Admitted)
    assert len(admitted.evicted) == EVICTED_MAX
    assert names(mempool) == ["large", "0"]


def test_the_last_block_that_may_include_a_transaction_is_the_last() -> None:
    """Block 150 is next, the last for what was signed with the blockhash of block 0."""
    mempool = Mempool(height=149)
    assert isinstance(mempool.admit(entry("a", last_height=150), balance=RICH), Admitted)
    assert refused(mempool, entry("b", last_height=149)).code == RefusalCode.EXPIRED


def test_a_block_expires_what_it_was_the_last_for() -> None:
    mempool = filled(Mempool(), entry("a", last_height=2), entry("b", last_height=3))
    assert mempool.committed(1, [], lambda _: RICH) == []
    (dropped,) = mempool.committed(2, [], lambda _: RICH)
    assert dropped.entry.message_hash == b"a"
    assert dropped.refusal.code == RefusalCode.EXPIRED
    assert names(mempool) == ["b"]


def test_what_a_block_includes_is_removed_without_a_word() -> None:
    mempool = filled(Mempool(), entry("a", calls="same"), entry("b"))
    assert mempool.committed(1, [b"a", b"never seen"], lambda _: RICH) == []
    assert (names(mempool), b"a" in mempool, mempool.get(b"a")) == (["b"], False, None)
    filled(mempool, entry("again", 0, calls="same"))  # nothing is left to be replaced


def test_a_block_drops_the_lowest_of_a_payer_that_has_become_poor() -> None:
    mempool = filled(
        Mempool(),
        *(entry(name, priority, payer="p", fee=10) for name, priority in [("a", 2), ("b", 1)]),
        *(entry(name, priority, payer="p", fee=10) for name, priority in [("c", 2), ("d", 1)]),
        entry("other", 0),
    )
    poor = entry("a", payer="p").payer
    dropped = mempool.committed(1, [], lambda payer: 15 if payer == poor else RICH)
    assert [each.entry.message_hash for each in dropped] == [b"d", b"b", b"c"]
    assert {each.refusal.code for each in dropped} == {RefusalCode.FEES_NOT_COVERED}
    assert names(mempool) == ["a", "other"]


def test_heights_only_rise() -> None:
    mempool = Mempool(height=3)
    with pytest.raises(UsageError, match="block 3 was committed after 3"):
        mempool.committed(3, [], lambda _: RICH)


@pytest.mark.parametrize(
    "name", ["transactions_max", "bytes_max", "transactions_of_payer_max", "evicted_max"]
)
def test_a_limit_is_one_at_least(name: str) -> None:
    assert getattr(MempoolLimits(**{name: 1}), name) == 1
    with pytest.raises(UsageError, match=f"{name}=0"):
        MempoolLimits(**{name: 0})


def test_the_example_runs() -> None:
    assert doctest.testmod(sys.modules["sealane.node.mempool.mempool"]).failed == 0

"""Blocks of many users: what conflicts, and that lanes come to the same state as one process."""

from __future__ import annotations

from sealane import Transaction
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.clmm.maths.tick_prices import sqrt_price_at
from sealane.testing import Vm

from .venue import Venue

MAKERS = 6


def furnish(vm: Vm) -> Venue:
    """Liquidity at the price, and makers with a funded position each, each in arrays of its own."""
    venue = Venue(vm)
    for name in ("ann", "bob", "cat"):
        venue.user(name)
    venue.open("near", -600, 600)
    vm.send(venue.add("near", 10**9))
    for maker in range(MAKERS):
        start = 15_360 + 3_840 * maker
        venue.open(f"range {maker}", start, start + 600)
        vm.send(venue.fund(f"range {maker}", 10**9, 0))
    return venue


def test_ranges_in_other_arrays_do_not_conflict(vm: Vm) -> None:
    venue = furnish(vm)
    calls = [venue.add_beyond(f"range {maker}", 10**6) for maker in range(MAKERS)]
    # Each maker pays the fee of his own transaction.
    block = [Transaction([call], payer=f"maker {k}") for k, call in enumerate(calls)]
    result = vm.execute(block)
    assert all(receipt.ok for receipt in result.transactions)
    assert len(result.waves) == 1


def test_lanes_come_to_the_same_state() -> None:
    roots: set[str] = set()
    for workers in (0, 2):
        with Vm(workers=workers) as vm:
            result = vm.execute(block(furnish(vm)))
            assert [receipt.ok for receipt in result.transactions].count(False) == 1
            roots.add(result.state_root)
    assert len(roots) == 1


def block(venue: Venue) -> list[Transaction]:
    """Makers move ranges while others swap through them; the last asks for a limit behind."""
    calls = [venue.add_beyond(f"range {maker}", 10**6 * (maker + 1)) for maker in range(MAKERS)]
    calls += [
        venue.swap(False, U64_MAX, limit=sqrt_price_at(20_000)),
        venue.swap(True, 10**6, owner="cat"),
        venue.remove("near", 1_000),
        venue.remove("range 0", 5),
        venue.collect("near"),
        venue.swap(True, U64_MAX, limit=sqrt_price_at(-700)),
        venue.add("near", 10**6),
        venue.collect("range 0", 1_000, 1_000),
        venue.remove_beyond(f"range {MAKERS - 1}", 77),
        venue.swap(False, 1_000, limit=sqrt_price_at(-800)),
    ]
    return [Transaction([call], payer=f"payer {k}") for k, call in enumerate(calls)]

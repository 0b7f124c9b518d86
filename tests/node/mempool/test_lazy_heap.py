"""A heap that others may leave from the middle."""

from __future__ import annotations

from sealane.node.mempool.lazy_heap import SPARE, LazyHeap


def test_who_has_left_does_not_come_up() -> None:
    waiting = {1: "a", 2: "b", 3: "c"}
    heap = LazyHeap(waiting)
    for ticket, value in [(1, 5), (2, 3), (3, 5)]:
        heap.push(value, ticket)
    del waiting[2]
    assert [heap.pop_below(5), heap.pop_below(6), heap.pop_below(6), heap.pop_below(6)] == [
        None,
        1,
        3,
        None,
    ]


def test_of_equals_the_lowest_key_is_first() -> None:
    heap = LazyHeap({1: "a", 2: "b"})
    heap.push(5, -1)
    heap.push(5, -2)
    assert [heap.pop_below(6), heap.pop_below(6)] == [2, 1]


def test_it_never_holds_more_than_twice_as_many_as_wait_and_some() -> None:
    waiting: dict[int, None] = {}
    heap = LazyHeap(waiting)
    longest = 0
    for ticket in range(10 * SPARE):
        waiting[ticket] = None
        heap.push(0, ticket)
        del waiting[ticket]
        longest = max(longest, len(heap))
    assert longest == SPARE + 2

"""Work that is divided between two threads."""

from __future__ import annotations

from threading import Barrier, Thread, current_thread, main_thread

import pytest

from sealane.runtime.columns.two_threads import TwoThreadWork, run_slices


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_every_chunk_is_done_once(count: int) -> None:
    done: list[int] = []
    TwoThreadWork(done.append, count).finish()
    assert sorted(done) == list(range(count))


def test_both_threads_take_chunks() -> None:
    met = Barrier(2, timeout=60)
    TwoThreadWork(lambda _: met.wait(), 2).finish()


def test_a_single_chunk_starts_no_thread() -> None:
    threads: list[Thread] = []
    TwoThreadWork(lambda _: threads.append(current_thread()), 1).finish()
    assert threads == [main_thread()]


def test_without_room_for_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refused)
    done: list[int] = []
    TwoThreadWork(done.append, 5).finish()
    assert done == list(range(5))


@pytest.mark.parametrize("in_helper", [True, False])
def test_an_exception_of_a_chunk_is_raised(in_helper: bool) -> None:
    met = Barrier(2, timeout=60)

    def chunk(_: int) -> None:
        met.wait()
        if (current_thread() is not main_thread()) == in_helper:
            raise MemoryError

    work = TwoThreadWork(chunk, 2)
    with pytest.raises(MemoryError):
        work.finish()


@pytest.mark.parametrize(("length", "step"), [(0, 4), (3, 4), (4, 4), (5, 4), (40, 4), (41, 1)])
def test_slices_cover_the_whole_length(length: int, step: int) -> None:
    covered: list[int] = []
    run_slices(lambda part: covered.extend(range(length)[part]), length, step)
    assert sorted(covered) == list(range(length))

"""Moving data in heaps, compared with plain slices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sealane.runtime.columns import data_heap as heaps
from sealane.runtime.columns.data_heap import (
    differing,
    gather,
    joined,
    padded_lens,
    scatter,
    starts_of,
)

data = st.binary(max_size=40) | st.sampled_from([b"", b"a", b"12345678", bytes(8), b"12345678" * 3])
rows = st.lists(data, max_size=20)


@pytest.fixture(params=[1, 24, 8_000], autouse=True)
def size_len_min(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By size and word by word; in one thread and in two."""
    monkeypatch.setattr(heaps, "_SIZE_LEN_MIN", request.param)
    monkeypatch.setattr(heaps, "_STEP_LEN", 3 * request.param)


def laid(parts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """These parts in a heap in reverse order, with other bytes around them."""
    raw, starts = b"somethin", [0] * len(parts)
    for at, part in reversed(list(enumerate(parts))):
        starts[at] = len(raw)
        raw += part + bytes(-len(part) % 8) + b"else    "
    lens = np.array([len(part) for part in parts], dtype=np.int64)
    return np.frombuffer(raw, np.uint8).copy(), np.array(starts, dtype=np.int64), lens


@given(rows)
@example([b"a" * 8] * 9)
def test_gathered_and_joined(parts: list[bytes]) -> None:
    heap, starts, lens = laid(parts)
    gathered = gather(heap, starts, lens)
    assert gathered.tobytes() == b"".join(part + bytes(-len(part) % 8) for part in parts)
    assert joined(heap, starts, lens) == b"".join(parts)
    assert joined(gathered, starts_of(lens), lens) == b"".join(parts)
    assert len(gathered) == padded_lens(lens).sum()
    gathered[:] = 0
    assert joined(heap, starts, lens) == b"".join(parts)  # it was a copy


@given(rows, rows)
def test_scattered(before: list[bytes], after: list[bytes]) -> None:
    size = min(len(before), len(after))
    target, targets, room = laid([a.ljust(len(b)) for a, b in zip(before, after, strict=False)])
    source, sources, lens = laid(after[:size])
    untouched = target.tobytes()
    scatter(source, sources, target, targets, lens)
    for at, part in enumerate(after[:size]):
        start, end = int(targets[at]), int(targets[at] + padded_lens(lens)[at])
        assert target[start:end].tobytes() == part + bytes(-len(part) % 8)
        rest = slice(end, int(targets[at] + padded_lens(room)[at]))
        assert target[rest].tobytes() == untouched[rest]
    assert target[:8].tobytes() == b"somethin"


@given(rows, st.lists(st.booleans(), min_size=20, max_size=20), st.integers(0, 39))
@example([b"12345678" * 5] * 20, [True, False] * 10, 39)
def test_differing(parts: list[bytes], changed: list[bool], place: int) -> None:
    heap, starts, lens = laid(parts)
    other = heap.copy()
    expected = [change and place < len(part) for part, change in zip(parts, changed, strict=False)]
    other[(starts + place)[expected]] ^= 1
    other[:8] = 0  # not theirs
    assert differing(heap, other, starts, lens).tolist() == expected
    packed, again = gather(heap, starts, lens), gather(other, starts, lens)
    assert differing(packed, again, starts_of(lens), lens).tolist() == expected

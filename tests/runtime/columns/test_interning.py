"""Keys are numbered as a dict would number them, even if they are chosen to collide."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.runtime.columns.interning import FACTORS, interned

FIRST, SECOND = FACTORS[:2].tolist()


def column(keys: list[bytes]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), 32)


def by_dict(keys: list[bytes]) -> tuple[list[int], list[int]]:
    numbers: dict[bytes, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    return [keys.index(key) for key in numbers], found


def of_words(*words: int) -> bytes:
    return b"".join((word % 2**64).to_bytes(8, "little") for word in words)


def colliding(step: int) -> bytes:
    """Keys that differ by `step` and have one hash: the changes of two words cancel out."""
    return of_words(1 + step * SECOND, 2 - step * FIRST, 3, 4)


words = st.sampled_from([0, 1, 2**63, 2**64 - 1])
keys = st.builds(of_words, words, words, words, words) | st.builds(colliding, st.integers(0, 5))


@given(st.lists(keys, max_size=40))
def test_keys_are_numbered_by_first_occurrence(named: list[bytes]) -> None:
    first, numbers = interned(column(named))
    assert (first.tolist(), numbers.tolist()) == by_dict(named)


def test_a_thousand_keys_of_one_hash() -> None:
    named = [colliding(step % 1000) for step in range(3000)]
    hashes = column(named).view(np.uint64) @ FACTORS
    assert len(set(hashes.tolist())) == 1
    first, numbers = interned(column(named))
    assert first.tolist() == list(range(1000))
    assert numbers.tolist() == [*range(1000)] * 3


def test_no_keys() -> None:
    first, numbers = interned(column([]))
    assert (len(first), len(numbers)) == (0, 0)

"""Keys as columns: their order, and their conversion to Pubkey objects."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane import Pubkey
from sealane.runtime.columns.key_column import KeyColumn
from sealane.runtime.columns.key_order import ascends, key_order


def one_byte(at: int, byte: int) -> bytes:
    return bytes(at) + bytes([byte]) + bytes(31 - at)


# Keys that differ in a byte anywhere, and keys that begin alike.
keys = st.binary(min_size=32, max_size=32) | st.builds(
    one_byte, st.integers(0, 31), st.sampled_from([0, 1, 127, 128, 255])
)
distinct = st.lists(keys.map(Pubkey), unique=True, max_size=40)


@given(distinct)
def test_order(named: list[Pubkey]) -> None:
    array = KeyColumn.of(named).array
    order = key_order(array)
    assert [named[at] for at in order.tolist()] == sorted(named)
    if ascends(array):
        assert named == sorted(named)


def test_ascends_by_first_words_only() -> None:
    ordered = np.zeros((300, 32), dtype=np.uint8)
    ordered[:, 7] = np.arange(300) % 256
    ordered[:, 6] = np.arange(300) // 256
    assert ascends(ordered)
    assert not ascends(ordered[::-1])
    assert ascends(ordered[:1])
    assert ascends(ordered[:0])


@given(distinct)
def test_a_column_of_bytes_reads_as_the_keys(named: list[Pubkey]) -> None:
    of_objects = KeyColumn.of(named)
    of_bytes = KeyColumn(of_objects.array)
    assert KeyColumn.of(of_bytes) is of_bytes
    for column in (of_objects, of_bytes):
        assert column[: len(named) // 2] == named[: len(named) // 2]
        assert list(column) == named
        assert len(column) == len(named)
    for at in range(-len(named), len(named)):
        assert of_bytes[at] == KeyColumn(of_objects.array)[at] == named[at]


def test_a_column_is_independent_of_its_source_list() -> None:
    named = [Pubkey.of("alice"), Pubkey.of("bob")]
    column = KeyColumn.of(named)
    named[0] = Pubkey.of("carol")
    assert column[0] == Pubkey(column.array[0].tobytes()) == Pubkey.of("alice")

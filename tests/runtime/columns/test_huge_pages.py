"""Long-lived arrays, each with its own mapping."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from sealane.runtime.columns.huge_pages import MAPPED_LEN_MIN, huge_page_zeros


@pytest.mark.parametrize("size", [0, 1, MAPPED_LEN_MIN - 1, MAPPED_LEN_MIN, MAPPED_LEN_MIN + 1])
def test_zeros_that_can_be_written(size: int) -> None:
    array = huge_page_zeros((size,), np.uint8)
    assert array.shape == (size,)
    assert not array.any()
    array[:] = 7
    assert array.sum(dtype=np.int64) == 7 * size
    assert isinstance(array.base, mmap.mmap) == (size >= MAPPED_LEN_MIN)


def test_rows_of_a_dtype() -> None:
    array = huge_page_zeros((MAPPED_LEN_MIN, 4), np.uint64)
    assert (array.shape, array.dtype) == ((MAPPED_LEN_MIN, 4), np.uint64)
    assert array.flags.c_contiguous


@pytest.mark.parametrize("kind", ["mapping", "advice"])
def test_a_failed_mapping_raises_memory_error(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    class Refusing(mmap.mmap):
        def __new__(cls, descriptor: int, size: int, flags: int) -> Refusing:
            if kind == "mapping":
                raise OSError(12, "Cannot allocate memory")
            return super().__new__(cls, descriptor, size, flags=flags)

        def madvise(self, *_: int) -> None:
            raise OSError(22, "Invalid argument")

    monkeypatch.setattr(mmap, "mmap", Refusing)
    if kind == "mapping":
        with pytest.raises(MemoryError):
            huge_page_zeros((MAPPED_LEN_MIN,), np.uint8)
    else:
        assert not huge_page_zeros((MAPPED_LEN_MIN,), np.uint8).any()

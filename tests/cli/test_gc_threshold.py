"""The garbage collector runs less often while a file is read, and then as before."""

import gc
from collections.abc import Iterator

import pytest

from sealane.cli.gc_threshold import infrequent_gc

Thresholds = tuple[int, int, int]


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[Thresholds]:
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


@infrequent_gc()
def inside() -> Thresholds:
    return gc.get_threshold()


@pytest.mark.parametrize("first", [1, 700])
def test_collections_are_less_frequent_and_then_as_before(first: int) -> None:
    gc.set_threshold(first, 7, 8)
    assert inside() == (10_000, 7, 8)
    assert gc.get_threshold() == (first, 7, 8)


@pytest.mark.parametrize("first", [0, 20_000])
def test_never_more_often_than_the_callers_setting(first: int) -> None:
    gc.set_threshold(first, 7, 8)
    assert inside() == (first, 7, 8)
    assert gc.get_threshold() == (first, 7, 8)


def test_settings_are_restored_after_an_error(thresholds: Thresholds) -> None:
    with pytest.raises(KeyboardInterrupt), infrequent_gc():
        raise KeyboardInterrupt
    assert gc.get_threshold() == thresholds

"""Damaged test files: whatever one part of them becomes, each case is read or is an InputError."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.ethereum.spec_test import is_spec_test, spec_tests
from sealane.primitives import InputError

from ...real_data import shared_files
from .spec_documents import two_blocks

ODD: Final[list[Any]] = [
    *(None, True, 0, -1, 1.5, 10**30, [], {}, [[]], {"": {}}),
    *("", "0x", "0x0", "0xg", "-0x1", "0x" + "f" * 65, "0x" + "f" * 64, "\ud800", "0X1", "1"),
]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every part of a document."""
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        inner = enumerate(cast("list[Any]", value))
    for key, part in inner:
        yield (*path, key)
        yield from places(part, (*path, key))


def damaged(document: Any, path: tuple[str | int, ...], odd: Any) -> Any:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = odd


def read_whatever_can_be(document: Any) -> None:
    """Read all blocks; anything but an InputError fails the test."""
    if not is_spec_test(document):
        return
    with suppress(InputError):
        for test in spec_tests(document):
            for number in range(len(test)):
                with suppress(InputError):
                    test.block(number)


PLACES: Final = [*places({"pays": two_blocks()})]


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(ODD)), min_size=1, max_size=2))
def test_an_odd_value_anywhere_is_read_or_refused(
    changes: list[tuple[tuple[str | int, ...], Any]],
) -> None:
    document: Any = {"pays": two_blocks()}
    for path, odd in changes:
        with suppress(KeyError, IndexError, TypeError):  # the first change took the place away
            damaged(document, path, odd)
    read_whatever_can_be(document)


@pytest.mark.slow
def test_real_tests_with_odd_values_are_read_or_refused() -> None:
    for path in shared_files("ethereum/eip7928")[::10]:
        raw = path.read_bytes()
        for place in [*places(orjson.loads(raw))][::40]:
            for odd in ODD[::3]:
                document = orjson.loads(raw)
                damaged(document, place, odd)
                read_whatever_can_be(document)

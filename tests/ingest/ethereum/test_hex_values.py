"""Hex text: the forms that nodes and tests write are read, others are refused with their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.ingest.ethereum.hex_values import (
    U64_BITS,
    as_address,
    as_address_or_none,
    as_data,
    as_hash,
    as_hash_or_none,
    as_quantity,
    as_quantity_or_none,
)

ADDRESS = "0x" + 20 * "Ab"


@given(st.integers(0, 2**256 - 1))
def test_quantities_are_read_in_every_spelling(number: int) -> None:
    spellings = hex(number), f"0x{number:064x}", f"0x{number:X}", number
    assert {as_quantity(each, "value") for each in spellings} == {number}


@pytest.mark.parametrize(
    "value",
    ["", "0x", "12", "0xg", "-0x1", "0x-1", "0x1_0", " 0x1", "0x１", -1, True, 1.0, None, []],
)
def test_what_is_no_quantity_is_refused(value: object) -> None:
    with pytest.raises(InputError, match=r"^value: expected a quantity"):
        as_quantity(value, "value")


@pytest.mark.parametrize("bits", [U64_BITS, 256])
def test_a_quantity_has_so_many_bits_and_no_more(bits: int) -> None:
    assert as_quantity(2**bits - 1, "gas", bits=bits) == 2**bits - 1
    for value in 2**bits, hex(2**bits):
        with pytest.raises(InputError, match=rf"below 2\^{bits}"):
            as_quantity(value, "gas", bits=bits)


def test_data_has_two_digits_a_byte_and_a_limit() -> None:
    assert as_data("0x", "code") == b""
    assert as_data("0xAb01", "code", len_max=2) == b"\xab\x01"
    with pytest.raises(InputError, match="code: 3 bytes; at most 2 are read"):
        as_data("0x010203", "code", len_max=2)
    for value in "0x1", "ab", "0xzz", 7, None:
        with pytest.raises(InputError, match=r"^code: expected 0x and an even number"):
            as_data(value, "code")


@pytest.mark.parametrize(("read", "digits"), [(as_address, 40), (as_hash, 64)])
def test_addresses_and_hashes_have_one_length(
    read: Callable[[object, str], str], digits: int
) -> None:
    assert read("0x" + digits * "A", "to") == "0x" + digits * "a"
    for value in "0x" + (digits - 1) * "a", "0x" + (digits + 1) * "a", digits * "a", None, 5:
        with pytest.raises(InputError, match=f"^to: expected .*{digits} hex digits"):
            read(value, "to")


def test_what_may_be_missing_is_none() -> None:
    assert as_address_or_none(None, "to") is None
    assert as_address_or_none(ADDRESS, "to") == ADDRESS.lower()
    assert as_hash_or_none(None, "hash") is None
    assert as_quantity_or_none(None, "gas") is None
    assert as_quantity_or_none("0x1", "gas") == 1

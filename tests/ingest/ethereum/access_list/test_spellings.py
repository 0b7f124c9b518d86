"""One list in every spelling: JSON of nodes and of tests, RLP; and what is not a list."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.ethereum.access_list.changes import AccountChanges, Change, SlotChanges
from sealane.ingest.ethereum.access_list.from_json import access_list_of_json, is_access_list
from sealane.ingest.ethereum.access_list.from_rlp import access_list_of_rlp
from sealane.ingest.ethereum.rlp import RlpItem, encode_rlp
from sealane.primitives import InputError
from sealane.primitives.keccak import keccak_hex

EMPTY_LIST_HASH = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"  # EIP-7928

WORDS = st.integers(0, 2**256 - 1) | st.integers(0, 300)
INDICES = st.integers(0, 2**16 - 1)


def changes_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Change]]:
    return st.lists(st.builds(Change, INDICES, values), max_size=3)


ACCOUNTS = st.builds(
    AccountChanges,
    st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex()),
    st.lists(st.builds(SlotChanges, WORDS, changes_of(WORDS)), max_size=3),
    st.lists(WORDS, max_size=3),
    changes_of(WORDS),
    changes_of(st.integers(0, 2**64 - 1)),
    changes_of(st.binary(max_size=60)),
)


def shortest(number: int) -> bytes:
    """Big-endian, without leading zeros; slow and obvious."""
    return bytes.fromhex(f"{number:064x}").lstrip(b"\0")


def rlp_of(accounts: list[AccountChanges]) -> bytes:
    def pairs(changes: list[Change]) -> RlpItem:
        return [
            [shortest(step), value if isinstance(value, bytes) else shortest(value)]
            for step, value in changes
        ]

    return encode_rlp(
        [
            [
                bytes.fromhex(account.address[2:]),
                [[shortest(slot), pairs(list(changes))] for slot, changes in account[1]],
                [shortest(slot) for slot in account.storage_reads],
                *(pairs(list(changes)) for changes in account[3:]),
            ]
            for account in accounts
        ]
    )


def hex_of(value: int | bytes) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else hex(value)


def json_of(accounts: list[AccountChanges], *, of_tests: bool) -> list[dict[str, Any]]:
    index, slot, inner = (
        ("blockAccessIndex", "slot", "slotChanges") if of_tests else ("index", "key", "changes")
    )

    def entries(changes: Any, name: str) -> list[dict[str, Any]]:
        value_name = name if of_tests else "value"
        return [{index: hex(step), value_name: hex_of(value)} for step, value in changes]

    return [
        {
            "address": account.address,
            "storageChanges": [
                {slot: hex(number), inner: entries(changes, "postValue")}
                for number, changes in account.storage_changes
            ],
            "storageReads": [hex(number) for number in account.storage_reads],
            "balanceChanges": entries(account.balance_changes, "postBalance"),
            "nonceChanges": entries(account.nonce_changes, "postNonce"),
            "codeChanges": entries(account.code_changes, "newCode"),
        }
        for account in accounts
    ]


@given(st.lists(ACCOUNTS, max_size=4))
def test_every_spelling_gives_the_same_list_and_hash(accounts: list[AccountChanges]) -> None:
    raw = rlp_of(accounts)
    read = access_list_of_rlp(raw)
    assert read.accounts == accounts
    assert read.hash == keccak_hex(raw)
    assert access_list_of_json(json_of(accounts, of_tests=True)) == read
    assert access_list_of_json(json_of(accounts, of_tests=False)) == read


def test_an_empty_list_has_the_hash_of_the_standard() -> None:
    assert access_list_of_json([]).hash == EMPTY_LIST_HASH
    assert access_list_of_rlp(b"\xc0").hash == EMPTY_LIST_HASH


def test_slots_are_padded_only_if_all_are() -> None:
    address = bytes(20)

    def raw(*slots: bytes) -> bytes:
        return encode_rlp([[address, [], list(slots), [], [], []]])

    padded = access_list_of_rlp(raw(bytes(32), bytes(31) + b"\1"))
    assert padded.padded_slots
    assert padded.accounts[0].storage_reads == [0, 1]
    assert not access_list_of_rlp(raw(b"\xff" * 32)).padded_slots
    with pytest.raises(InputError, match=r"accounts\[0\]\.storageReads\[0\]: .*leading zeros"):
        access_list_of_rlp(raw(b"\0\1", b"\2"))


def test_a_list_is_told_by_its_fields() -> None:
    account: dict[str, object] = {"address": "0x" + 40 * "a", "storageReads": []}
    assert is_access_list([account])
    log: dict[str, object] = {"address": "0x00", "topics": []}
    empty: list[object] = []
    assert not is_access_list(empty)
    assert not is_access_list([log])
    assert not is_access_list({"address": "0x00", "storageReads": []})


A = "0x" + 40 * "a"
BAD: dict[str, tuple[list[Any], str]] = {
    "an unknown field": (
        [{"address": A, "storage_reads": []}],
        "accounts[0]: unknown field 'storage_reads'; known are address, storageChanges",
    ),
    "no address": (
        [{"storageReads": []}],
        "accounts[0].address: expected an address (0x and 40 hex digits), found nothing",
    ),
    "a short address": (
        [{"address": "0xab"}],
        "accounts[0].address: expected an address (0x and 40 hex digits), found text ('0xab')",
    ),
    "a change without a value": (
        [{"address": A, "balanceChanges": [{"index": "0x1"}]}],
        "accounts[0].balanceChanges[0]: expected one of postBalance, value; found nothing",
    ),
    "a value in two spellings": (
        [{"address": A, "nonceChanges": [{"index": "0x1", "value": "0x1", "postNonce": "0x1"}]}],
        "accounts[0].nonceChanges[0]: expected one of postNonce, newNonce, value; found postNonce "
        "and value together",
    ),
    "an index too large": (
        [{"address": A, "nonceChanges": [{"index": "0x10000", "value": "0x1"}]}],
        "accounts[0].nonceChanges[0].index: expected a quantity (0x and hex digits) below 2^16",
    ),
    "a nonce too large": (
        [{"address": A, "nonceChanges": [{"index": "0x1", "value": "0x1" + 16 * "0"}]}],
        "accounts[0].nonceChanges[0].value: expected a quantity (0x and hex digits) below 2^64",
    ),
    "a negative slot": (
        [{"address": A, "storageReads": [-1]}],
        "accounts[0].storageReads[0]: expected a quantity",
    ),
    "half a byte of code": (
        [{"address": A, "codeChanges": [{"index": "0x1", "newCode": "0x600"}]}],
        "accounts[0].codeChanges[0].newCode: expected 0x and an even number of hex digits",
    ),
    "a list that is none": ([{"address": A, "storageChanges": {}}], "accounts[0].storageChanges:"),
    "a slot without changes": (
        [{"address": A, "storageChanges": [{"slot": "0x1"}]}],
        "accounts[0].storageChanges[0]: expected one of slotChanges, changes; found nothing",
    ),
    "no object": (["0x"], "accounts[0]: expected an object"),
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_json_is_an_error_with_its_place(name: str) -> None:
    document, message = BAD[name]
    with pytest.raises(InputError) as caught:
        access_list_of_json(document)
    assert str(caught.value).startswith(message)


BAD_ITEMS: dict[str, tuple[RlpItem, str]] = {
    "no list": (b"abc", "access list: expected a list, found 3 bytes"),
    "an account of five": ([[bytes(20), [], [], [], []]], "accounts[0]: expected 6 items, found 5"),
    "an account of bytes": ([bytes(20)], "accounts[0]: expected a list, found 20 bytes"),
    "a long address": (
        [[bytes(21), [], [], [], [], []]],
        "accounts[0].address: expected 20 bytes, found 21",
    ),
    "a change of three": (
        [[bytes(20), [], [], [[b"\1", b"\1", b"\1"]], [], []]],
        "accounts[0].balanceChanges[0]: expected 2 items, found 3",
    ),
    "a long index": (
        [[bytes(20), [], [], [[b"\1\1\1", b"\1"]], [], []]],
        "accounts[0].balanceChanges[0].index: expected at most 2 bytes, found 3",
    ),
    "a long nonce": (
        [[bytes(20), [], [], [], [[b"\1", b"\1" * 9]], []]],
        "accounts[0].nonceChanges[0].value: expected at most 8 bytes, found 9",
    ),
    "a slot with a zero before it": (
        [[bytes(20), [[b"\0\1", [[b"\1", b"\1"]]]], [], [], [], []]],
        "accounts[0].storageChanges[0].slot: a number with leading zeros",
    ),
    "code of a list": (
        [[bytes(20), [], [], [], [], [[b"\1", []]]]],
        "accounts[0].codeChanges[0].value: expected bytes, found a list",
    ),
}


@pytest.mark.parametrize("name", BAD_ITEMS)
def test_malformed_rlp_is_an_error_with_its_place(name: str) -> None:
    item, message = BAD_ITEMS[name]
    with pytest.raises(InputError) as caught:
        access_list_of_rlp(encode_rlp(item))
    assert str(caught.value).startswith(message)


@given(st.lists(ACCOUNTS, min_size=1, max_size=2), st.data())
def test_damaged_rlp_is_a_list_or_an_input_error(
    accounts: list[AccountChanges], data: st.DataObject
) -> None:
    raw = bytearray(rlp_of(accounts))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    del raw[data.draw(st.integers(0, len(raw))) :]
    with suppress(InputError):
        access_list_of_rlp(bytes(raw))

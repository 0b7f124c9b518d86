"""Each rule of a list broken once: the message names the place, the address and the rule."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from sealane.ingest.ethereum.access_list.from_json import access_list_of_json
from sealane.ingest.ethereum.access_list.rules import CODE_LEN_MAX, ITEM_GAS
from sealane.ingest.ethereum.access_list.to_block import Header, block_of_list
from sealane.ingest.ethereum.keys import StateKey
from sealane.ingest.ethereum.model import EthereumBlock, KnownState, TransactionFacts
from sealane.primitives import InputError

SENDER, POOL, MINER = ("0x" + 40 * letter for letter in "abc")
TWO = Header(facts=[TransactionFacts(), TransactionFacts()])

Accounts = list[dict[str, Any]]


def changes(name: str, *pairs: tuple[int, object]) -> list[dict[str, object]]:
    return [{"blockAccessIndex": hex(index), name: value} for index, value in pairs]


def good() -> Accounts:
    """Two transactions of one sender, who sets a slot of the pool; withdrawals go to the miner."""
    return [
        {
            "address": SENDER,
            "nonceChanges": changes("postNonce", (1, "0x1"), (2, "0x2")),
            "balanceChanges": changes("postBalance", (1, "0x64"), (2, "0x32")),
        },
        {
            "address": POOL,
            "storageChanges": [
                {"slot": "0x1", "slotChanges": changes("postValue", (0, "0x7"), (2, "0x8"))},
                {"slot": "0x2", "slotChanges": changes("postValue", (1, "0x0"))},
            ],
            "storageReads": ["0x3", "0x4"],
            "codeChanges": changes("newCode", (1, "0x6000")),
        },
        {"address": MINER, "balanceChanges": changes("postBalance", (3, "0x9"))},
    ]


def block_of(accounts: Accounts, header: Header = TWO) -> EthereumBlock:
    return block_of_list(access_list_of_json(accounts), header)


def swap(items: list[Any]) -> None:
    items[0], items[1] = items[1], items[0]


def slots(accounts: Accounts) -> list[dict[str, Any]]:
    return accounts[1]["storageChanges"]


BROKEN: dict[str, tuple[Callable[[Accounts], object], str]] = {
    "accounts in another order": (
        swap,
        f"accounts[1] ({SENDER}): comes after {POOL}; EIP-7928: accounts are in ascending order of "
        "address",
    ),
    "an account twice": (
        lambda accounts: accounts.insert(1, accounts[0]),
        f"accounts[1] ({SENDER}): the account before it has this address, too; EIP-7928: addresses "
        "are unique",
    ),
    "changed slots in another order": (
        lambda accounts: swap(slots(accounts)),
        f"accounts[1].storageChanges[1] ({POOL}): slot 0x1 comes after 0x2; EIP-7928: slots are in "
        "ascending order",
    ),
    "a changed slot twice": (
        lambda accounts: slots(accounts).insert(1, deepcopy(slots(accounts)[0])),
        f"accounts[1].storageChanges[1] ({POOL}): slot 0x1 is there twice; EIP-7928: slots are "
        "unique",
    ),
    "read slots in another order": (
        lambda accounts: swap(accounts[1]["storageReads"]),
        f"accounts[1].storageReads[1] ({POOL}): slot 0x3 comes after 0x4; EIP-7928: slots are in "
        "ascending order",
    ),
    "a read slot twice": (
        lambda accounts: accounts[1]["storageReads"].append("0x4"),
        f"accounts[1].storageReads[2] ({POOL}): slot 0x4 is there twice; EIP-7928: slots are "
        "unique",
    ),
    "a slot changed and read": (
        lambda accounts: accounts[1]["storageReads"].insert(0, "0x2"),
        f"accounts[1].storageReads[0] ({POOL}): slot 0x2 is among the changes, too; EIP-7928: a "
        "changed slot is not listed as read",
    ),
    "a slot without changes": (
        lambda accounts: slots(accounts)[0].update(slotChanges=[]),
        f"accounts[1].storageChanges[0] ({POOL}): slot 0x1 has no changes; EIP-7928: such a slot "
        "is listed as read",
    ),
    "changes in another order": (
        lambda accounts: swap(accounts[0]["nonceChanges"]),
        f"accounts[0].nonceChanges[1] ({SENDER}): index 1 comes after 2; EIP-7928: changes are in "
        "ascending order of index",
    ),
    "an index twice": (
        lambda accounts: accounts[0]["balanceChanges"].extend(changes("postBalance", (2, "0x1"))),
        f"accounts[0].balanceChanges[2] ({SENDER}): index 2 is there twice; EIP-7928: a value "
        "changes once in a step",
    ),
    "changes of a slot in another order": (
        lambda accounts: swap(slots(accounts)[0]["slotChanges"]),
        f"accounts[1].storageChanges[0].slotChanges[1] ({POOL}): index 0 comes after 2; "
        "EIP-7928: changes are in ascending order of index",
    ),
    "a change to the same value": (
        lambda accounts: slots(accounts)[0]["slotChanges"][1].update(postValue="0x07"),
        f"accounts[1].storageChanges[0].slotChanges[1] ({POOL}): the value is that of "
        "index 0; EIP-7928: only changes are recorded",
    ),
    "an index past the last": (
        lambda accounts: accounts[2]["balanceChanges"][0].update(blockAccessIndex="0x4"),
        f"accounts[2].balanceChanges[0] ({MINER}): index 4, and 3 is the last one: 2 transactions; "
        "EIP-7928: an index is 0, that of a transaction, or the one after the last transaction",
    ),
    "a transaction without a nonce": (
        lambda accounts: accounts[0]["nonceChanges"].pop(),
        "transaction 2 of 2 changes no nonce in the list; EIP-7928: the nonce of each "
        "transaction's sender is recorded",
    ),
    "code that is too long": (
        lambda accounts: accounts[1]["codeChanges"][0].update(
            newCode="0x" + "00" * (CODE_LEN_MAX + 1)
        ),
        f"accounts[1].codeChanges[0] ({POOL}): code of {CODE_LEN_MAX + 1:,} bytes; EIP-7954: "
        f"{CODE_LEN_MAX:,} at most",
    ),
}


def test_the_list_that_is_broken_below_is_good() -> None:
    block = block_of(good())
    assert len(block) == 2
    assert len(block.before.writes) == len(block.after.writes) == 1


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_with_its_place_and_address(name: str) -> None:
    accounts = good()
    breaking, message = BROKEN[name]
    breaking(accounts)
    with pytest.raises(InputError) as caught:
        block_of(accounts)
    assert str(caught.value) == message


def test_code_may_be_as_long_as_the_limit() -> None:
    accounts = good()
    accounts[1]["codeChanges"][0]["newCode"] = "0x" + "00" * CODE_LEN_MAX
    assert len(block_of(accounts)) == 2


def test_each_address_and_slot_takes_up_gas_of_the_blocks_limit() -> None:
    items = 3 + 2 + 2  # addresses, changed slots, read slots
    at_limit = TWO._replace(gas_limit=items * ITEM_GAS)
    assert len(block_of(good(), at_limit)) == 2
    with pytest.raises(InputError, match="7 addresses and slots in the list; EIP-7928: at most"):
        block_of(good(), TWO._replace(gas_limit=items * ITEM_GAS - 1))


def test_a_change_to_what_was_there_before_the_block_is_none() -> None:
    slot = StateKey.slot(POOL, 1)
    found = access_list_of_json(good())
    for held, is_whole in ((6, True), (0, False)):
        block_of_list(found, TWO, KnownState({slot: held, StateKey.slot(POOL, 2): 1}, is_whole))
    with pytest.raises(InputError) as caught:
        block_of_list(found, TWO, KnownState({slot: 7}, is_whole=False))
    assert str(caught.value) == (
        f"accounts[1].storageChanges[0].slotChanges[0] ({POOL}): the value is that before the "
        "block; EIP-7928: only changes are recorded"
    )
    with pytest.raises(
        InputError, match=r"storageChanges\[1\]\.slotChanges\[0\].*before the block"
    ):
        block_of_list(found, TWO, KnownState({}, is_whole=True))  # slot 2 becomes 0 and is 0


def test_without_a_header_the_last_nonce_is_the_last_transactions() -> None:
    assert len(block_of(good(), Header())) == 2
    accounts = good()
    accounts[2]["balanceChanges"][0]["blockAccessIndex"] = "0x4"
    with pytest.raises(InputError, match="index 4, and 3 is the last one"):
        block_of(accounts, Header())


def test_a_list_that_changes_a_balance_at_0_counts_transactions_from_0() -> None:
    accounts = good()
    accounts[2]["balanceChanges"] = changes("postBalance", (0, "0x1"), (3, "0x9"))
    accounts[0]["nonceChanges"].pop()  # which such lists leave out now and then
    block = block_of(accounts, Header())
    assert [len(step.writes) for step in block.steps] == [2, 4, 2, 1]
    assert not block.before.writes
    assert not block.after.writes


def test_a_list_from_0_must_change_something_in_half_of_its_transactions() -> None:
    def counting(last: int) -> Accounts:
        found = changes("postBalance", (0, "0x1"), (last, "0x2"))
        return [{"address": SENDER, "balanceChanges": found}]

    assert len(block_of(counting(3), Header())) == 4
    with pytest.raises(InputError, match="index 4 is the highest, and only 2 have changes"):
        block_of(counting(4), Header())


def test_a_list_whose_hash_is_in_a_header_counts_from_1() -> None:
    accounts = good()
    accounts[0]["balanceChanges"] = changes("postBalance", (0, "0x64"))
    committed = TWO._replace(list_hash="0x" + 64 * "1")
    assert block_of(accounts, committed).before.writes
    four = Header(facts=[TransactionFacts()] * 4)
    assert not block_of(accounts, four).before.writes

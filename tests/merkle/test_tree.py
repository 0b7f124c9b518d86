"""The tree: the same root as the definition gives, whatever way led there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.merkle import DEPTH_MAX, EMPTY_ROOT, MerkleTree, records, tree
from sealane.merkle.hashing import node_digest, path_of_key
from sealane.merkle.tree import BUCKET_MAX, record_of
from sealane.primitives import Account, Pubkey

from .oracle import ACCOUNTS, KEYS, STATES, as_path, naive_root_of, record


def tree_of(accounts: dict[Pubkey, Account]) -> MerkleTree:
    return MerkleTree.of(record(key, account) for key, account in accounts.items())


@given(STATES)
def test_the_root_is_that_of_the_definition(accounts: dict[Pubkey, Account]) -> None:
    made = tree_of(accounts)
    assert made.digest == naive_root_of(accounts)
    assert len(made) == len(accounts)
    assert list(made) == sorted(record(key, account) for key, account in accounts.items())


@given(STATES, st.lists(st.dictionaries(KEYS, st.none() | ACCOUNTS, max_size=12), max_size=5))
def test_changes_lead_to_the_tree_from_scratch(
    accounts: dict[Pubkey, Account], blocks: list[dict[Pubkey, Account | None]]
) -> None:
    current = tree_of(accounts)
    for block in blocks:
        current = current.changed(
            {
                as_path(key): None if account is None else record(key, account)
                for key, account in block.items()
            }
        )
        changed = accounts | block
        accounts = {key: account for key, account in changed.items() if account is not None}
        assert current.digest == naive_root_of(accounts)
        assert list(current) == list(tree_of(accounts))
        assert len(current) == len(accounts)


@given(STATES, st.dictionaries(KEYS, ACCOUNTS, max_size=12), st.data())
def test_candidates_leave_the_tree_that_they_are_made_of_alone(
    accounts: dict[Pubkey, Account], placed: dict[Pubkey, Account], data: st.DataObject
) -> None:
    base = tree_of(accounts)
    before = (base.digest, list(base))
    removed = data.draw(st.lists(st.sampled_from(sorted(accounts)))) if accounts else []
    one = base.changed({as_path(key): record(key, account) for key, account in placed.items()})
    other = base.changed({as_path(key): None for key in removed})
    assert one.digest == naive_root_of(accounts | placed)
    assert other.digest == naive_root_of(
        {key: account for key, account in accounts.items() if key not in removed}
    )
    assert (base.digest, list(base)) == before


@given(st.sets(st.integers(0, 255), max_size=120), st.sampled_from([0, 8, 200, 248]))
def test_the_neighbours_of_every_path(numbers: set[int], shift: int) -> None:
    keys = {number: Pubkey((number << shift).to_bytes(32, "big")) for number in range(256)}
    made = tree_of({keys[number]: Account(1) for number in numbers})
    for number, key in keys.items():
        if number in numbers:
            continue
        left = max((n for n in numbers if n < number), default=None)
        right = min((n for n in numbers if n > number), default=None)
        expected = (None if n is None else record(keys[n], Account(1)) for n in (left, right))
        assert made.neighbours(as_path(key)) == tuple(expected)


def test_no_account_one_and_two() -> None:
    # The root of one leaf is the leaf; of two that part at bit 0, the node above them.
    low, high = Pubkey(bytes(32)), Pubkey(b"\xff" * 32)
    one, two = record(low, Account(1)), record(high, Account(2))
    assert MerkleTree().digest == MerkleTree.of([]).digest == EMPTY_ROOT == bytes(32)
    assert MerkleTree.of([one]).digest == one[64:]
    assert MerkleTree.of([two, one]).digest == node_digest(one[64:], two[64:])


@pytest.mark.parametrize("count", [BUCKET_MAX, BUCKET_MAX + 1])
def test_a_full_bucket_and_one_that_is_divided(count: int) -> None:
    keys = [Pubkey(number.to_bytes(32, "big")) for number in range(count)]
    accounts = {key: Account(number + 1) for number, key in enumerate(keys)}
    grown = MerkleTree()
    for key, account in accounts.items():
        grown = grown.changed({as_path(key): record(key, account)})
    assert grown.digest == tree_of(accounts).digest == naive_root_of(accounts)
    for key in keys[::2]:
        grown = grown.changed({as_path(key): None})
        del accounts[key]
        assert grown.digest == naive_root_of(accounts)


def test_paths_that_differ_in_the_last_bit_only_are_as_deep_as_it_gets() -> None:
    twins = [Pubkey(bytes(31) + bytes([last])) for last in (0, 1)]
    deep = tree_of({key: Account(1) for key in twins})
    assert len(deep.siblings(as_path(twins[0]))) == DEPTH_MAX
    # And below branches, too: a bucket cannot hold them all.
    crowd = {Pubkey((1 << depth).to_bytes(32, "big")): Account(1) for depth in range(256)}
    crowd |= {key: Account(2) for key in twins}
    assert tree_of(crowd).digest == naive_root_of(crowd)
    assert len(tree_of(crowd).siblings(as_path(twins[0]))) == DEPTH_MAX


def test_a_change_hashes_the_way_to_the_root_and_a_bucket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed = 0

    def counting(left: bytes, right: bytes) -> bytes:
        nonlocal hashed
        hashed += 1
        return node_digest(left, right)

    keys = [Pubkey.of(f"account {number}") for number in range(4096)]
    full = MerkleTree.of(r for key in keys if (r := record_of(key, Account(1))) is not None)
    monkeypatch.setattr(tree, "node_digest", counting)
    monkeypatch.setattr(records, "node_digest", counting)
    full.changed({path_of_key(keys[0]): record_of(keys[0], Account(2))})
    alone = hashed
    assert alone < 40  # 12 levels, a bucket, and what random paths share by chance
    full.changed({path_of_key(key): record_of(key, Account(2)) for key in keys[:64]})
    assert hashed - alone < 64 * alone * 0.8  # the upper levels once for all


def test_an_account_that_does_not_exist_has_no_record() -> None:
    assert record_of(Pubkey.of("nobody"), Account()) is None
    held = (
        Account(1),
        Account(owner=Pubkey.of("token")),
        Account(data=b"\0"),
        Account(executable=True),
    )
    assert all(record_of(Pubkey.of("somebody"), account) is not None for account in held)


def test_a_leaf_is_found_by_its_path_alone() -> None:
    keys = [Pubkey(number.to_bytes(32, "big")) for number in range(30)]
    made = tree_of({key: Account(1) for key in keys[::2]})
    found = [made.find(as_path(key)) for key in keys]
    assert [entry is not None for entry in found] == [number % 2 == 0 for number in range(30)]
    assert made.neighbours(as_path(keys[3])) == (found[2], found[4])
    assert repr(made).startswith("<MerkleTree of 15 leaves, root ")

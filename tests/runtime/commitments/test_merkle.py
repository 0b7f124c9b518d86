"""The root "merkle": that of a tree over all committed accounts, whatever way led there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey, Runtime, Store, Transaction
from sealane.merkle import EMPTY_ROOT, AccountContent, MerkleTree, verify_proof
from sealane.programs.library import system

NAMES = ("alice", "bob", "carol", "dave")
ALICE, BOB, CAROL, DAVE = map(Pubkey.of, NAMES)


@pytest.fixture(params=["memory", "store"])
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    store = tmp_path / "state" if request.param == "store" else None
    with Runtime(workers=0, store=store, root="merkle") as made:
        yield made


def pay(lamports: int, source: str = "alice", destination: str = "bob") -> Transaction:
    call = system.transfer(source=source, destination=destination, lamports=lamports)
    return Transaction([call], payer=source)


def root_of(accounts: dict[Pubkey, Account]) -> str:
    return MerkleTree.of_accounts(accounts.items()).digest.hex()


def test_the_root_is_that_of_all_accounts(runtime: Runtime) -> None:
    assert runtime.state_root == EMPTY_ROOT.hex()
    runtime.set_account("alice", lamports=10)
    assert runtime.state_root == EMPTY_ROOT.hex(), "placed, and not committed"
    result = runtime.execute([pay(4)])
    assert result.state_root == root_of({ALICE: Account(6), BOB: Account(4)})
    runtime.set_account("carol", lamports=1, data=b"data")
    emptied = runtime.execute([pay(4, "bob", "dave")])
    assert emptied.state_root == root_of(
        {ALICE: Account(6), DAVE: Account(4), CAROL: Account(1, data=b"data")}
    )
    assert runtime.root_kind == "merkle"


def test_candidates_on_one_state_and_the_one_that_is_committed(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10)
    runtime.execute([])
    before = runtime.state_root
    dropped = runtime.execute_candidate([pay(3)])
    kept = runtime.execute_candidate([pay(4)], placing={CAROL: Account(7)})
    assert dropped.root.hex() == root_of({ALICE: Account(7), BOB: Account(3)})
    assert runtime.state_root == before
    runtime.commit(kept)
    assert kept.root.hex() == runtime.state_root
    assert runtime.state_root == root_of({ALICE: Account(6), BOB: Account(4), CAROL: Account(7)})


def test_proofs_are_of_what_is_committed(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10, data=b"abc")
    runtime.execute([])
    runtime.set_account("alice", lamports=99)
    runtime.set_account("carol", lamports=5)
    proof = runtime.prove("alice")
    assert (proof.root.hex(), proof.height, proof.root_kind) == (runtime.state_root, 1, "merkle")
    verdict = verify_proof(proof, runtime.state_root, "alice")
    assert verdict
    assert verdict.content == AccountContent.of(Account(10, data=b"abc"))
    assert verdict.data == b"abc"
    assert verify_proof(runtime.prove("alice", with_data=False), runtime.state_root).data is None
    absent = verify_proof(runtime.prove("carol"), runtime.state_root, "carol")
    assert absent
    assert absent.content is None
    runtime.execute([])
    assert verify_proof(runtime.prove("carol"), runtime.state_root, "carol").content is not None


@pytest.mark.parametrize("durable", [False, True])
def test_with_another_root_the_proof_has_its_own(tmp_path: Path, durable: bool) -> None:
    store = tmp_path / "state" if durable else None
    with Runtime(workers=0, store=store) as runtime:
        runtime.set_account("alice", lamports=10)
        runtime.execute([pay(4)])
        proof = runtime.prove("bob")
        assert proof.root_kind == "history"
        assert proof.root.hex() == root_of({ALICE: Account(6), BOB: Account(4)})
        assert proof.root.hex() != runtime.state_root
        assert verify_proof(proof, proof.root, "bob")
        assert not verify_proof(proof, runtime.state_root, "bob")


def test_a_store_is_opened_with_its_tree(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Runtime(workers=0, store=folder, root="merkle") as runtime:
        runtime.set_account("alice", lamports=10)
        runtime.execute([pay(4)])
        runtime.set_account("carol", lamports=5)
        root = runtime.state_root
    accounts = {ALICE: Account(6), BOB: Account(4)}
    with Runtime(workers=0, store=folder) as runtime:
        assert (runtime.state_root, runtime.root_kind) == (root, "merkle")
        assert root == root_of(accounts)
        # Carol was committed when the runtime was closed, after the last block.
        proof = runtime.prove("carol")
        assert proof.root.hex() == root_of(accounts | {CAROL: Account(5)})
        assert verify_proof(proof, proof.root, "carol").content is not None
        runtime.execute([])
        assert runtime.state_root == proof.root.hex()
    with Store(folder) as store:
        assert store.verify().roots == 2
        store.compact()
    with Store(folder) as store:
        assert store.root.hex() == store.commitment.root.hex() == proof.root.hex()
        assert store.verify().accounts == 3


Block = list[tuple[int, str, str]]
BLOCKS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=3
    ),
    max_size=4,
)


@settings(max_examples=20)
@given(BLOCKS)
def test_memory_and_store_agree_at_every_height(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[Block]
) -> None:
    folder = tmp_path_factory.mktemp("agree") / "state"
    with (
        Runtime(workers=0, root="merkle") as one,
        Runtime(workers=0, root="merkle", store=folder) as other,
    ):
        for runtime in (one, other):
            runtime.set_account("alice", lamports=20)
        for block in blocks:
            transactions = [pay(*each) for each in block]
            roots = [each.execute(transactions, again=True).state_root for each in (one, other)]
            held = {key: one.account(key) for key in map(Pubkey.of, NAMES)}
            assert roots == [root_of(held)] * 2


def test_accounts_that_are_not_those_of_the_root_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with Runtime(workers=0, store=folder, root="merkle") as runtime:
        runtime.set_account("alice", lamports=10)
        runtime.execute([])
    with Store(folder) as store:
        kind = type(store.commitment)
        with pytest.raises(ValueError, match="its accounts have the Merkle root"):
            kind.restored(store.root, b"\1" * 32, list)
        assert kind.of_nothing().check(list)
        assert not store.commitment.check(list)


def test_a_snapshot_is_as_the_tree_was() -> None:
    with Runtime(workers=0, root="merkle") as runtime:
        runtime.set_account("alice", lamports=10)
        before = runtime.execute([]).state_root
        with runtime.snapshot():
            runtime.execute([pay(4)])
            assert runtime.state_root != before
        assert runtime.state_root == before
        assert runtime.execute([pay(4)]).state_root == root_of({ALICE: Account(6), BOB: Account(4)})

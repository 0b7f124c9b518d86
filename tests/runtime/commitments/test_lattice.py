"""The root "lattice" of a runtime: of the accounts that there are, whatever led there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sealane import Account, Pubkey, Route, Runtime, Store, Transaction, UsageError
from sealane.programs.library import system
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.columns.key_column import KeyColumn
from sealane.runtime.commitments import lattice
from sealane.runtime.commitments.keyed_states import CommittedStates, KeyedStates
from sealane.runtime.commitments.lattice import REMEMBERED_MAX, LatticeCommitment, RememberedHashes
from sealane.runtime.commitments.lattice_hash import checksum, hashes_of, sum_accounts
from sealane.runtime.commitments.state_change import StateChange

from ...routes import ALL_BUT_SERIAL

States = dict[Pubkey, Account]
KEYS = [Pubkey.of(name) for name in "abcdefg"]

states = st.dictionaries(
    st.sampled_from(KEYS),
    st.builds(
        Account,
        st.sampled_from((0, 1, 2**64 - 1)),
        st.sampled_from(KEYS),
        st.binary(max_size=20),
        st.booleans(),
    ),
)


@dataclass(frozen=True)
class Step:
    """A block: the accounts placed before it, and those that it changed; it may be a candidate that
    is dropped."""

    placed: States
    changed: States
    dropped: bool


steps = st.lists(st.builds(Step, states, states, st.booleans()), max_size=8)


def root_of(accounts: Mapping[Pubkey, Account]) -> bytes:
    """Computed anew, from all accounts."""
    return checksum(sum_accounts(KeyedStates.of(accounts)))


def change_of(committed: States, step: Step) -> StateChange:
    def lookup(keys: NDArray[np.uint8]) -> CommittedStates:
        found = [committed.get(key) for key in KeyColumn(keys)]
        present = np.array([state is not None for state in found], np.bool_)
        return CommittedStates(present, AccountColumns.of([state or Account() for state in found]))

    return StateChange(KeyedStates.of(step.changed), step.placed, lookup)


@pytest.mark.parametrize("remembered_max", [0, 1, 3, REMEMBERED_MAX])
@given(steps=steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_give_what_all_accounts_give(
    remembered_max: int, steps: Sequence[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lattice, "REMEMBERED_MAX", remembered_max)
    commitment = LatticeCommitment.of_nothing()
    committed: States = {}
    for step in steps:
        following = commitment.next(change_of(committed, step))
        after = committed | step.placed | step.changed
        assert following.root == root_of(after)
        if not step.dropped:
            commitment, committed = following.commitment(), after
            assert commitment.root == root_of(committed)
            assert commitment.check(lambda kept=committed: [KeyedStates.of(kept)])
        restored = LatticeCommitment.restored(b"", commitment.stored, list)
        assert restored.root == commitment.root


def numbered(first: int, end: int, lamports: int = 1) -> KeyedStates:
    return KeyedStates.of({Pubkey.of(f"n{n}"): Account(lamports) for n in range(first, end)})


def test_no_more_hashes_are_remembered_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "REMEMBERED_MAX", 10)
    computed: list[int] = []

    def counted(accounts: KeyedStates) -> list[bytes]:
        computed.append(len(accounts.keys))
        return hashes_of(accounts)

    remembered = RememberedHashes()
    for first, end in ((0, 10), (10, 11)):
        remembered.update(numbered(first, end), hashes_of(numbered(first, end)))
        assert len(remembered) == 10
    monkeypatch.setattr(lattice, "hashes_of", counted)
    everyone = numbered(0, 11)
    assert remembered.hashes_of(everyone) == hashes_of(everyone)
    assert computed == [1], "only that of the oldest is computed again"
    remembered.update(everyone, None)
    assert len(remembered) == 0


def test_a_block_of_more_accounts_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "REMEMBERED_MAX", 3)
    commitment, committed = LatticeCommitment.of_nothing(), States()
    for count in (3, 4, 2, 4, 3):
        step = Step({}, {key: Account(count) for key in KEYS[:count]}, dropped=False)
        commitment = commitment.next(change_of(committed, step)).commitment()
        committed |= step.changed
        assert commitment.root == root_of(committed)


def pay(lamports: int, source: str = "alice", to: str = "bob") -> Transaction:
    call = system.transfer(source=source, destination=to, lamports=lamports)
    return Transaction([call], payer=source)


@pytest.fixture(params=["memory", "store"])
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    store = tmp_path / "state" if request.param == "store" else None
    with Runtime(workers=0, store=store, root="lattice") as made:
        yield made


def accounts_of(runtime: Runtime, *names: str) -> States:
    return {Pubkey.of(name): runtime.account(name) for name in names}


def test_the_root_is_of_the_accounts_whatever_led_there(runtime: Runtime) -> None:
    assert runtime.root_kind == "lattice"
    assert runtime.state_root == root_of({}).hex()
    runtime.set_account("alice", lamports=10)
    assert runtime.state_root == root_of({}).hex(), "from the next block on"
    first = runtime.execute([pay(1), pay(2)])
    assert first.state_root == root_of(accounts_of(runtime, "alice", "bob")).hex()
    with Runtime(workers=0, root="lattice") as other:
        other.set_account("alice", lamports=7)
        other.set_account("bob", lamports=3)
        assert other.execute([]).state_root == first.state_root
    assert runtime.execute([]).state_root == first.state_root, "nothing has changed"


def test_an_account_is_emptied_made_again_and_resized(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10)
    runtime.execute([pay(4)])
    emptied = runtime.execute([pay(6)])
    assert emptied.state_root == root_of({Pubkey.of("bob"): Account(10)}).hex()
    again = runtime.execute([pay(3, "bob", "alice")])
    assert again.state_root == root_of(accounts_of(runtime, "alice", "bob")).hex()
    roots = {emptied.state_root, again.state_root}
    for data in (b"1234", b"12345", b"", bytes(200)):
        runtime.set_account("alice", lamports=3, data=data)
        result = runtime.execute([])
        assert result.state_root == root_of(accounts_of(runtime, "alice", "bob")).hex()
        roots.add(result.state_root)
    assert len(roots) == 5  # without data, it is as it was


def test_an_account_without_lamports_is_not_covered(runtime: Runtime) -> None:
    """The rule of SIMD-0215: on chain there are none."""
    runtime.set_account("alice", lamports=10)
    root = runtime.execute([]).state_root
    runtime.set_account("data only", data=b"not covered")
    assert runtime.execute([]).state_root == root


def test_candidates_and_placing(runtime: Runtime) -> None:
    runtime.set_account("alice", lamports=10)
    placing = {Pubkey.of("carol"): Account(5, data=b"ring")}
    dropped = runtime.execute_candidate([pay(2)], placing=placing)
    kept = runtime.execute_candidate([pay(1)], placing=placing)
    assert dropped.root != kept.root
    assert runtime.state_root == root_of({}).hex()
    result = runtime.commit(kept)
    assert result.state_root == kept.root.hex() == runtime.state_root
    assert kept.root == root_of(accounts_of(runtime, "alice", "bob", "carol"))


def test_a_snapshot_restores_the_lattice() -> None:
    with Runtime(workers=0, root="lattice") as runtime:
        runtime.set_account("alice", lamports=10)
        root = runtime.execute([pay(1)]).state_root
        runtime.set_account("carol", lamports=1)
        with runtime.snapshot():
            inside = runtime.execute([pay(2)]).state_root
            assert runtime.state_root == inside != root
        assert runtime.state_root == root
        assert runtime.execute([pay(2)]).state_root == inside


def test_a_store_opens_with_the_root_it_had(tmp_path: Path) -> None:
    with Runtime(workers=0, store=tmp_path / "state", root="lattice") as runtime:
        runtime.set_account("alice", lamports=10)
        roots = [runtime.execute([pay(n)]).state_root for n in (1, 2)]
        runtime.set_account("dave", lamports=4)  # saved on close, in the root from the next block
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        assert (runtime.root_kind, runtime.state_root) == ("lattice", roots[-1])
        result = runtime.execute([pay(3)])
        everyone = accounts_of(runtime, "alice", "bob", "dave")
        assert result.state_root == root_of(everyone).hex()
    with Store(tmp_path / "state") as store:
        assert store.root == root_of(dict(store.accounts()))
        assert store.verify().roots == 3


ROUTED: list[tuple[Route | None, int]] = [(None, 0), *((route, 2) for route in ALL_BUT_SERIAL)]


def test_every_route_gives_the_same_root() -> None:
    roots: set[str] = set()
    for route, workers in ROUTED:
        with Runtime(workers=workers, route=route, root="lattice") as runtime:
            for name in "abcdefgh":
                runtime.set_account(name, lamports=1_000)
            block = [pay(n, source, to) for n in (1, 2) for source, to in ("ab", "cd", "ef", "bh")]
            runtime.execute(block)
            roots.add(runtime.execute([pay(5, "h", "a"), pay(9_999, "d", "e")]).state_root)
            assert root_of(accounts_of(runtime, *"abcdefgh")).hex() in roots
    assert len(roots) == 1


@pytest.mark.parametrize("kind", ["", "Lattice", "tree", 7, b"lattice"])
def test_a_kind_that_there_is_not(kind: str) -> None:
    with pytest.raises(UsageError, match="choose one of history, lattice"):
        Runtime(workers=0, root=kind)

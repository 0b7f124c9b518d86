"""What a commitment is told of a change: each account once, in key order, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Pubkey, Runtime, Store, Transaction
from sealane.programs.library import system
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.columns.key_column import KeyColumn
from sealane.runtime.commitments.commitment import NextRoot
from sealane.runtime.commitments.history import HistoryCommitment, PendingRoot, history_root
from sealane.runtime.commitments.keyed_states import CommittedStates, KeyedStates
from sealane.runtime.commitments.state_change import StateChange

KEYS = [Pubkey(bytes([n]) * 31 + bytes([m])) for n in (0, 7, 255) for m in (0, 1, 255)]
States = dict[Pubkey, Account]
states = st.dictionaries(
    st.sampled_from(KEYS),
    st.builds(Account, st.integers(0, 3), st.sampled_from(KEYS), st.binary(max_size=20)),
)


def accounts_of(held: KeyedStates) -> States:
    return dict(zip(KeyColumn(held.keys), held.states, strict=True))


@given(states, states)
def test_the_block_overrides_what_was_placed(placed: States, changed: States) -> None:
    after = KeyedStates.of(placed).overridden_by(KeyedStates.of(changed))
    assert accounts_of(after) == placed | changed
    assert [*KeyColumn(after.keys)] == sorted(placed | changed)


@given(states, states)
def test_corrected_states(committed: States, known: States) -> None:
    keys = sorted(committed | known)
    nobody = CommittedStates(
        np.zeros(len(keys), np.bool_), AccountColumns.of([Account()] * len(keys))
    )
    told = {key: state if state.lamports else None for key, state in known.items()}
    corrected = nobody.corrected(KeyColumn.of(keys).array, told)
    expected = [told.get(key) for key in keys]
    assert corrected.present.tolist() == [state is not None for state in expected]
    assert list(corrected.states) == [state or Account() for state in expected]


class Spy(HistoryCommitment):
    """Notes what it is told, before and after each change."""

    KIND = "spy"
    COVERS_PLACED = True

    def __init__(self, root: bytes, told: list[tuple[States, States]] | None = None) -> None:
        super().__init__(root)
        self.told = [] if told is None else told

    def next(self, change: StateChange) -> NextRoot:
        keys, before = KeyColumn(change.after.keys), change.before
        rows = zip(keys, before.present, before.states, strict=True)
        held = {key: state for key, present, state in rows if present}
        self.told.append((accounts_of(change.after), held))
        return SpiedRoot(self, change.block)


class SpiedRoot(PendingRoot):
    def __init__(self, spy: Spy, changed: KeyedStates) -> None:
        super().__init__(spy.root, changed)
        self._spy = spy

    def commitment(self) -> Spy:
        return Spy(self.root, self._spy.told)


@pytest.fixture(params=["memory", "store"])
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    with Runtime(workers=0, store=tmp_path / "state" if request.param == "store" else None) as made:
        yield made


def spy_on(runtime: Runtime) -> Spy:
    spy = Spy(runtime.state.root)
    runtime.state.commitment = spy  # pyright: ignore[reportAttributeAccessIssue] - both have it
    return spy


def pay(lamports: int) -> list[Transaction]:
    call = system.transfer(source="alice", destination="bob", lamports=lamports)
    return [Transaction([call], payer="alice")]


ALICE, BOB, CAROL = map(Pubkey.of, ("alice", "bob", "carol"))


def test_before_is_what_was_committed_whatever_was_placed_since(runtime: Runtime) -> None:
    spy = spy_on(runtime)
    runtime.set_account("alice", lamports=10)
    runtime.execute(pay(1))
    assert spy.told.pop() == ({ALICE: Account(9), BOB: Account(1)}, {})
    runtime.set_account("alice", lamports=50)
    runtime.execute_candidate(pay(50))
    assert spy.told.pop()[1] == {ALICE: Account(9), BOB: Account(1)}
    runtime.set_account("alice", lamports=100)
    runtime.set_account("carol", lamports=7)
    candidate = runtime.execute_candidate(pay(2), placing={CAROL: Account(8)})
    expected = (
        {ALICE: Account(98), BOB: Account(3), CAROL: Account(8)},
        {ALICE: Account(9), BOB: Account(1)},
    )
    assert spy.told == [expected]
    runtime.commit(candidate)
    assert spy.told == [expected], "computed twice"
    runtime.execute([])
    assert spy.told.pop() == ({}, {})


def test_a_store_that_saves_placed_accounts_tells_of_them_once(tmp_path: Path) -> None:
    with Store(tmp_path / "state") as store:
        spy = Spy(store.root)
        store.commitment = spy
        root = store.root
        store.set(ALICE, Account(5))
        store.save()
        assert store.root == root
        saved = store.commitment.root
        store.commit({})
        assert spy.told == [({ALICE: Account(5)}, {}), ({}, {})]
        assert store.root == history_root(saved, KeyedStates.of({}))

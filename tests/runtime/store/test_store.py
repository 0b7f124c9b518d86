"""The store as a runtime uses it: the same state as in memory, but durable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sealane import Pubkey, Runtime, Store, Transaction, build_block
from sealane.primitives import Account, Instruction, MachineError, StoreCorrupt, UsageError
from sealane.programs import Clock, Program, Rent, Signer, Sysvars
from sealane.programs.library import system
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.commitments.history import PendingRoot
from sealane.runtime.state.input_hash import hash_input
from sealane.runtime.store.file_system import FileSystem


def transfer(lamports: int, source: str = "alice", id: str | None = None) -> Transaction:  # noqa: A002
    call = system.transfer(source=source, destination="bob", lamports=lamports)
    return Transaction([call], id=id)


def funded(folder: Path | None, lamports: int = 1_000) -> Runtime:
    runtime = Runtime(workers=0, store=folder)
    runtime.place_accounts({Pubkey.of("alice"): Account(lamports)})
    return runtime


def test_state_survives_reopening(tmp_path: Path) -> None:
    with funded(tmp_path / "state") as runtime:
        first = runtime.execute([transfer(400)])
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        assert runtime.height == 1
        assert runtime.state_root == first.state_root
        assert runtime.account("bob").lamports == 400
        second = runtime.execute([transfer(100)])
        assert second.height == 2
    with Runtime(workers=0, store=str(tmp_path / "state")) as runtime:
        assert (runtime.account("alice").lamports, runtime.account("bob").lamports) == (500, 500)


def test_roots_equal_those_of_a_state_in_memory(tmp_path: Path) -> None:
    blocks = [[transfer(n), transfer(10_000, id="fails")] for n in (1, 2, 3)]
    with funded(None) as memory, funded(tmp_path / "state") as durable:
        for block in blocks:
            assert memory.execute(block).state_root == durable.execute(block).state_root


def test_row_45_the_same_block_twice_is_skipped(tmp_path: Path) -> None:
    block = [transfer(400)]
    with funded(tmp_path / "state") as runtime:
        done = runtime.execute(block)
        assert not done.skipped
    with funded(tmp_path / "state") as runtime:
        result = runtime.execute(block)
        assert result.skipped
        assert result.skipped_for == 1
        assert len(result.transactions) == 0
        assert result.accounts == {}
        assert (result.height, result.state_root) == (1, done.state_root)
        assert runtime.account("bob").lamports == 400


def test_row_45_again_runs_it_once_more(tmp_path: Path) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(400)])
        runtime.place_accounts({Pubkey.of("alice"): Account(1_000)})
        result = runtime.execute([transfer(400)], again=True)
        assert not result.skipped
        assert (result.height, runtime.account("bob").lamports) == (2, 800)
        runtime.place_accounts({Pubkey.of("alice"): Account(1_000)})
        assert runtime.execute([transfer(400)]).skipped_for == 2  # the last time it ran


def test_row_45_blocks_replayed_from_the_start(tmp_path: Path) -> None:
    blocks = [[transfer(n)] for n in range(1, 6)]
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.set_account("alice", lamports=1_000)
        for block in blocks[:3]:
            runtime.execute(block)
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        # The script starts from its beginning: what it sets up belongs to a block that is done.
        runtime.set_account("alice", lamports=1_000)
        results = [runtime.execute(block) for block in blocks]
    assert [result.skipped for result in results] == [True, True, True, False, False]
    with Runtime(workers=0) as memory:
        memory.set_account("alice", lamports=1_000)
        roots = [memory.execute(block).state_root for block in blocks]
    assert results[-1].state_root == roots[-1]


def test_other_ids_amounts_or_accounts_make_another_block(tmp_path: Path) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(1)])
        others = [[transfer(2)], [transfer(1, id="mine")], [transfer(1, source="carol")], []]
        for other in others:
            assert not runtime.execute(other).skipped
        runtime.set_account("dave", lamports=1)
        assert not runtime.execute([transfer(1)]).skipped


def test_a_runtime_in_memory_repeats_blocks() -> None:
    with funded(None) as runtime:
        runtime.execute([transfer(1)])
        assert not runtime.execute([transfer(1)]).skipped
        assert runtime.account("bob").lamports == 2


def test_accounts_are_placed_where_there_are_none(tmp_path: Path) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(400)])
        runtime.place_accounts({Pubkey.of("alice"): Account(9), Pubkey.of("carol"): Account(7)})
        assert runtime.account("alice").lamports == 600
        assert runtime.account("carol").lamports == 7
        runtime.set_account("alice", lamports=9)
        assert runtime.account("alice").lamports == 9


def test_set_accounts_are_committed_with_the_block_or_on_close(tmp_path: Path) -> None:
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.set_account("alice", lamports=5)
        assert runtime.account("alice").lamports == 5
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        assert runtime.account("alice").lamports == 5
        assert (runtime.height, runtime.state_root) == (0, "00" * 32)
        runtime.set_account("alice", lamports=6)
        runtime.execute([])
        runtime._close(save=False)  # pyright: ignore[reportPrivateUsage]
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        assert runtime.account("alice").lamports == 6


def test_accounts_set_before_an_error_are_dropped(tmp_path: Path) -> None:
    def set_up_and_fail() -> None:
        with Runtime(workers=0, store=tmp_path / "state") as runtime:
            runtime.set_account("alice", lamports=5)
            runtime.execute([transfer(1, id="same"), transfer(2, id="same")])

    with pytest.raises(Exception, match="unique"):
        set_up_and_fail()
    with Store(tmp_path / "state") as store:
        assert len(store) == 0


class DyingState(Store):
    """A store whose machine fails while a block executes."""

    broken = True

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> AccountColumns:
        if self.broken:
            raise MachineError("no")
        return super().states(keys, unset)


def test_a_block_can_run_again_after_a_machine_failure(tmp_path: Path) -> None:
    with Runtime(workers=0) as runtime:
        state = DyingState(tmp_path / "state")
        runtime.state = state
        runtime.set_account("alice", lamports=10)
        with pytest.raises(MachineError):
            runtime.execute([transfer(4)])
        assert runtime.height == 0
        state.broken = False
        result = runtime.execute([transfer(4)])
        assert not result.skipped
        assert runtime.account("alice").lamports == 6


class CountingFiles(FileSystem):
    """A file system that counts the bytes read."""

    read_len = 0

    def read(self, descriptor: int, size: int, offset: int) -> bytes:
        self.read_len += size
        return super().read(descriptor, size, offset)


def test_a_block_loads_only_the_accounts_it_declares(tmp_path: Path) -> None:
    """State may exceed memory: opening reads only the index, a block only its accounts' chunks."""
    keys = [Pubkey(n.to_bytes(32, "big")) for n in range(20_000)]
    with Store(tmp_path / "state") as store:
        store.commit({key: Account(n, data=bytes(100)) for n, key in enumerate(keys)})
        store.compact()
    total = sum(path.stat().st_size for path in (tmp_path / "state").glob("accounts-*"))
    files = CountingFiles()
    with Store(tmp_path / "state", files=files) as store:
        assert files.read_len < total / 50
        files.read_len = 0
        assert [a.lamports for a in store.load(keys[5_000:5_003]) if a] == [5_000, 5_001, 5_002]
        assert 0 < files.read_len < total / 100
        files.read_len = 0
        store.load(keys[5_000:5_003])
        assert files.read_len == 0  # from the cache


def test_evicted_accounts_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts in the log stay in memory; those read from the runs may be evicted."""
    monkeypatch.setattr("sealane.runtime.store.store.RESIDENT_LEN_MAX", 5_000)
    keys = [Pubkey(n.to_bytes(32, "big")) for n in range(1_000)]
    older = {key: Account(n) for n, key in enumerate(keys)}
    with Store(tmp_path / "state") as store:
        store.commit(older)
        store.compact()
    files = CountingFiles()
    with Store(tmp_path / "state", files=files) as store:
        newer = {keys[3]: Account(7), keys[500]: Account(8)}
        store.commit(newer)
        for _ in range(2):
            files.read_len = 0
            for start in range(0, 1_000, 100):
                part = keys[start : start + 100]
                expected = [newer.get(key, older[key]) for key in part]
                assert list(store.states(part, {})) == expected
            assert files.read_len > 0  # once more each time round


def test_absent_accounts_are_none_wherever_they_would_be(tmp_path: Path) -> None:
    keys = [Pubkey(bytes([n] * 32)) for n in range(0, 256, 2)]
    absent = [Pubkey(bytes([n] * 32)) for n in range(1, 256, 2)]
    with Store(tmp_path / "state") as store:
        store.commit({key: Account(1) for key in keys})
        for _ in range(2):
            assert store.load(absent) == [None] * 128
            assert store.get(Pubkey(bytes(31) + b"\1")) is None
            store.compact()
        store.commit({absent[3]: Account(2)})
        assert store.get(absent[3]) == Account(2)
        assert len(store) == 129


def test_log_of_blocks(tmp_path: Path) -> None:
    with Store(tmp_path / "state", clock=lambda: 99.0) as store:
        runtime = Runtime(workers=0)
        runtime.state = store
        runtime.set_account("alice", lamports=5)
        results = [
            runtime.execute([transfer(1), transfer(9, id="fails")]),
            runtime.execute([]),
        ]
        store.compact()
        results.append(runtime.execute([transfer(2)]))
        blocks = store.blocks()
    assert [block.root.hex() for block in blocks] == [result.state_root for result in results]
    rows = [(b.height, b.transactions, b.failed, b.changed, b.time) for b in blocks]
    assert rows == [(1, 2, 1, 2, 99.0), (2, 0, 0, 0, 99.0), (3, 1, 0, 2, 99.0)]
    assert all(block.seconds > 0 for block in blocks)
    with pytest.raises(UsageError):
        store.blocks()


def wrong_root(_: PendingRoot) -> bytes:
    return b"\1" * 32


def wrong_count(*_: object) -> int:
    return 3


@pytest.mark.parametrize(
    ("name", "wrong", "what"),
    [
        ("commitments.history.PendingRoot.root", property(wrong_root), "root of block 2"),
        (
            "store.resident.ResidentAccounts.absent_count",
            wrong_count,
            "holds 2 accounts and says 5",
        ),
    ],
)
def test_verify_recomputes_roots_despite_valid_checksums(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    wrong: object,
    what: str,
) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(1)])
        with monkeypatch.context() as patch:
            patch.setattr(f"sealane.runtime.{name}", wrong)
            runtime.execute([transfer(2)])
    with Store(tmp_path / "state") as store, pytest.raises(StoreCorrupt, match=what):
        store.verify()


def test_input_hash_covers_accounts_put_in_place_in_any_order() -> None:
    block = build_block([transfer(1), transfer(2)])
    placed = {Pubkey.of("a"): Account(1), Pubkey.of("b"): Account(2)}
    hashes = {
        hash_input(block, {}, Sysvars(), ()),
        hash_input(block, placed, Sysvars(), ()),
        hash_input(block, dict(reversed(placed.items())), Sysvars(), ()),
        hash_input(build_block([transfer(1), transfer(2)]), placed, Sysvars(), ()),
    }
    assert len(hashes) == 2


SURROUNDINGS = [
    Sysvars(clock=Clock().at_slot(1)),
    Sysvars(clock=Clock(unix_timestamp=1)),
    Sysvars(rent=Rent(lamports_per_byte_year=1)),
    Sysvars(recent_blockhashes=(bytes(32),)),
    Sysvars(lamports_per_signature=1),
]


@pytest.mark.parametrize("sysvars", SURROUNDINGS)
def test_the_same_transactions_among_other_sysvars_are_another_block(
    tmp_path: Path, sysvars: Sysvars
) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(2)])  # the accounts put in place belong to this one
        runtime.execute([transfer(1)])
        assert runtime.execute([transfer(1)]).skipped_for == 2
        runtime.sysvars = sysvars
        assert not runtime.execute([transfer(1)]).skipped
        assert runtime.execute([transfer(1)]).skipped_for == 3


def test_the_same_transactions_under_the_rent_rule_are_another_block(tmp_path: Path) -> None:
    with funded(tmp_path / "state") as runtime:
        runtime.execute([transfer(2)])
        runtime.execute([transfer(1)])
        runtime.rent = True
        assert not runtime.execute([transfer(1)]).skipped


def test_the_same_transactions_with_a_program_that_was_missing_are_another_block(
    tmp_path: Path,
) -> None:
    program = Program("late")

    @program.instruction(tag=0)
    def greet(payer: Signer) -> None: ...

    block = [Transaction([Instruction(program.id, greet(payer="a").accounts, b"\0")], payer="a")]
    with funded(tmp_path / "state") as runtime:
        (early,) = runtime.execute(block).transactions
        assert early.error is not None
        assert early.error.name == "ProgramAccountNotFound"
    with Runtime(workers=0, store=tmp_path / "state", programs=[program]) as runtime:
        result = runtime.execute(block)
        assert not result.skipped
        assert result.ok

"""How a chain begins, and how a node goes on with it after it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

import sealane
from sealane import Account, Pubkey, StoreFailed, Transaction, UsageError
from sealane.node import Application, Code
from sealane.programs.kit import Clock, Rent, Sysvars
from sealane.programs.library import system

from .senders import (
    ALICE,
    CHAIN_ID,
    GENESIS,
    begin,
    crashing,
    lamports,
    pay,
    run_block,
)


class TestBeginning:
    def test_the_same_again_is_the_same(self, node: Application) -> None:
        assert node.start_chain(CHAIN_ID, GENESIS) == node.start_chain(CHAIN_ID, GENESIS)

    @pytest.mark.parametrize(
        "other",
        [
            {"chain_id": "other"},
            {"initial_height": 2},
            {"genesis_time_ms": 1},
            {"accounts": {ALICE.key: Account(1)}},
        ],
    )
    def test_another_is_refused(self, node: Application, other: dict[str, object]) -> None:
        given = {"chain_id": CHAIN_ID, "accounts": GENESIS, **other}
        with pytest.raises(UsageError, match="the state belongs to a chain with"):
            node.start_chain(**given)  # pyright: ignore[reportArgumentType] - as given

    def test_none_begins_twice(self, node: Application) -> None:
        run_block(node)
        with pytest.raises(UsageError, match="its chain has begun"):
            node.start_chain(CHAIN_ID, GENESIS)

    def test_an_app_state_is_not_read_once_there_are_blocks(self, node: Application) -> None:
        """It may take long, and any client may send one."""
        run_block(node)
        with pytest.raises(UsageError, match="its chain has begun"):
            node.start_chain(CHAIN_ID, app_state=b"not even a fixture")

    def test_a_state_with_accounts_is_refused(self) -> None:
        with sealane.Runtime(workers=0) as runtime:
            runtime.set_account("alice", lamports=1)
            with pytest.raises(UsageError, match="the state has accounts already"):
                begin(Application(runtime))

    def test_accounts_from_the_engine(self) -> None:
        state = b'{"sealane": 1, "accounts": {"alice": {"lamports": 7}}}'
        with sealane.Runtime(workers=0) as runtime:
            node = Application(runtime)
            node.start_chain(CHAIN_ID, app_state=state)
            assert lamports(node, "alice") == 7
            with pytest.raises(UsageError, match="given twice, and differ"):
                node.start_chain(CHAIN_ID, GENESIS, app_state=state)

    def test_the_same_accounts_from_the_engine_and_the_caller(self) -> None:
        """As for a node with --genesis that `sealane stress` loads."""
        state = b'{"sealane": 1, "accounts": {"alice": {"lamports": 7}}}'
        with sealane.Runtime(workers=0) as runtime:
            node = Application(runtime)
            node.start_chain(CHAIN_ID, {Pubkey.of("alice"): Account(7)}, app_state=state)
            assert lamports(node, "alice") == 7

    @pytest.mark.parametrize(
        ("accounts", "message"),
        [
            ({"alice": Account(5)}, "give accounts as Pubkey and Account"),
            ({"alice": Account(5), ALICE.key: Account(5)}, "give accounts as Pubkey and Account"),
            ({ALICE.key: Account(owner="counter")}, "is no Pubkey; write Pubkey.of"),  # pyright: ignore[reportArgumentType] - as given
            ({ALICE.key: Account(data=[1])}, "must be bytes, not list"),  # pyright: ignore[reportArgumentType] - as given
        ],
    )
    def test_accounts_that_cannot_be(self, accounts: dict[Pubkey, Account], message: str) -> None:
        with sealane.Runtime(workers=0) as runtime:
            node = Application(runtime)
            with pytest.raises(UsageError, match=message):
                node.start_chain(CHAIN_ID, accounts)

    def test_a_first_height_and_the_clock(self) -> None:
        with sealane.Runtime(workers=0) as runtime:
            node = Application(runtime)
            node.start_chain(
                CHAIN_ID, GENESIS, initial_height=100, genesis_time_ms=50_000, block_time_ms=1_500
            )
            assert node.next_height == 100
            clock = runtime.sysvars.clock
            assert (clock.slot, clock.unix_timestamp) == (100, 200)
            run_block(node, ALICE.pay(node.blockhash, "bob", 1))
            assert node.info().height == 100
            assert runtime.sysvars.clock.slot == 101

    def test_sysvars_of_the_caller_s_own_do_not_count(self) -> None:
        own = Sysvars(clock=Clock(slot=9), rent=Rent(lamports_per_byte_year=1))
        seen: list[Sysvars] = []
        for sysvars in (None, own):
            with sealane.Runtime(workers=0, sysvars=sysvars) as runtime:
                begin(Application(runtime))
                seen.append(runtime.sysvars)
        assert seen[0] == seen[1]

    def test_other_rules_over_the_same_state_are_refused(self) -> None:
        with sealane.Runtime(workers=0, lamports_per_signature=1) as runtime:
            begin(Application(runtime))
            with pytest.raises(UsageError, match="signatures True, and this node has False"):
                Application(runtime, signatures=False)
            with pytest.raises(UsageError, match="block_limits '0306'"):
                Application(runtime, block_limits="0286")
            runtime.rent = True
            with pytest.raises(UsageError, match="rent False"):
                Application(runtime)
            with pytest.raises(UsageError, match="choose one of"):
                Application(runtime, block_limits="none")

    def test_without_signatures_nothing_is_verified(self) -> None:
        with sealane.Runtime(workers=0) as runtime:
            node = begin(Application(runtime, signatures=False))
            raw = bytearray(pay(node))
            raw[1] ^= 1
            assert run_block(node, bytes(raw)) == [0]


class TestOnAStore:
    def test_info_is_that_of_the_last_commit(self, tmp_path: Path) -> None:
        folder = tmp_path / "state"
        with crashing(folder) as runtime:
            node = begin(Application(runtime))
            raw = pay(node)
            run_block(node, raw)
            committed = node.info()
            node.finalize(2, [pay(node, 1)])
        with sealane.Runtime(workers=0, store=folder) as runtime:
            node = Application(runtime)
            assert node.info() == committed
            assert node.check(raw).code == Code.ALREADY_PROCESSED
            assert node.finalize(2, [pay(node, 1)]).outcomes[0].code == 0

    def test_nothing_is_durable_before_the_first_block(self, tmp_path: Path) -> None:
        folder = tmp_path / "state"
        answers: list[object] = []
        for _ in range(2):
            with crashing(folder) as runtime:
                assert len(runtime.state) == 0
                node = Application(runtime)
                answers += [node.start_chain(CHAIN_ID, GENESIS), node.blockhash]
                node.finalize(1, [pay(node)])
        assert answers[:2] == answers[2:]

    @pytest.mark.parametrize("kind", ["history", "lattice", "merkle"])
    def test_a_node_stopped_before_its_first_block_agrees(self, tmp_path: Path, kind: str) -> None:
        """A runtime that is closed saves the accounts that were put in place, without a block."""
        roots: list[bytes] = []
        for stops in (0, 2):
            folder = tmp_path / str(stops)
            for _ in range(stops):
                with sealane.Runtime(workers=0, store=folder, root=kind) as runtime:
                    begin(Application(runtime))
            with sealane.Runtime(workers=0, store=folder, root=kind) as runtime:
                node = begin(Application(runtime))
                assert node.info()[2:] == (0, bytes(32))
                run_block(node, pay(node))
                roots.append(node.info().root)
        assert roots[0] == roots[1]

    def test_a_block_equal_to_an_earlier_one_is_not_skipped(self, tmp_path: Path) -> None:
        with sealane.Runtime(workers=0, store=tmp_path / "state") as runtime:
            node = begin(Application(runtime))
            for height in (1, 2, 3):
                run_block(node)
                assert node.info().height == height

    def test_blocks_of_others_are_noticed(self, tmp_path: Path) -> None:
        with sealane.Runtime(workers=0, store=tmp_path / "state") as runtime:
            run_block(begin(Application(runtime)))
            runtime.execute(
                [Transaction([system.transfer(source=ALICE.key, destination="b", lamports=1)])]
            )
            with pytest.raises(UsageError, match="block 2 of the state was not made by a node"):
                Application(runtime)

    def test_a_machine_s_failure_changes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with sealane.Runtime(workers=0, store=tmp_path / "state") as runtime:
            node = begin(Application(runtime))
            finalized = node.finalize(1, [pay(node)])

            def full_disk(*_: object) -> None:
                raise StoreFailed("state", "the disk is full", usable=True)

            with monkeypatch.context() as patched:
                patched.setattr(runtime.state, "commit", full_disk)
                with pytest.raises(StoreFailed):
                    node.commit()
            assert node.info().height == 0
            assert node.commit().root == finalized.root

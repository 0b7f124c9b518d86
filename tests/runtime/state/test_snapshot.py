"""Snapshots of a runtime: complete, and restored on request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sealane import Runtime, Transaction, UsageError
from sealane.primitives import RuntimeClosed
from sealane.programs.library import system


def pay(lamports: int) -> Transaction:
    return Transaction(
        [system.transfer(source="alice", destination="bob", lamports=lamports)],
        id=f"pay {lamports}",
        payer="alice",
    )


def test_restore_brings_back_accounts_sysvars_height_and_root() -> None:
    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", lamports=10)
        runtime.execute([pay(1)])
        height, root, sysvars = runtime.height, runtime.state_root, runtime.sysvars
        snapshot = runtime.snapshot()
        for lamports in (2, 3):  # a snapshot serves any number of times
            runtime.execute([pay(lamports)])
            runtime.sysvars = replace(sysvars, clock=sysvars.clock.at_slot(7))
            assert runtime.account("bob").lamports == 1 + lamports
            runtime.restore(snapshot)
            assert runtime.account("bob").lamports == 1
            assert runtime.sysvars == sysvars
            assert (runtime.height, runtime.state_root) == (height, root)


def test_restore_brings_back_whether_rent_is_enforced() -> None:
    with Runtime(workers=0) as runtime:
        with runtime.snapshot():
            runtime.rent = True
        assert not runtime.rent


def test_as_a_context_manager_it_restores_on_exit() -> None:
    with Runtime(workers=0) as runtime:
        runtime.set_account("alice", lamports=10)
        with runtime.snapshot():
            runtime.execute([pay(1)])
        assert runtime.account("bob").lamports == 0


def test_a_runtime_with_a_store_has_no_snapshots(tmp_path: Path) -> None:
    with (
        Runtime(workers=0, store=tmp_path / "state") as runtime,
        pytest.raises(UsageError, match="copy its folder"),
    ):
        runtime.snapshot()


def test_snapshots_of_other_or_closed_runtimes_are_refused() -> None:
    with Runtime(workers=0) as runtime, Runtime(workers=0) as other:
        snapshot = runtime.snapshot()
        with pytest.raises(UsageError, match="of another runtime"):
            other.restore(snapshot)
    with pytest.raises(RuntimeClosed):
        runtime.restore(snapshot)
    with pytest.raises(RuntimeClosed):
        runtime.snapshot()

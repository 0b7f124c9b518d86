"""Recordings: one for each transaction of a block, without any effect on its result."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sealane
from sealane import Instruction, Pubkey, Transaction
from sealane.programs import Context, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.library.system import system
from sealane.runtime.svm.recorder import Recorder

relay = Program("relay")


@relay.instruction(tag=0)
def pass_on(ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64) -> None:
    ctx.log("passing on")
    ctx.invoke(system.transfer(source=source, destination=target, lamports=amount))


NAMES = st.sampled_from(["ann", "bob", "cy"])


def transfer(source: str, target: str, amount: int, nested: bool) -> Instruction:
    if nested:
        return pass_on(source=source, target=target, amount=amount)
    return system.transfer(source=source, destination=target, lamports=amount)


TRANSFERS = st.builds(transfer, NAMES, NAMES, st.integers(0, 6), st.booleans())
BLOCKS = st.lists(st.lists(TRANSFERS, min_size=1, max_size=3).map(Transaction), max_size=5)


def execute(block: list[Transaction], recorder: Recorder | None) -> sealane.Result:
    with sealane.Runtime(workers=0, lamports_per_signature=1) as runtime:
        for name in ("ann", "bob", "cy"):
            runtime.set_account(name, lamports=9)
        return runtime.execute(block, recorder=recorder)


@pytest.mark.slow
@given(BLOCKS)
def test_recording_changes_nothing(block: list[Transaction]) -> None:
    recorder = Recorder()
    plain, recorded = execute(block, None), execute(block, recorder)
    assert list(plain.transactions) == list(recorded.transactions)
    assert plain.state_root == recorded.state_root
    assert sorted(recorder.recordings) == list(range(len(block)))


def test_a_recording_has_calls_units_and_touches() -> None:
    recorder = Recorder()
    execute(
        [
            Transaction([pass_on(source="ann", target="bob", amount=1)]),
            Transaction([pass_on(source="bob", target="cy", amount=50)]),
        ],
        recorder,
    )
    first, second = (recorder.recordings[position] for position in range(2))
    outer = first.calls[0]
    assert outer.steps == ["Program log: passing on", *outer.calls]
    assert [call.program for call in outer.calls] == [system]
    assert (outer.compute_units, outer.calls[0].compute_units) == (150, 150)
    assert (outer.error, second.calls[0].error) == (None, second.calls[0].calls[0].error)
    assert second.calls[0].calls[0].detail.endswith("holds 9 lamports, 50 are asked for")
    assert first.accounts[Pubkey.of("bob")].changed == {"lamports"}
    assert second.accounts[Pubkey.of("cy")].changed == set()


def test_a_recorder_runs_the_block_in_this_process() -> None:
    recorder = Recorder()
    with sealane.Runtime(workers=2) as runtime:
        runtime.set_account("ann", lamports=9)
        pay = system.transfer(source="ann", destination="bob", lamports=1)
        runtime.execute([Transaction([pay])], recorder=recorder)
    assert recorder.recordings[0].accounts[Pubkey.of("ann")].changed == {"lamports"}

"""Inline blocks, which are sent to one worker whole: nothing is lost."""

from __future__ import annotations

import pickle

from sealane import Account, Transaction
from sealane.programs import Context, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.kit.accounts.sysvars import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.runtime.block.block import Block
from sealane.runtime.block.block_building import build_block
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.memory.progress import ProgressCell, empty_progress
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.serial import execute_serially
from sealane.runtime.workers.inline_blocks import draft_block, run_inline_block, unpack_report

till = Program("till")


@till.instruction(tag=0)
def pay(ctx: Context, source: Mut[Signer], target: Mut[UncheckedAccount], amount: u64) -> None:
    """Logs, writes data, and fails if there are too few lamports."""
    ctx.log(f"pays {amount}")
    source.lamports -= amount
    target.lamports += amount
    if target.owner == till.id:
        target.resize(8 * amount)


def block_of(count: int) -> Block:
    """Each of three accounts pays the next up to 49 lamports: all depend on each other."""
    return build_block(
        [
            Transaction([pay(source=f"a{n % 3}", target=f"a{(n + 1) % 3}", amount=n * 17 % 50)])
            for n in range(count)
        ],
        lamports_per_signature=0,
    )


def test_an_inline_block_has_the_outcome_of_a_serial_one() -> None:
    block = block_of(12)
    states = AccountColumns.of([Account(20, till.id, bytes(n)) for n in range(len(block.keys))])
    programs = ProgramSet([till])
    inputs = ExecutionInputs(block, programs, Sysvars(), states)
    expected = execute_serially(inputs)
    inline = draft_block(inputs).pack()
    progress = empty_progress(2)
    sent = pickle.loads(pickle.dumps(inline))
    report = run_inline_block(sent, programs, Sysvars(), ProgressCell(progress, 1))
    found = unpack_report(pickle.loads(pickle.dumps(report)))
    assert found.details == expected.details
    assert any(detail.failure for detail in found.details.values())
    assert found.fees.tolist() == expected.fees.tolist()
    assert found.compute_units.tolist() == expected.compute_units.tolist()
    assert dict(found.changed) == dict(expected.changed)
    assert progress[1, 0] == -1  # at rest


def test_the_size_of_a_message_is_known_before_packing() -> None:
    block = block_of(3)
    for length in (100, 100_000):
        states = AccountColumns.of([Account(20, till.id, bytes(length)) for _ in block.keys])
        draft = draft_block(ExecutionInputs(block, ProgramSet([till]), Sysvars(), states))
        assert len(draft.pack().content) == draft.size
        assert draft.size > length * len(block.keys)

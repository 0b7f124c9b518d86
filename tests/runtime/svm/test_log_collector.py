"""Logs have the same bound for single transactions and vectorized groups."""

from __future__ import annotations

import pytest

from sealane import Runtime, Transaction
from sealane.programs import Context, Mut, Program, Pubkey, Signer, u64
from sealane.runtime.block.limits import LOG_BYTES_MAX
from sealane.runtime.svm.log_collector import CUT_LINE, LogCollector

talkative = Program("talkative")


@talkative.instruction(tag=0)
def talk(ctx: Context, who: Mut[Signer]) -> None:
    for _ in range(60):
        ctx.log("é" * 99 + "\ud800")


talk.batch(talk.handler)


def test_at_the_limit_and_one_byte_past_it() -> None:
    logs = LogCollector()
    logs.add("x" * (LOG_BYTES_MAX - 2))
    logs.add("é")
    assert logs.lines[1:] == ["é"]
    logs.add("x")
    logs.add("x")
    assert logs.lines[2:] == [CUT_LINE]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_batch_of_talkers(workers: int) -> None:
    block = [Transaction([talk(who=f"talker{n}")]) for n in range(200)]
    with Runtime(workers=0) as serial, Runtime(workers=workers) as parallel:
        expected = list(serial.execute(block).transactions)
        assert list(parallel.execute(block).transactions) == expected
    assert expected[0].logs[-1] == CUT_LINE
    assert "\\ud800" in expected[0].logs[0]


curious = Program("curious")


@curious.instruction(tag=0)
def show(ctx: Context, who: Mut[Signer], nested: u64) -> None:
    ctx.log(f"{ctx} {who}")
    if nested:
        ctx.invoke(show(who=who, nested=nested - 1))


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_a_context_logs_the_same_in_every_process(workers: int) -> None:
    """Views do, too. A repr with a memory address would not."""
    block = [Transaction([show(who=f"w{n}", nested=n % 2)]) for n in range(50)]
    with Runtime(workers=workers, programs=[curious]) as runtime:
        receipts = runtime.execute(block).transactions
    lines = [
        f"Program log: <Context of curious> <Signer who {Pubkey.of(f'w{n}')}>" for n in range(50)
    ]
    assert [r.logs for r in receipts] == [(line,) * (1 + n % 2) for n, line in enumerate(lines)]

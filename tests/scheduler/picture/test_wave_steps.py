"""A block wave by wave: who runs, who is ready next, on what they waited."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from sealane.scheduler import build_dag
from sealane.scheduler.picture.wave_bottlenecks import WaveBottlenecks
from sealane.scheduler.picture.wave_steps import wave_steps

from ..shapes import Raw, blocks, columns, drawn

# 0: W a b ──▶ 1: W a ──▶ 3: W a
#        └───▶ 2: R b     4: W c
BLOCK = drawn("Wa Wb", "Wa", "Rb", "Wa", "Wc")


def test_every_wave_is_a_step() -> None:
    waves = build_dag(BLOCK).waves
    first, second, third = wave_steps(BLOCK, waves, np.arange(5))
    assert first == (0, [0, 4], [1, 2], [(0, 1), (1, 1)], 0, 1)
    assert second == (1, [1, 2], [3], [(0, 1)], 2, 0)
    assert third == (2, [3], [], [], 4, 0)


def test_a_choice_is_walked_alone_in_the_blocks_waves() -> None:
    waves = build_dag(BLOCK).waves
    assert [*wave_steps(BLOCK, waves, np.array([0, 3]))] == [
        (0, [0], [3], [(0, 1)], 0, 0),
        (2, [3], [], [], 1, 0),
    ]


@given(blocks())
def test_every_transaction_runs_once_and_those_who_waited_know_on_what(raw: Raw) -> None:
    access = columns(raw, 100)
    dag = build_dag(access)
    steps = [*wave_steps(access, dag.waves, np.arange(len(raw)))]
    assert [step.running for step in steps] == [wave.tolist() for wave in dag.waves]
    for step in steps:
        assert step.done + len(step.running) + len(step.ready) + step.waiting == len(raw)
        assert bool(step.blockers) == bool(step.ready)
        assert all(1 <= blocker.transactions <= len(step.ready) for blocker in step.blockers)


def test_bottlenecks_are_counted_by_wave_for_a_choice() -> None:
    found = WaveBottlenecks.of(BLOCK, build_dag(BLOCK).waves, 1)
    assert [each.account for each in found.bottlenecks] == [0]
    # by wave: waits for a, for another, for nobody
    assert found.by_wave(np.arange(5)).tolist() == [[0, 0, 2], [1, 1, 0], [1, 0, 0]]
    assert found.by_wave(np.array([2, 3])).tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]


@given(blocks())
def test_nobody_is_counted_twice_or_left_out(raw: Raw) -> None:
    access = columns(raw, 100)
    waves = build_dag(access).waves
    counts = WaveBottlenecks.of(access, waves, 3).by_wave(np.arange(len(raw)))
    assert counts.sum(axis=1).tolist() == [len(wave) for wave in waves]

"""Scenarios run at small sizes, with and without peers; names find them."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

from sealane.bench.bench import run_scenarios
from sealane.bench.catalogue import catalogue, chosen
from sealane.bench.families import resources
from sealane.bench.measure.contestants import DICT_LOOP, LITESVM, LITESVM_SIGNED
from sealane.bench.measure.rounds import WARM_UPS
from sealane.bench.peers import litesvm
from sealane.primitives import UsageError


def test_no_two_scenarios_have_the_same_name() -> None:
    names = [each.name for each in catalogue()]
    assert len(set(names)) == len(names)


def test_every_item_of_the_list_of_targets_is_measured() -> None:
    assert {target.item for each in catalogue() for target in each.targets} == set(range(1, 17))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["idle"], ["idle"]),
        (["transfers"], ["transfers-1m", "transfers-10k", "transfers-1k"]),
        (["blocks-of-10-*us"], ["blocks-of-10-1us", "blocks-of-10-10us", "blocks-of-10-100us"]),
        (["memory", "idle"], ["idle", "memory"]),
        (["market-amm"], ["market-amm.swap", "market-amm.swap_hops"]),
    ],
)
def test_a_name_is_a_name_a_beginning_or_a_pattern(names: list[str], found: list[str]) -> None:
    assert [each.name for each in chosen(names)] == found


def test_no_name_is_every_scenario() -> None:
    assert [each.name for each in chosen(())] == [each.name for each in catalogue()]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'transfer-1m'; the nearest are transfers-1m"):
        chosen(["transfer-1m"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "schedule-zipf",
        "schedule-growth-10k",
        "speed-up-30-1us",
        "blocks-of-10-1us",
        "handler-create",
        "handler-raise-exception",
        "plan",
        "parse",
        "survey",
        "signatures-ed25519-zip215",
    ],
)
def test_a_scenario_runs_at_small_sizes(name: str) -> None:
    (outcome,) = run_scenarios(chosen([name]), rounds=2, quick=True).scenarios
    assert outcome.rounds == 2
    assert all(side.figure.min > 0 for side in outcome.sides)
    assert all(verdict.met is None for verdict in outcome.verdicts)
    assert all(verdict.value is not None for verdict in outcome.verdicts), "a side is misnamed"


@pytest.mark.parametrize("name", ["transfers-1m", "tokens-1m"])
def test_without_peers_the_others_are_measured(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litesvm, "why_absent", lambda: "solders: not there")
    run = run_scenarios(chosen([name]), rounds=1, quick=True)
    assert run.absent == ("solders: not there",)
    (outcome,) = run.scenarios
    sides = {side.name for side in outcome.sides}
    assert DICT_LOOP.name in sides
    assert not sides & {LITESVM.name, LITESVM_SIGNED.name}
    assert {verdict.why for verdict in outcome.verdicts} == {f"{LITESVM.name} was not measured"}


def test_with_peers_every_target_has_a_value() -> None:
    pytest.importorskip("solders", reason="the extra `bench` is not installed")
    run = run_scenarios(chosen(["transfers-1m"]), rounds=1, quick=True)
    (outcome,) = run.scenarios
    assert {LITESVM.name, LITESVM_SIGNED.name} <= {side.name for side in outcome.sides}
    assert all(verdict.value for verdict in outcome.verdicts)


def test_a_probe_measures_a_process_of_its_own() -> None:
    run = run_scenarios(chosen(["memory", "schedule-memory"]), quick=True)
    for outcome in run.scenarios:
        assert outcome.rounds == 1
        assert 10 < outcome.sides[0].figure.median < 1000


def test_idle_workers_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[set[int]] = []

    def processor_seconds(processes: Iterable[int]) -> float:
        """As if they took 5 ms between any two looks: a tenth of a core, at these sizes."""
        looked_at.append(set(processes))
        return 0.005 * len(looked_at)

    monkeypatch.setattr(resources, "processor_seconds", processor_seconds)
    (outcome,) = run_scenarios(chosen(["idle"]), rounds=1, quick=True).scenarios
    assert len(looked_at) == 2 * (WARM_UPS + 1)
    assert all(len(each) >= 2 and os.getpid() not in each for each in looked_at)
    assert 0 < outcome.sides[0].figure.median <= 10

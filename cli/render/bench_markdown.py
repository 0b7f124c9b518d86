"""The targets of a run as a Markdown table, with absolute figures."""

from __future__ import annotations

from collections.abc import Iterator

from ...bench.measure.outcome import BenchRun, ScenarioOutcome, Verdict
from .figures import amount, spread, times, verdict_word, wanted


def targets_in_markdown(run: BenchRun) -> list[str]:
    """The lines: one row per target, then the machine and what the figures mean."""
    return [*_table(run), "", *_notes(run)]


def _table(run: BenchRun) -> Iterator[str]:
    yield "| # | scenario | target | measured (least … greatest) | | absolute, medians |"
    yield "|--:|---|---|---|---|---|"
    rows = [(verdict, each) for each in run.scenarios for verdict in each.verdicts]
    for verdict, scenario in sorted(rows, key=lambda row: row[0].target.item):
        yield _row(scenario, verdict)


def _row(scenario: ScenarioOutcome, verdict: Verdict) -> str:
    target = verdict.target
    sides = {side.name: side for side in scenario.sides}
    unit = sides[target.side].unit if target.side in sides else ""
    figure = scenario.figure(target.side, target.against)
    measured = "–"
    if figure is not None and target.against is None:
        measured = f"{amount(figure.median, unit)} ({spread(figure, unit)})"
    elif figure is not None:
        measured = f"{times(figure.median)} ({spread(figure, None)})"
    named = dict.fromkeys((target.side, target.against))
    absolute = "; ".join(
        f"{name} {amount(sides[name].figure.median, sides[name].unit)}"
        for name in named
        if name in sides
    )
    what = f"`{scenario.name}`: {scenario.title}"
    bound = f"{target.side} {wanted(target, unit)}"
    word = verdict_word(verdict)
    word = f"**{word}**" if verdict.met is False else word
    return f"| {target.item} | {what} | {bound} | {measured} | {word} | {absolute} |"


def _notes(run: BenchRun) -> Iterator[str]:
    machine = run.machine
    versions = ", ".join(f"{name} {v}" for name, v in machine.versions.items() if v is not None)
    commit = f", commit {machine.commit}" if machine.commit else ""
    yield f"{machine.cpu}, {machine.cores} cores, {machine.python}; {versions}{commit}."
    for peer in run.absent:
        yield f"Not compared with {peer}."
    yield ""
    yield "| by | guarantees | leaves out |"
    yield "|---|---|---|"
    for each in run.contestants:
        yield f"| {each.name} | {each.guarantees} | {each.leaves_out} |"

"""`sealane bench` for people: each scenario's sides, targets, changes, contestants."""

from __future__ import annotations

from typing import Final

from ...bench.comparison import Change, Comparison
from ...bench.measure.outcome import BenchRun, ScenarioOutcome, Verdict
from ...bench.measure.scenario import FULL, QUICK
from ...primitives.one_line import counted
from .figures import amount, significant, spread, times, verdict_word, wanted
from .page import Page, columns, count, entries
from .text import Text

_QUICK_NOTE: Final = (
    f"--quick: {count(QUICK.transactions)} transactions instead of {count(FULL.transactions)}, and "
    f"{QUICK.growth} times as many instead of {FULL.growth}; the figures mean nothing"
)


def render_run(run: BenchRun, page: Page, *, quiet: bool) -> None:
    """The whole view; with `quiet`, only missed targets."""
    if quiet:
        _show_missed(run, page)
        return
    _show_machine(run, page)
    for scenario in run.scenarios:
        _show_scenario(scenario, page)
    _show_contestants(run, page)
    _show_count(run, page)


def render_comparison(comparison: Comparison, page: Page, *, quiet: bool) -> None:
    """What has become slower or faster since the earlier run, beyond noise."""
    shown = [each for each in comparison.changes if each.regressed or each.improved]
    if quiet:
        shown = comparison.regressions
    remark = "" if comparison.same_machine else "measured on another machine: trust ratios only"
    if not (quiet and not shown):
        page.heading(f"Since {comparison.path}", remark)
    if shown:
        table = columns("scenario", "figure", "before", "now", "change", "", right="before now")
        for change in sorted(shown, key=lambda each: (not each.regressed, each.scenario)):
            table.add_row(*_change_row(change))
        page.show(table)
    elif not quiet:
        page.show(f"{counted(len(comparison.changes), 'figure')} compared: no change beyond noise")
    if comparison.missing and not quiet:
        page.show(Text("not in that run: " + ", ".join(comparison.missing), "dim"))


def _change_row(change: Change) -> tuple[str | Text, ...]:
    figure = change.side if change.against is None else f"{change.side} / {change.against}"
    word, style = ("regressed", "bold red") if change.regressed else ("improved", "green")
    return (
        change.scenario,
        figure,
        significant(change.before),
        significant(change.after),
        times(change.ratio),
        Text(word, style),
    )


def _show_machine(run: BenchRun, page: Page) -> None:
    machine = run.machine
    versions = " · ".join(f"{name} {v}" for name, v in machine.versions.items() if v is not None)
    commit = f" at {machine.commit}" if machine.commit else ""
    page.show(Text.assemble((machine.cpu, "bold"), f", {counted(machine.cores, 'core')}"))
    page.show(Text(f"{machine.python} · {versions}{commit}", "dim"))
    if machine.load >= 0.5:
        page.show(Text(f"the machine is busy: {machine.load:.1f} processes ran before", "yellow"))
    if run.quick:
        page.show(Text(_QUICK_NOTE, "yellow"))
    for peer in run.absent:
        page.show(Text(f"not compared with {peer}", "yellow"))


def _show_scenario(scenario: ScenarioOutcome, page: Page) -> None:
    page.heading(scenario.name, f"{scenario.title}; {counted(scenario.rounds, 'round')}")
    varied, compared = scenario.rounds > 1, len(scenario.sides) > 1
    headers = ["least … greatest"] * varied + ["first is"] * compared
    table = columns("side", "median", *headers, right="median")
    first = scenario.sides[0]
    for side in scenario.sides:
        ratio = scenario.figure(first.name, side.name)
        cells = [Text(spread(side.figure, side.unit), "dim")] if varied else []
        if ratio is not None:
            cells.append(Text(times(ratio.median)))
        table.add_row(side.name, Text(amount(side.figure.median, side.unit), "cyan"), *cells)
    page.show(table)
    _show_included(scenario, page)
    if scenario.verdicts:
        page.show(entries(*(_verdict_row(scenario, verdict) for verdict in scenario.verdicts)))


def _show_included(scenario: ScenarioOutcome, page: Page) -> None:
    """What is timed, stated once for sides that share it."""
    sides_by_text: dict[str, list[str]] = {}
    for side in scenario.sides:
        sides_by_text.setdefault(side.includes, []).append(side.name)
    if len(sides_by_text) == 1:
        (included,) = sides_by_text
        page.show(entries((Text("included", "dim"), Text(included, "dim"))))
        return
    page.show(Text("included", "dim"))
    for included, sides in sides_by_text.items():
        page.show(entries(("", Text(f"{', '.join(sides)}: {included}", "dim"))))


def _verdict_row(scenario: ScenarioOutcome, verdict: Verdict) -> tuple[Text, Text, Text]:
    target = verdict.target
    unit = _unit(scenario, target.side)
    style = {True: "green", False: "bold red", None: "yellow"}[verdict.met]
    measured = f": {verdict.why}"
    if verdict.value is not None:
        ratio = target.against is not None
        measured = f", is {times(verdict.value) if ratio else amount(verdict.value, unit)}"
    return (
        Text("not judged" if verdict.met is None else verdict_word(verdict), style),
        Text(f"target {target.item}", "dim"),
        Text(f"{target.side} {wanted(target, unit)}{measured}", "dim"),
    )


def _show_contestants(run: BenchRun, page: Page) -> None:
    page.heading("What the figures stand for")
    for each in run.contestants:
        page.show(Text(each.name, "bold"))
        page.show(
            entries(
                ("  guarantees", each.guarantees),
                (Text("  leaves out", "dim"), Text(each.leaves_out, "dim")),
            )
        )


def _show_count(run: BenchRun, page: Page) -> None:
    judged = [v for each in run.scenarios for v in each.verdicts if v.met is not None]
    if judged:
        met = sum(1 for verdict in judged if verdict.met)
        page.heading(f"{met} of {counted(len(judged), 'target')} met")


def _show_missed(run: BenchRun, page: Page) -> None:
    for scenario in run.scenarios:
        for verdict in scenario.verdicts:
            if verdict.met is False:
                page.show(entries((scenario.name, *_verdict_row(scenario, verdict))))


def _unit(scenario: ScenarioOutcome, side: str) -> str:
    return next((each.unit for each in scenario.sides if each.name == side), "")

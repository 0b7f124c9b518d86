"""A block wave by wave, for a class: what runs, what becomes ready, and on what that waited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ....primitives.one_line import counted
from ....scheduler.picture.kinds import main_program
from ....scheduler.picture.part import Part
from ....scheduler.picture.wave_steps import WaveStep, wave_steps
from ...inputs.keys import Key
from ..bar import bar
from ..page import Page, columns, count
from ..text import Text
from .graph_view import show_choice

_LISTED_MAX: Final = 8  # of each list, on a terminal
_BAR_MAX: Final = 30
_HEIGHTS: Final = "▁▂▃▄▅▆▇█"
_STATES: Final = (("█", "green", "done"), ("▓", "yellow", "running"), ("▒", "cyan", "ready"))
_WAITING: Final = ("░", "dim", "waiting")


def walk(part: Part, key: Callable[[], Key] | None) -> None:
    """Show a page for each wave: with `key`, the one that is asked for; without, one after another.

    Ends after the last wave, or when a key asks for it.
    """
    whole = part.whole
    steps = list(wave_steps(whole.access, whole.dag.waves, part.positions))
    at = 0
    while at < len(steps):
        page = Page()
        if key is not None:
            page.clear()
        if at == 0 or key is not None:
            show_choice(part, page)
        _show_step(part, steps, at, page)
        if key is not None:
            page.show("", Text("Enter: next · b: back · q: quit", "dim"))
        elif at + 1 < len(steps):
            page.show("")
        page.write()
        pressed = Key.NEXT if key is None else key()
        if pressed is Key.QUIT:
            return
        at = max(0, at - 1) if pressed is Key.BACK else at + 1


def _show_step(part: Part, steps: Sequence[WaveStep], at: int, page: Page) -> None:
    step = steps[at]
    last = len(part.whole.dag.waves) - 1
    page.heading(f"Wave {step.wave} of 0 to {last}", f"{counted(len(step.running), 'transaction')}")
    page.show(_map(steps, at, page.width), _progress(step, len(part), page.width), _legend(step))
    page.heading("Runs now", "nobody here conflicts with another")
    _show_transactions(part, step.running, page)
    if not step.ready:
        return
    page.heading("Ready next", f"wave {steps[at + 1].wave}: they waited for somebody above")
    _show_transactions(part, step.ready, page)
    if step.blockers:
        _show_blockers(part, step, page)


def _map(steps: Sequence[WaveStep], at: int, room: int) -> Text:
    """All waves, as high as they are wide; this one stands out. Around it, where not all fit."""
    first = max(0, min(at - room // 2, len(steps) - room))
    shown = steps[first : first + room]
    widest = max(len(step.running) for step in steps)
    text = Text()
    for step in shown:
        height = (len(step.running) * len(_HEIGHTS) - 1) // widest
        text.append(_HEIGHTS[height], "bold yellow" if step is steps[at] else "dim")
    return text


def _progress(step: WaveStep, total: int, room: int) -> Text:
    """The transactions as one bar: done, running, ready, waiting."""
    text = Text()
    cells = 0
    seen = 0
    for (char, style, _), number in zip((*_STATES, _WAITING), _numbers(step), strict=True):
        seen += number
        end = round(seen / total * room)
        text.append(char * (end - cells), style)
        cells = end
    return text


def _legend(step: WaveStep) -> Text:
    text = Text()
    for (char, style, word), number in zip((*_STATES, _WAITING), _numbers(step), strict=True):
        text.append(f"{char} ", style)
        text.append(f"{count(number)} {word}   ")
    return text


def _numbers(step: WaveStep) -> tuple[int, int, int, int]:
    return step.done, len(step.running), len(step.ready), step.waiting


def _show_transactions(part: Part, positions: Sequence[int], page: Page) -> None:
    whole = part.whole
    shown = page.fitting(positions, _LISTED_MAX)
    table = columns("", "cost", "calls", right="cost")
    for position in shown:
        program = main_program(whole.about, position)
        table.add_row(
            page.key(whole.ids[position]),
            count(int(whole.costs[position])),
            page.called(program, whole.about) if program else "",
        )
    page.show(table)
    rest = len(positions) - len(shown)
    if rest:
        page.show(Text(f"… and {count(rest)} more", "dim"))


def _show_blockers(part: Part, step: WaveStep, page: Page) -> None:
    whole = part.whole
    page.heading("They waited on")
    table = columns("account", "transactions", "", right="transactions")
    room = max(8, min(_BAR_MAX, page.width - 50))
    for account, number in page.fitting(step.blockers, _LISTED_MAX):
        table.add_row(
            page.account(whole.names[account], whole.about, account),
            count(number),
            Text(bar(number, len(step.ready), room), "magenta"),
        )
    page.show(table)

"""The critical path as a tree: the accounts on its edges, and who else waits for each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from ....primitives.one_line import counted
from ....scheduler.picture.branches import PathStep, path_steps
from ....scheduler.picture.part import Part
from ..bar import bar
from ..page import Page, count
from ..text import Text

_BRANCHES_MAX: Final = 2
_ACCOUNTS_MAX: Final = 3  # on an edge
_STEPS_MAX: Final = 14  # on a terminal: both ends of a longer path
_BAR_MAX: Final = 24
_TRUNK: Final = "yellow"


def show_path_tree(part: Part, page: Page) -> None:
    """Show the path from its first transaction to its last."""
    block = part.block
    path = block.critical_positions
    if not path.transactions:
        return
    share = path.cost / block.total_cost if block.total_cost else 1.0
    page.heading(
        "Critical path",
        f"{counted(len(path.transactions), 'transaction')}, cost {count(path.cost)} of "
        f"{count(block.total_cost)} ({share:.1%})",
    )
    costs: list[int] = block.costs.tolist()
    steps = path_steps(block.access, block.dag, costs, path, _BRANCHES_MAX)
    tree = _Tree(part, page, steps)
    half = _STEPS_MAX // 2
    if page.is_terminal and len(steps) > _STEPS_MAX:
        tree.show(steps[:half])
        tree.show_left_out(steps[half:-half])
        tree.show(steps[-half:])
    else:
        tree.show(steps)
    page.show(Text("No number of workers makes the block shorter than this chain.", "dim"))


class _Tree:
    def __init__(self, part: Part, page: Page, steps: Sequence[PathStep]) -> None:
        self.block = part.block
        self.page = page
        self.last = steps[-1].position
        costs = [int(self.block.costs[step.position]) for step in steps]
        self.largest = max(costs)
        self.name_len = max(len(self._id(step.position)) for step in steps)
        self.cost_len = max(len(count(cost)) for cost in costs)
        self.room = min(_BAR_MAX, page.drawing_width - self.name_len - self.cost_len - 6)

    def show(self, steps: Sequence[PathStep]) -> None:
        """Show three parts of each step: its edge, its transaction, and its branches."""
        for step in steps:
            if step.conflicts:
                self.page.show(Text.assemble(("┃ ", _TRUNK), "on ", self._accounts(step)))
            self._show_transaction(step.position)
            self._show_branches(step)

    def show_left_out(self, steps: Sequence[PathStep]) -> None:
        """Show how many steps these are, and on which accounts most of them wait."""
        on = Counter(conflict.account for step in steps for conflict in step.conflicts)
        named = ", ".join(
            f"{counted(times, 'step')} on {self._account(account)}"
            for account, times in on.most_common(2)
        )
        more = f"{counted(len(steps), 'more transaction')}, {named}, and others"
        self.page.show(Text("┃", _TRUNK), Text.assemble(("⋮ ", _TRUNK), (more, "dim")))

    def _show_transaction(self, position: int) -> None:
        cost = int(self.block.costs[position])
        drawn = bar(cost, self.largest, self.room) if self.room > 0 else ""
        self.page.show(
            Text.assemble(
                ("◆ ", _TRUNK),
                (f"{self._id(position):<{self.name_len}}  ", "bold"),
                f"{count(cost):>{self.cost_len}} ",
                (drawn, _TRUNK),
            )
        )

    def _show_branches(self, step: PathStep) -> None:
        rest = step.branch_count - len(step.branches)
        trunk = " " if step.position == self.last else "┃"
        for place, branch in enumerate(step.branches):
            is_last = not rest and place == len(step.branches) - 1
            account = self._account(branch.conflicts[0].account)
            more = f" +{len(branch.conflicts) - 1}" if len(branch.conflicts) > 1 else ""
            self.page.show(
                Text.assemble(
                    (trunk, _TRUNK),
                    (f" {'╰' if is_last else '├'}─ ", "dim"),
                    (self._id(branch.position), "cyan"),
                    (" on ", "dim"),
                    (account + more, "magenta"),
                    (f"  {count(branch.remaining)} from there", "dim"),
                )
            )
        if rest:
            more = f" ╰─ {counted(rest, 'other')} wait{'s' if rest == 1 else ''} for it"
            self.page.show(Text.assemble((trunk, _TRUNK), (more, "dim")))

    def _accounts(self, step: PathStep) -> Text:
        shown = step.conflicts[:_ACCOUNTS_MAX] if self.page.is_terminal else step.conflicts
        text = Text()
        for place, conflict in enumerate(shown):
            text.append(", " if place else "", "dim")
            text.append(self._account(conflict.account), "magenta")
        rest = len(step.conflicts) - len(shown)
        text.append(f" and {counted(rest, 'other')}" if rest else "", "dim")
        return text

    def _id(self, position: int) -> str:
        return self.page.key(self.block.ids[position])

    def _account(self, account: int) -> str:
        return self.page.called(self.block.names[account], self.block.about)

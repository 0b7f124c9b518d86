"""The scheduler by itself: steps of a build that read and write files, run by threads.

Nothing here is a transaction. A step says which files it reads and writes; two steps that touch
the same file, one of them writing it, stay in order, and all others may run at the same time.

It prints:

wave 0: compile parser, compile lexer, render manual
wave 1: link tool
wave 2: test tool, pack archive
6 steps run, each after those it waits for: True
pack archive waits for render manual: read after write on manual.html
pack archive waits for link tool: read after write on tool
12 seconds of work in a row, 7 side by side
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from sealane.scheduler import (
    AccessLists,
    Dag,
    ReadyQueue,
    build_dag,
    conflicts_between,
    critical_path,
)


class Step(NamedTuple):
    name: str
    seconds: int
    reads: list[str]
    writes: list[str]


STEPS = [
    Step("compile parser", 2, ["parser.c", "tokens.h"], ["parser.o"]),
    Step("compile lexer", 3, ["lexer.c", "tokens.h"], ["lexer.o"]),
    Step("render manual", 2, ["manual.md"], ["manual.html"]),
    Step("link tool", 1, ["parser.o", "lexer.o"], ["tool"]),
    Step("test tool", 3, ["tool"], []),
    Step("pack archive", 1, ["tool", "manual.html"], ["tool.tar"]),
]


def run(step: Step) -> None:
    """What a real build would do here."""


def main() -> None:
    access, files = AccessLists.from_sets([(step.reads, step.writes) for step in STEPS])
    dag = build_dag(access)
    for number, wave in enumerate(dag.waves):
        positions: list[int] = wave.tolist()
        print(f"wave {number}: {', '.join(STEPS[position].name for position in positions)}")

    # No wave waits for the whole wave before it: a step starts when those it waits for are done.
    queue = ReadyQueue(dag)
    running: dict[Future[None], int] = {}
    finished: list[int] = []
    with ThreadPoolExecutor() as threads:
        while queue.is_active():
            running |= {threads.submit(run, STEPS[p]): p for p in queue.ready()}
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                finished.append(running.pop(ended))
                queue.done(finished[-1])
    print(f"{len(finished)} steps run, each after those it waits for: {in_order(dag, finished)}")

    last = len(STEPS) - 1
    for earlier in dag.predecessors(last):
        for conflict in conflicts_between(access, earlier, last):
            why = f"{conflict.kind.value} on {files[conflict.account]}"
            print(f"{STEPS[last].name} waits for {STEPS[earlier].name}: {why}")

    seconds = [step.seconds for step in STEPS]
    longest = critical_path(dag, seconds).cost
    print(f"{sum(seconds)} seconds of work in a row, {longest} side by side")


def in_order(dag: Dag, finished: list[int]) -> bool:
    """Whether every step ended after all that it had to wait for."""
    rank = {position: place for place, position in enumerate(finished)}
    return all(rank[earlier] < rank[later] for earlier, later in dag.edges.tolist())


if __name__ == "__main__":
    main()

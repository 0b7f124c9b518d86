"""The scheduler by itself: steps of a build that read and write files, run by threads.

Nothing here is a transaction. A step says which files it reads and writes; two steps that touch
the same file, one of them writing it, stay in order, and all others may run at the same time.

It prints:

wave 0: compile parser, compile lexer, render manual
wave 1: link tool
wave 2: test tool, pack archive
pack archive waits for render manual: read after write on manual.html
pack archive waits for link tool: read after write on tool
12 seconds of work in a row, 7 side by side
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from sealane.scheduler import AccessLists, build_dag, conflicts_between, critical_path


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


def run(step: Step) -> str:
    """What a real build would do here."""
    return step.name


def main() -> None:
    access, files = AccessLists.from_sets([(step.reads, step.writes) for step in STEPS])
    dag = build_dag(access)
    with ThreadPoolExecutor() as threads:
        for number, wave in enumerate(dag.waves):
            # One wave ends before the next begins.
            done = list(threads.map(run, [STEPS[position] for position in wave]))
            print(f"wave {number}: {', '.join(done)}")

    last = len(STEPS) - 1
    for earlier in dag.predecessors(last):
        for conflict in conflicts_between(access, earlier, last):
            why = f"{conflict.kind.value} on {files[conflict.account]}"
            print(f"{STEPS[last].name} waits for {STEPS[earlier].name}: {why}")

    seconds = [step.seconds for step in STEPS]
    longest = critical_path(dag, seconds).cost
    print(f"{sum(seconds)} seconds of work in a row, {longest} side by side")


if __name__ == "__main__":
    main()

"""`sealane simulate`: what would this block take on so many workers, and what if?"""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.learning import Learn, learn_costs
from ..inputs.options import (
    AsJson,
    Brief,
    Case,
    File,
    Granularity,
    Labels,
    NoVotes,
    Programs,
    With,
    WorkerCounts,
    whole_number,
)
from ..inputs.policies import Policies, chosen_policies, drawn_policy
from ..inputs.what_ifs import Commutative, Ordinary, ReadOnly, Split, Without


def simulate_command(
    file: File,
    workers: WorkerCounts = None,
    policy: Policies = None,
    without: Without = None,
    split: Split = None,
    commutative: Commutative = None,
    read_only: ReadOnly = None,
    ordinary: Ordinary = None,
    learn: Learn = None,
    crossing_cost: Annotated[
        int,
        typer.Option(
            "--crossing-cost",
            parser=whole_number,
            metavar="COST",
            help="What it costs a lane to wait for another one; policy lanes.",
        ),
    ] = 0,
    advise: Annotated[
        bool,
        typer.Option("--advise", help="Try changes and pairs of them, and rank what they win."),
    ] = False,
    trace: Annotated[
        str | None,
        typer.Option(
            "--trace",
            metavar="OUT.json",
            help="Write who runs what when, as Chrome trace events; see --gantt.",
            show_default=False,
        ),
    ] = None,
    gantt: Annotated[
        bool,
        typer.Option(
            "--gantt",
            help="Draw who runs what when: by lanes, or the one --policy, on the most --workers.",
        ),
    ] = False,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    beside: With = None,
    case: Case = None,
    granularity: Granularity = "slot",
    quiet: Brief = False,
) -> None:
    """Predict a block on 1, 2, 4, … 64 workers, by policy.

    Runs nothing. What-ifs (--without, --split, …) change the block first, all of them at once.
    """
    from ...analysis.learning import at_learned_costs
    from ...ingest.loaded_block import reading_of
    from ...scheduler.simulation import WORKER_COUNTS
    from ..inputs.opening import open_schedule
    from ..reports.simulated_trace import SimulatedRun, write_simulated_trace

    counts = sorted(workers or WORKER_COUNTS)
    what_ifs = {
        "without": without or (),
        "split": split or (),
        "commutative": commutative or (),
        "read_only": read_only or (),
        "ordinary": ordinary or (),
    }
    reading = reading_of(not no_votes, granularity, beside or ())
    schedule = open_schedule(file, program, reading=reading, labels=labels, case=case, quiet=quiet)
    learned = None
    if learn:
        costs = learn_costs(learn, program, votes=not no_votes)
        learned = at_learned_costs(schedule, costs, drawn_policy(policy), counts)
        schedule = learned.schedule
    simulation = schedule.simulate(
        counts,
        policies=chosen_policies(policy),
        crossing_cost=crossing_cost,
        advise=advise,
        **what_ifs,
    )
    run = None
    if gantt or trace is not None:
        changed = schedule.changed(**what_ifs)
        run = SimulatedRun.of(changed, drawn_policy(policy), counts[-1], crossing_cost)
        if trace is not None:
            write_simulated_trace(trace, run)
    if as_json:
        from ..output.stdout import write_json

        document = simulation.to_dict()
        write_json(document | ({} if learned is None else {"learned": learned.to_dict()}))
    else:
        from ..render.page import Page
        from ..render.simulation.simulation_view import render_simulation

        page = Page()
        render_simulation(
            schedule,
            simulation,
            page,
            quiet=quiet,
            advised=advise,
            run=run if gantt else None,
            learned=learned,
        )
        page.write()

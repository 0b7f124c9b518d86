"""A block as page.js takes it: one JSON document of names, locks, edges and timelines.

Numbers, not sentences: the page makes texts of what is looked at, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...scheduler import Schedule
from ...scheduler.simulation import Timeline


def block_data(schedule: Schedule, timelines: Mapping[int, Timeline]) -> dict[str, Any]:
    """Everything that the page can be asked about; `timelines` by number of workers.

    `locks` and `kinds` are cut by `offsets` into transactions, `edges` is [earlier, later, …] in
    pairs, sorted; `joins` are [earlier, later], of which all of `later` wait for all of `earlier`.
    All indices count from 0. `parents` of paths, by account; -1 for none.
    """
    access, about = schedule.access, schedule.about
    return {
        "ids": list(schedule.ids),
        "costs": schedule.costs.tolist(),
        "waves": schedule.dag.waves.wave_of.tolist(),
        "programs": [", ".join(map(about.accounts.called, names)) for names in about.programs],
        "accounts": list(schedule.names),
        "labels": _labels(schedule),
        "offsets": access.offsets.tolist(),
        "locks": access.accounts.tolist(),
        "kinds": access.kinds_of(slice(None)).tolist(),
        "parents": None if access.parents is None else access.parents.tolist(),
        "edges": schedule.dag.edges.ravel().tolist(),
        "joins": [[earlier.tolist(), later.tolist()] for earlier, later in schedule.dag.joins],
        "path": list(schedule.critical_positions.transactions),
        "timelines": {str(workers): _timeline(found) for workers, found in timelines.items()},
    }


def _labels(schedule: Schedule) -> dict[int, str]:
    """By account id, as JSON keys: those that have one."""
    labelled = ((n, schedule.about.label(name)) for n, name in enumerate(schedule.names))
    return {account: label for account, label in labelled if label}


def _timeline(found: Timeline) -> dict[str, Sequence[int]]:
    return {"starts": found.starts, "ends": found.ends, "workers": found.workers}


def lane_columns(schedule: Schedule, found: Timeline, colours: tuple[str, str, str]) -> Any:
    """Columns of the lanes' bars. `colours`: of the critical path, of even and of odd waves."""
    lanes = np.array(found.workers, dtype=np.float64) + 1
    on_path = set(schedule.critical_positions.transactions)
    waves: list[int] = schedule.dag.waves.wave_of.tolist()
    return {
        "position": np.arange(len(schedule), dtype=np.int32),
        "left": np.array(found.starts, dtype=np.float64),
        "right": np.array(found.ends, dtype=np.float64),
        "bottom": lanes - 0.42,
        "top": lanes + 0.42,
        "colour": [
            colours[0] if position in on_path else colours[1 + wave % 2]
            for position, wave in enumerate(waves)
        ],
    }

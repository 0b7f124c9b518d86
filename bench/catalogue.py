"""All scenarios, in the order of the targets followed by those without, and lookup by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..primitives import UsageError
from .families.adds import adds
from .families.commands import commands
from .families.crossing import crossings
from .families.handlers import handlers
from .families.market import market
from .families.mixed import mixed
from .families.packing import packing
from .families.parallel import parallel
from .families.predictions import predictions
from .families.recorded import recorded
from .families.resources import resources
from .families.scheduling import scheduling
from .families.signatures import signatures
from .families.stages import stages
from .families.state_roots import state_roots
from .families.surveys import surveys
from .families.transfers import transfers
from .measure.scenario import Scenario


def catalogue() -> tuple[Scenario, ...]:
    """Every scenario."""
    return (
        *scheduling(),
        *transfers(),
        *parallel(),
        *predictions(),
        *recorded(),
        *commands(),
        *surveys(),
        *resources(),
        *handlers(),
        *mixed(),
        *market(),
        *adds(),
        *stages(),
        *crossings(),
        *packing(),
        *signatures(),
        *state_roots(),
    )


def chosen(names: Sequence[str]) -> tuple[Scenario, ...]:
    """The scenarios of these names, in the catalogue's order; all of them if no name is given.

    A name may be a pattern (`schedule-*`) or a beginning (`schedule`, `market-amm`). Raises
    UsageError for one that matches nothing.
    """
    every = catalogue()
    wanted: set[str] = set()
    for name in names:
        found = {each.name for each in every if _fits(each.name, name)}
        if not found:
            raise UsageError(f"no scenario is called {name!r}{_nearest(name, every)}")
        wanted |= found
    return tuple(each for each in every if not names or each.name in wanted)


def _fits(name: str, wanted: str) -> bool:
    begins = name.startswith((f"{wanted}-", f"{wanted}."))  # a program's, by instruction
    return name == wanted or begins or fnmatchcase(name, wanted)


def _nearest(name: str, every: Sequence[Scenario]) -> str:
    names = [each.name for each in every]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    return f"; the nearest are {', '.join(near)}" if near else f"; there are {', '.join(names)}"

"""Programs of the library that are imported when a file, a command or a program asks for them.

What everybody needs (system, token, …) every runtime knows from the start. These would only make
each command start later.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from ..kit import Program

# Each is a folder here, and an attribute of the same name in it.
ON_DEMAND: Final[tuple[str, ...]] = (
    "amm",
    "clmm",
    "lending",
    "options",
    "oracle",
    "orderbook",
    "perpetuals",
    "securitization",
    "stablecoin",
    "staking",
    "vault",
)


def load_on_demand(name: str) -> Program:
    """Import the program of this name, one of ON_DEMAND."""
    module = import_module(f".{name}", __package__)
    return cast(Program, getattr(module, name))

"""Many transfers to one account: as an account that is written, and as one that is only added to.

Both sides execute the same transfers on the same accounts. The second pair is a block without a hot
account, on which the rule must not cost anything.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from ...primitives import Account, Transaction
from ...programs.library.system import system, transfer
from ...runtime import Block, Route, Runtime, build_block
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..workload.accounts import place
from ..workload.calls import STARTING_LAMPORTS, account_key, fresh
from ..workload.running import executed

_TRANSFERS_MAX: Final = 10_000
_HOT: Final = "hot destination"
_SIDES: Final = (("written", False), ("added to", True))
_ROUTES: Final = ((Route.IN_PROCESS, 1), (Route.LANES, 2))
_INCLUDES: Final = "prepared block → DAG, waves or plan, execution, receipts, root"


def adds() -> tuple[Scenario, ...]:
    """No targets."""
    return (
        Scenario(
            "adds-hot",
            "transfers to one destination: written, or only added to",
            partial(_transfers, spread=False),
            (),
        ),
        Scenario(
            "adds-spread",
            "transfers to as many destinations: written, or only added to",
            partial(_transfers, spread=True),
            (),
        ),
    )


@contextmanager
def _transfers(scale: Scale, *, spread: bool) -> Generator[Sequence[Side]]:
    count = min(_TRANSFERS_MAX, scale.transactions)
    keys = [account_key(number) for number in range(2 * count)]
    listed = [
        Transaction(
            [transfer(source=keys[n], destination=keys[count + n] if spread else _HOT, lamports=1)]
        )
        for n in range(count)
    ]
    with ExitStack() as stack:
        sides: list[Side] = []
        for route, workers in _ROUTES:
            runtime = stack.enter_context(Runtime(workers=workers, route=route))
            place(runtime, keys, [Account(STARTING_LAMPORTS)] * len(keys))
            for name, added in _SIDES:
                block = build_block(listed, crediting=[system] if added else None)
                sides.append(_side(f"{name}, {route}", runtime, block))
        yield sides


def _side(name: str, runtime: Runtime, block: Block) -> Side:
    measure = rate(len(block), lambda: runtime.prepare(fresh(block)), partial(executed, runtime))
    return Side(name, SEALANE, Unit.RATE, _INCLUDES, measure)

"""Figures of a whole process, measured in a separate one.

`python -m sealane.bench.families.probe NAME N` runs one probe of size N and prints one number, in
megabytes. Measured in this process, it would include the memory of earlier scenarios.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Final

from ...primitives import InternalError

_TIMEOUT_S: Final = 600
_ERROR_LEN_MAX: Final = 500
_ACCOUNTS_WORKERS: Final = 2
_BLOCK_TRANSACTIONS: Final = 100


def probe(name: str, number: int) -> float:
    """Run a probe in a new process and return its number. Raises InternalError."""
    told = subprocess.run(
        [sys.executable, "-m", "sealane.bench.families.probe", name, str(number)],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if told.returncode:
        raise InternalError(f"probe {name} {number} failed: {told.stderr[-_ERROR_LEN_MAX:]}")
    return float(told.stdout)


def _schedule(transactions: int) -> float:
    """Schedule n transactions of each shape; returns the peak resident memory."""
    from ...scheduler import build_dag
    from ..measure.process_tree import peak_resident_mb
    from ..measure.scenario import FULL
    from ..workload.access import access_lists, shapes

    for shape in shapes(FULL):
        build_dag(access_lists(shape, transactions))
    return peak_resident_mb()


def _accounts(count: int) -> float:
    """Hold n accounts and run a block on some; returns the memory, workers included."""
    from ...primitives import Account
    from ...runtime import Runtime
    from ..measure.process_tree import proportional_mb, started_processes
    from ..workload.accounts import place
    from ..workload.calls import STARTING_LAMPORTS, account_key
    from ..workload.programs import payments, transfer
    from ..workload.running import executed
    from ..workload.transfers import transfer_calls

    # A user's program: a library program would run in this process, without workers.
    with Runtime(workers=_ACCOUNTS_WORKERS, programs=[payments]) as runtime:
        state = Account(STARTING_LAMPORTS, payments.id)
        place(runtime, [account_key(number) for number in range(count)], [state] * count)
        calls = transfer_calls(payments, transfer, count, _BLOCK_TRANSACTIONS)
        executed(runtime, calls.block())
        if len(started_processes()) < _ACCOUNTS_WORKERS:
            raise InternalError("the probe is set up wrongly: no workers were started")
        return proportional_mb()


_PROBES: Final[dict[str, Callable[[int], float]]] = {"schedule": _schedule, "accounts": _accounts}

if __name__ == "__main__":
    print(_PROBES[sys.argv[1]](int(sys.argv[2])))

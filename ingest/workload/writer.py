"""A generated workload written out as a JSONL fixture, for people and programs to read and change.

Guarantees: reading it back runs the same transactions, with the same ids, on the same accounts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..fixture.model import FORMAT_VERSION
from .spec import STARTING_LAMPORTS, WorkloadSpec, account_name, generate


def workload_lines(spec: WorkloadSpec) -> Iterator[str]:
    """The lines of the fixture without line ends: the header, then a transaction each."""
    workload = generate(spec)
    header = {
        "sealane": FORMAT_VERSION,
        "why": f"{spec.n:,} generated transfers, shape {spec.named_shape}, seed {spec.seed}",
        "accounts": {name: {"lamports": STARTING_LAMPORTS} for name in workload.names()},
    }
    yield json.dumps(header, separators=(",", ":"))
    columns = (workload.source.tolist(), workload.destination.tolist(), workload.amount.tolist())
    for position, (source, destination, amount) in enumerate(zip(*columns, strict=True)):
        payer, payee = account_name(source), account_name(destination)
        yield (
            f'{{"id":"t{position}","payer":"{payer}","instructions":[{{"{spec.program}":'
            f'{{"source":"{payer}","destination":"{payee}","lamports":{amount}}}}}]}}'
        )

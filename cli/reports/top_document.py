"""`sealane top --json`: one look at a node."""

from __future__ import annotations

from collections.abc import Mapping

from ...node.metrics.watching import Look


def top_document(address: str, look: Look) -> Mapping[str, object]:
    """Figures by name; rates are a second, times in seconds, sizes in bytes. None: not known."""
    vitals = look.vitals
    assert vitals is not None  # what does not answer is an error
    latency, store = vitals.queue.latency, vitals.store
    return vitals._asdict() | {
        "address": address,
        "throughput": vitals.throughput._asdict(),
        "parallel": vitals.parallel._asdict(),
        "queue": vitals.queue._asdict()
        | {"latency": None if latency is None else latency._asdict()},
        "memory": vitals.memory._asdict(),
        "store": None if store is None else store._asdict(),
    }

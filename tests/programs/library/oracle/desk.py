"""A feed and its publishers in a chain of one process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sealane import Instruction
from sealane.programs.library.oracle import (
    Aggregation,
    Feed,
    FeedConfig,
    FeedStatus,
    Publisher,
    oracle,
)
from sealane.testing import Vm

START_S = 10_000


def config(**changes: Any) -> FeedConfig:
    values: dict[str, Any] = {
        "method": Aggregation.Quartiles,
        "publishers_min": 2,
        "age_max_s": 10,
        "half_life_s": 3_600,
    }
    return FeedConfig(**values | changes)


class Desk:
    """The feed `sol` of the authority `admin`, with publishers `p0`, `p1`, … of `k0`, `k1`, …"""

    def __init__(self, vm: Vm, publishers: int = 3, **changes: Any) -> None:
        self.vm = vm
        self.publishers: list[str] = []
        vm.advance(seconds=START_S)
        self.put("sol", Feed.layout_size)
        vm.send(oracle.initialize_feed(feed="sol", authority="admin", exponent=-2))
        vm.send(oracle.configure(feed="sol", authority="admin", config=config(**changes)))
        for _ in range(publishers):
            self.add()

    def put(self, name: str, size: int) -> None:
        self.vm.set_account(name, lamports=1, owner=oracle, data=bytes(size))

    def add(self) -> None:
        number = len(self.publishers)
        self.put(f"p{number}", Publisher.layout_size)
        self.vm.send(
            oracle.add_publisher(
                feed="sol", publisher=f"p{number}", publisher_key=f"k{number}", authority="admin"
            )
        )
        self.publishers.append(f"p{number}")

    @property
    def now(self) -> int:
        return self.vm.clock.unix_timestamp

    @property
    def feed(self) -> Feed:
        return self.vm.read("sol", Feed)

    def publish(self, number: int, price: int, confidence: int = 1, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "publisher": f"p{number}",
            "authority": f"k{number}",
            "price": price,
            "confidence": confidence,
            "published_at": self.now,
            "status": FeedStatus.Trading,
        }
        return oracle.publish(**values | changes)

    def aggregate(self, publishers: Sequence[str] | None = None) -> Instruction:
        chosen = self.publishers if publishers is None else publishers
        return oracle.aggregate(feed="sol", publishers=list(chosen))

    def post(self, price: int, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "feed": "sol",
            "authority": "admin",
            "price": price,
            "confidence": 1,
            "published_at": self.now,
            "status": FeedStatus.Trading,
        }
        return oracle.post(**values | changes)

"""What /healthz says in each part of a node's life."""

from __future__ import annotations

from sealane.node.metrics.health import Health

from .blocks import ROOT


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_starting() -> None:
    code, document = Health("1.2").answer()
    assert code == 503
    assert document["status"] == "starting"
    assert document["height"] is None
    assert document["version"] == "1.2"


def test_serving_before_and_after_a_block() -> None:
    clock = Clock()
    health = Health("1", clock=clock)
    health.serving(7, bytes(32))
    clock.now_s = 102.5
    assert health.answer() == (
        200,
        {
            "status": "serving",
            "height": 7,
            "root": "00" * 32,
            "seconds_since_block": None,
            "uptime_seconds": 2.5,
            "version": "1",
        },
    )
    health.committed(8, ROOT)
    clock.now_s = 104.0
    code, document = health.answer()
    assert (code, document["height"], document["root"]) == (200, 8, ROOT.hex())
    assert document["seconds_since_block"] == 1.5


def test_failed_for_good_with_the_first_reason() -> None:
    health = Health("1")
    health.serving(7, ROOT)
    health.failed("StoreFailed: state: no space left")
    health.failed("another")
    health.committed(8, ROOT)
    health.serving(9, ROOT)
    code, document = health.answer()
    assert code == 503
    assert (document["status"], document["height"]) == ("failed", 7)
    assert document["why"] == "StoreFailed: state: no space left"

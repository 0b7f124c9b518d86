"""Loading leaves alone what holds for the whole process: that is for its owner to set.

The commands run the garbage collector less often while they load; see cli/gc_threshold.py.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable
from pathlib import Path

import pytest

import sealane
from sealane.cli.gc_threshold import infrequent_gc

from ..real_data import INDEPENDENT

FIXTURES = Path(__file__).parents[2] / "fixtures"


class Watched(io.BytesIO):
    """A file that notes the collector's thresholds whenever it is read."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.seen: set[tuple[int, int, int]] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        self.seen.add(gc.get_threshold())
        return super().read(size)


@pytest.fixture
def switched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of the collector was set meanwhile."""
    told: list[str] = []

    def noting(name: str) -> Callable[..., None]:
        return lambda *_: told.append(name)

    for name in ("set_threshold", "disable", "enable", "freeze"):
        monkeypatch.setattr(gc, name, noting(name))
    return told


@pytest.mark.parametrize(
    "path", [FIXTURES / "payments.yaml", INDEPENDENT], ids=["fixture", "recorded block"]
)
def test_load_never_touches_the_collector(path: Path, switched: list[str]) -> None:
    before = gc.get_threshold()
    file = Watched(path.read_bytes())
    sealane.load(file).schedule()
    assert file.seen == {before}
    assert switched == []


def test_the_previous_test_can_fail(switched: list[str]) -> None:
    load: Callable[..., object] = infrequent_gc()(sealane.load)
    load(FIXTURES / "payments.yaml")
    assert switched == ["set_threshold", "set_threshold"]

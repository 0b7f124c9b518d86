"""One runtime for each way of executing, shared by a module's tests: workers take time to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane import Runtime
from sealane.runtime.state.state import MemoryState

from ..routes import Route, forced

SharedRuntime = tuple[Runtime, Route | None]


@pytest.fixture(scope="module", params=[None, *Route], ids=lambda route: route or "serial")
def shared_runtime(request: pytest.FixtureRequest) -> Iterator[SharedRuntime]:
    with Runtime(workers=2 if request.param else 0) as runtime:
        yield runtime, request.param


@pytest.fixture
def runtime(shared_runtime: SharedRuntime) -> Iterator[Runtime]:
    """A runtime with nothing in it, whose blocks all take the same route."""
    runtime, route = shared_runtime
    runtime.state = MemoryState()
    with forced(route):
        yield runtime

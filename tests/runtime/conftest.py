"""One runtime for each route, shared by the tests of a module, as workers take time to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane import Route, Runtime
from sealane.runtime.state.state import MemoryState

from ..routes import ALL_BUT_SERIAL

SharedRuntime = tuple[Runtime, Route | None]


@pytest.fixture(scope="module", params=[None, *ALL_BUT_SERIAL], ids=lambda route: route or "serial")
def shared_runtime(request: pytest.FixtureRequest) -> Iterator[SharedRuntime]:
    with Runtime(workers=2 if request.param else 0, route=request.param) as runtime:
        yield runtime, request.param


@pytest.fixture
def runtime(shared_runtime: SharedRuntime) -> Runtime:
    """An empty runtime whose blocks all take the same route."""
    runtime, _ = shared_runtime
    runtime.state = MemoryState()
    return runtime

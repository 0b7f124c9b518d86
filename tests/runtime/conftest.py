"""One runtime for each way of executing, shared by a module's tests: workers take time to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane import Runtime
from sealane.runtime.state import MemoryState


@pytest.fixture(scope="module", params=[0, 2], ids=["serial", "parallel"])
def shared_runtime(request: pytest.FixtureRequest) -> Iterator[Runtime]:
    with Runtime(workers=request.param) as runtime:
        yield runtime


@pytest.fixture
def runtime(shared_runtime: Runtime) -> Runtime:
    """A runtime with nothing in it."""
    shared_runtime.state = MemoryState()
    return shared_runtime

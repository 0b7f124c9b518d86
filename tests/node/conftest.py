"""A node that has begun a chain, in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import sealane
from sealane.node import Application

from .senders import FEE, begin


@pytest.fixture
def node() -> Iterator[Application]:
    with sealane.Runtime(workers=0, lamports_per_signature=FEE) as runtime:
        yield begin(Application(runtime))

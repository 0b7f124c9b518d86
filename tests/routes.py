"""The routes that a block can take through a runtime with workers, for tests that must take each.

A runtime picks by what a block calls and how long it may take, so a test that says nothing takes
whichever route suits it just now, and goes on passing when that is another one.
"""

from __future__ import annotations

from typing import Final

from sealane import Route

# Those that programs of one's own take unasked: they could take the caller's process down.
WITH_WORKERS: Final = (Route.ONE_WORKER, Route.LANES)
ALL_BUT_SERIAL: Final = (Route.IN_PROCESS, *WITH_WORKERS)

"""A memory fence: writes before it are visible to other processes before those after it.

Acquiring and releasing a lock has this effect. x86 keeps the order of writes anyway; other
processors do not.
"""

from __future__ import annotations

import threading
from typing import Final

FENCE: Final = threading.Lock()


def fence() -> None:
    """Order this process's earlier reads and writes before its later ones."""
    with FENCE:
        pass

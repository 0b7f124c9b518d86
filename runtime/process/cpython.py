"""What of Python's own library has no public name, and why the public one does not do.

tests/house/test_private_parts.py says when a new Python no longer has it.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any, Final, cast

# What signal.getsignal calls; that also looks its answer up in an enum, which takes longer.
handler_of: Final[Callable[[int], Any]] = cast(Any, signal)._signal.getsignal


def interpreter_flags() -> list[str]:
    """The options that this interpreter was started with, as far as they change how code runs.

    multiprocessing starts its processes with the same. sys.flags has them, but not as options.
    """
    return cast(Any, subprocess)._args_from_interpreter_flags()


def raw_environment() -> dict[bytes, bytes]:
    """A copy of the environment's variables, as bytes.

    os.environ decodes every variable, which takes 50 times as long.
    """
    return dict(cast(Any, os.environ)._data)

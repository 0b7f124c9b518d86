"""The private parts of Python's library that are used here, and why the public ones do not suffice.

tests/house/test_private_parts.py fails if a new Python version no longer has them.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any, Final, cast

# The C function behind signal.getsignal, which also looks the result up in an enum: slower.
handler_of: Final[Callable[[int], Any]] = cast(Any, signal)._signal.getsignal


def interpreter_flags() -> list[str]:
    """The options of this interpreter that affect how code runs.

    multiprocessing starts its processes with the same. sys.flags has them, but not as options.
    """
    return cast(Any, subprocess)._args_from_interpreter_flags()


def raw_environment() -> dict[bytes, bytes]:
    """A copy of the environment's variables, as bytes.

    os.environ decodes every variable, which takes 50 times as long.
    """
    return dict(cast(Any, os.environ)._data)

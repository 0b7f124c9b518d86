"""Where the command's process begins: what must hold before anything heavy is imported.

Guarantees: Ctrl-C and SIGTERM end the process with 130 and 143 and one line, while it imports and
while it shuts down as well; in between, signals.py takes over. Descriptors 0, 1 and 2 are open: a
file of ours, the log of a store say, must not get the number of a stream that C code writes to.
Nothing is imported from the current folder, which may be anybody's, because it is the current one.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

_WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
_BY_SIGNAL = 128  # the shell's convention


def main() -> int:
    """Run the command line of this process and return the exit code."""
    for number in _WORDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as it is under nohup
            signal.signal(number, _end)
    _open_standard_streams()
    _leave_out_current_folder()
    from .app import main as run

    return run()


def _end(number: int, frame: FrameType | None) -> None:
    """Nothing has begun, or all is done: there is nothing to put in order."""
    del frame
    with suppress(OSError):
        line = f"error: {_WORDS[signal.Signals(number)]}; no block was committed in part\n"
        os.write(2, line.encode())
    os._exit(_BY_SIGNAL + number)


def _open_standard_streams() -> None:
    """Have the null device stand in for each standard stream that the caller closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number, so this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _leave_out_current_folder() -> None:
    """`python -m` puts the current folder first among those that are imported from."""
    if sys.flags.safe_path:
        return
    with suppress(FileNotFoundError):
        if sys.path and sys.path[0] in ("", os.getcwd()):
            del sys.path[0]

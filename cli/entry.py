"""Entry point of the command's process: what must be set up before any slow import.

Guarantees: Ctrl-C and SIGTERM end the process with 130 and 143 and one line, also during imports
and shutdown; in between, signals.py handles them. Descriptors 0, 1 and 2 are open: no file of ours,
such as a store's log, may get the number of a stream that C code writes to. The current folder,
which may be untrusted, is not on the import path. Does not: cover the 20 ms or so in which Python
itself starts.
"""

from __future__ import annotations

import os
import sys

# POSIX numbers. Importing `signal` takes milliseconds, in which Ctrl-C must already be handled.
_SIGINT = 2
_WORDS = {_SIGINT: "interrupted", 15: "terminated"}
_BY_SIGNAL = 128  # the shell's convention


def main() -> int:
    """Run the command line of this process and return the exit code."""
    _leave_out_current_folder()
    try:
        _handle_signals()
    except KeyboardInterrupt:  # Python's own handler was still installed
        _end(_SIGINT)
    _open_standard_streams()
    from .early import begin_early

    begin_early(sys.argv[1:])
    from .app import main as run

    return run()


def _handle_signals() -> None:
    import signal

    for number in _WORDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored under nohup
            signal.signal(number, _end)


def _end(number: int, frame: object = None) -> None:
    """Exit immediately: before work begins or after it is done, there is nothing to clean up."""
    del frame
    try:
        os.write(2, f"error: {_WORDS[number]}; no block was committed in part\n".encode())
    finally:
        os._exit(_BY_SIGNAL + number)


def _open_standard_streams() -> None:
    """Open the null device in place of each standard stream that the caller closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free descriptor, so this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)


def _leave_out_current_folder() -> None:
    """Remove the current folder from the import path, where `python -m` puts it first."""
    if sys.flags.safe_path or not sys.path:
        return
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return
    if sys.path[0] in ("", here):
        del sys.path[0]

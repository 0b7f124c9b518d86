"""Single keys from the terminal: what a user presses while a command waits for it."""

from __future__ import annotations

import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import Enum
from typing import Final


class Key(Enum):
    """What a key asks for."""

    NEXT = "next"
    BACK = "back"
    QUIT = "quit"


_KEYS: Final = {
    b"\n": Key.NEXT,
    b"\r": Key.NEXT,
    b" ": Key.NEXT,
    b"\x1b[C": Key.NEXT,  # right
    b"b": Key.BACK,
    b"\x7f": Key.BACK,
    b"\x1b[D": Key.BACK,  # left
    b"q": Key.QUIT,
    b"\x04": Key.QUIT,  # Ctrl-D
    b"": Key.QUIT,  # the terminal is gone
}
_ESCAPE: Final = b"\x1b"
_SEQUENCE_S: Final = 0.05  # within it, all of an arrow key has arrived


def has_keyboard() -> bool:
    """Whether somebody can press keys and see what comes of it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def pressed_keys() -> Generator[Callable[[], Key]]:
    """A function that waits for the next key that means something.

    Keys need no Enter, and are not shown. Afterwards the terminal is as it was, whatever happens.
    """
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda: _next_key(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _next_key(descriptor: int) -> Key:
    while True:
        key = _KEYS.get(_read_one(descriptor))
        if key is not None:
            return key


def _read_one(descriptor: int) -> bytes:
    """The bytes of one key; none when the terminal is gone, which Linux reports as an error."""
    try:
        found = os.read(descriptor, 1)
        while found.startswith(_ESCAPE) and len(found) < 3:
            if not select.select([descriptor], [], [], _SEQUENCE_S)[0]:
                break
            found += os.read(descriptor, 1)
    except OSError:
        return b""
    return found

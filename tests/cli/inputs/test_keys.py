"""Keys from a terminal: which mean something, and that an unfinished sequence does not block."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Generator

import pytest

from sealane.cli.inputs.keys import Key, has_keyboard, pressed_keys


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Generator[int]:
    """A terminal as standard input; the descriptor to type at."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield ours
    os.close(ours)


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        (b"\n", [Key.NEXT]),
        (b" ", [Key.NEXT]),
        (b"\x1b[C", [Key.NEXT]),
        (b"b", [Key.BACK]),
        (b"\x1b[D", [Key.BACK]),
        (b"q", [Key.QUIT]),
        (b"\x04", [Key.QUIT]),
        (b"zz\x1b[Ab\n", [Key.BACK, Key.NEXT]),
    ],
)
def test_what_keys_mean(typed: int, keys: bytes, meant: list[Key]) -> None:
    with pressed_keys() as key:
        os.write(typed, keys)
        assert [key() for _ in meant] == meant


def test_a_pipe_is_no_keyboard() -> None:
    assert not has_keyboard(), "pytest captures standard output"

"""File systems that fail, stop or forget at a moment that the test chooses."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from pathlib import Path

from sealane.runtime.store.file_system import FileSystem

SECTOR_LEN = 512


class WatchedFiles(FileSystem):
    """Tells `on_step` of every call that changes something, before it is made; steps count from 1.

    `on_step(step, call)` may raise, kill the process, or return a share of a write that is still
    to be made before it is called once more.
    """

    def __init__(self, on_step: Callable[[int, str], None]) -> None:
        self.steps = 0
        self.calls: list[str] = []
        self._on_step = on_step

    def _step(self, call: str) -> None:
        self.steps += 1
        self.calls.append(call)
        self._on_step(self.steps, call)

    def create(self, path: Path) -> int:
        self._step("create")
        return super().create(path)

    def reserve(self, descriptor: int, size: int) -> None:
        self._step("reserve")
        super().reserve(descriptor, size)

    def write(self, descriptor: int, content: bytes | memoryview, offset: int) -> None:
        self._step("write")
        half = len(content) // 2
        super().write(descriptor, content[:half], offset)
        self._step("second half of a write")
        super().write(descriptor, content[half:], offset + half)

    def sync(self, descriptor: int) -> None:
        self._step("sync")
        super().sync(descriptor)

    def sync_folder(self, path: Path) -> None:
        self._step("sync_folder")
        super().sync_folder(path)

    def replace(self, source: Path, target: Path) -> None:
        self._step("replace")
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self._step("remove")
        super().remove(path)


class FailingFiles(WatchedFiles):
    """Call number `step` fails, and if `forever` every one after it; `after` lists the calls
    from then on. With `call`, only calls of that name count."""

    def __init__(
        self, step: int, code: int = errno.EIO, *, forever: bool = False, call: str | None = None
    ) -> None:
        super().__init__(self._maybe_fail)
        self.after: list[str] = []
        self._failing_step = step
        self._code = code
        self._forever = forever
        self._call = call

    def make_room(self) -> None:
        """Fail no more."""
        self._failing_step = -1
        self._forever = False

    def _maybe_fail(self, step: int, call: str) -> None:
        if self._call is not None:
            step = self.calls.count(self._call) if call == self._call or self.after else 0
        if self._failing_step > 0 and step >= self._failing_step:
            self.after.append(call)
            if step == self._failing_step or self._forever:
                raise OSError(self._code, os.strerror(self._code))


class PowerLoss(BaseException):
    """The machine went dark."""


class ForgetfulFiles(WatchedFiles):
    """Loses power at a step; of what was not synced, some sectors and names survive at random."""

    def __init__(self, step: int, rnd: random.Random) -> None:
        super().__init__(self._maybe_lose_power)
        self._step_of_loss = step
        self._rnd = rnd
        self._paths: dict[int, Path] = {}
        self._unsynced: list[tuple[Path, int, bytes, bytes]] = []
        self._renamed: list[tuple[Path, Path, bytes | None]] = []

    def _maybe_lose_power(self, step: int, call: str) -> None:
        del call
        if step >= self._step_of_loss:
            raise PowerLoss

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._paths[descriptor] = path
        return descriptor

    def open(self, path: Path) -> int:
        descriptor = super().open(path)
        self._paths[descriptor] = path
        return descriptor

    def write(self, descriptor: int, content: bytes | memoryview, offset: int) -> None:
        raw = bytes(content)
        old = self.read(descriptor, len(raw), offset).ljust(len(raw), b"\0")
        self._unsynced.append((self._paths[descriptor], offset, old, raw))
        super().write(descriptor, raw, offset)

    def sync(self, descriptor: int) -> None:
        super().sync(descriptor)
        path = self._paths[descriptor]
        self._unsynced = [write for write in self._unsynced if write[0] != path]

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self._renamed.clear()

    def replace(self, source: Path, target: Path) -> None:
        before = target.read_bytes() if target.exists() else None
        super().replace(source, target)
        self._renamed.append((source, target, before))
        for descriptor, path in self._paths.items():
            if path == source:
                self._paths[descriptor] = target
        self._unsynced = [
            (target if path == source else path, offset, old, new)
            for path, offset, old, new in self._unsynced
        ]

    def lose(self) -> None:
        """Forget: each sector of an unsynced write, and each unsynced rename, by the toss of a
        coin."""
        for path, offset, old, new in self._unsynced:
            if path.exists():
                self._lose_sectors(path, offset, old, new)
        for source, target, before in reversed(self._renamed):
            if target.exists() and self._rnd.random() < 0.5:
                target.replace(source)
                if before is not None:
                    target.write_bytes(before)

    def _lose_sectors(self, path: Path, offset: int, old: bytes, new: bytes) -> None:
        del new  # it is in the file
        with path.open("r+b") as file:
            at = 0
            while at < len(old):
                end = min(len(old), at + SECTOR_LEN - (offset + at) % SECTOR_LEN)
                if self._rnd.random() < 0.5:
                    file.seek(offset + at)
                    file.write(old[at:end])
                at = end

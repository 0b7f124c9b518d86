"""The machine of a measurement: processor, load, versions, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from ...runtime.process.proc import read_proc

_PACKAGE: Final = Path(__file__).parents[2]
_GIT_TIMEOUT_S: Final = 5
_VERSIONS_OF: Final = ("sealane", "numpy", "rustworkx", "networkx", "solders")


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine. `load`: average number of running processes in the minute before the run.

    `commit` is None outside a checkout; packages not installed have no version.
    """

    cpu: str
    cores: int
    load: float
    system: str
    python: str
    versions: dict[str, str | None]
    commit: str | None

    @classmethod
    def here(cls) -> Machine:
        return cls(
            cpu=_cpu(),
            cores=os.cpu_count() or 1,
            load=os.getloadavg()[0],
            system=f"{platform.system()} {platform.release()}",
            python=f"{platform.python_implementation()} {platform.python_version()}",
            versions={name: _version(name) for name in _VERSIONS_OF},
            commit=_commit(),
        )


def _cpu() -> str:
    text = read_proc("cpuinfo")
    if text is None:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in text.split("\n") if "model name" in line)
    return next(names, platform.machine())


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The checkout's commit, followed by `-dirty` if files differ from it."""
    if not (_PACKAGE / ".git").exists():
        return None
    try:
        told = subprocess.run(
            ["git", "-C", str(_PACKAGE), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            timeout=_GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() or None

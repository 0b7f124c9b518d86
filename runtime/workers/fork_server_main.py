"""What the fork server of a runtime is told to import: its processes are the runtime's workers."""

from __future__ import annotations

from typing import NoReturn

from ..process.serving import serve_forks
from .worker import run_worker


def serve(control_fd: int) -> NoReturn:
    """Fork workers for the process at the other end of the pipe, until it is gone."""
    serve_forks(control_fd, run_worker)

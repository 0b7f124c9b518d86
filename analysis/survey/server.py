"""The fork server that the processes of surveys come from.

Starting it takes a third of a second, so a command starts it before it knows what to survey. That
is why this module imports next to nothing.
"""

from __future__ import annotations

from typing import Final

from ...runtime.process.fork_server import ForkServer

SERVER: Final = ForkServer(serving=f"{__name__.partition('.')[0]}.analysis.survey.worker")

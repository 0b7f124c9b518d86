"""A worker process of a survey: reads one file after the other, and answers with its rows.

It is imported by the fork server, so all that every survey needs is there before the first fork.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from typing import TYPE_CHECKING, Final, NoReturn

from ...runtime.process.connection import Connection
from ...runtime.process.process_lifetime import die_with_parent
from ...runtime.process.serving import serve_forks
from .block_row import survey_file
from .settings import Settings

if TYPE_CHECKING:
    from ...runtime.workers.program_source import ProgramSource

_NEW_OBJECTS_MIN: Final = 10_000  # between two collections, as in a command that reads one file


def serve(control_fd: int) -> NoReturn:
    """Fork workers for the survey at the other end of the pipe, until it is gone."""
    gc.set_threshold(_NEW_OBJECTS_MIN)
    gc.freeze()  # modules stay: no worker need look at them again
    serve_forks(control_fd, run_survey_worker)


def run_survey_worker(connection: Connection) -> None:
    """Answer each file's path with its rows, until the survey is gone.

    The first message has what the survey's settings are, and no answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the survey's
    die_with_parent()
    try:
        settings = loaded_settings(connection.receive().body)
        while True:
            number, _, body = connection.receive()
            rows = survey_file(os.fsdecode(body), settings)
            connection.send(number, pickle.dumps(rows))
    except (EOFError, OSError):
        return


def loaded_settings(body: bytes) -> Settings:
    """The settings that `sent_settings` packed."""
    received: tuple[bool, tuple[ProgramSource, ...], dict[str, str]] = pickle.loads(body)
    no_votes, sources, labels = received
    if not sources:
        return Settings(no_votes, labels=labels)
    from ...runtime.workers.program_source import load_program

    return Settings(no_votes, tuple(map(load_program, sources)), labels)

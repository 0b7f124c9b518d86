"""`--verbose`: how much of the package's log a command shows.

Guarantees: it is shown on stderr only. Without the option, `logging` is not even imported.
"""

from __future__ import annotations

_shown = False


def show_log(verbosity: int, *, quiet: bool, as_json: bool = False) -> None:
    """Show restarts, retries and store operations from 1 on, and each block's route from 2 on.

    `as_json`: from 1 on at least, and every line on stderr is a JSON object. Raises UsageError if
    combined with `quiet`.
    """
    global _shown
    if not verbosity and not as_json:
        return
    if quiet:
        from ...primitives import UsageError

        raise UsageError("--quiet asks for less and --verbose for more: leave one of them out")
    from . import log_lines

    log_lines.begin(everything=verbosity > 1, as_json=as_json)
    _shown = True


def hide_log() -> None:
    """Turn it off at the end of a command: the next one in this process has its own setting."""
    global _shown
    if _shown:
        from . import log_lines

        log_lines.end()
        _shown = False

"""`--verbose`: how much a command tells of what goes on inside.

Guarantees: all of it on stderr. Without it, `logging` is not even imported.
"""

from __future__ import annotations

_shown = False


def show_log(verbosity: int, *, quiet: bool) -> None:
    """Show restarts, retries and what a store does from 1 on, from 2 on each block's route, too.

    Raises UsageError together with `quiet`.
    """
    global _shown
    if not verbosity:
        return
    if quiet:
        from ...primitives import UsageError

        raise UsageError("--quiet asks for less and --verbose for more: leave one of them out")
    from . import log_lines

    log_lines.begin(everything=verbosity > 1)
    _shown = True


def hide_log() -> None:
    """The command ends; the next one of this process has to ask for itself."""
    global _shown
    if _shown:
        from . import log_lines

        log_lines.end()
        _shown = False

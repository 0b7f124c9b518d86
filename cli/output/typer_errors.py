"""Typer's errors of usage: it names a few of them, and neither their base nor its own prefix.

tests/house/test_private_parts.py says when a new Typer no longer has what is used here.
"""

from __future__ import annotations

from typing import Final

import typer

USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__mro__[2]
_VALIDATOR_PREFIX: Final = "Value error, "  # before what a choice does not offer


def usage_message(error: BaseException) -> str:
    """What is wrong, and which --help tells more."""
    message: str = getattr(error, "format_message", lambda: str(error))()
    message = message.replace(_VALIDATOR_PREFIX, "")
    context = getattr(error, "ctx", None)
    path = "sealane" if context is None else context.command_path
    return f"{message.rstrip('.')}. See: {path} --help"

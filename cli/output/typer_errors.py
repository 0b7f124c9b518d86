"""Typer's usage errors. Typer exports only a few, not their base class nor its message prefix.

tests/house/test_private_parts.py fails if a new Typer lacks what is used here.
"""

from __future__ import annotations

from typing import Final

import typer

USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__mro__[2]
_VALIDATOR_PREFIX: Final = "Value error, "  # before the message for an invalid choice


def usage_message(error: BaseException) -> str:
    """The error's message, and which --help to read."""
    message: str = getattr(error, "format_message", lambda: str(error))()
    message = message.replace(_VALIDATOR_PREFIX, "")
    context = getattr(error, "ctx", None)
    path = "sealane" if context is None else context.command_path
    return f"{message.rstrip('.')}. See: {path} --help"

"""Typer's usage errors. Typer exports only a few, not their base class nor its message prefix.

tests/house/test_private_parts.py fails if a new Typer lacks what is used here.
"""

from __future__ import annotations

from typing import Any, Final

import typer

USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__mro__[2]
_VALIDATOR_PREFIX: Final = "Value error, "  # before the message for an invalid choice


def usage_message(error: BaseException) -> str:
    """The error's message, where a misplaced option belongs, and which --help to read."""
    message: str = getattr(error, "format_message", lambda: str(error))()
    message = message.replace(_VALIDATOR_PREFIX, "").rstrip(".")
    end = "" if message.endswith("?") else "."
    context = getattr(error, "ctx", None)
    path = "sealane" if context is None else context.command_path
    return f"{message}{end}{_right_place(error, path)} See: {path} --help"


def _right_place(error: BaseException, path: str) -> str:
    """Where an option belongs that was given before a command; empty for other errors."""
    option = getattr(error, "option_name", None)
    group = getattr(getattr(error, "ctx", None), "command", None)
    commands: dict[str, Any] = getattr(group, "commands", {})
    takers = [
        name
        for name, command in commands.items()
        if any(option in parameter.opts for parameter in command.params)
    ]
    if not takers:
        return ""
    *most, last = takers
    several = f"{', '.join(most)} and {last} take" if most else f"{last} takes"
    return f" It goes behind a command, as in `{path} {takers[0]} {option}`; {several} it."

"""Events as logs have them."""

from __future__ import annotations

from base64 import b64encode

from sealane.programs import Layout


def logged(event: Layout) -> str:
    """The line of log that emits this event."""
    return f"Program data: {b64encode(event.encode()).decode()}"

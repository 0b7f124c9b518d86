"""The error for a library that verifies or signs and cannot be imported."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ..primitives import UsageError
from ..primitives.extras import how_to_install


@contextmanager
def needed_library(library: str, scheme: str) -> Generator[None]:
    """Around an import: UsageError names the extra where the library is missing or broken."""
    try:
        yield
    except ImportError as error:
        install = how_to_install("signatures")
        raise UsageError(
            f"signatures of {scheme} take the library {library}, which cannot be imported "
            f"({error}): {install}"
        ) from error

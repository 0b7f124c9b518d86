"""Whether a peer is available for comparison, and if not, why.

Guarantees: a package that is installed but cannot be imported counts as absent, whatever it raises;
the others are still measured.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module


@cache
def why_absent(module: str, install: str) -> str | None:
    """None if the module can be imported; else what to do about it."""
    package = module.partition(".")[0]
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        if error.name == package:
            return f"{package}: not installed; {install}"
        return _broken(package, error)
    except Exception as error:
        return _broken(package, error)
    return None


def _broken(package: str, error: Exception) -> str:
    what = f"{type(error).__name__}: {error}"
    return f"{package}: importing it failed ({what}); pip install --force-reinstall {package}"

"""How to install what an extra of the package brings, where it is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_CLONE: Final = Path(__file__).resolve().parents[1]


def how_to_install(extra: str, *, prefix: str = sys.prefix) -> str:
    """The command that installs an extra here. `prefix`: the environment that Python runs in.

    >>> how_to_install("node", prefix="/usr")
    "pip install 'sealane[node]'"
    """
    if Path(prefix) == _CLONE / ".venv":  # the one that `dev` made; pip is not in it
        return f"python3 {_CLONE / 'dev'} extras"
    return f"pip install 'sealane[{extra}]'"

"""Surveys: many blocks, a row of figures for each.

>>> from sealane.analysis.survey import survey
>>> (row,) = survey(["missing.json"], workers=0)
>>> row.error
'no such file; check the path'
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .journal import Journal
    from .row import SPEED_UP_WORKERS, Figures, HottestGroup, Row
    from .settings import Settings
    from .surveying import survey

__all__ = [
    "SPEED_UP_WORKERS",
    "Figures",
    "HottestGroup",
    "Journal",
    "Row",
    "Settings",
    "survey",
]

# A command starts the processes of a survey first, and they need not wait for all this.
_HOMES = {
    "SPEED_UP_WORKERS": ".row",
    "Figures": ".row",
    "HottestGroup": ".row",
    "Journal": ".journal",
    "Row": ".row",
    "Settings": ".settings",
    "survey": ".surveying",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(_HOMES[name], __name__)
    globals()[name] = value = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__

"""Surveys: many blocks, a row of figures for each.

>>> from sealane.analysis.survey import survey
>>> (row,) = survey(["missing.json"], workers=0)
>>> row.error
'no such file; check the path'
"""

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

"""Costs learned from earlier blocks, and how well they predict one that has its own."""

from .expected_units import ExpectedUnits
from .fit import Fit, fit_of
from .learned_block import LearnedBlock, at_learned_costs
from .learned_costs import LearnedCosts, PredictedCost, PredictedCosts, Source

__all__ = [
    "ExpectedUnits",
    "Fit",
    "LearnedBlock",
    "LearnedCosts",
    "PredictedCost",
    "PredictedCosts",
    "Source",
    "at_learned_costs",
    "fit_of",
]

"""Costs learned from earlier blocks, and how well they predict one that has its own."""

from .fit import Fit, fit_of
from .learned_block import LearnedBlock, at_learned_costs
from .learned_costs import LearnedCosts, PredictedCosts, Source

__all__ = [
    "Fit",
    "LearnedBlock",
    "LearnedCosts",
    "PredictedCosts",
    "Source",
    "at_learned_costs",
    "fit_of",
]

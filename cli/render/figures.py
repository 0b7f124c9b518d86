"""Measured figures and targets in words."""

from __future__ import annotations

from typing import Final

from ...bench.outcome import Figure, Verdict
from ...bench.scenario import Target, Unit

_PREFIXES: Final = ((1e6, " M "), (1e3, " k "), (1, " "))


def amount(value: float, unit: str) -> str:
    """A figure with its unit: 1.24 M tx/s, 0.213 s, 343 MB."""
    if unit == Unit.RATE:
        scale, prefix = next((each for each in _PREFIXES if value >= each[0]), (1, " "))
        return f"{significant(value / scale)}{prefix}{unit}"
    if unit == Unit.SECONDS and value < 1:
        return f"{significant(value * 1e3)} ms"
    return f"{significant(value)} {unit}"


def significant(value: float) -> str:
    """Three digits that matter, never an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value: float) -> str:
    return f"{significant(value)} ×"


def spread(figure: Figure, unit: str | None) -> str:
    """`least … greatest`; of a ratio for no unit."""
    if unit is None:
        return f"{significant(figure.min)} … {times(figure.max)}"
    return f"{amount(figure.min, unit)} … {amount(figure.max, unit)}"


def wanted(target: Target, unit: str) -> str:
    """A bound in signs: ≥ 2.5 × LiteSVM (solders), ≤ 400 MB."""
    sign, bound = ("≥", target.at_least) if target.at_most is None else ("≤", target.at_most)
    value = bound or 0.0
    if target.against is None:
        return f"{sign} {amount(value, unit)}"
    return f"{sign} {significant(value)} × {target.against}"


def verdict_word(verdict: Verdict) -> str:
    if verdict.met is None:
        return f"not judged: {verdict.why}"
    return "met" if verdict.met else "missed"

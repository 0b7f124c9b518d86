"""Measured figures and targets as text, without line breaks inside a figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from ...bench.measure.outcome import Figure, Verdict
from ...bench.measure.scenario import Target, Unit
from .page import NO_BREAK


class _Scale(NamedTuple):
    """A unit for figures from `at_least` on; `one` is the figure shown as 1."""

    at_least: float
    one: float
    name: str


_SCALES: Final[dict[str, tuple[_Scale, ...]]] = {
    Unit.RATE: (_Scale(1e6, 1e6, "M tx/s"), _Scale(1e3, 1e3, "k tx/s"), _Scale(0, 1, "tx/s")),
    Unit.SECONDS: (_Scale(1, 1, "s"), _Scale(0, 1e-3, "ms")),
}


def amount(value: float, unit: str) -> str:
    """A figure with its unit: 1.24 M tx/s, 0.213 s, 343 MB."""
    scale = _scale(value, unit)
    return _whole(f"{significant(value / scale.one)} {scale.name}")


def significant(value: float) -> str:
    """Three significant digits, never an exponent."""
    if value >= 99.95:  # what is rounded to 100 is written as that
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def times(value: float) -> str:
    return _whole(f"{significant(value)} ×")


def spread(figure: Figure, unit: str | None) -> str:
    """`least … greatest`, with a common unit written once; a ratio if `unit` is None."""
    if unit is None:
        least, greatest = significant(figure.min), times(figure.max)
    elif (scale := _scale(figure.max, unit)) == _scale(figure.min, unit):
        least, greatest = significant(figure.min / scale.one), amount(figure.max, unit)
    else:
        least, greatest = amount(figure.min, unit), amount(figure.max, unit)
    return f"{least}{NO_BREAK}… {greatest}"


def wanted(target: Target, unit: str) -> str:
    """A bound as text: ≥ 2.5 × LiteSVM (solders), ≤ 400 MB, 0.85 … 1.15 × measured."""
    if target.at_least is not None and target.at_most is not None:
        least = _whole(f"{significant(target.at_least)} …")
        return f"{least}{NO_BREAK}{wanted(replace(target, at_least=None), unit)[2:]}"
    sign, bound = ("≥", target.at_least) if target.at_most is None else ("≤", target.at_most)
    value = bound or 0.0
    if target.against is None:
        return _whole(f"{sign} {amount(value, unit)}")
    return f"{_whole(f'{sign} {times(value)}')} {target.against}"


def verdict_word(verdict: Verdict) -> str:
    if verdict.met is None:
        return f"not judged: {verdict.why}"
    return "met" if verdict.met else "missed"


def _scale(value: float, unit: str) -> _Scale:
    scales = _SCALES.get(unit, (_Scale(0, 1, unit),))
    return next(each for each in scales if value >= each.at_least)


def _whole(text: str) -> str:
    return text.replace(" ", NO_BREAK)

"""Rows as JSON: everything is there, and comes back as it was."""

from __future__ import annotations

import json

from hypothesis import given, settings

from sealane.analysis.survey import Figures, Row

from .rows import FIGURES, ROWS


@settings(max_examples=30)
@given(FIGURES)
def test_figures_come_back_from_json(figures: Figures) -> None:
    assert Figures.from_dict(json.loads(json.dumps(figures.to_dict()))) == figures


@settings(max_examples=30)
@given(ROWS)
def test_a_row_has_figures_or_an_error(row: Row) -> None:
    document = row.to_dict()
    assert list(document)[:3] == ["file", "case", "error"]
    assert ("transactions" in document) == (row.error is None)


@settings(max_examples=30)
@given(FIGURES)
def test_derived_figures_are_those_of_the_counts(figures: Figures) -> None:
    document = figures.to_dict()
    if figures.waves:
        assert document["parallelism_by_count"] == figures.transactions / figures.waves
    if figures.total_cost and figures.critical_path_cost:
        ratio = figures.total_cost / figures.critical_path_cost
        assert document["parallelism_by_cost"] == ratio
        assert document["critical_path_share"] == figures.critical_path_cost / figures.total_cost

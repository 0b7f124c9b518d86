"""The Grafana dashboard: it asks for what a node has, all of it, and Grafana can import it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sealane
from sealane.node.metrics.catalogue import METRICS, SERIES

ROOT = Path(sealane.__file__).parent
FILE = ROOT / "node" / "metrics" / "dashboard.json"
DASHBOARD: Any = json.loads(FILE.read_text(encoding="utf-8"))
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24  # of Grafana's grid
SERIES_IN = re.compile(r"\bsealane_\w+")
SELECTED = re.compile(r"(sealane_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"by \(([^)]*)\)")
OF_PROMETHEUS = {"instance", "le"}


def expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        yield variable.get("definition", "")


def labels_of(series: str) -> set[str]:
    metric = next(metric for metric in METRICS if series in metric.series)
    return {*metric.labels, *OF_PROMETHEUS}


def test_it_asks_for_what_a_node_has() -> None:
    asked = {name for expression in expressions() for name in SERIES_IN.findall(expression)}
    assert asked <= SERIES
    for metric in METRICS:
        assert asked & set(metric.series), f"{metric.name} is shown nowhere"


def test_it_selects_and_groups_by_labels_that_there_are() -> None:
    for expression in expressions():
        for series, selectors in SELECTED.findall(expression):
            names = {part.partition("=")[0].strip(" !~") for part in selectors.split(",")}
            assert names <= labels_of(series), expression
            assert 'instance=~"$instance"' in selectors
        for group in GROUPED.findall(expression):
            names = {name.strip() for name in group.split(",")}
            known = [labels_of(series) for series in SERIES_IN.findall(expression)]
            assert all(names <= each for each in known), expression


def test_expressions_are_well_formed() -> None:
    pairs = {")": "(", "}": "{", "]": "["}
    for expression in expressions():
        opened: list[str] = []
        for character in expression:
            if character in pairs.values():
                opened.append(character)
            elif character in pairs:
                assert opened.pop() == pairs[character], expression
        assert opened == [], expression
        for rated in re.findall(r"(?:rate|increase)\((sealane_\w+)", expression):
            assert rated.endswith(("_total", "_sum", "_count", "_bucket")), expression


def test_grafana_can_import_it() -> None:
    assert re.fullmatch(r"[\w-]{1,40}", DASHBOARD["uid"])
    assert DASHBOARD["title"]
    assert DASHBOARD["schemaVersion"] >= 39
    assert "id" not in DASHBOARD  # given by the instance that imports it
    source, node = DASHBOARD["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == (
        "datasource",
        "datasource",
        "prometheus",
    )
    assert (node["name"], node["type"], node["datasource"]) == ("instance", "query", SOURCE)
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["type"] in ("stat", "timeseries", "table")
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["datasource"] == SOURCE
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references) > 0
        assert all(target["datasource"] == SOURCE for target in panel["targets"])


def test_no_panel_lies_on_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert all(0 <= x < COLUMNS for x, _ in cells), panel["title"]
        taken |= cells


def test_it_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaged: dict[str, list[str]] = project["tool"]["setuptools"]["package-data"]
    assert packaged["sealane.node.metrics"] == [FILE.name]

"""`sealane bench`: documents, tables, and comparisons that end with a code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sealane.bench.peers import litesvm, networkx_dag

from ..command import Ending

QUICK = ("bench", "--quick", "--rounds", "1", "--scenario", "schedule-10")
NUMBER = {"type": "number"}
TEXT = {"type": "string"}
FIGURE = {
    "type": "object",
    "required": ["median", "min", "max"],
    "properties": dict.fromkeys(("median", "min", "max"), NUMBER),
    "additionalProperties": False,
}
SIDE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "by": TEXT,
        "unit": {"enum": ["tx/s", "s", "MB", "% of a core"]},
        "more_is_better": {"type": "boolean"},
        "includes": {"type": "string", "minLength": 1},
        "figure": FIGURE,
        "samples": {"type": "array", "minItems": 1, "items": NUMBER},
    },
}
VERDICT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "target": {
            "type": "object",
            "required": ["item", "side", "against", "at_least", "at_most"],
        },
        "value": {"type": ["number", "null"]},
        "met": {"type": ["boolean", "null"]},
        "why": {"type": ["string", "null"]},
    },
}
SCENARIO: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "title": TEXT,
        "rounds": {"type": "integer"},
        "sides": {"type": "array", "minItems": 1, "items": SIDE},
        "ratios": {
            "type": "array",
            "items": {"type": "object", "required": ["side", "against", "figure"]},
        },
        "verdicts": {"type": "array", "items": VERDICT},
    },
}
CONTESTANT = {"type": "object", "required": ["name", "guarantees", "leaves_out"]}
RUN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sealane_bench": {"const": 1},
        "machine": {"type": "object", "required": ["cpu", "cores", "load", "python", "commit"]},
        "quick": {"type": "boolean"},
        "absent": {"type": "array", "items": TEXT},
        "contestants": {"type": "array", "minItems": 1, "items": CONTESTANT},
        "scenarios": {"type": "array", "items": SCENARIO},
    },
}
for schema in (SIDE, VERDICT, SCENARIO, RUN):
    schema["required"] = list(schema["properties"])
    schema["additionalProperties"] = False


def test_the_document_has_the_expected_form(sealane: Callable[..., Ending]) -> None:
    ending = sealane(*QUICK, "--json")
    assert (ending.code, ending.err) == (0, "")
    jsonschema.validate(ending.document, RUN)
    (scenario,) = ending.document["scenarios"]
    assert scenario["name"] == "schedule-10"
    by = {each["name"] for each in ending.document["contestants"]}
    assert {side["by"] for side in scenario["sides"]} == by


def test_the_table_names_sides_targets_and_omissions(sealane: Callable[..., Ending]) -> None:
    ending = sealane(*QUICK)
    assert ending.code == 0
    for part in ("schedule-10", "sealane", "networkx", "target 1", "leaves out", "--quick"):
        assert part in ending.out


def test_markdown_has_a_row_for_each_target(sealane: Callable[..., Ending]) -> None:
    ending = sealane(*QUICK, "--format", "markdown")
    rows = [line for line in ending.out.split("\n") if line.startswith("| 1 |")]
    assert len(rows) == 2
    assert all(row.count("|") == 7 for row in rows)
    assert "× networkx" in rows[1]


def test_missing_peers_are_reported(
    sealane: Callable[..., Ending], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litesvm, "why_absent", lambda: "solders: not installed; install it")
    monkeypatch.setattr(networkx_dag, "why_absent", lambda: "networkx: not installed; and it")
    ending = sealane(*QUICK)
    assert ending.code == 0
    assert "not compared with solders: not installed; install it\n" in ending.out
    assert "not compared with networkx: not installed; and it\n" in ending.out
    assert "× networkx: networkx was not measured\n" in ending.out


def _run_with_medians(document: dict[str, Any], factor: float) -> dict[str, Any]:
    """The run as if every figure had been so many times what it is."""
    for scenario in document["scenarios"]:
        for each in (*scenario["sides"], *scenario["ratios"]):
            each["figure"] = {name: v * factor for name, v in each["figure"].items()}
    return document


@pytest.mark.parametrize(("factor", "code"), [(1000.0, 1), (0.001, 0)])
def test_a_regression_ends_with_code_1(
    factor: float, code: int, sealane: Callable[..., Ending], tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.json"
    document = sealane(*QUICK, "--json").document
    earlier.write_text(json.dumps(_run_with_medians(document, factor)))
    ending = sealane(*QUICK, "--compare", earlier)
    assert ending.code == code
    assert ("regressed" in ending.out) == (code == 1)
    ending = sealane(*QUICK, "--compare", earlier, "--json")
    assert ending.code == code
    changes = ending.document["comparison"]["changes"]
    assert len(changes) == 3
    assert all(each["regressed"] == (code == 1) for each in changes)


def test_a_saved_run_is_the_document_and_can_be_compared(
    sealane: Callable[..., Ending], tmp_path: Path
) -> None:
    saved = tmp_path / "run.json"
    ending = sealane(*QUICK, "--json", "--save", saved)
    assert json.loads(saved.read_text()) == ending.document
    assert "comparison" in sealane(*QUICK, "--json", "--compare", saved).document
    ending = sealane(*QUICK, "--save", tmp_path)
    assert ending.code == 2
    assert f"{tmp_path}: cannot be written" in ending.err


def test_figures_are_shown_even_if_saving_fails(
    sealane: Callable[..., Ending], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sealane.bench.run_file.require_writable", str)  # any function will do
    ending = sealane(*QUICK, "--json", "--save", tmp_path)
    assert ending.code == 2
    assert f"{tmp_path}: cannot be written: Is a directory" in ending.err
    jsonschema.validate(ending.document, RUN)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--compare", "empty.json"), "empty.json: no run of version 1"),
        (("--compare", "damaged.json"), "damaged.json: damaged"),
        (("--compare", "full.json"), "full.json: a run that has not the sizes of --quick"),
        (("--save", "nowhere/run.json"), "nowhere/run.json: cannot be written"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_measured(
    words: tuple[str, str],
    said: str,
    sealane: Callable[..., Ending],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*given: object, **options: object) -> None:
        pytest.fail(f"measured {given} {options}")

    monkeypatch.setattr("sealane.bench.bench.run_scenarios", fail)
    monkeypatch.chdir(tmp_path)
    full: dict[str, Any] = {
        "sealane_bench": 1,
        "quick": False,
        "machine": {"cpu": "one"},
        "scenarios": [],
    }
    Path("empty.json").write_text("{}")
    Path("damaged.json").write_text(json.dumps(full | {"scenarios": [{}]}))
    Path("full.json").write_text(json.dumps(full))
    ending = sealane(*QUICK, *words)
    assert ending.code == 2
    assert said in ending.err


@pytest.mark.parametrize(
    "words",
    [
        ("--scenario", "nothing-like-it"),
        ("--rounds", "0"),
        ("--rounds", "1001"),
    ],
)
def test_bad_usage_ends_with_code_2(words: tuple[str, str], sealane: Callable[..., Ending]) -> None:
    ending = sealane("bench", "--quick", *words)
    assert ending.code == 2
    assert ending.out == ""
    assert words[0] in ending.err or words[1] in ending.err


def test_two_formats_at_once_are_refused(sealane: Callable[..., Ending]) -> None:
    ending = sealane(*QUICK, "--json", "--format", "markdown")
    assert ending.code == 2
    assert "--json and --format markdown are two formats" in ending.document["error"]["message"]

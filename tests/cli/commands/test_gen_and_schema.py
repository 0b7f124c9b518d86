"""`sealane gen` and `sealane schema`: what they print is what the readers take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ..command import Ending

Run = Callable[..., Ending]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--shape", "zipf", "--zipf", "1.3"],
        ["--zipf", "1.3"],
        ["--shape", "hot", "--hot", "3", "--accounts", "20"],
        ["--shape", "chain"],
        ["--shape", "independent"],
        ["--seed", "7", "--accounts", "10", "--program", "system.transfer"],
    ],
)
def test_a_generated_fixture_runs(options: list[str], sealane: Run, tmp_path: Path) -> None:
    generated = sealane("gen", "--n", "30", *options)
    assert generated.code == 0
    path = tmp_path / "generated.jsonl"
    path.write_text(generated.out)
    document = sealane("run", path, "--json", "-w", "0").document
    assert [each["status"] for each in document["transactions"]] == ["ok"] * 30


def test_the_same_seed_gives_the_same_text(sealane: Run) -> None:
    first, second = (sealane("gen", "-n", "20", "--seed", "5").out for _ in range(2))
    assert first == second != sealane("gen", "-n", "20", "--seed", "6").out


def test_no_transaction_at_all(sealane: Run) -> None:
    assert sealane("gen", "--n", "0").out.count("\n") == 1


def test_the_schema_accepts_the_fixtures(sealane: Run, fixtures: Path) -> None:
    schema: Any = sealane("schema").document
    validator: Any = jsonschema.Draft202012Validator(schema)
    paths = sorted(fixtures.glob("*.yaml"))
    assert paths
    for path in paths:
        validator.validate(yaml.safe_load(path.read_text()))

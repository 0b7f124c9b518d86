"""`sealane gen` and `sealane schema`: what they print is what the readers take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sealane.ingest.fixture.schema import SCHEMA_URL

from ..command import Ending, in_process_of_its_own

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


def test_a_workload_without_transactions(sealane: Run) -> None:
    assert sealane("gen", "--n", "0").out.count("\n") == 1


def test_yaml_is_the_same_workload_and_names_its_schema(sealane: Run, tmp_path: Path) -> None:
    options = ("-n", "20", "--accounts", "5", "--seed", "3")
    text = sealane("gen", *options, "--format", "yaml").out
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_URL}\nsealane: 1\n")
    roots: list[str] = []
    for name, written in (("w.yaml", text), ("w.jsonl", sealane("gen", *options).out)):
        path = tmp_path / name
        path.write_text(written)
        roots.append(sealane("run", path, "--json", "-w", "0").document["state_root"])
    assert roots[0] == roots[1]
    schema: Any = sealane("schema").document
    validator: Any = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(text))
    path.write_text(sealane("gen", "-n", "0", "--format", "yaml").out)
    assert sealane("run", path, "-w", "0").code == 0


def test_the_schema_in_the_repository_is_the_one_that_is_printed(
    sealane: Run, fixtures: Path
) -> None:
    kept = (fixtures.parent / "docs" / "fixture.schema.json").read_text()
    up_to_date = kept == sealane("schema", "--library").out  # pytest would compare 40,000 lines
    assert up_to_date, "sealane schema --library > docs/fixture.schema.json"
    assert SCHEMA_URL.endswith("/fixture.schema.json")
    for path in fixtures.glob("*.yaml"):
        first = path.read_text().partition("\n")[0]
        assert first == "# yaml-language-server: $schema=../docs/fixture.schema.json", path


def test_a_user_program_is_in_the_schema(fixtures: Path) -> None:
    ending = in_process_of_its_own("schema", "--program", "counter:counter", cwd=fixtures)
    validator: Any = jsonschema.Draft202012Validator(ending.document)
    value = yaml.safe_load((fixtures / "counter.yaml").read_text())
    validator.validate(value)
    value["transactions"][0]["instructions"][0]["counter.increment"]["bye"] = 1
    assert not validator.is_valid(value)


def test_the_schema_accepts_the_fixtures(sealane: Run, fixtures: Path) -> None:
    schema: Any = sealane("schema").document
    validator: Any = jsonschema.Draft202012Validator(schema)
    paths = sorted(fixtures.glob("*.yaml"))
    assert paths
    for path in paths:
        validator.validate(yaml.safe_load(path.read_text()))

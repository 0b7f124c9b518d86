"""The hosted run does what .ci/run does, on the Pythons that the classifiers name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
HOSTED: Final[dict[str, Any]] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def dev_commands(text: str) -> list[str]:
    return re.findall(r"^python3 dev (\S+)", text, re.MULTILINE)


def test_its_steps_are_those_of_ci() -> None:
    steps = [step for job in HOSTED["jobs"].values() for step in job["steps"]]
    hosted = [name for step in steps for name in dev_commands(step.get("run", ""))]
    assert sorted(hosted) == sorted(dev_commands((ROOT / ".ci" / "run").read_text()))


def test_it_tests_every_python_that_is_promised() -> None:
    promised = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
    assert HOSTED["jobs"]["test"]["strategy"]["matrix"]["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"


def test_no_job_waits_for_ever_and_none_may_write_but_to_the_site() -> None:
    jobs = HOSTED["jobs"].items()
    assert [name for name, job in jobs if "timeout-minutes" not in job] == []
    assert HOSTED["permissions"] == {"contents": "read"}
    assert [name for name, job in jobs if "permissions" in job] == ["publish-site"]

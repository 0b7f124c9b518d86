"""The lock files hold what pyproject.toml asks for, within its ranges, each with its hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
DEV = [*RUN, *(line for extra in EXTRAS.values() for line in extra)]
PIN = re.compile(r"([a-z0-9.-]+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})*)\n")


def pins(lock: str) -> dict[str, str]:
    """The versions that a lock file names. Every line of it belongs to a pin with hashes."""
    content = (ROOT / "requirements" / lock).read_text()
    found = {name: version for name, version, hashes in PIN.findall(content) if hashes}
    assert not [line for line in PIN.sub("", content).splitlines() if not line.startswith("# ")]
    assert len(found) == content.count("==")
    return found


@pytest.mark.parametrize(("lock", "wanted"), [("run.txt", RUN), ("dev.txt", DEV)])
def test_what_is_wanted_is_pinned_within_its_range(lock: str, wanted: list[str]) -> None:
    pinned = pins(lock)
    requirements = [Requirement(line) for line in wanted]
    others = [asked for asked in requirements if asked.name != PROJECT["project"]["name"]]
    assert len(others) >= len(RUN)
    for asked in others:
        assert asked.specifier.contains(pinned[canonicalize_name(asked.name)]), str(asked)


def test_what_runs_is_the_same_in_both() -> None:
    assert pins("run.txt").items() <= pins("dev.txt").items()


def test_extras_take_in_each_other() -> None:
    assert "sealane[bench,test]" in EXTRAS["dev"]

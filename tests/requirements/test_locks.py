"""The lock files hold what pyproject.toml asks for, within its ranges, each with its hashes."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
DOCS = [*RUN, *EXTRAS["docs"]]
DEV = [*RUN, *(line for name, extra in EXTRAS.items() if name != "docs" for line in extra)]
PIN = re.compile(r"([a-z0-9.-]+)==(\S+)(?: ; [^\n\\]+)?((?: \\\n +--hash=sha256:[0-9a-f]{64})*)\n")


def pins(lock: str) -> dict[str, str]:
    """The versions that a lock file names. Every line of it belongs to a pin with hashes."""
    content = (ROOT / "requirements" / lock).read_text()
    found = {name: version for name, version, hashes in PIN.findall(content) if hashes}
    assert not [line for line in PIN.sub("", content).splitlines() if not line.startswith("# ")]
    assert len(found) == content.count("==") - content.count(" == ")
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"), [("run.txt", RUN), ("dev.txt", DEV), ("docs.txt", DOCS)]
)
def test_what_is_wanted_is_pinned_within_its_range(lock: str, wanted: list[str]) -> None:
    pinned = pins(lock)
    requirements = [Requirement(line) for line in wanted]
    others = [asked for asked in requirements if asked.name != PROJECT["project"]["name"]]
    assert len(others) >= len(RUN)
    for asked in others:
        assert asked.specifier.contains(pinned[canonicalize_name(asked.name)]), str(asked)


def test_what_runs_is_the_same_in_all() -> None:
    assert pins("run.txt").items() <= pins("dev.txt").items()
    assert pins("run.txt").items() <= pins("docs.txt").items()


def test_what_develops_is_the_same_where_the_site_takes_it_too() -> None:
    develop, document = pins("dev.txt"), pins("docs.txt")
    assert [name for name in develop.keys() & document if develop[name] != document[name]] == []


def test_extras_take_in_each_other() -> None:
    assert "sealane[bench,node,report,survey,test]" in EXTRAS["dev"]


@pytest.mark.parametrize(
    ("installed", "differs"),
    [
        ("PyYAML=={pyyaml}\ntyping_extensions=={typing-extensions}\n", False),
        ("PyYAML=={pyyaml}\nnumpy==0.1\n", True),
        ("sealane==1.0\n", True),
    ],
)
def test_the_newest_are_tested_where_they_are_not_the_pinned_ones(
    installed: str, differs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    spec = spec_from_loader("dev", loader)
    assert spec is not None
    dev: Any = module_from_spec(spec)
    loader.exec_module(dev)
    listed = subprocess.CompletedProcess[str]([], 0, stdout=installed.format(**pins("dev.txt")))

    def pip_list(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return listed

    monkeypatch.setattr(subprocess, "run", pip_list)
    assert dev.differs_from_pinned(Path("python")) is differs


def test_an_environment_without_pip_installs_with_the_one_it_was_made_by(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    code = f"import runpy; print(*runpy.run_path({str(ROOT / 'dev')!r})['PIP'])"
    inside = tmp_path / "venv" / "bin" / "python"
    pip = subprocess.run([inside, "-c", code], capture_output=True, text=True, check=True)
    version = [*pip.stdout.split(), "--version"]
    assert subprocess.run(version, capture_output=True, check=False).returncode == 0

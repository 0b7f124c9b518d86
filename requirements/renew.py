"""Write the lock files beside this one anew, each at the newest versions in the ranges.

`python3 dev lock` runs this in an environment of its own, with pip-tools. The files hold every
version with the hashes of all its files, so they serve each machine. Guarantees: what they name
can be installed, without building anything, on every Python and machine below, and misses nothing
that is needed there. Does not: change a range; those stand in pyproject.toml.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE: Final = Path(__file__).resolve().parent
PROJECT: Final = "sealane"
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
MACHINES: Final = ("x86_64", "aarch64")
GLIBC_MINORS: Final = range(5, 36)  # manylinux_2_5 to manylinux_2_35
HEADER: Final = """\
# {what}, each version pinned, with the hashes of all its files.
# Written by `python3 dev lock`; the ranges stand in pyproject.toml.
"""
Metadata = dict[str, Any]


def main() -> int:
    if not sys.version.startswith(PYTHONS[0]):
        print(f"lock with Python {PYTHONS[0]}: a newer one finds versions that do not run on it")
        return 2
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    to_run = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    to_document = extras.pop("docs")
    others = [line for extra in extras.values() for line in extra if not line.startswith(PROJECT)]
    develop, document = HERE / "dev.txt", HERE / "docs.txt"
    compile_lock(develop, "Everything that developing Sealane takes", [*to_run, *others])
    compile_lock(HERE / "run.txt", "What Sealane runs on", to_run, constraint=develop)
    compile_lock(document, "The site and the notebook", [*to_run, *to_document], constraint=develop)
    faults = [
        fault
        for python, machine, lock in product(PYTHONS, MACHINES, (develop, document))
        for fault in faults_on(python, machine, lock)
    ]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


def compile_lock(
    lock: Path, what: str, requirements: Iterable[str], *, constraint: Path | None = None
) -> None:
    """The newest versions that meet the requirements, and all that these need."""
    with tempfile.TemporaryDirectory(prefix="sealane-lock-") as folder:
        wanted, found = Path(folder) / "requirements.in", Path(folder) / "found.txt"
        wanted.write_text("".join(f"{line}\n" for line in requirements))
        command = [
            *(sys.executable, "-m", "piptools", "compile", "--quiet", "--upgrade", "--no-header"),
            *("--generate-hashes", "--allow-unsafe", "--strip-extras", "--no-annotate"),
            # Whoever installs has an index of their own.
            *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"),
            *(() if constraint is None else ("--constraint", str(constraint))),
        ]
        command += ["--output-file", str(found), str(wanted)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        pins = found.read_text()
    lines = [line for line in pins.splitlines() if line and not line.lstrip().startswith("#")]
    lock.write_text(HEADER.format(what=what) + "\n".join(lines) + "\n")


def faults_on(python: str, machine: str, lock: Path) -> list[str]:
    """What of the lock cannot be installed there, or would be missing."""
    tags = ("linux", "manylinux2014", "manylinux2010", "manylinux1")
    tags += tuple(f"manylinux_2_{minor}" for minor in GLIBC_MINORS)
    place = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    place["platform_machine"] = machine
    with tempfile.NamedTemporaryFile("w", prefix="sealane-lock-", suffix=".txt") as there:
        there.write(pins_for(place, lock.read_text()))
        there.flush()
        return faults_of(
            Path(there.name), tags, place, f"{lock.name}: Python {python} on {machine}"
        )


def pins_for(place: dict[str, str], pins: str) -> str:
    """Those pins whose markers hold there: pip judges by the Python that it runs on."""
    kept, keeps = list[str](), True
    for line in pins.splitlines():
        if not line.startswith((" ", "#")):
            marker = Requirement(line.rstrip(" \\")).marker
            keeps = marker is None or marker.evaluate(place)
        if keeps:
            kept.append(line.partition(";")[0].rstrip(" \\") + " \\" if ";" in line else line)
    return "\n".join(kept) + "\n"


def faults_of(lock: Path, tags: Iterable[str], place: dict[str, str], where: str) -> list[str]:
    """As `faults_on`, for pins all of which belong there."""
    python, machine = place["python_version"], place["platform_machine"]
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"),
        *("--dry-run", "--ignore-installed", "--no-deps", "--report", "-", "--target", "unused"),
        *("--only-binary=:all:", "--implementation", "cp", "--python-version", python),
        *(part for tag in tags for part in ("--platform", f"{tag}_{machine}")),
        *("--require-hashes", "--requirement", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"{where}: {done.stderr.strip()}"]
    found: list[Metadata] = [item["metadata"] for item in json.loads(done.stdout)["install"]]
    names = {canonicalize_name(metadata["name"]) for metadata in found}
    return [
        f"{where}: {metadata['name']} needs {line}, not pinned"
        for metadata in found
        for line in metadata.get("requires_dist", ())
        if is_missing(Requirement(line), names, place)
    ]


def is_missing(needed: Requirement, names: set[Any], place: dict[str, str]) -> bool:
    applies = needed.marker is None or needed.marker.evaluate(place)
    return applies and canonicalize_name(needed.name) not in names


if __name__ == "__main__":
    sys.exit(main())

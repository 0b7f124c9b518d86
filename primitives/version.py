"""Which version of Sealane this is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

UNKNOWN: Final = "0+unknown"
_PROJECT: Final = Path(__file__).resolve().parents[1] / "pyproject.toml"


def find_version(project: Path = _PROJECT) -> str:
    """The version that is installed; of a checkout that is not, the one its project file names."""
    from importlib import metadata  # it takes longer to import than all the rest of --help

    try:
        return metadata.version("sealane")
    except metadata.PackageNotFoundError:
        return _named_in(project)


def _named_in(project: Path) -> str:
    import tomllib

    try:
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        return UNKNOWN

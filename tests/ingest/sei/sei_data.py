"""Sei's data beside the clone: what each file says, for the tests that are held to it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

SEI: Final = Path(__file__).parents[4] / "shared" / "data" / "sei"
FILES: Final = (
    "dag_cases",
    "mapping_examples",
    "message_mappings",
    "resource_tree",
    "validation_cases",
)


def sei_path(name: str) -> Path:
    """The file of this name; skips the test where it is missing, and fails it in CI."""
    path = SEI / f"{name}.json"
    if not path.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not there")
    return path


def sei_document(name: str) -> Any:
    return json.loads(sei_path(name).read_bytes())

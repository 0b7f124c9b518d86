"""What the tests of ingest share."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import jsonschema
import pytest

from sealane.ingest.fixture.schema import json_schema

Accepts = Callable[[object], bool]


@pytest.fixture(scope="session")
def schema_accepts() -> Accepts:
    """Whether the JSON Schema accepts a value."""
    validator = jsonschema.Draft202012Validator(json_schema())
    return cast("Accepts", validator.is_valid)  # pyright: ignore[reportUnknownMemberType]

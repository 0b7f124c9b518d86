"""Files that cannot be loaded, and what each test of such a file asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from sealane.ingest.read_input import read_input
from sealane.primitives import InputError

# Stands for the words of another library, which change from one release to the next.
REASON = "⟨reason⟩"


class Bad(NamedTuple):
    """A bad file, and the message after its path. `schema`: the JSON Schema refuses it too."""

    name: str
    extension: str
    content: str | bytes
    message: str
    schema: bool = False


def name_of_case(bad: Bad) -> str:
    return bad.name.replace(" ", "-")


def require_message(bad: Bad, folder: Path) -> None:
    """Loading the file raises InputError with the message, behind its path."""
    path = folder / f"bad{bad.extension}"
    path.write_bytes(bad.content if isinstance(bad.content, bytes) else bad.content.encode())
    with pytest.raises(InputError) as caught:
        read_input(path)
    separator = ":" if bad.message[0].isdigit() else ": "
    before, is_given, after = f"{path}{separator}{bad.message}".partition(REASON)
    message = str(caught.value)
    assert message.startswith(before)
    assert message.endswith(after)
    assert is_given or message == before
    assert len(message) > len(before) + len(after) or not is_given


def require_refused_by_schema(bad: Bad, schema_accepts: Callable[[object], bool]) -> None:
    # YAML is read loosely here on purpose: the schema alone must refuse the value.
    assert not schema_accepts(yaml.safe_load(bad.content))

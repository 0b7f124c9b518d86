"""A store to tamper with, its manifest taken apart and sealed again, and a use of every file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sealane.runtime.store.manifest import FORMAT, MANIFEST_NAME

from .store_scenario import Story, open_store

BLOCKS = 23


def made(folder: Path, seed: int = 53, blocks: int = BLOCKS) -> Path:
    """A store with runs, a history and a log that has entries."""
    with open_store(folder) as store:
        Story(seed).run(store, blocks)
    return folder


def use(folder: Path) -> None:
    """Everything that reads a file of the store."""
    with open_store(folder) as store:
        story = Story(53)
        story.check(store)
        assert store.find_block(bytes(32)) is None
        story.run(store, 3)
        story.check(store)


def sealed(fields: object, form: str = FORMAT) -> bytes:
    text = f"{form}\n{fields if isinstance(fields, str) else json.dumps(fields)}\n".encode()
    return text + f"blake2b {hashlib.blake2b(text, digest_size=32).hexdigest()}\n".encode()


def fields_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / MANIFEST_NAME).read_bytes().split(b"\n")[1])

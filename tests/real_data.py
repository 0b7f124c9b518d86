"""The real data that every clone has: recorded blocks, and cases of SPL Token and of schedulers.

Where it comes from stands in fixtures/blocks/README.md and tests/data/README.md.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

REPOSITORY: Final = Path(__file__).parent.parent
BLOCKS: Final = REPOSITORY / "fixtures" / "blocks"
MAINNET: Final = BLOCKS / "mainnet_254170887.json.gz"
DEEP_CHAINS: Final = BLOCKS / "devnet_270893658.json.gz"
INDEPENDENT: Final = BLOCKS / "devnet_314167369.json.gz"
ENCODINGS: Final = [
    BLOCKS / f"devnet_147078734_{encoding}.json.gz"
    for encoding in ("json", "json_parsed", "base64")
]
ALL_BLOCKS: Final = [MAINNET, DEEP_CHAINS, INDEPENDENT, *ENCODINGS]
SCHEDULER_CASES: Final = REPOSITORY / "tests" / "data" / "schedulers" / "cases.json"
SHARED: Final = REPOSITORY.parent / "shared" / "data"  # beside the clone, where there is one
MORE_SCHEDULER_CASES: Final = SHARED / "schedulers" / "cases.json"
SPL_TOKEN_CASES: Final = REPOSITORY / "tests" / "data" / "spl_token_instructions.jsonl.gz"


def block_name(path: Path) -> str:
    """For the ids of tests: `mainnet_254170887`."""
    return path.name.removesuffix(".json.gz")


def shared_files(folder: str) -> list[Path]:
    """The files in a folder beside the clone, in order of their names, for a test to read each.

    Skips the test where there are none; under CI that is a failure.
    """
    found = sorted(path for path in (SHARED / folder).glob("*") if path.is_file())
    if not found:
        missing = f"no files in {SHARED / folder}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return found


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def document(path: Path) -> Any:
    """A block's JSON, for a test to alter."""
    return orjson.loads(unpacked(path))


def scheduler_cases(part: str) -> list[dict[str, Any]]:
    """The cases of one part of the file, and those of a newer one beside the clone, if it is there.

    Each once, by name.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path in (SCHEDULER_CASES, MORE_SCHEDULER_CASES):
        document: Any = orjson.loads(path.read_bytes()) if path.is_file() else {part: []}
        cases: list[dict[str, Any]] = document[part]
        found |= {(case.get("policy", part), case["name"]): case for case in cases}
    return list(found.values())

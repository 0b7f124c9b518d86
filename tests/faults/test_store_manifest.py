"""Row 53: no field of the manifest, or of an index, is believed for its checksum alone."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path
from typing import Any

import pytest

from sealane.primitives import (
    StoreCorrupt,
)
from sealane.runtime import Store
from sealane.runtime.store.manifest import MANIFEST_LEN_MAX, MANIFEST_NAME

from .store_files import fields_of, made, sealed, use
from .store_scenario import open_store

Wrong = dict[str, tuple[Any, ...]]
NO_NUMBERS: tuple[Any, ...] = (None, "1", 1.0, -1, 2**64, True, [], 10**30)
NO_DIGITS: tuple[Any, ...] = (None, 7, "", "zz", "é" * 64, "AB" * 32, " " * 64, [])
WRONG: Wrong = {
    "height": (*NO_NUMBERS, 2**62),
    "accounts": NO_NUMBERS,
    "log": (*NO_NUMBERS, 0),
    "next_file": (*NO_NUMBERS, 0),
    "root": NO_DIGITS,
    "store": NO_DIGITS,
    "log_id": NO_DIGITS,
    "runs": (None, 7, {}, [None], [[]], [{}], "accounts-000001"),
    "history": (
        None,
        [],
        {},
        {"blocks": 1},
        {"blocks": "1", "checksum": 0},
        {"blocks": 2**62, "checksum": 0},
        {"blocks": 1, "checksum": 2**32},
    ),
    "surprise": (1,),
}


def each(wrong: Wrong) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in wrong.items() for value in values]


def test_row_53_a_manifest_with_wrong_types(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    good = fields_of(folder)
    path = folder / MANIFEST_NAME
    for name, wrong in each(WRONG):
        path.write_bytes(sealed(good | {name: wrong}))
        with pytest.raises(StoreCorrupt) as caught:
            Store(folder)
        assert str(folder) in str(caught.value), (name, wrong)
    for name in good:
        path.write_bytes(sealed({key: value for key, value in good.items() if key != name}))
        with pytest.raises(StoreCorrupt, match=f"lacks '{name}'"):
            use(folder)
    deep = "[" * 100_000 + "]" * 100_000
    for text in ("7", "[]", "null", '"text"', "{", "", deep, "NaN", "9" * 5000, '{"a": "\\ud800"}'):
        path.write_bytes(sealed(text))
        with pytest.raises(StoreCorrupt):
            use(folder)
    path.write_bytes(sealed(good | {"surprise": "x" * MANIFEST_LEN_MAX}))
    with pytest.raises(StoreCorrupt, match="at most"):
        use(folder)
    path.write_bytes(sealed(good))
    use(folder)


FOREIGN_NAMES = (
    "../important",
    "/etc/hostname",
    "accounts-000001/../../important",
    "lock",
    "manifest",
    "blocks",
    "log-000001",
    "accounts-1",
    "accounts-0000001",
    "accounts-00000²",
    "accounts-+00001",
    "accounts-999999",
    ".",
    "accounts-",
)
WRONG_RUNS: Wrong = {
    "file": (*FOREIGN_NAMES, "accounts-" + "9" * 40, "", None, 7, []),
    "accounts": (*NO_NUMBERS, 2**62),
    "index_offset": (*NO_NUMBERS, 2**62),
    "size": (*NO_NUMBERS, 2**62),
    "index_digest": (None, "00", "00" * 16),
}


def test_row_53_a_manifest_that_names_foreign_files(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    important = tmp_path / "important"
    important.write_text("an important file")
    good = fields_of(folder)
    first = good["runs"][0]
    for name, wrong in each(WRONG_RUNS):
        runs = [*good["runs"][1:], first | {name: wrong}]
        (folder / MANIFEST_NAME).write_bytes(sealed(good | {"runs": runs}))
        with pytest.raises(StoreCorrupt), open_store(folder) as store:
            store.compact()
    assert important.read_text() == "an important file"
    twice = [*good["runs"], first]
    (folder / MANIFEST_NAME).write_bytes(sealed(good | {"runs": twice}))
    with pytest.raises(StoreCorrupt, match="one file"):
        use(folder)
    (folder / MANIFEST_NAME).write_bytes(sealed(good))
    use(folder)


CHUNK = struct.Struct("<32sQQII")


@pytest.mark.parametrize("field", ["offset", "length", "accounts"])
@pytest.mark.parametrize("value", [0, 1, 63, 2**31, 2**32 - 1])
def test_row_53_an_index_that_its_maker_sealed(tmp_path: Path, field: str, value: int) -> None:
    """All checksums hold, and the places that they vouch for are wrong."""
    folder = made(tmp_path / "state")
    fields = fields_of(folder)
    run = fields["runs"][0]
    path = folder / run["file"]
    raw = bytearray(path.read_bytes())
    place = list(CHUNK.unpack_from(raw, run["index_offset"]))
    at = {"offset": 1, "length": 2, "accounts": 3}[field]
    if place[at] == value:
        return
    place[at] = value
    CHUNK.pack_into(raw, run["index_offset"], *place)
    path.write_bytes(raw)
    index = bytes(raw[run["index_offset"] :])
    store = bytes.fromhex(fields["store"])
    run["index_digest"] = hashlib.blake2b(index, digest_size=16, key=store).hexdigest()
    (folder / MANIFEST_NAME).write_bytes(sealed(fields))
    with pytest.raises(StoreCorrupt):
        use(folder)

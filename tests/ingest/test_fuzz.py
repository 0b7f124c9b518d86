"""Mutated fixtures: each either loads and builds, or raises InputError that leads with its path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sealane.ingest.building.build import build_fixture
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError
from sealane.programs import (
    COption,
    Errors,
    Layout,
    Mut,
    Program,
    Pubkey,
    UncheckedAccount,
    i8,
    u64,
)
from sealane.programs.kit.program.program_set import ProgramSet


class Holding(Layout, name="Account"):
    holder: Pubkey
    amount: u64
    list: list[COption[i8]]


class HoldingError(Errors):
    InsufficientFunds = 1, "the source holds less"


token = Program("token", errors=HoldingError, layouts=[Holding])


@token.instruction(tag=3)
def transfer(source: Mut[UncheckedAccount], amount: u64) -> None:
    """Never run."""


PROGRAMS = ProgramSet([token])

VALID = b"""\
sealane: 1
why: "mutated \\u00e9"
accounts:
  alice: {lamports: 5_000, executable: false}
  vault:
    owner: token
    data: {layout: token.Account, holder: alice, amount: 1_000, list: [1, -2, null]}
  raw: {data: "base64:AAAA"}
transactions:
  - id: pay
    payer: alice
    instructions:
      - token.transfer: {source: vault, amount: 400}
      - program: system
        accounts: [{key: alice, signer: true}]
        data: "hex:0200"
    expect: {error: token.InsufficientFunds}
  - {writes: [alice], reads: [vault], cost: 100}
expect:
  accounts: {alice: {lamports: 1}}
  waves: [[pay], [t1]]
fee: {lamports_per_signature: 0}
"""
VALUE = yaml.safe_load(VALID)
AS_JSON = json.dumps(VALUE, indent=1).encode()
AS_JSONL = b"\n".join(
    json.dumps(part).encode()
    for part in (
        {key: part for key, part in VALUE.items() if key != "transactions"},
        *VALUE["transactions"],
    )
)
SOURCES = {".yaml": VALID, ".json": AS_JSON, ".jsonl": AS_JSONL}
TOKENS = [
    *(bytes([code]) for code in b"{}[]:,-?&*!|>%@`#'\" \n\t\\0_.\x00\x7f\x80\xff"),
    *(b"1e9", b".nan", b"NaN", b"<<", b"!!str ", b"---\n", b"...\n", b"null", b"\xef\xbb\xbf"),
    *(
        b"\\ud800",
        b"\\udc00",
        b"\\u0000",
        b"9" * 50,
        b"[" * 70,
        b'{"a":' * 70,
        b"- " * 70,
        b"\xc2\x85",
    ),
]
edits = st.lists(
    st.tuples(
        st.integers(0, 2000), st.integers(0, 12), st.sampled_from(TOKENS) | st.binary(max_size=4)
    ),
    min_size=1,
    max_size=6,
)


def mutated(source: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for position, removed, inserted in changes:
        start = position % (len(source) + 1)
        source = source[:start] + inserted + source[start + removed :]
    return source


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("extension", SOURCES)
def test_the_sources_themselves_build(folder: Path, extension: str) -> None:
    path = folder / f"valid{extension}"
    path.write_bytes(SOURCES[extension])
    fixture = read_input(path)
    assert isinstance(fixture, FixtureFile)
    assert len(build_fixture(fixture, PROGRAMS).block) == 2


@pytest.mark.slow
@pytest.mark.parametrize("extension", SOURCES)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=300)
@given(changes=edits)
@example(changes=[(0, 5000, b"[" * 5000)])
@example(changes=[(0, 5000, b'{"sealane": 1, "a": ' + b"[" * 5000)])
def test_mutated_files_load_or_are_refused(
    folder: Path, extension: str, changes: list[tuple[int, int, bytes]]
) -> None:
    path = folder / f"mutated{extension}"
    path.write_bytes(mutated(SOURCES[extension], changes))
    try:
        fixture = read_input(path)
        assert isinstance(fixture, FixtureFile)
        build_fixture(fixture, PROGRAMS)
    except InputError as error:
        assert str(error).startswith(str(path))  # noqa: PT017 - either outcome is right


@settings(deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["", *SOURCES]))
def test_any_bytes_load_or_are_refused(folder: Path, raw: bytes, extension: str) -> None:
    path = folder / f"bytes{extension}"
    path.write_bytes(raw)
    with pytest.raises(InputError):
        read_input(path)

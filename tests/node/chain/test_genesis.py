"""The accounts that a chain begins with: a fixture's, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane import Account, InputError, Pubkey
from sealane.node import read_genesis
from sealane.node.chain.genesis import require_free
from sealane.node.chain.recent_blocks import RESERVED
from sealane.programs import builtin_programs
from sealane.programs.kit.program.program_set import ProgramSet

ACCOUNTS = '{"sealane": 1, "accounts": {"alice": {"lamports": 7}}'


@pytest.fixture
def programs() -> ProgramSet:
    return ProgramSet(builtin_programs())


def test_a_file_and_its_bytes_give_the_same(tmp_path: Path, programs: ProgramSet) -> None:
    path = tmp_path / "genesis.json"
    path.write_text(ACCOUNTS + "}", encoding="utf-8")
    expected = {Pubkey.of("alice"): Account(7)}
    assert read_genesis(path, programs) == read_genesis(path.read_bytes(), programs) == expected


@pytest.mark.parametrize("state", [b"", b"{}", b" {}\n", b"null", b'""'])
def test_an_engine_without_a_state_gives_none(state: bytes, programs: ProgramSet) -> None:
    assert read_genesis(state, programs) == {}


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (
            ', "transactions": [{"payer": "alice", "instructions": '
            '[{"system.transfer": {"source": "alice", "destination": "b", "lamports": 1}}]}]}',
            "take its transactions out",
        ),
        (', "unknown": 1}', "unknown"),
        ("", "not valid JSON|cut short|unexpected"),
    ],
)
def test_anything_else_is_refused(rest: str, why: str, programs: ProgramSet) -> None:
    with pytest.raises(InputError, match=why):
        read_genesis((ACCOUNTS + rest).encode(), programs)


def test_a_recorded_block_is_none(programs: ProgramSet) -> None:
    recorded = b'{"jsonrpc": "2.0", "id": 1, "result": {"number": "0x1", "transactions": []}}'
    with pytest.raises(InputError):
        read_genesis(recorded, programs)


def test_a_program_that_the_node_lacks_is_refused(programs: ProgramSet) -> None:
    """Reading it must not make it known either: after a restart it would be unknown again."""
    fixture = b'{"sealane": 1, "accounts": {"pool": {"lamports": 1, "owner": "amm"}}}'
    with pytest.raises(InputError, match="names the program 'amm', which this node does not have"):
        read_genesis(fixture, programs)
    assert programs.named("amm") is None


def test_the_node_s_own_accounts_are_not_given() -> None:
    for key in RESERVED:
        with pytest.raises(InputError, match="the node's own"):
            require_free({key: Account(1)})

"""What instructions are called, from every spelling of their data."""

from __future__ import annotations

import pytest

from sealane.ingest.building.call_names import instruction_name
from sealane.ingest.solana.instruction_data import DecodedData, InstructionData, Parsed
from sealane.programs.library import system, token

VOTE_PROGRAM = "Vote111111111111111111111111111111111111111"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x03" + bytes(8), "token.transfer"),
        ("3", "token.initialize_multisig"),
        (Parsed("transferChecked"), "token.transfer_checked"),
        (Parsed("initializeAccount3"), "token.initialize_account3"),
        (Parsed("somethingNew"), "token:somethingNew"),
        (b"\xaa" + bytes(9), "token:aa00000000000000"),
        (b"", "token:"),
        ("0OIl", "token:?"),
        (None, "token:?"),
    ],
)
def test_an_instruction_of_a_known_program(data: InstructionData, name: str) -> None:
    assert instruction_name("token", token, DecodedData([data])[0]) == name


@pytest.mark.parametrize(
    "kind", ["createAccountWithSeed", "advanceNonce", "withdrawFromNonce", "authorizeNonce"]
)
def test_the_nodes_names_of_system_instructions_are_known(kind: str) -> None:
    assert instruction_name("system", system, Parsed(kind)).startswith("system.")


def test_an_unknown_programs_instruction_is_its_first_bytes() -> None:
    assert instruction_name("P", None, bytes(range(12))) == "P:0001020304050607"
    assert instruction_name("P", None, b"\x07") == "P:07"
    assert instruction_name(VOTE_PROGRAM, None, bytes(range(12))) == f"{VOTE_PROGRAM}:00010203"

"""SPL Token's own recorded cases, each as one transaction through the runtime.

Checks result code, return data, and every account afterwards. Does not check compute units, which
were measured on another machine, nor instruction-name logs, which the program no longer writes.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest

import sealane
from sealane import Account, AccountMeta, Instruction, Pubkey, Receipt, Transaction
from sealane.programs import Clock, Rent, Sysvars

from ..real_data import REPOSITORY, SPL_TOKEN_CASES, unpacked

ORIGINAL = REPOSITORY.parent / "shared" / "data" / "spl-token" / "instructions.jsonl"
CASE_COUNT = 86
# Results from 1 << 32 on are the builtin errors, in the order of Solana's ProgramError.
BUILTIN = (
    "",
    "Custom",
    "InvalidArgument",
    "InvalidInstructionData",
    "InvalidAccountData",
    "AccountDataTooSmall",
    "InsufficientFunds",
    "IncorrectProgramId",
    "MissingRequiredSignature",
    "AccountAlreadyInitialized",
    "UninitializedAccount",
    "NotEnoughAccountKeys",
)
Case = dict[str, Any]


@cache
def cases() -> list[Case]:
    return [json.loads(line) for line in unpacked(SPL_TOKEN_CASES).splitlines()]


def test_every_case_is_here() -> None:
    assert len(cases()) == CASE_COUNT


@pytest.mark.skipif(not ORIGINAL.is_file(), reason="what the cases were copied from is not here")
def test_nothing_of_the_cases_was_changed() -> None:
    assert unpacked(SPL_TOKEN_CASES) == ORIGINAL.read_bytes()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["file"][6:14])
def test_recorded_case(case: Case) -> None:
    before = {Pubkey.of(a["address"]): _account(a) for a in case["accounts"]}
    with sealane.Runtime(workers=0, sysvars=_sysvars(case)) as runtime:
        for key, state in before.items():
            runtime.set_account(
                key,
                lamports=state.lamports,
                owner=state.owner,
                data=state.data,
                executable=state.executable,
            )
        # A payer of its own: it pays no fee, and no case's account is touched beside the case.
        transaction = Transaction([_instruction(case)], payer="payer")
        receipt = runtime.execute([transaction]).transactions[0]
        after = {key: runtime.account(key) for key in before}
    assert _result(receipt) == case["result"], receipt.error
    assert (receipt.return_data or b"") == base64.b64decode(case["return_data"])
    assert after == {Pubkey.of(a["address"]): _account(a) for a in case["resulting_accounts"]}


def _account(recorded: Case) -> Account:
    data = base64.b64decode(recorded["data"])
    owner = Pubkey.of(recorded["owner"])
    return Account(recorded["lamports"], owner, data, recorded["executable"])


def _instruction(case: Case) -> Instruction:
    metas = tuple(
        AccountMeta(
            Pubkey.of(case["accounts"][a["index"]]["address"]), a["is_signer"], a["is_writable"]
        )
        for a in case["instr_accounts"]
    )
    return Instruction(Pubkey.of(case["program_id"]), metas, base64.b64decode(case["data"]))


def _sysvars(case: Case) -> Sysvars:
    rent, clock = case["rent"], case["clock"]
    return Sysvars(
        Clock(
            clock["slot"], clock["epoch"], clock["unix_timestamp"], clock["epoch_start_timestamp"]
        ),
        Rent(
            rent["lamports_per_byte_year"], int(rent["exemption_threshold"]), rent["burn_percent"]
        ),
    )


def _result(receipt: Receipt) -> int:
    if receipt.error is None:
        return 0
    if receipt.error.program == "token":
        return receipt.error.code or 1 << 32
    return BUILTIN.index(receipt.error.name) << 32

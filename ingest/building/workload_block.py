"""Builds a generated workload as a block, column by column.

Guarantees: the block equals one built transaction by transaction; the instruction's encoding and
access list are taken from the program, by building the first row with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account, AccountMeta, InternalError, Pubkey
from ...programs.kit import Program
from ...programs.kit.program.program_set import ProgramSet
from ...runtime import Block
from ...runtime.block.block import ADDS, SIGNER, WRITABLE, InstructionColumns
from ...scheduler import AccessLists
from ..fixture.model import Call
from ..fixture.workload import STARTING_LAMPORTS, Workload, account_name
from .call_builder import build_call

_AMOUNT_LEN = 8  # u64, at the end of the instruction data


def workload_accounts(workload: Workload) -> Iterator[tuple[Pubkey, str, Account]]:
    """Key, name and initial state of every account in the workload."""
    start = Account(STARTING_LAMPORTS)
    for name in workload.names():
        yield Pubkey.of(name), name, start


def build_workload_block(
    program: str,
    workload: Workload,
    programs: ProgramSet,
    *,
    lamports_per_signature: int,
    adds: bool = False,
) -> Block:
    """The block of these transfers. Ids are `t0`, `t1`, …; each is paid for by its source.

    `adds`: destinations that the program only credits are only added to.
    """
    count = len(workload.source)
    ends = np.stack([workload.source, workload.destination], axis=1).ravel()
    keys, accounts = _interned(ends)
    name, _, instruction = program.partition(".")
    tag, owner, python_program, credited = _shape(name, instruction, programs)
    rights = np.array([SIGNER | WRITABLE, WRITABLE], dtype=np.uint8)
    if adds and credited:
        rights[1] |= ADDS
    flags = np.tile(rights, count)
    added = flags & ADDS > 0
    data_len = len(tag) + _AMOUNT_LEN
    data = np.empty((count, data_len), dtype=np.uint8)
    data[:, : len(tag)] = np.frombuffer(tag, dtype=np.uint8)
    data[:, len(tag) :] = workload.amount.astype("<u8").view(np.uint8).reshape(count, _AMOUNT_LEN)
    every = np.arange(count + 1, dtype=np.int64)
    return Block(
        ids=tuple([f"t{position}" for position in range(count)]),
        keys=keys,
        access=AccessLists(every * 2, accounts, ~added, len(keys), added if added.any() else None),
        payers=accounts[::2].astype(np.int64),
        fees=np.full(count, lamports_per_signature, dtype=np.uint64),
        costs=np.ones(count, dtype=np.int64),
        instructions=InstructionColumns(
            offsets=every,
            programs=np.zeros(count, dtype=np.uint32),
            account_offsets=every * 2,
            accounts=accounts,
            account_flags=flags,
            data_offsets=every * data_len,
            data=data.ravel(),
        ),
        program_ids=(owner,) if count else (),
        programs=(python_program,) if count else (),
    )


def _interned(ends: NDArray[np.int64]) -> tuple[tuple[Pubkey, ...], NDArray[np.uint32]]:
    """Intern the accounts: their keys by first occurrence, and the ids."""
    positions, first, inverse = np.unique(ends, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    keys = tuple([Pubkey.of(account_name(position)) for position in positions[order].tolist()])
    return keys, rank[inverse]


def _shape(
    program: str, instruction: str, programs: ProgramSet
) -> tuple[bytes, Pubkey, object, bool]:
    """Tag, program id and program of the transfer, as the program builds it; and whether it only
    credits the destination."""
    arguments = {"source": "a0", "destination": "a1", "lamports": 1}
    built = build_call(Call(program, instruction, arguments), programs, Pubkey.of)
    expected = (
        AccountMeta(Pubkey.of("a0"), signer=True, writable=True),
        AccountMeta(Pubkey.of("a1"), writable=True),
    )
    amount = (1).to_bytes(_AMOUNT_LEN, "little")
    if built.accounts != expected or not built.data.endswith(amount):
        raise InternalError(f"{program}.{instruction} does not have the shape of a transfer")
    made = built.program
    spec = made.find_instruction(built.data) if isinstance(made, Program) else None
    credited = spec is not None and spec.accounts[1].credits
    return built.data[:-_AMOUNT_LEN], built.program_id, built.program, credited

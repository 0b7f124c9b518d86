"""Replays the balance changes of a recorded block as transactions, and checks them.

Each recorded transaction becomes one call of the `replay` program: it declares the same accounts
with the same access, pays the recorded fee, asserts every balance recorded before it, applies the
recorded changes, and fails if the recorded one failed. Since it is executed like any other block,
an assertion fails if two transactions run in the wrong order. Rent is charged with the fee: the
payer pays it in place of the accounts that did. Does not: run the programs that were originally
called; only lamports are replayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from ...ingest.solana.recorded import RecordedBlock
from ...ingest.solana.recorded_columns import recorded_block
from ...primitives import Account, InputError, Pubkey
from ...programs.library.replay import ReplayError, encode_balances, replay
from ...runtime import Block, Receipts, Result, Runtime
from ...runtime.block.block import SIGNER, WRITABLE, InstructionColumns
from .replay_check import Mismatch, ReplayCheck

_APPLY: Final = replay.instructions["apply"].tag
_FAIL: Final = replay.instructions["fail_as_recorded"].tag


def replay_block(recorded: RecordedBlock) -> Block:
    """The recorded block as calls of the `replay` program.

    Raises InputError when the block records no balances.
    """
    if recorded.replay_obstacle is not None:
        raise InputError(recorded.replay_obstacle)
    count = len(recorded.ids)
    data = [_instruction_data(recorded, position) for position in range(count)]
    lens = np.fromiter(map(len, data), dtype=np.int64, count=count)
    flags = recorded.signer * np.uint8(SIGNER) | recorded.writable * np.uint8(WRITABLE)
    return recorded_block(
        recorded,
        payers=recorded.accounts[recorded.offsets[:-1]].astype(np.int64),
        fees=recorded.fee + recorded.rent,
        instructions=InstructionColumns(
            offsets=np.arange(count + 1, dtype=np.int64),
            programs=np.zeros(count, dtype=np.uint32),
            account_offsets=recorded.offsets,
            accounts=recorded.accounts,
            account_flags=flags.astype(np.uint8),
            data_offsets=np.concatenate(([0], np.cumsum(lens))).astype(np.int64),
            data=np.frombuffer(b"".join(data), dtype=np.uint8),
        ),
        program_ids=(replay.id,),
        programs=(replay,),
    )


def first_balances(recorded: RecordedBlock) -> dict[Pubkey, Account]:
    """Every account in its state before the block, all owned by the system program."""
    ids, first = np.unique(recorded.accounts, return_index=True)
    balances = recorded.pre[first].tolist()
    keys = recorded.keys
    return {keys[i]: Account(lamports) for i, lamports in zip(ids.tolist(), balances, strict=True)}


def replay_runtime(
    recorded: RecordedBlock, workers: int | None, root: str | None = None
) -> Runtime:
    """A runtime in the state before the block, with `replay` as its only program."""
    runtime = Runtime(workers=workers, programs=[replay], builtins=False, root=root)
    runtime.place_accounts(first_balances(recorded))
    return runtime


def check_replay(recorded: RecordedBlock, result: Result, runtime: Runtime) -> ReplayCheck:
    """Compare the replay with the recording."""
    last = _last_balances(recorded)
    mismatches = [
        *_transaction_mismatches(recorded, result.transactions),
        *_final_mismatches(last, runtime),
    ]
    named = {(mismatch.transaction, mismatch.account) for mismatch in mismatches}
    # If two records contradict each other, the replay fails at the later one; the earlier one may
    # be wrong, and this comparison finds it.
    for gap in balance_gaps(recorded):
        if (gap.later, str(gap.account)) not in named:
            message = f"left with {gap.left} lamports by {gap.earlier}, recorded with {gap.found}"
            mismatches.append(Mismatch(gap.later, str(gap.account), message))
    charged = zip(recorded.ids, recorded.rent.tolist(), strict=True)
    rent = {transaction: lamports for transaction, lamports in charged if lamports}
    return ReplayCheck(len(recorded.accounts) + len(last), mismatches, rent)


class BalanceGap(NamedTuple):
    """A balance that differs between the end of one transaction and the start of the next."""

    earlier: str
    later: str
    account: Pubkey
    left: int
    found: int


def balance_gaps(recorded: RecordedBlock) -> list[BalanceGap]:
    """Every balance that changed between transactions, by account, then in block order.

    A complete block has none; one without votes may have some, and then cannot be replayed.
    """
    order = np.argsort(recorded.accounts, kind="stable")
    same = recorded.accounts[order[1:]] == recorded.accounts[order[:-1]]
    differs = recorded.post[order[:-1]] != recorded.pre[order[1:]]
    positions = np.searchsorted(recorded.offsets, np.arange(len(order)), side="right") - 1
    return [
        BalanceGap(
            recorded.ids[int(positions[row])],
            recorded.ids[int(positions[following])],
            recorded.keys[int(recorded.accounts[row])],
            int(recorded.post[row]),
            int(recorded.pre[following]),
        )
        for row, following in zip(
            order[:-1][same & differs].tolist(), order[1:][same & differs].tolist(), strict=True
        )
    ]


def require_unbroken(recorded: RecordedBlock) -> None:
    """Raise InputError if omitted transactions changed balances of accounts that are replayed."""
    gaps = balance_gaps(recorded)
    if gaps:
        gap = gaps[0]
        raise InputError(
            f"account {gap.account} changes between {gap.earlier} and {gap.later}: a vote that was "
            "left out did that; replay the block with its votes"
        )


def _instruction_data(recorded: RecordedBlock, position: int) -> bytes:
    start, end = recorded.offsets[position : position + 2].tolist()
    expected = recorded.pre[start:end].tolist()
    final = recorded.post[start:end].tolist()
    if expected:
        # The fee has already been taken from the first account when an instruction runs.
        taken = int(recorded.fee[position]) + int(recorded.rent[position])
        expected[0] = max(0, expected[0] - taken)
    tag = _FAIL if recorded.failed[position] else _APPLY
    return tag + encode_balances(zip(expected, final, strict=True))


def _last_balances(recorded: RecordedBlock) -> dict[Pubkey, int]:
    reverse = recorded.accounts[::-1]
    ids, last = np.unique(reverse, return_index=True)
    balances = recorded.post[::-1][last].tolist()
    return {recorded.keys[i]: lamports for i, lamports in zip(ids.tolist(), balances, strict=True)}


def _transaction_mismatches(recorded: RecordedBlock, receipts: Receipts) -> Iterator[Mismatch]:
    recorded_failure = ReplayError.RecordedFailure.name
    for position, failed in enumerate(recorded.failed.tolist()):
        receipt = receipts[position]
        if receipt.error is None:
            if failed:
                yield Mismatch(receipt.id, None, "succeeded; the recorded transaction failed")
        elif not failed or receipt.error.name != recorded_failure:
            message = _about_rent(recorded, position)
            message = message or f"{receipt.error.name}: {receipt.error.message}"
            yield Mismatch(receipt.id, receipt.error.account, message)


def _about_rent(recorded: RecordedBlock, position: int) -> str | None:
    """Why a transaction could not be replayed, if the reason is rent; else None."""
    rent = int(recorded.rent[position])
    start, end = recorded.offsets[position : position + 2].tolist()
    pre: list[int] = recorded.pre[start:end].tolist()
    post: list[int] = recorded.post[start:end].tolist()
    if rent:
        paid = int(recorded.fee[position]) + rent
        if pre[0] >= paid:
            return None
        return f"was charged {rent} lamports of rent, and its payer cannot stand in for those"
    lost = sum(pre) - sum(post) - int(recorded.fee[position])
    if lost <= 0:
        return None
    return (
        f"loses {lost} lamports beyond its fee: rent, if the block is of the time when accounts "
        'paid it; request it with "rewards": true, which says so'
    )


def _final_mismatches(last: Mapping[Pubkey, int], runtime: Runtime) -> Iterator[Mismatch]:
    for key, lamports in last.items():
        actual = runtime.account(key).lamports
        if actual != lamports:
            message = f"holds {actual} lamports after the block, {lamports} were recorded"
            yield Mismatch(None, str(key), message)

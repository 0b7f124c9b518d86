"""Compares a replay of a block of Ethereum with what was recorded, and with what is expected.

Three things are compared: what transactions found with what was left for them, as they ran; what
every key holds after the block with what the record leaves there; and that with the state that is
expected after the block, where a test says one, account by account: what it does not have is zero.
Values that contradict the block's transactions or withdrawals are named, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...ingest.ethereum.known_facts import contradictions
from ...ingest.ethereum.model import EthereumBlock
from ...ingest.ethereum.transaction_ids import transaction_ids
from ...ingest.ethereum.value_words import shown_value, word_of
from ...primitives import Pubkey
from ...programs.library.state_replay import held_value, state_replay
from ...runtime import Receipts, Result, Runtime
from .ethereum_replay import StateReplay
from .replay_check import Mismatch, ReplayCheck


def state_runtime(replay: StateReplay, workers: int | None, root: str | None = None) -> Runtime:
    """A runtime in the state before the block, with `state_replay` as its only program."""
    runtime = Runtime(workers=workers, programs=[state_replay], builtins=False, root=root)
    runtime.place_accounts(replay.accounts)
    return runtime


def check_state_replay(
    block: EthereumBlock, replay: StateReplay, result: Result, runtime: Runtime
) -> ReplayCheck:
    """Compare the replay with the recording, and with the state that is expected."""
    mismatches = [
        *_of_facts(block),
        *_of_transactions(replay, result.transactions),
        *_of_record(replay, runtime),
        *_of_expected(block, replay, runtime),
    ]
    known = sum(value is not None for value in replay.left.values())
    expected = 0 if block.post is None else known
    return ReplayCheck(replay.checked + known + expected, mismatches)


def _of_facts(block: EthereumBlock) -> Iterator[Mismatch]:
    ids = transaction_ids(block)
    for position, key, found, expected in contradictions(block):
        change = "is not changed" if found is None else f"becomes {shown_value(found)}"
        if position is None:
            message = f"{change}, {shown_value(expected)} expected after the withdrawals"
            yield Mismatch(None, key.name, message)
        else:
            message = f"{change}, {shown_value(expected)} expected by the transaction's own nonce"
            yield Mismatch(ids[position], key.name, message)


def _of_transactions(replay: StateReplay, receipts: Receipts) -> Iterator[Mismatch]:
    for position in receipts.failed.nonzero()[0].tolist():
        receipt = receipts[position]
        error = receipt.error
        if error is not None:
            account = None if error.account is None else Pubkey.from_base58(error.account)
            key = None if account is None else replay.keys.get(account)
            message = error.message if error.program else f"{error.name}: {error.message}"
            yield Mismatch(replay.owners[receipt.id], key and key.name, message)


def _of_record(replay: StateReplay, runtime: Runtime) -> Iterator[Mismatch]:
    for account, key in replay.keys.items():
        value = replay.left[key]
        held = held_value(runtime.account(account).data)
        if value is not None and held != word_of(value):
            message = f"{_shown(held)} after the block, {shown_value(value)} was recorded"
            yield Mismatch(None, key.name, message)


def _of_expected(block: EthereumBlock, replay: StateReplay, runtime: Runtime) -> Iterator[Mismatch]:
    if block.post is None:
        return
    because = "" if block.refusal is None else f", as the block is refused ({block.refusal})"
    for account, key in replay.keys.items():
        expected = block.post.get(key)
        held = held_value(runtime.account(account).data)
        if expected is None or held is None:
            continue
        if held != word_of(expected):
            message = f"{_shown(held)} after the block, {shown_value(expected)} expected{because}"
            yield Mismatch(None, key.name, message)


def _shown(held: bytes | None) -> str:
    return "unknown" if held is None else hex(int.from_bytes(held, "big"))

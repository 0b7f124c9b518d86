"""A recorded block of any chain, ready to be run as transactions that check themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final, NamedTuple

from ...ingest.building.recording import Recording
from ...ingest.ethereum.planning.recording import EthereumRecording
from ...ingest.solana.recording import SolanaRecording
from ...primitives import Account, InputError, Pubkey, Transaction
from ...programs.library.state_replay import held_value
from ...runtime import Block, Result, Runtime
from ...signatures.block_signatures import BlockSignatures, SignatureReport
from .ethereum_check import check_state_replay, state_runtime
from .ethereum_replay import state_replay_of
from .replay import check_replay, replay_block, replay_runtime, require_unbroken
from .replay_check import HashCheck, ReplayCheck

_IN_TURN: Final = (
    "each balance of the coinbase is checked, so payments to it run in turn here; plan shows the "
    "waves of the block itself"
)
_KEY: Final = re.compile("[1-9A-HJ-NP-Za-km-z]{32,44}")  # base58 of 32 bytes


class Replayed(NamedTuple):
    """What came of a replay. `accounts`: all that it names, after the block. `signatures`: None if
    they were not to be verified."""

    result: Result
    accounts: Mapping[Pubkey, Account]
    check: ReplayCheck
    signatures: SignatureReport | None = None

    @property
    def runtime_s(self) -> float:
        """Seconds that the runtime took."""
        timing = self.result.timing
        return timing.schedule_s + timing.execute_s + timing.commit_s


@dataclass(frozen=True)
class PreparedReplay:
    """`transactions`: what to run. `start`: a runtime in the state before the block, with so many
    workers and this kind of root. `check`: compares what came of it with the recording.

    `checks`: what is compared, in the singular. `signatures`: those of the recorded transactions.
    `names`: what an account stands for, if its key does not say it. `list_hash`: of the access list
    that the block was read from. `case`: the block's name in its file. `note`: in what the run
    differs from the block.
    """

    transactions: Block | Sequence[Transaction]
    start: Callable[[int | None, str | None], Runtime]
    check: Callable[[Result, Runtime], ReplayCheck]
    checks: str
    signatures: Callable[[], BlockSignatures]
    names: Mapping[Pubkey, str] = field(default_factory=dict[Pubkey, str])
    list_hash: HashCheck | None = None
    case: str | None = None
    note: str | None = None

    def run(
        self,
        workers: int | None,
        progress: Callable[[int], None] | None = None,
        root: str | None = None,
        *,
        signatures: bool = False,
    ) -> Replayed:
        """Replay the block on so many workers, and check it.

        `root`: as in `Runtime(root=…)`. `signatures`: verify them first.
        """
        with self.start(workers, root) as runtime:
            signed = self.signatures().verified(runtime.verify_signatures) if signatures else None
            result = runtime.execute(self.transactions, progress=progress)
            accounts = {key: runtime.account(key) for key in result.block.keys}
            return Replayed(result, accounts, self.check(result, runtime), signed)

    def in_names(self, text: str) -> str:
        """The text with what accounts stand for in place of their keys."""
        return _KEY.sub(self._name_of, text) if self.names else text

    def _name_of(self, found: re.Match[str]) -> str:
        return self._names_by_text.get(found.group(), found.group())

    @cached_property
    def _names_by_text(self) -> dict[str, str]:
        return {str(key): name for key, name in self.names.items()}


def prepare_replay(recording: Recording, *, votes: bool = True) -> PreparedReplay:
    """Prepare a recorded block. `votes`: whether those of a Solana block were kept.

    Raises InputError for a block that records too little.
    """
    if isinstance(recording, SolanaRecording):
        return _of_solana(recording, votes=votes)
    if isinstance(recording, EthereumRecording):
        return _of_ethereum(recording)
    chain = recording.chain.capitalize()
    raise InputError(f"a block of {chain} records no values to replay; plan, explain or lint it")


def held_text(account: Account) -> str | None:
    """The value that an account of Ethereum's state holds, in hex; None if it is not known."""
    value = held_value(account.data)
    return None if value is None else hex(int.from_bytes(value, "big"))


def _of_solana(recording: SolanaRecording, *, votes: bool) -> PreparedReplay:
    recorded = recording.block
    if not votes:
        require_unbroken(recorded)
    return PreparedReplay(
        transactions=replay_block(recorded),
        start=partial(replay_runtime, recorded),
        check=partial(check_replay, recorded),
        checks="balance",
        signatures=recording.signatures,
    )


def _of_ethereum(recording: EthereumRecording) -> PreparedReplay:
    block = recording.block
    replay = state_replay_of(block)
    return PreparedReplay(
        transactions=replay.transactions,
        start=partial(state_runtime, replay),
        check=partial(check_state_replay, block, replay),
        checks="value",
        signatures=recording.signatures,
        names={account: key.name for account, key in replay.keys.items()},
        list_hash=None if block.list_hash is None else HashCheck(*block.list_hash),
        case=recording.case,
        note=_IN_TURN if any(step.adds for step in block.steps) else None,
    )

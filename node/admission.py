"""Which transactions of a list may be executed in the next block, and why others may not.

Guarantees: the answer depends on the state and the list alone, so that all nodes give the same one.
Does not: execute anything, or change the state; a transaction that is admitted may still fail.

In this order: malformed, its budget, a reserved account, too many locks; a program that nobody has;
a blockhash that is not recent; seen in a recent block; signatures; twice in the list; a payer that
cannot pay. Fees count up over a list: a payer must have those of all its transactions before the
block begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from ..primitives import Failure, Pubkey, TransactionErrors
from ..runtime import Runtime
from ..runtime.svm.chain_rules.fee import refuse_payer
from .chain.recent_blocks import RecentBlocks
from .codes import Code, Refusal
from .limits import BLOCK_TRANSACTIONS_MAX
from .parsed import Parsed, ParsedTransactions

_NO_PLACE: Final = Refusal.of(
    Code.OVER_BLOCK_LIMIT, f"a block has {BLOCK_TRANSACTIONS_MAX:,} transactions at most"
)


class Refused(NamedTuple):
    """A transaction that is not executed, and why."""

    raw: bytes
    why: Refusal


#: For each transaction of a list, in order, what it is, or why it is not executed.
Judged: TypeAlias = list[Parsed | Refused]


def admitted_of(judged: Judged) -> list[Parsed]:
    """Those that may be executed, in order."""
    return [each for each in judged if isinstance(each, Parsed)]


class Admission:
    """Judges lists of transactions against the state after the last block."""

    def __init__(self, runtime: Runtime, parsed: ParsedTransactions, recent: RecentBlocks) -> None:
        self._runtime = runtime
        self._parsed = parsed
        self._recent = recent

    def judge(self, raws: Sequence[bytes]) -> Judged:
        """Judge a block's transactions. Raises MachineError."""
        read: Judged = []
        for place, raw in enumerate(raws):
            # Not even decoded past the limit: a list may be much longer than a block.
            parsed = self._parsed.parse(raw) if place < BLOCK_TRANSACTIONS_MAX else _NO_PLACE
            read.append(parsed if isinstance(parsed, Parsed) else Refused(raw, parsed))
        return self._judge(read)

    def judge_parsed(self, transactions: Sequence[Parsed]) -> Judged:
        """The same for transactions that are decoded already. Raises MachineError."""
        past = [Refused(each.raw, _NO_PLACE) for each in transactions[BLOCK_TRANSACTIONS_MAX:]]
        return self._judge([*transactions[:BLOCK_TRANSACTIONS_MAX], *past])

    def judge_one(self, raw: bytes) -> Parsed | Refused:
        """Judge a transaction by itself."""
        return self.judge((raw,))[0]

    def _judge(self, read: Judged) -> Judged:
        judged = [self._fresh(each) if isinstance(each, Parsed) else each for each in read]
        self._parsed.verify(admitted_of(judged))
        # After the signatures: a copy with a bad one must not keep the message itself out.
        judged = _without_repetitions([_verified(each) for each in judged])
        return self._payable(judged)

    def _fresh(self, parsed: Parsed) -> Parsed | Refused:
        raw = parsed.raw
        unknown = self._unknown_program(parsed)
        if unknown is not None:
            return Refused(raw, Refusal.of_failure(unknown))
        if not self._recent.has(parsed.recent_blockhash):
            what = "its blockhash is of no recent block; sign it with a new one"
            return _refused(raw, Code.BLOCKHASH_NOT_FOUND, what)
        if self._recent.has_seen(parsed.message_hash):
            return _refused(raw, Code.ALREADY_PROCESSED, "this message is in a recent block")
        return parsed

    def _unknown_program(self, parsed: Parsed) -> Failure | None:
        """The failure if it calls a program that no node of this chain has. The runtime fails it as
        well, but without a fee: it would have its place in a block free."""
        programs = self._runtime.programs
        for call in parsed.transaction.instructions:
            if programs.get(call.program_id) is None:
                return Failure.of_rule(
                    TransactionErrors.ProgramAccountNotFound,
                    f"no program of this chain has id {call.program_id}",
                    account=str(call.program_id),
                )
        return None

    def _payable(self, judged: Judged) -> Judged:
        owed: dict[Pubkey, int] = {}
        return [self._charged(each, owed) if isinstance(each, Parsed) else each for each in judged]

    def _charged(self, parsed: Parsed, owed: dict[Pubkey, int]) -> Parsed | Refused:
        """Add its fee to what its payer owes; a refusal if that is more than the payer has."""
        if not parsed.fee:
            return parsed
        before = owed.get(parsed.payer, 0)
        runtime = self._runtime
        state = runtime.account(parsed.payer)
        failure = refuse_payer(
            parsed.payer, state, parsed.fee, runtime.programs, runtime.sysvars.rent
        )
        if failure is not None:
            return Refused(parsed.raw, Refusal.of_failure(failure))
        if before + parsed.fee > state.lamports:
            what = (
                f"the payer holds {state.lamports} lamports, its earlier transactions cost "
                f"{before} and this one {parsed.fee}"
            )
            return _refused(parsed.raw, Code.FEES_EXCEED_BALANCE, what)
        owed[parsed.payer] = before + parsed.fee
        return parsed


def _without_repetitions(judged: Judged) -> Judged:
    """Refuse the second of two with the same message, or the same id."""
    messages: set[bytes] = set()
    ids: set[str] = set()
    found: Judged = []
    for each in judged:
        if isinstance(each, Parsed):
            if each.message_hash in messages or each.id in ids:
                what = "this transaction is in the block already"
                found.append(_refused(each.raw, Code.ALREADY_PROCESSED, what))
                continue
            messages.add(each.message_hash)
            ids.add(each.id)
        found.append(each)
    return found


def _verified(judged: Parsed | Refused) -> Parsed | Refused:
    if isinstance(judged, Parsed) and not judged.verified:
        what = "a signature is not by its signer's key over this message"
        return _refused(judged.raw, Code.INVALID_SIGNATURE, what)
    return judged


def _refused(raw: bytes, code: Code, why: str) -> Refused:
    return Refused(raw, Refusal.of(code, why))

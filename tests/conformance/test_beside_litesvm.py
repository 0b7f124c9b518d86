"""Random transactions end here as they do in LiteSVM, which runs the chain's own bytecode.

With fees and the rent rule. Of each failure the code and the index of the instruction are compared,
of each account all it holds; see litesvm_pair.py for what is not. A failure prints the seed of its
accounts: SEALANE_BESIDE_SEED=… begins there, SEALANE_BESIDE=… says how many transactions there are.
"""

from __future__ import annotations

import os
from typing import Final

import pytest

from sealane import Account, AccountMeta, Instruction, Pubkey
from sealane.programs.library.memo import memo
from sealane.programs.library.nonce_account import NonceAccount, NonceState, NonceVersion
from sealane.programs.library.system import system

from .litesvm_pair import LAMPORTS_PER_SIGNATURE, Ending, Pair
from .random_accounts import BARE_RENT, NONCE_RENT
from .random_chain import Message, RandomChain

MESSAGES_EACH: Final = 25  # transactions on one lot of accounts
PARTS: Final = 8  # so that several processes can share the work
COUNT: Final = int(os.environ.get("SEALANE_BESIDE", "4000"))
SEED: Final = int(os.environ.get("SEALANE_BESIDE_SEED", "0"))
SUCCESS_SHARE_MIN: Final = 0.25

SYSTEM: Final = Pubkey.of("system")


@pytest.mark.slow
@pytest.mark.timeout(60 + COUNT // 10)
@pytest.mark.parametrize("part", range(PARTS))
def test_random_transactions_end_alike(part: int) -> None:
    chains = -(-COUNT // MESSAGES_EACH)
    succeeded = [run_beside(SEED + number) for number in range(part, chains, PARTS)]
    assert sum(succeeded) > SUCCESS_SHARE_MIN * MESSAGES_EACH * len(succeeded)


def run_beside(seed: int) -> int:
    """How many of the transactions of one seed succeeded. Fails at the first that ends unlike."""
    succeeded = 0
    with Pair() as pair:
        chain = RandomChain(seed, bytes(pair.blockhash))
        for key, state in chain.accounts.items():
            pair.put(key, state)
        for number in range(MESSAGES_EACH):
            if number % 5 == 4:
                pair.next_blockhash()
            message = chain.message()
            theirs, ours = pair.send(
                message.calls, message.payer, priority_fee=message.priority_fee
            )
            unlike = pair.differing(pair.keys)
            if theirs != ours or unlike:
                pytest.fail(_told(seed, number, message, theirs, ours, unlike))
            succeeded += ours.error is None
    return succeeded


def _told(
    seed: int, number: int, message: Message, theirs: Ending, ours: Ending, unlike: list[str]
) -> str:
    lines = [f"SEALANE_BESIDE_SEED={seed}, transaction {number}", f"beside: {theirs}"]
    lines += [f"here:   {ours}", f"payer {message.payer}", *map(str, message.calls), *unlike]
    return "\n".join(lines)


def with_metas(count: int) -> Instruction:
    """A transfer that names so many accounts in all."""
    call = system.transfer(source="alice", destination="bob", lamports=1)
    rest = tuple(AccountMeta(Pubkey.of(f"x{n}"), writable=True) for n in range(count - 2))
    return Instruction(call.program_id, call.accounts + rest, call.data)


@pytest.mark.parametrize(("count", "ok"), [(62, True), (63, True), (64, False), (127, False)])
def test_locks(count: int, ok: bool) -> None:
    """The system program is one more key."""
    with Pair() as pair:
        for name in ("alice", "bob"):
            pair.put(Pubkey.of(name), Account(10**10, SYSTEM))
        theirs, ours = pair.send([with_metas(count)], Pubkey.of("alice"))
        assert theirs == ours == Ending(None if ok else "TooManyAccountLocks")


NONCE = NonceAccount(version=NonceVersion.Current, state=NonceState.Initialized).encode()


@pytest.mark.parametrize(
    ("lamports", "data", "error"),
    [
        (10**9, bytes(8), "InvalidAccountForFee"),
        (10**9, bytes(80), "InvalidAccountForFee"),
        (10**9, NONCE + b"\0", "InvalidAccountForFee"),
        (NONCE_RENT + LAMPORTS_PER_SIGNATURE - 1, NONCE, "InsufficientFundsForFee"),
        (NONCE_RENT + LAMPORTS_PER_SIGNATURE, NONCE, None),
        (BARE_RENT + LAMPORTS_PER_SIGNATURE - 1, b"", "InsufficientFundsForRent"),
        (LAMPORTS_PER_SIGNATURE, b"", None),
        (LAMPORTS_PER_SIGNATURE - 1, b"", "InsufficientFundsForFee"),
    ],
)
def test_payers(lamports: int, data: bytes, error: str | None) -> None:
    payer = Pubkey.of("payer")
    with Pair() as pair:
        pair.put(payer, Account(lamports, SYSTEM, data))
        theirs, ours = pair.send([memo.add_memo(memo=b"paid")], payer)
        assert theirs == ours
        assert ours.error == error
        assert pair.differing(pair.keys) == []

"""Realistic transactions: several programs, some with two calls, some that fail."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from ...primitives import SYSTEM_PROGRAM_ID, Account, Instruction, Pubkey, Transaction
from ...programs.library.memo import add_memo
from ...programs.library.system import transfer as system_transfer
from ...programs.library.token.transfer import transfer as token_transfer
from .calls import FEE_LAMPORTS, account_key
from .programs import payments
from .programs import transfer as payments_transfer
from .transfers import payers, token_holders

_SEED: Final = 11
_ACCOUNTS: Final = 4_000  # of each kind
_FAIL_EVERY: Final = 10
_MEMO_EVERY: Final = 20
_AMOUNT: Final = 1
_TOO_MUCH: Final = 1 << 63
# Account numbers. Token accounts are even, their owners the following odd ones.
_TOKENS: Final = range(2 * _ACCOUNTS)
_WALLETS: Final = range(2 * _ACCOUNTS, 3 * _ACCOUNTS)
_PAYMENTS: Final = range(3 * _ACCOUNTS, 4 * _ACCOUNTS)


def mixed_accounts() -> tuple[list[Pubkey], list[Account]]:
    """The keys and initial states of all accounts that can occur."""
    keys = [account_key(number) for number in range(_PAYMENTS.stop)]
    wallets = payers(SYSTEM_PROGRAM_ID, _WALLETS)
    return keys, [*token_holders(_TOKENS), *wallets, *payers(payments.id, _PAYMENTS)]


def mixed_transactions(count: int) -> list[Transaction]:
    """Transfers by three programs in turn; every tenth or so fails, every twentieth has a memo."""
    draws = Random(_SEED)
    made: list[Transaction] = []
    for position in range(count):
        amount = _AMOUNT if draws.randrange(_FAIL_EVERY) else _TOO_MUCH
        call, payer = _TRANSFERS[position % len(_TRANSFERS)](draws, amount)
        memos = [] if draws.randrange(_MEMO_EVERY) else [add_memo(memo=b"%d" % position)]
        made.append(Transaction([call, *memos], payer=payer, fee=FEE_LAMPORTS))
    return made


def _by_system(draws: Random, amount: int) -> tuple[Instruction, Pubkey]:
    source, destination = _two(_WALLETS, draws)
    return system_transfer(source=source, destination=destination, lamports=amount), source


def _by_payments(draws: Random, amount: int) -> tuple[Instruction, Pubkey]:
    source, destination = _two(_PAYMENTS, draws)
    return payments_transfer(source=source, destination=destination, amount=amount), source


def _by_token(draws: Random, amount: int) -> tuple[Instruction, Pubkey]:
    source, destination = draws.sample(_TOKENS[::2], 2)
    owner = account_key(source + 1)
    call = token_transfer(
        source=account_key(source),
        destination=account_key(destination),
        authority=owner,
        signers=[],
        amount=amount,
    )
    return call, owner


def _two(numbers: range, draws: Random) -> tuple[Pubkey, Pubkey]:
    one, other = draws.sample(numbers, 2)
    return account_key(one), account_key(other)


_TRANSFERS: Final[tuple[Callable[[Random, int], tuple[Instruction, Pubkey]], ...]] = (
    _by_system,
    _by_payments,
    _by_token,
)

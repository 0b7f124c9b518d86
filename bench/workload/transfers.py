"""The same transfers in every form that contestants take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ...primitives import Account, Pubkey, Transaction
from ...programs.kit import Program
from ...programs.kit.program.instruction import InstructionSpec
from ...programs.library.token.state import TOKEN_ID, AccountState, TokenAccount
from ...programs.library.token.transfer import transfer as token_transfer
from ..peers.dict_loop import Transfers
from .access import Shape, drawn_pairs
from .calls import (
    FEE_LAMPORTS,
    SIGN_AND_WRITE,
    STARTING_LAMPORTS,
    WRITE,
    Calls,
    account_key,
    encoded,
)

AMOUNT: Final = 1
_STARTING_TOKENS: Final = 10**12
_MINT: Final = Pubkey.of("a mint for measuring")


def transfer_calls(program: Program, spec: InstructionSpec, accounts: int, count: int) -> Calls:
    """`count` transfers between uniformly drawn accounts; the source signs and pays the fee."""
    pairs = drawn_pairs(Shape("uniform", "", accounts), count)
    data = encoded(spec.tag, np.full(count, AMOUNT, dtype="<u8"))
    return Calls(program, pairs, (SIGN_AND_WRITE, WRITE), data)


def token_transfer_calls(program: Program, accounts: int, count: int) -> Calls:
    """`count` token transfers; each token account has an owner, who signs and pays the fee.

    Token accounts have even numbers, their owners the following odd ones.
    """
    pairs = drawn_pairs(Shape("uniform", "", accounts), count)
    rows = np.stack([2 * pairs[:, 0], 2 * pairs[:, 1], 2 * pairs[:, 0] + 1], axis=1)
    data = encoded(token_transfer.tag, np.full(count, AMOUNT, dtype="<u8"))
    return Calls(program, rows, (WRITE, WRITE, SIGN_AND_WRITE), data, payer=2)


def numbers_of(calls: Calls) -> list[int]:
    """Every account used, once."""
    return np.unique(calls.accounts).tolist()


def payers(program_id: Pubkey, numbers: Sequence[int]) -> list[Account]:
    """The initial accounts of plain transfers."""
    return [Account(STARTING_LAMPORTS, program_id)] * len(numbers)


def token_holders(numbers: Sequence[int]) -> list[Account]:
    """The initial accounts of token transfers."""
    return [
        Account(STARTING_LAMPORTS)
        if number % 2
        else Account(STARTING_LAMPORTS, TOKEN_ID, _token_account(account_key(number + 1)))
        for number in numbers
    ]


def transactions(spec: InstructionSpec, calls: Calls) -> list[Transaction]:
    """The same transfers as objects of the public API."""
    return [
        Transaction(
            [spec(source=source, destination=destination, amount=amount)],
            payer=source,
            fee=FEE_LAMPORTS,
        )
        for source, destination, amount in pays(calls)
    ]


def pays(calls: Calls) -> Transfers:
    """(source, destination, amount) of each."""
    rows: list[list[int]] = calls.accounts.tolist()
    keys = {number: account_key(number) for number in numbers_of(calls)}
    return [(keys[source], keys[destination], AMOUNT) for source, destination in rows]


def _token_account(owner: Pubkey) -> bytes:
    return TokenAccount(
        mint=_MINT,
        token_owner=owner,
        amount=_STARTING_TOKENS,
        delegate=None,
        state=AccountState.Initialized,
        is_native=None,
        delegated_amount=0,
        close_authority=None,
    ).encode()

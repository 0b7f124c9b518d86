"""Codes of what an application answers: why something was refused, or how a transaction failed.

    codespace     code              what
    ""            0                 fine
    "sealane"     1 to 99           refused by the node, `Code`; the transaction was not executed
    "sealane"     1000 + code       an error of the transaction as a whole, TransactionErrors
    "sealane"     2000 + code       an error of an instruction by the runtime, InstructionErrors
    "mempool"     1 and above       refused by the mempool, mempool/refusal.py; it may come again
    a program     its own           an error of that program; its code 0 becomes 4294967295

Guarantees: no failure has code 0, which engines take for success. A log begins with the name.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from ..primitives import Failure, TransactionErrors

CODESPACE: Final = "sealane"
OK: Final = 0
TRANSACTION_ERRORS_FROM: Final = 1_000
INSTRUCTION_ERRORS_FROM: Final = 2_000
# As Solana's runtime, which must tell a program's custom error 0 from success as well.
CUSTOM_ZERO: Final = 2**32 - 1


class Code(IntEnum):
    """Why the node refuses something, in codespace "sealane". Transactions, then queries."""

    MALFORMED = 1
    RESERVED_ACCOUNT = 2
    BLOCKHASH_NOT_FOUND = 3
    ALREADY_PROCESSED = 4
    INVALID_SIGNATURE = 5
    OVER_BLOCK_LIMIT = 6
    FEE_OVERFLOW = 7
    FEES_EXCEED_BALANCE = 8
    CHAIN_NOT_STARTED = 9
    UNKNOWN_PATH = 50
    INVALID_KEY = 51
    HEIGHT_NOT_KEPT = 52
    NO_PROOF = 53


class Refusal(NamedTuple):
    """Why a transaction is not executed. `log` begins with the name of the reason."""

    code: int
    log: str

    @classmethod
    def of(cls, code: Code, why: str) -> Refusal:
        return cls(int(code), f"{code.name}: {why}")

    @classmethod
    def of_failure(cls, failure: Failure) -> Refusal:
        """For a failure that is found before a transaction is executed: one of the runtime's."""
        return cls(code_of(failure), log_of(failure))


def code_of(failure: Failure) -> int:
    """The code of a failure in its codespace; never 0."""
    if failure.program is not None:
        return failure.code or CUSTOM_ZERO
    if failure.name in TransactionErrors.__members__:
        return TRANSACTION_ERRORS_FROM + failure.code
    return INSTRUCTION_ERRORS_FROM + failure.code


def codespace_of(failure: Failure) -> str:
    return CODESPACE if failure.program is None else failure.program


def log_of(failure: Failure) -> str:
    where = "" if failure.instruction is None else f" (instruction {failure.instruction})"
    return f"{failure.full_name}: {failure.message}{where}"

"""Blocks of transfers, from the prepared block to receipts and state root, in memory.

Each round gets a new block, so nothing about it is cached. Rules and fees are on. Accounts exist
beforehand; on each side, those used by the transfers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from ...programs.kit import Program
from ...programs.library.system import system
from ...programs.library.system import transfer as system_transfer
from ...programs.library.token import token
from ...runtime import Block, Runtime
from ..measure.contestants import DICT_LOOP, LITESVM, LITESVM_SIGNED, SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..peers import litesvm
from ..peers.dict_loop import run_transfers
from ..workload.accounts import place
from ..workload.calls import FEE_LAMPORTS, STARTING_LAMPORTS, Calls, account_key, fresh
from ..workload.programs import payments
from ..workload.programs import transfer as payments_transfer
from ..workload.running import executed
from ..workload.transfers import (
    numbers_of,
    payers,
    pays,
    token_holders,
    token_transfer_calls,
    transactions,
    transfer_calls,
)

_WORKERS: Final = 2
_PYTHON: Final = "Python handler"
_OBJECTS: Final = "Python handler, from Transaction objects"
_BATCH: Final = "batch handler"
_TOKENS: Final = "token.transfer by batch"
_FROM_BLOCK: Final = (
    "prepared block, new to a runtime with 2 workers → DAG, plan, execution, receipts, root"
)


def transfers() -> tuple[Scenario, ...]:
    """Targets 3 to 5."""
    return (
        Scenario(
            "transfers-1m",
            "transfers over 1,000,000 accounts",
            _over_most,
            (
                Target(3, _PYTHON, LITESVM.name, at_least=2.5),
                Target(3, _OBJECTS, LITESVM.name, at_least=1),
                Target(4, _BATCH, LITESVM.name, at_least=8),
            ),
        ),
        Scenario(
            "transfers-10k",
            "transfers over 10,000 accounts",
            partial(_over, 10_000),
            (Target(5, _PYTHON, LITESVM.name, at_least=1.5),),
        ),
        Scenario(
            "transfers-1k",
            "transfers over 1,000 accounts",
            partial(_over, 1_000),
            (Target(5, _PYTHON, LITESVM.name, at_least=1),),
        ),
        Scenario(
            "tokens-1m",
            "token transfers over 1,000,000 accounts, beside LiteSVM's system transfers",
            _tokens,
            (Target(4, _TOKENS, LITESVM.name, at_least=4),),
        ),
    )


@contextmanager
def _over_most(scale: Scale) -> Generator[Sequence[Side]]:
    with ExitStack() as stack:
        calls = transfer_calls(payments, payments_transfer, scale.accounts, scale.transactions)
        listed = transactions(payments_transfer, calls)
        python, batch = _handlers(calls, stack)
        objects_runtime = stack.enter_context(_runtime(calls, payments))
        objects = Side(
            _OBJECTS,
            SEALANE,
            Unit.RATE,
            "list of Transactions → block; then as the prepared block",
            rate(len(calls), lambda: listed, partial(executed, objects_runtime)),
        )
        yield (python, objects, batch, *_peers(calls), *_signed(scale))


@contextmanager
def _over(accounts: int, scale: Scale) -> Generator[Sequence[Side]]:
    with ExitStack() as stack:
        count = min(accounts, scale.accounts)
        calls = transfer_calls(payments, payments_transfer, count, scale.transactions)
        yield (*_handlers(calls, stack), *_peers(calls))


@contextmanager
def _tokens(scale: Scale) -> Generator[Sequence[Side]]:
    with ExitStack() as stack:
        calls = token_transfer_calls(token, scale.accounts, scale.transactions)
        numbers = numbers_of(calls)
        runtime = stack.enter_context(Runtime(workers=_WORKERS))
        place(runtime, [account_key(number) for number in numbers], token_holders(numbers))
        plain = transfer_calls(system, system_transfer, scale.accounts, scale.transactions)
        yield (_side(_TOKENS, runtime, calls.block()), *_peers(plain))


def _handlers(calls: Calls, stack: ExitStack) -> tuple[Side, Side]:
    """The same transfers by a user's scalar handler and by the system program's batch handler."""
    data = transfer_calls(system, system_transfer, 2, len(calls)).data  # all amounts are equal
    plain = Calls(system, calls.accounts, calls.rights, data)
    python, batch = (stack.enter_context(_runtime(each, each.program)) for each in (calls, plain))
    return (
        _side(_PYTHON, python, calls.block()),
        _side(_BATCH, batch, plain.block()),
    )


@contextmanager
def _runtime(calls: Calls, program: Program) -> Generator[Runtime]:
    """A runtime with the accounts of these calls, owned by their program."""
    numbers = numbers_of(calls)
    with Runtime(workers=_WORKERS, programs=[payments]) as runtime:
        keys = [account_key(number) for number in numbers]
        place(runtime, keys, payers(program.id, numbers))
        yield runtime


def _side(name: str, runtime: Runtime, block: Block) -> Side:
    measure = rate(len(block), lambda: runtime.prepare(fresh(block)), partial(executed, runtime))
    return Side(name, SEALANE, Unit.RATE, _FROM_BLOCK, measure)


def _peers(calls: Calls) -> list[Side]:
    """The same transfers on LiteSVM, if installed, and in a plain loop."""
    given = pays(calls)
    balances = dict.fromkeys((account_key(n) for n in numbers_of(calls)), STARTING_LAMPORTS)
    loop = Side(
        DICT_LOOP.name,
        DICT_LOOP,
        Unit.RATE,
        "one after the other; fees taken",
        rate(len(calls), lambda: given, lambda each: run_transfers(balances, each, FEE_LAMPORTS)),
    )
    if not litesvm.is_installed():
        return [loop]
    send = litesvm.unsigned_transfers(given, STARTING_LAMPORTS)
    return [_litesvm_side(send, len(calls)), loop]


def _litesvm_side(send: Callable[[], None], count: int) -> Side:
    includes = "transactions built before, sent one after the other; fees taken"
    measure = rate(count, lambda: None, lambda _: send())
    return Side(LITESVM.name, LITESVM, Unit.RATE, includes, measure)


def _signed(scale: Scale) -> list[Side]:
    if not litesvm.is_installed():
        return []
    send = litesvm.signed_transfers(scale.signed, STARTING_LAMPORTS)
    return [
        Side(
            LITESVM_SIGNED.name,
            LITESVM_SIGNED,
            Unit.RATE,
            f"{scale.signed:,} transactions signed before, sent one after the other; fees taken",
            rate(scale.signed, lambda: None, lambda _: send()),
        )
    ]

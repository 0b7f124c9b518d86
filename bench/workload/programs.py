"""Programs as users write them, for measuring: scalar handlers only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from time import perf_counter
from typing import Final

from ...programs.kit import Errors, Mut, Program, Signer, UncheckedAccount, require, u32, u64

_CALIBRATION_STEPS: Final = 20_000
_CALIBRATIONS: Final = 7


class PaymentError(Errors):
    """Errors of payments."""

    TooLittle = 1, "the source holds less than that"


payments = Program("payments", errors=PaymentError, pays_fees=True)


@payments.instruction(tag=0)
def transfer(source: Mut[Signer], destination: Mut[UncheckedAccount], amount: u64) -> None:
    """Move lamports."""
    require(source.lamports >= amount, PaymentError.TooLittle)
    source.lamports -= amount
    destination.lamports += amount


work = Program("work", pays_fees=True)


@work.instruction(tag=0)
def toil(
    source: Mut[Signer],
    destination: Mut[UncheckedAccount],
    first_read: UncheckedAccount,
    second_read: UncheckedAccount,
    steps: u32,
) -> None:
    """Move a lamport after `steps` of pure Python work."""
    spin(steps)
    source.lamports -= 1
    destination.lamports += 1


def spin(steps: int) -> int:
    """Work that cannot be optimised away: each step depends on the previous one."""
    value = 1
    for _ in range(steps):
        value = (value * 31 + 7) % 1_000_003
    return value


@cache
def steps_per_us() -> float:
    """The number of `spin` steps that this machine does in a microsecond, at best."""
    best = min(_seconds(lambda: spin(_CALIBRATION_STEPS)) for _ in range(_CALIBRATIONS))
    return _CALIBRATION_STEPS / (best * 1e6)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started

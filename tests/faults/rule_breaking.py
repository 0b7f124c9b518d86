"""A program that breaks every rule for programs that the fault list names; and one that is not
deterministic. Nothing here harms the process that runs it."""

from __future__ import annotations

import os
import random
import time
from typing import Any, NoReturn, cast

import numpy as np

from sealane.programs import Context, Layout, Mut, Program, Signer, UncheckedAccount, i64, u64


class Vault(Layout):
    amount: u64
    delta: i64


offence = Program("offence", layouts=[Vault])
kept_views: list[Any] = []


class Unprintable(Exception):
    """Can be neither pickled nor printed."""

    def __init__(self) -> None:
        super().__init__(lambda: None)

    def __reduce__(self) -> NoReturn:
        raise TypeError("no pickle of me")

    def __str__(self) -> NoReturn:
        raise SystemExit("no text of me")

    __repr__ = __str__


class OddError(BaseException):
    """No Exception."""


RAISED: dict[int, type[BaseException]] = {
    0: ValueError,
    1: SystemExit,
    2: KeyboardInterrupt,
    3: GeneratorExit,
    4: OddError,
    5: Unprintable,
    6: StopIteration,
    7: AssertionError,
}


@offence.instruction(tag=0)
def deposit(vault: Mut[Vault], amount: u64) -> None:
    vault.amount += amount


@offence.instruction(tag=1)
def raise_it(vault: Mut[Vault], which: u64) -> None:
    vault.amount = 999
    raise RAISED[which]()


@offence.instruction(tag=2)
def recurse(ctx: Context, vault: Mut[Vault]) -> None:
    """Logs how deep it came; that is the same everywhere, or the receipts differ."""
    depth = 0

    def deeper() -> None:
        nonlocal depth
        depth += 1
        deeper()

    try:
        deeper()
    finally:
        ctx.log(f"{depth} frames")


@offence.instruction(tag=3)
def recurse_in_a_nested_call(ctx: Context, vault: Mut[Vault]) -> None:
    ctx.invoke(recurse(vault=vault))


@offence.instruction(tag=4)
def read_undeclared(ctx: Context, vault: Mut[Vault], who: bytes) -> None:
    vault.amount = ctx.account(who).lamports


@offence.instruction(tag=5)
def write_undeclared(ctx: Context, vault: Mut[Vault], who: bytes) -> None:
    ctx.account(who).lamports += 1


@offence.instruction(tag=6)
def pass_on_undeclared(ctx: Context, vault: Mut[Vault], who: bytes) -> None:
    ctx.invoke(deposit(vault=who, amount=1))


@offence.instruction(tag=7)
def write_readonly(ctx: Context, vault: Vault, way: u64) -> None:
    data = vault.data
    if way == 0:
        vault.amount = 1
    elif way == 1:
        vault.data[0] = 1
    elif way == 2:
        data[0:4] = b"\1\1\1\1"
    elif way == 3:
        data.cast("Q")[0] = 1
    elif way == 4:
        vault.data = bytes(16)
    elif way == 5:
        vault.resize(32)
    elif way == 6:
        vault.lamports += 1
    elif way == 7:
        ctx.account(vault.key).lamports += 1
    elif way == 8:
        vault.owner = "system"
    elif way == 9:
        np.frombuffer(data, dtype=np.uint8)[0] = 1


@offence.instruction(tag=8)
def keep_view(vault: Mut[Vault]) -> None:
    kept_views.append(vault)


@offence.instruction(tag=9)
def keep_data(vault: Mut[Vault]) -> None:
    kept_views.append(vault.data)


@offence.instruction(tag=10)
def keep_slice(vault: Mut[Vault]) -> None:
    kept_views.append(vault.data[4:])


@offence.instruction(tag=11)
def use_kept(vault: Mut[Vault], way: u64) -> None:
    kept = kept_views.pop()
    if way == 0:
        vault.amount = kept.amount
    elif way == 1:
        kept.amount = 1
    elif way == 2:
        vault.amount = kept.lamports
    elif way == 3:
        kept.data[0] = 1
    elif way == 4:
        kept[0] = 1
    elif way == 5:
        vault.amount = kept[0]


@offence.instruction(tag=12)
def mint(vault: Mut[Vault], other: Mut[UncheckedAccount], amount: i64) -> None:
    """Creates lamports; with a negative amount, destroys them."""
    vault.lamports += amount


@mint.batch
def mint_vectorized(vault: Any, other: Any, amount: Any) -> None:
    vault.lamports += 5


@offence.instruction(tag=13)
def store_odd(vault: Mut[Vault], which: u64) -> None:
    odd: list[Any] = [-1, 2**64, True, 1.0, np.uint64(1), np.int64(-1), None, "1", 1 + 0j]
    vault.amount = odd[which]


@offence.instruction(tag=14)
def pay_odd(vault: Mut[Vault], which: u64) -> None:
    odd: list[Any] = [-1, 2**64, True, 1.0, np.uint64(1), np.int64(-1), None, "1", 1 + 0j]
    vault.lamports = odd[which]


@offence.instruction(tag=15)
def add_wrapping(vault: Mut[Vault], amount: u64) -> None:
    vault.amount = vault.amount + amount


add_wrapping.batch(add_wrapping.handler)


@offence.instruction(tag=16)
def withdraw(vault: Mut[Vault], amount: u64) -> None:
    vault.amount = vault.amount - amount


withdraw.batch(withdraw.handler)


@offence.instruction(tag=19)
def tell_process(ctx: Context, vault: Mut[Vault]) -> None:
    ctx.log(str(os.getpid()))


@offence.instruction(tag=17)
def store_true(vault: Mut[Vault]) -> None:
    vault.amount = True


@store_true.batch
def store_true_vectorized(vault: Any) -> None:
    vault.amount = True


@offence.instruction(tag=18)
def store_float(vault: Mut[Vault]) -> None:
    cast(Any, vault).amount = 1.0


@store_float.batch
def store_float_vectorized(vault: Any) -> None:
    vault.amount = 1.0


moody = Program("moody", layouts=[])
_seen: list[int] = []


@moody.instruction(tag=0)
def use_time(account: Mut[UncheckedAccount]) -> None:
    account.data[:8] = time.perf_counter_ns().to_bytes(8, "little")


@moody.instruction(tag=1)
def use_chance(account: Mut[UncheckedAccount]) -> None:
    account.data[:8] = random.randbytes(8)


@moody.instruction(tag=2)
def use_hash_order(account: Mut[UncheckedAccount]) -> None:
    account.data[:8] = (hash("x" * 9) % 2**63).to_bytes(8, "little")


@moody.instruction(tag=3)
def use_globals(account: Mut[UncheckedAccount]) -> None:
    _seen.append(1)
    account.data[:8] = len(_seen).to_bytes(8, "little")


@moody.instruction(tag=4)
def behave(account: Mut[UncheckedAccount], who: Signer) -> None:
    account.data[:8] = (int.from_bytes(account.data[:8], "little") + 1).to_bytes(8, "little")

"""A program of one's own, and state that outlives the process.

A parent fills a purse and says how much of it a child may spend before the next refill. Two blocks
are executed on a durable store; then it is opened again, as another process would.

It prints:

ice cream: ok
bicycle: TooMuch
refill: ok
comic: ok
height 2, the purse has 2500 and 500 left to spend
"""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory

from sealane import Instruction, Runtime, Transaction
from sealane.programs import Errors, Layout, Mut, Program, Pubkey, Signer, require, u64


class Purse(Layout):
    parent: Pubkey
    child: Pubkey
    balance: u64
    spendable: u64


class AllowanceError(Errors):
    NotYours = 1, "the signer is neither who fills nor who spends this purse"
    TooMuch = 2, "more than may be spent before the next refill"


allowance = Program("allowance", errors=AllowanceError, layouts=[Purse])


@allowance.instruction(tag=0)
def refill(purse: Mut[Purse], parent: Signer, amount: u64, spendable: u64) -> None:
    require(purse.parent == parent.key, AllowanceError.NotYours)
    purse.balance += amount
    purse.spendable = spendable


@allowance.instruction(tag=1)
def spend(purse: Mut[Purse], child: Signer, amount: u64) -> None:
    require(purse.child == child.key, AllowanceError.NotYours)
    require(amount <= purse.spendable, AllowanceError.TooMuch, account=purse)
    purse.spendable -= amount
    purse.balance -= amount


def main() -> None:
    with TemporaryDirectory() as store:
        with Runtime(store=store, programs=[allowance], workers=0) as runtime:
            purse = Purse(parent="parent", child="child", balance=3000, spendable=500)
            runtime.set_account("purse", data=purse)
            buy = {"ice cream": spending(300), "bicycle": spending(2000)}
            print(*outcomes(runtime, buy), sep="\n")
            more = refill(purse="purse", parent="parent", amount=500, spendable=1200)
            print(*outcomes(runtime, {"refill": more, "comic": spending(700)}), sep="\n")
        with Runtime(store=store, programs=[allowance], workers=0) as again:
            account = again.account("purse")
            assert account is not None
            kept = Purse.decode(account.data)
            left = f"{kept.balance} and {kept.spendable} left to spend"
            print(f"height {again.height}, the purse has {left}")


def spending(amount: int) -> Instruction:
    return spend(purse="purse", child="child", amount=amount)


def outcomes(runtime: Runtime, calls: dict[str, Instruction]) -> Iterator[str]:
    """Execute one block of these calls, and say how each ended."""
    block = [Transaction([call], id=name) for name, call in calls.items()]
    for name, receipt in zip(calls, runtime.execute(block).transactions, strict=True):
        yield f"{name}: {'ok' if receipt.error is None else receipt.error.name}"


if __name__ == "__main__":
    main()

"""What holds whatever users, strategies and donors do, in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sealane
from sealane import Instruction, Transaction
from sealane.programs.library.token import Mint
from sealane.programs.library.vault import vault
from sealane.programs.library.vault.airdrops.index import owed_since
from sealane.programs.library.vault.pricing import Book, deposit_move, redeem_move
from sealane.testing import Vm

from .desk import PEOPLE, STARTING, Desk
from .reward_desk import HOLDERS, RewardDesk

MOVES = ("deposit", "mint", "withdraw", "redeem", "donate")
MANAGED = ("allocate", "gain", "loss", "repay", "collect")
LOCKED = ("lock", "unlock", "airdrop", "claim", "wait")
TERMS: dict[str, int] = {
    "entry_fee_bps": 30,
    "exit_fee_bps": 70,
    "performance_fee_bps": 1_000,
    "unlock_s": 500,
}

sizes = st.one_of(st.integers(0, 30), st.integers(0, 30_000))
Step = tuple[str, str, int]


def steps(kinds: tuple[str, ...]) -> st.SearchStrategy[list[Step]]:
    step = st.tuples(st.sampled_from(kinds), st.sampled_from(HOLDERS), sizes)
    return st.lists(step, min_size=5, max_size=25)


def begun(vm: Vm, offset: int | None) -> RewardDesk:
    rewards = RewardDesk(Desk(vm, offset=offset))
    rewards.desk.set_terms(**TERMS)
    rewards.desk.open_strategy("farm", debt_max=50_000)
    return rewards


def call_of(rewards: RewardDesk, kind: str, who: str, amount: int) -> Instruction | None:
    desk = rewards.desk
    match kind:
        case "deposit" | "mint" | "withdraw" | "redeem" | "donate":
            return getattr(desk, kind)(who, amount)
        case "allocate" | "repay":
            return getattr(desk, kind)("farm", amount)
        case "gain":
            return desk.report("farm", gain=amount)
        case "loss":
            return desk.report("farm", loss=amount)
        case "collect":
            return desk.collect()
        case "lock":
            return rewards.lock(who, amount, 100 + amount % 900)
        case "unlock" | "claim":
            return getattr(rewards, kind)(who)
        case "airdrop":
            return rewards.airdrop(amount)
        case _:
            return None


@pytest.mark.parametrize("offset", [None, 0, 3])
@settings(max_examples=8)
@given(steps(MOVES + MANAGED + LOCKED))
def test_assets_cover_shares_and_only_a_loss_lowers_their_price(
    offset: int | None, steps: list[Step]
) -> None:
    with Vm() as vm:
        rewards = begun(vm, offset)
        for step in steps:
            before = rewards.desk.book()
            call = call_of(rewards, *step)
            if call is None:
                vm.advance(seconds=1 + step[2])
            elif vm.try_send(call).ok and step[0] != "loss":
                check_price(before, rewards.desk.book())
            check(rewards)
        everybody_leaves(rewards)


def check_price(before: Book, after: Book) -> None:
    if before.unpriced or after.unpriced or not before.assets + before.virtual_assets:
        return
    assert after.price[0] * before.price[1] >= before.price[0] * after.price[1]


def check(rewards: RewardDesk) -> None:
    desk = rewards.desk
    state, book = desk.state(), desk.book()
    assert desk.tokens("idle") == state.idle + state.fees_owed
    assert state.debt == desk.strategy("farm").debt
    supply = desk.vm.read("shares", Mint).supply
    held = sum(desk.tokens(f"{name}_shares") for name in PEOPLE) + desk.tokens("locked0")
    assert held == supply == state.shares - state.fee_shares
    if book.assets + book.virtual_assets:
        assert book.assets >= book.assets_down(state.shares)
    assert sum(desk.tokens(f"{name}_usd") for name in PEOPLE) + desk.tokens("idle") == (
        len(PEOPLE) * STARTING
    )
    check_rewards(rewards)


def check_rewards(rewards: RewardDesk) -> None:
    pool, locks = rewards.pool(), [rewards.lock_of(who) for who in HOLDERS]
    owed = sum(lock.owed + owed_since(lock.index, pool.index, lock.weight) for lock in locks)
    assert owed <= rewards.desk.tokens("gems0")
    assert sum(lock.weight for lock in locks) == rewards.weight()
    assert sum(lock.shares for lock in locks) == rewards.desk.tokens("locked0")


def everybody_leaves(rewards: RewardDesk) -> None:
    """Nothing stays but what virtual shares are worth, and less than a unit for each rounding."""
    desk, vm = rewards.desk, rewards.vm
    vm.advance(seconds=2_000)
    if desk.state().debt:
        vm.send(desk.repay("farm", desk.state().debt))
    vm.try_send(desk.collect())
    for who in HOLDERS:
        vm.try_send(rewards.unlock(who))
    desk.set_terms()
    book = desk.book()
    for who in (*HOLDERS, "boss"):
        vm.try_send(desk.redeem(who, desk.tokens(f"{who}_shares")))
    if desk.state().shares:
        return  # solmate's refuse to burn shares that are worth nothing
    of_virtual = book.assets_up(book.virtual_shares)
    assert desk.tokens("idle") <= of_virtual + len(PEOPLE) * (book.virtual_assets + 1)
    assert book.virtual_shares or desk.tokens("idle") == 0


amounts = st.integers(1, 10**12)


@given(amounts, amounts, amounts, st.sampled_from([0, 3, 6, 18]))
def test_who_inflates_the_price_loses(first: int, gift: int, victim: int, offset: int) -> None:
    book = Book(0, 0, 1, 10**offset)
    attacker = deposit_move(book, first).shares
    book = book._replace(assets=first + gift, shares=attacker)
    bought = deposit_move(book, victim).shares
    book = book._replace(assets=book.assets + victim, shares=attacker + bought)
    lost = victim - redeem_move(book, bought).assets
    won = redeem_move(book, attacker).assets - first - gift
    assert won <= 0
    # The victim loses less than one share is worth, and that is less by the offset.
    assert lost <= book.assets_up(1) + 1 <= (first + gift + victim + 1) // 10**offset + 2


@settings(max_examples=4)
@given(steps(MOVES + MANAGED + LOCKED))
def test_a_block_of_it_is_the_same_in_lanes(steps: list[Step]) -> None:
    roots: set[str] = set()
    for workers in (0, 2):
        with Vm() as vm:
            rewards = begun(vm, 0)
            calls = [call_of(rewards, *step) for step in steps]
            block = [Transaction([call]) for call in calls if call is not None]
            with sealane.Runtime(workers=workers, programs=[vault]) as runtime:
                for name in names():
                    account = vm.account(name)
                    runtime.set_account(
                        name, lamports=account.lamports, owner=account.owner, data=account.data
                    )
                roots.add(runtime.execute(block).state_root)
    assert len(roots) == 1


def names() -> list[str]:
    tokens = [f"{name}_{mint}" for name in PEOPLE for mint in ("usd", "shares")]
    gems = [f"{name}_gems" for name in (*HOLDERS, "boss")]
    locks = [f"{name}_lock" for name in HOLDERS]
    pool = ["perks", "sums", "locked0", "gems0"]
    return ["savings", "usd", "shares", "idle", "farm", *PEOPLE, *tokens, *gems, *locks, *pool]

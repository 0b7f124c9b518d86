"""What holds whatever happens: tokens are conserved, and no more is paid than was given."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import sealane
from sealane import Instruction, Pubkey, Transaction
from sealane.programs.library.staking import Flow, Kind, Pool, Position, staking
from sealane.programs.library.staking.figures.pool_tokens import (
    lamports_for_withdrawal,
    tokens_for_deposit,
    tokens_for_rewards,
)
from sealane.programs.library.staking.figures.rewards import earned, index_rise, weighted_slots
from sealane.programs.library.staking.figures.slashing import loss_of
from sealane.programs.library.staking.liquid.state import Fee
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

from .lake import PEOPLE as DEPOSITORS
from .lake import VALIDATORS, Lake
from .stream import FUNDED, PEOPLE, STAKES, STARTING, Stream

amounts = st.integers(1, 2**64 - 1)
KINDS = ("stake", "withdraw", "leave", "claim", "notify", "wait")


@given(amounts, st.lists(st.integers(0, 2**63), min_size=1, max_size=5))
def test_shares_of_a_reward_add_up_to_no_more(reward: int, stakes: list[int]) -> None:
    total = sum(stakes)
    if total:
        rise = index_rise(reward, total, 10**18)
        assert sum(earned(s, rise, 0, 10**18, farm=False) for s in stakes) <= reward


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 20))
def test_slots_of_a_span_add_up(a: int, b: int, c: int, bonus: int) -> None:
    first, middle, last = sorted((a, b, c))
    end = b
    parts = weighted_slots(first, middle, end, bonus) + weighted_slots(middle, last, end, bonus)
    assert parts == weighted_slots(first, last, end, bonus)


@given(amounts, amounts, amounts)
def test_nothing_comes_from_rounding(total: int, supply: int, deposit: int) -> None:
    tokens = tokens_for_deposit(deposit, total, supply)
    assert lamports_for_withdrawal(tokens, total + deposit, supply + tokens) <= deposit
    half = tokens // 2
    first = lamports_for_withdrawal(half, total + deposit, supply + tokens)
    left, rest = total + deposit - first, supply + tokens - half
    assert first + lamports_for_withdrawal(tokens - half, left, rest) <= deposit


@given(amounts, st.integers(0, 2**63), st.integers(0, 2**16), st.integers(1, 2**16))
def test_a_fee_is_worth_no_more_than_its_share(
    total: int, reward: int, numerator: int, denominator: int
) -> None:
    fee = Fee(numerator=min(numerator, denominator), denominator=denominator)
    tokens = tokens_for_rewards(reward, total, total, fee)
    worth = lamports_for_withdrawal(tokens, total + reward, total + tokens)
    assert worth <= -(-reward * fee.numerator // fee.denominator)


@given(amounts, amounts, amounts, amounts)
def test_a_loss_is_in_proportion_and_never_more_than_all(
    stake: int, bond: int, a: int, b: int
) -> None:
    numerator, denominator = sorted((a, b))
    loss = loss_of(stake, bond, numerator, denominator)
    assert 0 <= loss.stake <= stake
    assert 0 <= loss.bond <= bond
    assert abs(loss.stake * bond - loss.bond * stake) <= stake + bond


def steps(kinds: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    step = st.tuples(st.sampled_from(kinds), st.integers(0, 5), st.integers(0, 3_000))
    return st.lists(step, min_size=8, max_size=25)


def call_of(stream: Stream, kind: str, who: int, amount: int) -> list[Instruction]:
    name, vault = PEOPLE[who % 3], who // 3
    match kind:
        case "stake":
            return [stream.refresh(), stream.stake(name, amount, vault)]
        case "withdraw":
            return [stream.refresh(), stream.withdraw(name, amount, vault)]
        case "leave":
            return [stream.leave(name, vault)] if amount < 1_000 else []
        case "claim":
            return [stream.claim(name, vault)]
        case "notify":
            return [stream.notify(amount * 50)]
        case _:
            stream.wait(1 + amount // 10)
            return []


@settings(max_examples=12)
@given(steps(KINDS))
def test_a_stream_pays_no_more_than_it_gave(steps: list[tuple[str, int, int]]) -> None:
    with Vm() as vm:
        stream, index = Stream(vm), 0
        for step in steps:
            calls = call_of(stream, *step)
            if calls:
                vm.try_send(*calls)
            assert stream.pool().index >= index
            index = stream.pool().index
            check(stream)
        leave_all(stream)


def check(stream: Stream) -> None:
    flow, pool = stream.flow(), stream.pool()
    staked = sum(stream.position(name).amount for name in PEOPLE)
    assert staked == pool.staked + flow.staked - flow.unstaked
    assert staked == stream.tokens("stakes0") + stream.tokens("stakes1")
    assert staked + sum(stream.tokens(f"{name}_lp") for name in PEOPLE) == 3 * STARTING
    paid = stream.rewards_paid()
    assert paid == pool.paid + flow.paid <= pool.distributed
    owed = sum(stream.position(name).owed for name in PEOPLE)
    assert paid + owed <= pool.distributed <= 2 * FUNDED


def leave_all(stream: Stream) -> None:
    """Everybody takes everything: all stakes are back, and less than a unit each stays owed."""
    stream.wait(10_000)
    stream.vm.send(stream.refresh(), stream.move_stakes(stream.tokens("stakes0")))
    stream.vm.send(stream.move_rewards(stream.tokens("rewards1")))
    for name in PEOPLE:
        if stream.position(name).amount:
            stream.vm.send(stream.withdraw(name, stream.position(name).amount, vault=1))
        stream.vm.send(stream.claim(name))
        assert stream.position(name).owed == 0
        assert stream.tokens(f"{name}_lp") == STARTING


def pooled(lake: Lake, kind: str, who: int, amount: int) -> list[Instruction]:
    name, validator = DEPOSITORS[who % 2], VALIDATORS[who % 2]
    match kind:
        case "deposit":
            return [lake.deposit(name, amount * 1_000)]
        case "withdraw":
            return [lake.withdraw(name, lake.tokens(name) * min(amount, 2_000) // 2_000)]
        case "delegate":
            return [lake.delegate(validator, amount * 300)]
        case "undelegate":
            return [lake.undelegate(validator, amount * 100)]
        case "reward":
            lake.vm.airdrop(validator, amount)
            return [lake.update()]
        case "slash":
            return [lake.slash(validator, amount + 1, 30_000), lake.update()]
        case _:
            lake.next_epoch()
            return [lake.update()]


POOL_KINDS = ("deposit", "withdraw", "delegate", "undelegate", "reward", "slash", "epoch")


@settings(max_examples=12)
@given(steps(POOL_KINDS))
def test_pool_tokens_gain_but_by_slashing(steps: list[tuple[str, int, int]]) -> None:
    with Vm() as vm:
        lake = Lake(vm)
        for kind, who, amount in steps:
            before = lake.pool()
            calls = pooled(lake, kind, who, amount)
            if calls:
                vm.try_send(*calls)
            after = lake.pool()
            assert after.supply == lake.supply()
            if kind != "slash" and before.supply and after.supply:
                risen = after.total_lamports * before.supply
                assert risen >= before.total_lamports * after.supply


def test_a_block_in_lanes_ends_as_in_order() -> None:
    ends = [run(workers) for workers in (0, 2)]
    assert ends[0] == ends[1]
    assert [len(wave) for wave in ends[0][0]] == [1, 8]


def run(workers: int) -> tuple[list[list[str]], bytes]:
    """A refresh, then stakes of eight people into vaults of their own."""
    with sealane.Runtime(workers=workers) as runtime:
        bump = Pubkey.find_program_address([b"stakes", Pubkey.of("pool")], staking.id)[1]
        pool = Pool(
            flow="flow",
            stake_mint="lp",
            authority=STAKES,
            bump=bump,
            kind=Kind.Stream,
            accepts_stakes=True,
            precision=10**18,
            refreshed_slot=2**40,
        )
        runtime.set_account("lp", owner="token", data=Mint(is_initialized=True), lamports=10**7)
        runtime.set_account("pool", owner=staking, data=pool, lamports=10**7)
        runtime.set_account("flow", owner=staking, data=Flow(pool="pool"), lamports=10**7)
        calls = [staking.refresh_stream(pool="pool", flow="flow")]
        for k in range(8):
            for name, owner, amount in ((f"lp{k}", f"u{k}", 9), (f"stakes{k}", STAKES, 0)):
                data = TokenAccount(
                    mint="lp", owner=owner, amount=amount, state=AccountState.Initialized
                )
                runtime.set_account(name, owner="token", data=data, lamports=10**7)
            position = Position(pool="pool", holder=f"u{k}")
            runtime.set_account(f"p{k}", owner=staking, data=position, lamports=10**7)
            calls.append(
                staking.stake(
                    pool="pool",
                    flow="flow",
                    position=f"p{k}",
                    source=f"lp{k}",
                    vault=f"stakes{k}",
                    holder=f"u{k}",
                    amount=k + 1,
                )
            )
        for k in range(9):
            runtime.set_account(f"payer{k}", lamports=10**9)
        block = [Transaction([call], payer=f"payer{k}") for k, call in enumerate(calls)]
        result = runtime.execute(block)
        assert all(receipt.error is None for receipt in result.transactions)
        assert Flow.decode(runtime.account("flow").data).staked == 36
        return [list(wave) for wave in result.waves], runtime.account("flow").data

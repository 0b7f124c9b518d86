"""Proposals: what transactions count towards limits, the chain's limits, the policy's order.

And fees: payers may spend theirs inside a block. What they cannot pay then has no place in a
proposal, and no effect where a block has it nevertheless.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Account, Block, Instruction, Runtime
from sealane.node import Application
from sealane.node.candidates import Executed
from sealane.node.costs import declared_cost
from sealane.node.parsed import Parsed
from sealane.node.proposing import BuiltBlock
from sealane.programs.library import compute_budget, memo, system
from sealane.scheduler.packing import Policy
from sealane.wire import decode_signed

from .senders import ALICE, CAROL, CHAIN_ID, FEE, FUNDS, Sender, begin, lamports, pay, run_block

# With signature, locks and 64 MiB to load, each costs 1,419,000 or so: 16 of one payer fit.
UNITS_MAX = 1_400_000
OF_ONE_PAYER = 16

GONE = 1_002  # AccountNotFound: the payer has nothing any more
HOLDS_DATA = 1_005  # InvalidAccountForFee
PEOPLE = tuple([Sender.named(name) for name in ("ann", "ben", "cid")])


def offer(node: Application, sender: Sender, price: int, text: str) -> bytes:
    """A note that asks for as much as it may."""
    return sender.send(
        node.blockhash,
        compute_budget.set_compute_unit_limit(units=UNITS_MAX),
        compute_budget.set_compute_unit_price(micro_lamports=price),
        memo.add_memo(memo=text.encode()),
    )


def test_a_payer_has_its_part_of_a_block_and_no_more() -> None:
    """It is written by all that it pays for, and an account has 40 % of a block."""
    with Runtime(workers=0) as runtime:
        node = begin(Application(runtime))
        offered = [offer(node, ALICE, 0, f"{number}") for number in range(OF_ONE_PAYER + 4)]
        other = offer(node, CAROL, 0, "another's")
        proposal = node.prepare([*offered, other])
        assert proposal == [*offered[:OF_ONE_PAYER], other]
        assert node.process(proposal)
        assert not node.process(offered[: OF_ONE_PAYER + 1])


@pytest.mark.parametrize(
    ("packing", "order"), [(Policy.GREEDY, [0, 1, 2]), (Policy.PRIO_GRAPH, [0, 2, 1])]
)
def test_the_order_is_that_of_the_policy(packing: Policy, order: list[int]) -> None:
    """Two of one payer pay best; under prio-graph the second waits behind what it cannot meet."""
    with Runtime(workers=0) as runtime:
        node = begin(Application(runtime, packing=packing))
        offered = [
            offer(node, ALICE, 3, "first"),
            offer(node, ALICE, 2, "second"),
            offer(node, CAROL, 1, "third"),
        ]
        proposal = node.prepare(offered)
        assert proposal == [offered[place] for place in order]
        assert node.process(proposal)


# One signature, two locks for writing, 12 bytes of data, one call of a builtin, 64 MiB to load.
TRANSFER = 720 + 2 * 300 + 12 // 4 + 3_000 + 64 * 1024 // 32 * 8


@pytest.mark.parametrize(
    ("calls", "cost"),
    [
        ((), TRANSFER),
        ((compute_budget.set_compute_unit_limit(units=500),), TRANSFER - 3_000 + 500 + 5 // 4),
        (
            (compute_budget.set_loaded_accounts_data_size_limit(bytes_max=1),),
            TRANSFER - 64 * 1024 // 32 * 8 + 8 + 3_000 + 5 // 4,
        ),
    ],
)
def test_a_transfer(calls: tuple[Instruction, ...], cost: int) -> None:
    for sender in (ALICE, CAROL):
        assert declared_cost(decode_signed(sender.pay(bytes(32), "bob", 1, *calls))) == cost


def test_a_program_that_is_no_builtin() -> None:
    raw = ALICE.send(bytes(32), Instruction(memo.id, (), b"hi!!"))
    assert declared_cost(decode_signed(raw)) == 720 + 300 + 1 + 200_000 + 16_384


def test_what_is_allocated_counts(node: Application) -> None:
    blockhash = node.blockhash
    create = system.allocate(account=ALICE.key, space=1_000)
    chain = node._running  # pyright: ignore[reportPrivateUsage] - as the node itself reads them
    parsed = [
        chain.parsed.parse(raw)
        for raw in (ALICE.pay(blockhash, "bob", 1), ALICE.send(blockhash, create))
    ]
    found = [each for each in parsed if isinstance(each, Parsed)]
    items = BuiltBlock.of(node.runtime, found).pending.items
    assert [item.allocated for item in items] == [0, 1_000]
    assert [item.cost for item in items] == [each.cost for each in found]
    assert node.runtime.account(ALICE.key) != Account()


def count_executions(node: Application, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The transactions of each block that the node executes from now on."""
    executed: list[int] = []
    execute = node.runtime.execute_candidate

    def counted(block: Block, **options: object) -> object:
        executed.append(len(block))
        return execute(block, **options)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(node.runtime, "execute_candidate", counted)
    return executed


def drained(node: Application) -> list[bytes]:
    """Alice sends away all that she has; what comes after that she cannot pay. Carol can."""
    return [
        pay(node, FUNDS - FEE),
        pay(node, 1),
        CAROL.pay(node.blockhash, "bob", 1),
        pay(node, 2),
    ]


def test_one_that_the_payer_cannot_pay_at_its_turn(node: Application) -> None:
    raws = drained(node)
    assert not node.process(raws)
    assert not node.process(raws)  # found again, and no better
    assert not node.process(raws[:2])
    assert node.process(raws[:1])
    proposal = node.prepare(raws)
    assert proposal == [raws[0], raws[2]]
    assert node.process(proposal)


def test_a_decided_block_is_executed_with_it(node: Application) -> None:
    raws = drained(node)
    finalized = node.finalize(1, raws)
    assert [each.code for each in finalized.outcomes] == [0, GONE, 0, GONE]
    assert [each.fee for each in finalized.outcomes] == [FEE, 0, FEE, 0]
    assert not node.process(raws)  # also after it was executed as decided
    node.commit()
    assert lamports(node, ALICE.key) == 0
    assert lamports(node, "bob") == FUNDS - FEE + 1


def test_a_payer_that_may_pay_no_more_fees(node: Application) -> None:
    """It has the lamports, but it took on data."""
    allocate = ALICE.send(node.blockhash, system.allocate(account=ALICE.key, space=1))
    raws = [allocate, pay(node)]
    assert not node.process(raws)
    assert node.prepare(raws) == [allocate]
    assert run_block(node, *raws) == [0, HOLDS_DATA]


def test_a_failure_of_a_program_is_paid(node: Application) -> None:
    raws = [pay(node, 2 * FUNDS), pay(node, 3 * FUNDS)]
    assert node.process(raws)
    assert node.prepare(raws) == raws


def test_a_payer_that_is_paid_in_between(node: Application) -> None:
    """Carol fills what Alice has emptied, before her next turn."""
    refill = CAROL.pay(node.blockhash, ALICE.key, FEE)
    raws = [pay(node, FUNDS - FEE), refill, pay(node, 0)]
    assert node.process(raws)
    assert not node.process([raws[0], raws[2], refill])


def test_what_prepare_executed_is_found_again(
    node: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed = count_executions(node, monkeypatch)
    proposal = node.prepare([pay(node, 1), pay(node, 2)])
    assert executed == [2]
    assert node.process(proposal)
    node.finalize(1, proposal)
    assert node.prepare(proposal) == proposal
    assert executed == [2]


def test_what_was_dropped_is_executed_no_more(
    node: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed = count_executions(node, monkeypatch)
    proposal = node.prepare(drained(node))
    assert node.process(proposal)
    node.finalize(1, proposal)
    assert executed == [4, 2]


@pytest.mark.parametrize(("price", "executions"), [(0, []), (1, [1])])
def test_without_fees_a_proposal_is_not_executed(
    monkeypatch: pytest.MonkeyPatch, price: int, executions: list[int]
) -> None:
    with Runtime(workers=0) as runtime:
        node = begin(Application(runtime))
        executed = count_executions(node, monkeypatch)
        offer = compute_budget.set_compute_unit_price(micro_lamports=price)
        assert len(node.prepare([ALICE.pay(node.blockhash, "bob", 1, offer)])) == 1
        assert executed == executions


@st.composite
def calls(draw: st.DrawFn) -> tuple[Sender, Instruction]:
    """A transfer among the people, often of all they have, or something that ends them as payers.
    Amounts differ by little, so that two of a payer are seldom the same."""
    payer, other = draw(st.permutations(PEOPLE))[:2]
    if draw(st.integers(0, 9)) == 0:
        space = draw(st.integers(0, 200))
        return payer, system.allocate(account=payer.key, space=space)
    lamports = draw(st.integers(0, 4)) * FEE + draw(st.integers(0, 3))
    return payer, system.transfer(source=payer.key, destination=other.key, lamports=lamports)


@settings(max_examples=60, deadline=None)
@given(
    funds=st.lists(st.integers(0, 6 * FEE), min_size=3, max_size=3),
    sent=st.lists(calls(), max_size=12),
)
def test_without_what_is_not_paid_a_block_is_the_same(
    funds: Sequence[int], sent: Sequence[tuple[Sender, Instruction]]
) -> None:
    """Outcomes of the others, accounts and their order: `prepare` leaves it out unseen."""
    accounts = {each.key: Account(held) for each, held in zip(PEOPLE, funds, strict=True) if held}
    with Runtime(workers=0, lamports_per_signature=FEE) as runtime:
        node = Application(runtime)
        node.start_chain(CHAIN_ID, accounts)
        raws = [payer.send(node.blockhash, call) for payer, call in sent]
        chain = node._running  # pyright: ignore[reportPrivateUsage] - for accounts not committed
        # Without what is refused from the start: of that, other tests.
        raws = [
            raw
            for raw, each in zip(raws, chain.admission.judge(raws), strict=True)
            if isinstance(each, Parsed)
        ]
        whole = chain.execute(raws)
        paid = [raw for place, raw in enumerate(raws) if place not in whole.unpaid]
        rest = chain.execute(paid)
        assert rest.unpaid == ()
        assert rest.finalized.outcomes == paid_outcomes(whole)
        assert dict(rest.candidate.executed.changed) == dict(whole.candidate.executed.changed)
        assert node.process(raws) == (not whole.unpaid)
        assert node.process(paid)
        assert node.process(node.prepare(raws))


def paid_outcomes(executed: Executed) -> tuple[object, ...]:
    outcomes = executed.finalized.outcomes
    return tuple([each for at, each in enumerate(outcomes) if at not in executed.unpaid])

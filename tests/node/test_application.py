"""The application's calls, one by one, as an engine makes them."""

from __future__ import annotations

import json

import pytest

import sealane
from sealane import NothingFinalized, Transaction, WorkerDied, WrongHeight
from sealane.node import Application, Code, CommittedBlock, Observer, ProposalLimits
from sealane.node.chain.limits import BLOCKHASH_AGE_MAX
from sealane.programs.library.compute_budget import set_compute_unit_limit, set_compute_unit_price
from sealane.wire import sign_transaction

from .senders import (
    ALICE,
    CAROL,
    CHAIN_ID,
    FEE,
    FUNDS,
    begin,
    lamports,
    pay,
    run_block,
)


def test_a_block_from_check_to_commit(node: Application) -> None:
    raw = pay(node)
    assert node.check(raw).ok
    proposal = node.prepare([raw])
    assert proposal == [raw]
    assert node.process(proposal)
    finalized = node.finalize(1, proposal)
    assert lamports(node, "bob") == 0  # nothing lasts before the commit
    info = node.commit()
    assert (info.height, info.root) == (1, finalized.root)
    assert lamports(node, "bob") == 400
    assert lamports(node, ALICE.key) == FUNDS - 400 - FEE


def test_signers_of_both_schemes_pay(node: Application) -> None:
    both = [who.pay(node.blockhash, "bob", 1) for who in (ALICE, CAROL)]
    assert run_block(node, *both) == [0, 0]
    assert lamports(node, "bob") == 2


def test_what_was_in_a_block_is_refused(node: Application) -> None:
    raw = pay(node)
    run_block(node, raw)
    assert node.check(raw).code == Code.ALREADY_PROCESSED
    assert node.prepare([raw]) == []
    assert not node.process([raw])
    assert run_block(node, raw) == [Code.ALREADY_PROCESSED]
    assert lamports(node, "bob") == 400


def test_an_outcome_has_the_transaction_s_id_units_fee_and_return_data(node: Application) -> None:
    raw = pay(node)
    outcome = node.finalize(1, [raw]).outcomes[0]
    assert outcome.id == sealane.Transaction.from_solders(solders_transaction(raw)).id
    assert (outcome.code, outcome.codespace, outcome.log, outcome.data) == (0, "", "", b"")
    assert (outcome.compute_units, outcome.compute_units_max, outcome.fee) == (150, 200_000, FEE)


def solders_transaction(raw: bytes) -> object:
    from solders.transaction import VersionedTransaction

    return VersionedTransaction.from_bytes(raw)


@pytest.mark.parametrize(
    ("units", "price", "fee"),
    [(1, 1, 1), (1_000_000, 3, 3), (1_000_001, 1, 2), (0, 10**9, 0), (1_400_000, 10**6, 1_400_000)],
)
def test_priority_is_paid_for_the_limit_rounded_up(
    node: Application, units: int, price: int, fee: int
) -> None:
    budget = (set_compute_unit_limit(units=units), set_compute_unit_price(micro_lamports=price))
    outcome = node.finalize(1, [ALICE.pay(node.blockhash, "bob", 1, *budget)]).outcomes[0]
    assert outcome.fee == FEE + fee
    node.commit()
    assert lamports(node, ALICE.key) == FUNDS - FEE - fee - (1 if outcome.code == 0 else 0)


class TestProposals:
    def test_best_price_first(self, node: Application) -> None:
        raws = [
            ALICE.pay(node.blockhash, "bob", 1, set_compute_unit_price(micro_lamports=price))
            for price in (0, 50_000, 10_000)
        ]
        # Their calls differ in nothing else, so the best offer replaces the others.
        assert node.prepare(raws) == [raws[1]]
        raws = [
            ALICE.pay(
                node.blockhash, f"to {price}", 1, set_compute_unit_price(micro_lamports=price)
            )
            for price in (0, 50_000, 10_000)
        ]
        assert node.prepare(raws) == [raws[1], raws[2], raws[0]]

    def test_never_more_bytes_than_the_engine_allows(self, node: Application) -> None:
        raws = [pay(node, amount) for amount in range(3)]
        carried = len(raws[0]) + 3  # a tag, and two bytes of length
        assert len(node.prepare(raws, ProposalLimits(bytes_max=2 * carried))) == 2
        assert len(node.prepare(raws, ProposalLimits(bytes_max=2 * carried - 1))) == 1
        assert node.prepare(raws, ProposalLimits(bytes_max=0)) == []
        assert len(node.prepare(raws, ProposalLimits(transactions_max=2))) == 2

    def test_one_above_the_chain_s_limits_is_refused(self, node: Application) -> None:
        """24,000,000 units for all that write one account, and these state 1,400,000 each."""
        most = set_compute_unit_limit(units=1_400_000)
        raws = [ALICE.pay(node.blockhash, f"to {n}", 1, most) for n in range(18)]
        proposal = node.prepare(raws)
        assert len(proposal) == 16
        assert node.process(proposal)
        assert not node.process(raws[:17])
        assert len(set(run_block(node, *raws))) == 1  # what was decided is executed nevertheless

    def test_several_candidates_at_one_height(self, node: Application) -> None:
        first, second = pay(node, 1), pay(node, 2)
        assert node.process([first])
        assert node.process([second])
        assert node.process([])
        one = node.finalize(1, [first])
        assert node.finalize(1, [first]) == one
        other = node.finalize(1, [second])
        assert other.root != one.root
        node.commit()
        assert lamports(node, "bob") == 2  # the last one counts

    def test_empty_blocks_are_blocks(self, node: Application) -> None:
        first = node.finalize(1, []).root
        node.commit()
        assert node.finalize(2, []).root != first
        assert node.commit().height == 2

    def test_a_machine_s_failure_leaves_everything_as_it_was(
        self, node: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        raws = [pay(node)]

        def die(*_: object, **__: object) -> None:
            raise WorkerDied("signal SIGKILL")

        node.finalize(1, [])
        with monkeypatch.context() as patched:
            patched.setattr(node.runtime, "execute_candidate", die)
            for call in (lambda: node.process(raws), lambda: node.finalize(1, raws)):
                with pytest.raises(WorkerDied):
                    call()
        assert node.info().height == 0
        with pytest.raises(NothingFinalized):
            node.commit()  # the one finalized before is not what was decided last
        assert node.process(raws)
        assert run_block(node, *raws) == [0]

    def test_a_height_that_is_not_the_next(self, node: Application) -> None:
        for height in (0, 2):
            with pytest.raises(WrongHeight) as caught:
                node.finalize(height, [])
            assert (caught.value.expected, caught.value.given) == (1, height)
            asked = f"asked to finalize block {height}, and the next is block 1"
            assert asked in str(caught.value)

    def test_a_commit_without_a_block(self, node: Application) -> None:
        with pytest.raises(NothingFinalized):
            node.commit()
        node.finalize(1, [])
        node.commit()
        with pytest.raises(NothingFinalized):
            node.commit()


@pytest.mark.slow
def test_a_message_expires(node: Application) -> None:
    first, early = pay(node, 1), pay(node, 2)
    for _ in range(BLOCKHASH_AGE_MAX - 1):
        run_block(node)
    assert node.check(early).ok
    assert run_block(node, first) == [0]
    assert node.check(early).code == Code.BLOCKHASH_NOT_FOUND
    assert run_block(node, first, early) == [Code.BLOCKHASH_NOT_FOUND] * 2


class TestMempool:
    def test_the_same_calls_replace_each_other(self, node: Application) -> None:
        low, high = (
            ALICE.pay(node.blockhash, "bob", 1, set_compute_unit_price(micro_lamports=price))
            for price in (100, 10_000)
        )
        assert node.check(high).ok
        refused = node.check(low)
        assert (refused.codespace, refused.code) == ("mempool", 2)
        assert refused.log.startswith("UNDERPRICED_REPLACEMENT: ")

    def test_it_may_wait_on_after_a_block(self, node: Application) -> None:
        raws = [pay(node, amount) for amount in (1, 2)]
        assert all(node.check(raw).ok for raw in raws)
        run_block(node, raws[0])
        assert node.check(raws[1], again=True).ok
        assert node.check(raws[0], again=True).code == Code.ALREADY_PROCESSED

    def test_the_very_bytes_that_wait_may_wait_on(self, node: Application) -> None:
        """An engine that started again, and lost its mempool, asks about them as if new."""
        raw = CAROL.pay(node.blockhash, "bob", 1)
        assert [node.check(raw).code for _ in range(2)] == [0, 0]

    def test_one_message_with_two_signatures_waits_once(self, node: Application) -> None:
        """Signatures of ML-DSA are random."""
        one, other = (CAROL.pay(node.blockhash, "bob", 1) for _ in range(2))
        assert one != other
        assert node.check(one).ok
        refused = node.check(other)
        assert (refused.codespace, refused.code) == ("mempool", 1)


class Listener(Observer):
    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []

    def checked(self, code: int, seconds: float) -> None:
        self.heard.append(("checked", code, seconds >= 0))

    def prepared(self, offered: int, chosen: int, seconds: float) -> None:
        self.heard.append(("prepared", offered, chosen, seconds >= 0))

    def processed(self, *, accepted: bool, seconds: float) -> None:
        self.heard.append(("processed", accepted, seconds >= 0))

    def queue(self, transactions: int, size: int) -> None:
        self.heard.append(("queue", transactions, size))

    def committed(self, block: CommittedBlock) -> None:
        assert all(seconds >= 0 for seconds in block.stages.values())
        assert set(block.stages) == {"signatures", "schedule", "execute", "commit"}
        self.heard.append(
            ("committed", block.height, block.transactions, block.failed, block.refused)
        )


def test_an_observer_hears_of_everything() -> None:
    listener = Listener()
    with sealane.Runtime(workers=0) as runtime:
        node = begin(Application(runtime, observer=listener))
        raw = pay(node)
        node.check(raw)
        node.check(b"")
        node.prepare([raw, b""])
        node.process([b""])
        run_block(node, raw, b"", ALICE.pay(node.blockhash, "bob", 10 * FUNDS))
    assert listener.heard == [
        ("queue", 1, len(raw)),
        ("checked", 0, True),
        ("checked", 1, True),
        ("prepared", 2, 1, True),
        ("processed", False, True),
        ("queue", 0, 0),
        ("committed", 1, 3, 1, 1),
    ]


def test_the_account_of_the_chain_says_its_rules(node: Application) -> None:
    rules = json.loads(node.query("/chain").value)
    assert (rules["chain_id"], rules["lamports_per_signature"], rules["protocol"]) == (
        CHAIN_ID,
        FEE,
        1,
    )
    assert "vault" in rules["programs"]


def test_a_program_of_the_runtime_can_be_called_and_others_not(node: Application) -> None:
    unknown = sealane.Instruction(sealane.Pubkey.of("nobody"), ())
    raw = sign_transaction(Transaction([unknown], payer=ALICE.key), [ALICE.keypair], node.blockhash)
    assert node.check(raw).code == 1_003  # ProgramAccountNotFound
    assert not node.process([raw])
    assert run_block(node, raw) == [1_003]

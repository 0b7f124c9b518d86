"""A block as the scheduler sees it: costs, payers, calls, what words select."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.ingest.building.recording import Described
from sealane.ingest.ethereum.columns import Granularity, access_columns
from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.model import BlockSource, EthereumBlock, Step, TransactionFacts
from sealane.ingest.ethereum.planning.described import described
from sealane.primitives.cost_note import CostNote
from sealane.scheduler.schedule.about import NO_PAYER

ALICE, BOB, POOL, MINER = (f"0x{number:040x}" for number in range(0xA1, 0xA5))


def paying(sender: str, slot: int) -> Step:
    return Step(
        reads={StateKey(POOL, CODE): None},
        writes={
            StateKey(sender, BALANCE): 1,
            StateKey(sender, NONCE): 1,
            StateKey.slot(POOL, slot): 1,
        },
        adds={StateKey(MINER, BALANCE): None},
    )


def block_of(*facts: TransactionFacts) -> EthereumBlock:
    """Transactions of alice at slot 1, and of bob at slot 2, and so on."""
    steps = [paying((ALICE, BOB)[n % 2], 1 + n % 2) for n in range(len(facts))]
    return EthereumBlock(BlockSource.TRACE, facts, steps, notes=("a note",))


def planned(
    block: EthereumBlock,
    labels: Mapping[str, str] | None = None,
    granularity: Granularity = Granularity.SLOT,
) -> Described:
    return described(block, access_columns(block, granularity), labels or {})


CALL = TransactionFacts("0x1", ALICE, POOL, False, "0xa9059cbb", gas_used=50_000, gas_limit=70_000)
TRANSFER = TransactionFacts(None, BOB, POOL, False, None, gas_used=21_000, gas_limit=21_000)


def test_transactions_are_called_by_their_hash_or_place_and_cost_their_gas() -> None:
    found = planned(block_of(CALL, TRANSFER))
    assert list(found.block.ids) == ["0x1", "tx1"]
    assert found.block.costs.tolist() == [50_000, 21_000]
    assert found.about.own_cost.tolist() == [True, True]
    assert found.notes == ("a note",)
    assert found.block.access.adds is not None
    assert found.block.access.adds.sum() == 2


def test_missing_gas_is_stood_in_for_and_noted() -> None:
    unknown = TransactionFacts("0x2", gas_limit=90_000)
    found = planned(block_of(CALL, TRANSFER, unknown))
    assert found.block.costs.tolist() == [50_000, 21_000, 21_000]
    assert "for 1 of 3 transactions: the median" in found.notes[-1]
    found = planned(block_of(unknown, unknown))
    assert found.block.costs.tolist() == [90_000, 90_000]
    assert "gas limits stand in" in found.notes[-1]
    found = planned(block_of(TransactionFacts()))
    assert found.block.costs.tolist() == [1]
    assert "counts 1" in found.notes[-1]
    assert isinstance(found.notes[-1], CostNote)


def test_the_sender_pays_from_its_balance() -> None:
    for granularity, name in (Granularity.SLOT, f"{ALICE}:balance"), (Granularity.ACCOUNT, ALICE):
        block = block_of(CALL, TransactionFacts())
        found = planned(block, granularity=granularity)
        names = access_columns(block, granularity).names
        assert names[found.about.payers[0]] == name
        assert found.about.payers[1] == NO_PAYER


def test_a_call_is_named_by_contract_and_method() -> None:
    fallback = TransactionFacts("0x3", ALICE, BOB, False, None, gas_used=40_000)
    creation = TransactionFacts("0x4", ALICE, None, True, gas_used=90_000)
    about = planned(block_of(CALL, TRANSFER, fallback, creation)).about
    assert about.calls == [(f"{POOL}:0xa9059cbb",), (), (BOB,), ()]
    assert about.programs == [(POOL,), (), (BOB,), ()]


def test_words_select_what_is_sent_to_a_contract() -> None:
    select = planned(
        block_of(CALL, TRANSFER, TransactionFacts("0x3", to=BOB)), {POOL: "pool"}
    ).select
    for word in f"program:{POOL}", f"program:{POOL.upper().replace('X', 'x')}", "program:pool":
        found = select(word)
        assert found is not None
        assert found.tolist() == [True, True, False]
    assert select("program:nobody") is None
    assert select("votes") is None

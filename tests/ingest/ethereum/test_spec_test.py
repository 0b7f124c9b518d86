"""The execution-spec tests: each block of each case, with the state before and after it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest

from sealane.ingest.ethereum.keys import BALANCE, CODE, NONCE, StateKey
from sealane.ingest.ethereum.model import EthereumBlock, KnownState
from sealane.ingest.ethereum.spec_test import SpecTest, is_spec_test, spec_tests
from sealane.primitives import InputError

from ...real_data import shared_files
from .spec_documents import BOB, MINER, SENDER, two_blocks


def test_each_block_has_the_state_before_it() -> None:
    test = SpecTest("pays", two_blocks())
    first, second = test.block(0), test.block(1)
    assert (first.case, second.case) == ("pays#1", "pays#2")
    assert (first.number, second.number) == (1, 2)
    assert first.pre == KnownState({StateKey(SENDER, BALANCE): 100}, is_whole=True)
    assert second.pre is not None
    assert second.pre.values == {
        StateKey(SENDER, BALANCE): 90,
        StateKey(SENDER, NONCE): 1,
        StateKey(BOB, BALANCE): 5,
        StateKey(MINER, BALANCE): 1,
    }
    assert first.post is None
    assert second.post is not None
    assert second.post.get(StateKey(BOB, CODE)) == b""


def test_what_a_block_says_of_its_transaction() -> None:
    facts = SpecTest("pays", two_blocks()).block(0).facts[0]
    assert (facts.sender, facts.to, facts.nonce) == (SENDER, BOB, 0)
    assert (facts.selector, facts.creates, facts.authorizes) == ("0xa9059cbb", False, False)
    creating = two_blocks()
    creating["blocks"][0]["transactions"][0]["to"] = ""
    facts = SpecTest("creates", creating).block(0).facts[0]
    assert (facts.to, facts.creates, facts.selector) == (None, True, None)


def test_what_a_block_leaves_open_is_said() -> None:
    (note,) = SpecTest("pays", two_blocks()).block(0).notes
    assert "which transaction reads what (it has no reads at all)" in note


def test_a_block_that_is_to_be_refused_changes_nothing_for_the_next() -> None:
    refused = two_blocks()
    refused["blocks"].insert(1, deepcopy(refused["blocks"][1]))
    refused["blocks"][1]["expectException"] = "BlockException.INVALID_BLOCK_ACCESS_LIST"
    refused["blocks"][1]["blockAccessList"][1]["balanceChanges"][0]["postBalance"] = "0x99"
    test = SpecTest("refused", refused)
    assert test.block(1).refusal == "BlockException.INVALID_BLOCK_ACCESS_LIST"
    assert test.block(2).refusal is None
    assert test.block(2).pre == test.block(1).pre


def test_a_broken_block_is_named_and_leaves_the_state_unknown() -> None:
    broken = two_blocks()
    broken["blocks"][0]["blockAccessList"].reverse()
    test = SpecTest("broken", broken)
    assert test.block(1).pre is None
    with pytest.raises(InputError, match=r"^broken#1: accounts\[1\] .* ascending order of address"):
        test.block(0)


def test_a_broken_block_says_that_the_test_expects_it() -> None:
    broken = two_blocks()
    broken["blocks"][0]["blockAccessList"].reverse()
    broken["blocks"][0]["expectException"] = "BlockException.INCORRECT_BLOCK_FORMAT"
    test = SpecTest("broken", broken)
    with pytest.raises(InputError, match=r"\(the test expects it to be refused: BlockExc"):
        test.block(0)
    assert test.block(1).pre is not None


BAD = {
    "no list": ("blockAccessList", None, "blocks[0]: no blockAccessList; blocks before the fork"),
    "a transaction left out": ("n_tx", 2, "blocks[0]: n_tx is 2, and there are 1 transactions"),
    "no coinbase": ("coinbase", None, "blocks[0].coinbase: expected an address"),
    "a short hash": ("blockAccessListHash", "0xab", "blocks[0].blockAccessListHash: expected a"),
    "a withdrawal of text": (
        "withdrawals",
        [{"address": BOB, "amount": "ten"}],
        "blocks[0].withdrawals[0].amount: expected a quantity",
    ),
    "a transaction that is none": (
        "transactions",
        ["0x"],
        "blocks[0].transactions[0]: expected an object",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_blocks_are_errors_with_their_place(name: str) -> None:
    field, value, message = BAD[name]
    test = two_blocks()
    test["blocks"][0][field] = value
    with pytest.raises(InputError) as caught:
        SpecTest("bad", test).block(0)
    assert str(caught.value).startswith(f"bad#1: {message}")


def test_a_malformed_state_is_an_error_with_its_place() -> None:
    test = two_blocks()
    test["pre"][SENDER]["storage"] = {"0x1": "0x1", "0x01": "0x2"}
    with pytest.raises(InputError, match=rf"pre.{SENDER}: {SENDER}:0x1 is there twice"):
        SpecTest("bad", test).block(0)


def test_the_states_of_a_case_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = "sealane.ingest.ethereum.spec_test.STATE_KEYS_MAX"
    monkeypatch.setattr(limit, 2 * 4)  # of the second block, with as many before the first
    assert SpecTest("large", two_blocks()).block(1)
    monkeypatch.setattr(limit, 2 * 4 - 1)
    with pytest.raises(InputError, match="4 keys before 2 blocks; 7 in sum are read"):
        SpecTest("large", two_blocks()).block(1)


def test_a_test_file_is_told_by_its_cases() -> None:
    assert is_spec_test({"name": two_blocks()})
    assert not is_spec_test({})
    assert not is_spec_test({"jsonrpc": "2.0", "result": []})
    assert not is_spec_test([two_blocks()])


# ---- the real ones


def applied(values: dict[StateKey, Any], found: EthereumBlock) -> dict[StateKey, Any]:
    """The state after a block, by its list; slow and obvious."""
    for step in (found.before, *found.steps, found.after):
        for changes in (step.writes, step.adds):
            values.update(changes)
    return {key: value for key, value in values.items() if value}


def block_or_none(test: SpecTest, number: int) -> EthereumBlock | None:
    """None for a block that breaks a rule, as the test expects."""
    try:
        return test.block(number)
    except InputError as error:
        if "the test expects it to be refused" not in str(error):
            raise
        return None


def test_every_case_there_is() -> None:
    """Its hash is that of the header, and the state before and the list give the state after."""
    compared = 0
    for path in shared_files("ethereum/eip7928"):
        for test in spec_tests(_document(path)):
            state: dict[StateKey, Any] | None = None
            for number in range(len(test)):
                found = block_or_none(test, number)
                if found is None:
                    continue
                assert found.list_hash is not None
                is_wrong = found.refusal is not None and "BAL_HASH" in found.refusal
                assert (found.list_hash.header == found.list_hash.computed) is not is_wrong
                assert found.pre is not None
                if found.refusal is None:
                    state = applied(dict(state or found.pre.values), found)
                if found.post is not None and state is not None:
                    assert state == found.post.values, found.case
                    compared += 1
    assert compared > 0


def _document(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


def test_the_form_that_the_tests_are_published_in() -> None:
    """With a header of its own, `postState`, and what is not read: RLP, uncles, genesis."""
    test = two_blocks()
    test["postState"] = test.pop("post")
    test["genesisBlockHeader"] = {"number": "0x00"}
    for block in test["blocks"]:
        block.pop("n_tx")
        header = {name: block.pop(name) for name in ("number", "coinbase", "gasLimit")}
        block |= {
            "blockHeader": header | {"hash": "0x" + 64 * "e"},
            "rlp": "0xc0",
            "uncleHeaders": [],
        }
    published, plain = SpecTest("pays", test), SpecTest("pays", two_blocks())
    for number in range(2):
        block = published.block(number)
        assert block.hash == "0x" + 64 * "e"
        assert (block.number, block.coinbase) == (number + 1, MINER)
        assert block.steps == plain.block(number).steps
        assert block.post == plain.block(number).post
    test["blocks"][0]["blockHeader"]["coinbase"] = "0x1"
    with pytest.raises(InputError, match=r"blocks\[0\]\.blockHeader\.coinbase: expected an addr"):
        SpecTest("pays", test).block(0)

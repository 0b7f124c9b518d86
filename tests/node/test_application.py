"""The application's calls, one by one, as an engine makes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import sealane
from sealane.node import Application, Code

from .senders import ALICE, CAROL, FUNDS, begin, run_block

FEE = 5_000


@pytest.fixture
def node() -> Iterator[Application]:
    with sealane.Runtime(workers=0, lamports_per_signature=FEE) as runtime:
        yield begin(Application(runtime))


def lamports(node: Application, name: str) -> int:
    return node.runtime.account(name).lamports


def test_a_block_from_check_to_commit(node: Application) -> None:
    pay = ALICE.pay(node.blockhash, "bob", 400)
    assert node.check(pay).ok
    proposal = node.prepare([pay])
    assert proposal == [pay]
    assert node.process(proposal)
    finalized = node.finalize(1, proposal)
    assert lamports(node, "bob") == 0  # nothing lasts before the commit
    info = node.commit()
    assert (info.height, info.root) == (1, finalized.root)
    assert lamports(node, "bob") == 400
    assert node.runtime.account(ALICE.key).lamports == FUNDS - 400 - FEE


def test_signers_of_both_schemes_pay(node: Application) -> None:
    both = [who.pay(node.blockhash, "bob", 1) for who in (ALICE, CAROL)]
    assert run_block(node, *both) == [0, 0]
    assert lamports(node, "bob") == 2


def test_what_was_in_a_block_is_refused(node: Application) -> None:
    pay = ALICE.pay(node.blockhash, "bob", 400)
    run_block(node, pay)
    assert node.check(pay).code == Code.ALREADY_PROCESSED
    assert node.prepare([pay]) == []
    assert not node.process([pay])
    assert run_block(node, pay) == [Code.ALREADY_PROCESSED]
    assert lamports(node, "bob") == 400

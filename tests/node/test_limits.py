"""Limits of a block and of what is kept at a height: each at it, and one past it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sealane.node import Application, Code, admission, candidates, limits, proposing, running_chain
from sealane.node.abci import codec, connection, framing, sockets
from sealane.node.candidates import Candidates
from sealane.node.chain.limits import BLOCKHASH_AGE_MAX, CHAIN_ID_LEN_MAX
from sealane.node.limits import carried_len
from sealane.node.running_chain import FEW_CHECKS_MAX
from sealane.signatures.schemes import SignatureCheck

from .senders import lamports, pay

PAGE = Path(__file__).parents[2] / "docs" / "node.md"
MIB = 1024 * 1024


def test_the_transactions_of_a_block(node: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (admission, proposing, running_chain):
        monkeypatch.setattr(module, "BLOCK_TRANSACTIONS_MAX", 3)
    raws = [pay(node, amount) for amount in range(1, 5)]
    assert node.process(raws[:3])
    assert not node.process(raws)
    assert len(node.prepare(raws)) == 3
    assert [each.code for each in node.finalize(1, raws).outcomes] == [
        0,
        0,
        0,
        Code.OVER_BLOCK_LIMIT,
    ]
    node.commit()
    assert lamports(node, "bob") == 1 + 2 + 3


def test_the_bytes_of_a_block(node: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [pay(node, amount) for amount in range(1, 4)]
    length = carried_len(raws[0])
    for module in (proposing, running_chain):
        monkeypatch.setattr(module, "BLOCK_LEN_MAX", 2 * length)
    assert node.process(raws[:2])
    assert not node.process(raws)
    assert len(node.prepare(raws)) == 2


@pytest.mark.parametrize(("length", "carried"), [(0, 2), (127, 129), (128, 131), (16_384, 16_388)])
def test_bytes_as_a_message_carries_them(length: int, carried: int) -> None:
    assert carried_len(bytes(length)) == carried


def test_the_candidates_of_a_height(node: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "CANDIDATES_MAX", 2)
    kept = Candidates()
    executed = [node._running.execute([pay(node, amount)]) for amount in range(3)]  # pyright: ignore[reportPrivateUsage]
    for number, each in enumerate(executed):
        kept.keep(bytes([number]), each)
    assert [kept.find(bytes([number])) for number in range(3)] == [None, *executed[1:]]
    assert len(kept) == 2


def test_one_that_was_dropped_is_executed_again(
    node: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "CANDIDATES_MAX", 1)
    first = node.finalize(1, [pay(node, 1)])
    assert node.process([pay(node, 2)])
    assert node.finalize(1, [pay(node, 1)]) == first
    node.commit()
    assert lamports(node, "bob") == 1


def test_a_few_signatures_are_verified_here_and_one_more_by_the_runtime(
    node: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def verify(checks: Sequence[SignatureCheck]) -> list[bool]:
        asked.append(len(checks))
        return [True] * len(checks)

    monkeypatch.setattr(node.runtime, "verify_signatures", verify)
    raws = [pay(node, amount) for amount in range(2 * FEW_CHECKS_MAX + 1)]
    assert node.process(raws[:FEW_CHECKS_MAX])
    assert asked == []
    assert node.process(raws[FEW_CHECKS_MAX:])
    assert asked == [FEW_CHECKS_MAX + 1]


def test_the_page_says_every_limit_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for row in (
        f"| connections | {connection.CONNECTIONS_MAX}; an engine opens 4 |",
        f"| bytes of a message | {framing.MESSAGE_LEN_MAX // MIB} MiB, refused",
        f"| transactions of a message | {codec.REPEATED_MAX:,} |",
        f"| from the first byte of a message to its last | {connection.MESSAGE_TIMEOUT_S:g} s;",
        f"| until a client has taken its answers | {connection.WRITE_TIMEOUT_S:g} s;",
        f"they are owed, when the node stops | {sockets.STOP_TIMEOUT_S:g} s |",
        f"| requests of one connection answered in one go | {connection.PIPELINED_MAX} |",
        f"| transactions of a block | {limits.BLOCK_TRANSACTIONS_MAX:,} |",
        f"| bytes of a block | {limits.BLOCK_LEN_MAX // MIB} MiB, as",
        f"| age of a blockhash | {BLOCKHASH_AGE_MAX} blocks |",
        f"| candidates kept at one height | {limits.CANDIDATES_MAX} |",
        f"verified | {limits.PARSED_MAX:,}, and {limits.PARSED_LEN_MAX // MIB} MiB |",
        f"| characters of a chain id | {CHAIN_ID_LEN_MAX} |",
    ):
        assert row in text

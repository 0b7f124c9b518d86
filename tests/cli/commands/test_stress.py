"""`sealane stress`: nodes in threads of this process, driven by the command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sealane import Runtime
from sealane.errors import UsageError
from sealane.node import Application, read_genesis
from sealane.node.answers import Checked
from sealane.node.metrics.address import Address
from sealane.node.metrics.endpoint import serve_metrics
from sealane.node.metrics.prometheus import NodeMetrics

from ...node.abci.nodes import running
from ...node.stress.test_little_engine import Full, Lying
from ..command import Ending

Run = Callable[..., Ending]
SHORT = ("--seconds", "0.4", "--block-transactions", "5", "--wallets", "4")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def node(stack: ExitStack, kind: type[Application] = Application) -> str:
    """The address of a node that runs."""
    application = kind(stack.enter_context(Runtime(workers=0)))
    return stack.enter_context(running(application)).address


def test_two_nodes_for_people_and_programs(sealane: Run, stack: ExitStack) -> None:
    nodes = [node(stack), node(stack)]
    ending = sealane("stress", *nodes, *SHORT)
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    assert " tx/s " in lines[0]
    assert lines[0].endswith("2 nodes")
    for stage in ("check", "prepare", "process", "finalize", "commit", "block", "check → commit"):
        assert any(line.startswith(f"{stage} ") for line in lines), stage
    document = sealane("stress", *nodes, *SHORT, "--json").document
    assert document["ok"] is True
    assert document["addresses"] == nodes
    assert document["committed"] > 0
    assert document["transactions_per_second"] == pytest.approx(
        document["committed"] / document["seconds"]
    )
    assert document["latency_s"]["check"]["number"] == 2 * document["checked"]
    assert set(document["latency_s"]["block"]) == {"number", "mean", "p50", "p90", "p99", "max"}


def test_nodes_that_disagree(sealane: Run, stack: ExitStack) -> None:
    nodes = [node(stack), node(stack, Lying)]
    ending = sealane("stress", *nodes, *SHORT, "--quiet")
    assert ending.code == 1
    assert ending.out.startswith("Nodes disagree on block 2\n")
    assert all(address in ending.out for address in nodes)


def test_another_seed_has_no_funds_on_a_chain_that_has_begun(
    sealane: Run, stack: ExitStack
) -> None:
    address = node(stack)
    assert sealane("stress", address, *SHORT).code == 0
    ending = sealane("stress", address, *SHORT, "--seed", "9", "--json")
    assert ending.code == 2
    assert "has no funds" in ending.err


def test_a_genesis(sealane: Run, tmp_path: Path) -> None:
    file = tmp_path / "genesis.json"
    assert sealane("stress", "--genesis", file, "--wallets", "3") == Ending(0, "", "")
    shown = sealane("stress", "--genesis", "-", "--wallets", "3").out
    assert shown == file.read_text()
    assert len(json.loads(shown)["accounts"]) == 3
    with Runtime(workers=0) as runtime:
        assert len(read_genesis(file, runtime.programs)) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name the address of a node"),
        (("tcp://127.0.0.1:1", "--genesis", "-"), "and not both"),
        (("nowhere",), "is no address"),
        (("tcp://127.0.0.1:1", "--wallets", "1"), "1 wallets: choose"),
        (("tcp://127.0.0.1:1", "--rate", "0"), "a second: choose"),
        (("tcp://127.0.0.1:1", "tcp://127.0.0.1:01"), "01 is the same node as tcp://127.0.0.1:1;"),
        (("tcp://127.0.0.1:1", "--zipf", "-1"), "--zipf -1 is out of range; use 0 to 10"),
    ],
)
def test_bad_usage(sealane: Run, arguments: tuple[str, ...], words: str) -> None:
    ending = sealane("stress", *arguments)
    assert ending.code == 2
    assert words in ending.err


def test_a_node_that_is_not_there(sealane: Run, tmp_path: Path) -> None:
    ending = sealane("stress", f"unix://{tmp_path}/socket")
    assert ending.code == 3
    assert "see whether the node runs" in ending.err


def test_what_is_not_a_node(sealane: Run) -> None:
    metrics = NodeMetrics("1.2.3")
    with serve_metrics(Address("127.0.0.1", 0), metrics) as server:
        address = f"tcp://{server.address}"
        ending = sealane("stress", address)
    assert ending.code == 2
    assert f"{address}: what answers there does not speak ABCI: " in ending.err
    assert ending.err.endswith("; name the node's --abci address\n")


def test_a_full_mempool_is_no_failure(sealane: Run, stack: ExitStack) -> None:
    ending = sealane("stress", node(stack, Full), *SHORT)
    assert ending.code == 0
    assert " held back: a mempool had no room\n" in ending.out


class Halting(Application):
    """A node that answers no more checks from block 3 on."""

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        if self.info().height == 2:
            raise UsageError("no more")
        return super().check(tx, again=again)


def test_what_was_measured_is_shown_when_a_node_ends(sealane: Run, stack: ExitStack) -> None:
    address = node(stack, Halting)
    arguments = ("stress", address, "--seconds", "60", "--block-transactions", "5", "--json")
    ending = sealane(*arguments)
    assert ending.code == 2
    assert "the node refused" in ending.err
    assert ending.document["blocks"] == 2

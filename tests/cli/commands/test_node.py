"""`sealane node`: begins, is driven over a socket, ends by a signal, and goes on where it was."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import Pubkey, Runtime
from sealane.cli.commands.node import BLOCK_LIMITS, FEE_MAX, Packing
from sealane.node import Application
from sealane.node.abci.client import Client
from sealane.node.abci.errors import NodeUnreachable, RequestRefused
from sealane.node.abci.messages import FinalizeBlockRequest
from sealane.node.chain import starting
from sealane.programs import Program, Signer
from sealane.scheduler.packing import LIMITS_BY_SIMD, Policy

from ...faults.aftermath import DEADLINE_S, below, ended, folders_of
from ...node.senders import ALICE, FUNDS
from ..command import Ending, in_process_of_its_own
from .node_process import node_process

TCP = "tcp://127.0.0.1:0"
GENESIS = (
    f"sealane: 1\naccounts:\n  {ALICE.key}: {{lamports: {FUNDS}}}\n  bob: {{lamports: 1_000}}\n"
)
APP_STATE = f'{{"sealane": 1, "accounts": {{"{ALICE.key}": {{"lamports": {FUNDS}}}}}}}'.encode()


def begin(client: Client, app_state: bytes = b"") -> bytes:
    """Begin a chain; the blockhash that its first transactions name."""
    client.init_chain("test", app_state)
    return client.query("/blockhash").value


def lamports(client: Client, key: Pubkey | str) -> int:
    document = json.loads(client.query("/account", str(key).encode()).value)
    return int(document["lamports"])


@pytest.mark.slow
def test_a_chain_over_tcp(written: Callable[[str, str], Path]) -> None:
    """A block with a worker's help, of transactions that are signed and pay a fee."""
    genesis = written("genesis.yaml", GENESIS)
    options = ("--abci", TCP, "--genesis", genesis, "--fee", "5_000", "--workers", "1")
    with node_process(*options) as node:
        assert f" at height 0, root {'0' * 64}" in node.line
        with Client(node.address) as client:
            blockhash = begin(client)
            pay = ALICE.pay(blockhash, "bob", 400)
            checked = client.check(pay)
            assert (checked.code, checked.log) == (0, "")
            assert client.prepare(1, [pay, b"garbage"]) == (pay,)
            assert client.process(1, [pay])
            finalized = client.finalize(1, [pay])
            assert [each.code for each in finalized.tx_results] == [0]
            client.commit()
            info = client.info()
            assert info.last_block_height == 1
            assert info.last_block_app_hash == finalized.app_hash
            assert lamports(client, "bob") == 1_400
            assert lamports(client, ALICE.key) == FUNDS - 400 - 5_000
        ending = node.end(signal.SIGTERM)
    assert ending.code == 143
    assert ending.out == ""
    assert ending.err == "error: terminated; no block was committed in part\n"


@pytest.mark.slow
def test_killed_and_started_again_on_the_same_store_and_socket(tmp_path: Path) -> None:
    """Finalized and not committed: gone. Committed: there, and the engine replays the rest."""
    socket = tmp_path / "node.sock"
    options = ("--abci", f"unix://{socket}", "--store", tmp_path / "state", "--workers", "0")
    with node_process(*options) as node:
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        with Client(node.address) as client:
            blockhash = begin(client, APP_STATE)
            first = [ALICE.pay(blockhash, "bob", 1)]
            one = client.finalize(1, first)
            client.commit()
            second = [ALICE.pay(client.query("/blockhash").value, "bob", 2)]
            two = client.finalize(2, second)
        node.kill()
    assert socket.exists()
    with node_process(*options) as node:
        assert f" at height 1, root {one.app_hash.hex()}" in node.line
        with Client(node.address) as client:
            assert client.info().last_block_height == 1
            assert client.finalize(2, second) == two
            client.commit()
            assert lamports(client, "bob") == 3
        ending = node.end(signal.SIGINT)
    assert ending.code == 130
    assert not socket.exists()


@pytest.mark.slow
def test_a_signal_in_the_middle_of_a_connection_closes_it(tmp_path: Path) -> None:
    with node_process("--abci", TCP, "--workers", "0") as node, Client(node.address) as client:
        assert client.echo("") == ""
        assert node.end(signal.SIGTERM).code == 143
        with pytest.raises(NodeUnreachable):
            client.echo("")


ENDLESS = """
from sealane.programs import Program, Signer

endless = Program("endless")

@endless.instruction(tag=0)
def loop(who: Signer) -> None:
    with open("ready", "w") as ready:
        ready.write("x")
    while True:
        pass
"""
endless = Program("endless")


@endless.instruction(tag=0)
def loop(who: Signer) -> None:
    """What the test calls; the node executes ENDLESS."""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_a_signal_in_the_middle_of_a_block_drops_it_whole(tmp_path: Path, workers: int) -> None:
    """Meanwhile the node answers what is not about the state; afterwards nothing is left."""
    (tmp_path / "endless.py").write_text(ENDLESS)
    os.mkfifo(tmp_path / "ready")
    options = ["--abci", TCP, "--store", "state", "--program", "endless:endless"]
    with (
        node_process(*options, "--workers", str(workers), cwd=tmp_path) as node,
        Client(node.address) as client,
        Client(node.address) as other,
    ):
        call = ALICE.send(begin(client, APP_STATE), loop(who=ALICE.key))
        client.send(FinalizeBlockRequest((call,), b"hash", 1))
        assert (tmp_path / "ready").read_text() == "x"
        assert other.echo("still here") == "still here"
        started = {entry.pid for entry in below(node.pid)}
        ending = node.end(signal.SIGTERM)
        with pytest.raises(NodeUnreachable):
            client.receive()
    assert (ending.code, ending.out) == (143, "")
    assert ended(started, DEADLINE_S)
    assert folders_of(node.pid) == []
    with node_process(*options, cwd=tmp_path) as node:
        assert " at height 0," in node.line


@pytest.mark.slow
def test_a_store_that_can_no_longer_be_written_halts_the_node(tmp_path: Path) -> None:
    """Exception to the engine, exit code 3, and the block is not there afterwards."""
    state = tmp_path / "state"
    options = ("--abci", TCP, "--store", state, "--workers", "0")
    with node_process(*options) as node, Client(node.address) as client:
        blockhash = begin(client, APP_STATE)
        client.finalize(1, [ALICE.pay(blockhash, "bob", 1)])
        limit_file_size(node.pid, 0)
        with pytest.raises(RequestRefused, match="this node stops"):
            client.commit()
        ending = node.end()
    assert ending.code == 3
    assert ending.err.startswith("error: ")
    with node_process(*options) as node:
        assert " at height 0," in node.line


def limit_file_size(pid: int, size: int) -> None:
    """The process can no longer write a file beyond this size."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--abci", "127.0.0.1:26658"], "is no address"),
        (["--abci", "tcp://0.0.0.0:0"], "--public"),
        (["--abci", TCP, "--fee", "-1"], "--fee -1"),
        (["--abci", "fee-is-fine", "--fee", str(FEE_MAX)], "is no address"),
        (["--abci", TCP, "--fee", str(FEE_MAX + 1)], f"--fee {FEE_MAX + 1}"),
        (["--abci", TCP, "--expect", "1:00"], "--store DIR"),
        (["--abci", TCP, "--genesis", "missing.yaml"], "missing.yaml"),
        (["--abci", TCP, "--root", "none"], "choose one of"),
        (["--abci", "unix:///missing/node.sock"], "cannot listen there"),
        ([], "--abci"),
    ],
)
def test_what_it_cannot_begin_with(
    options: list[str], said: str, sealane: Callable[..., Ending]
) -> None:
    ending = sealane("node", "--workers", "0", *options)
    assert ending.code == 2
    assert said in ending.err


def test_a_genesis_with_transactions_is_refused(
    written: Callable[[str, str], Path], sealane: Callable[..., Ending]
) -> None:
    genesis = written("genesis.yaml", "sealane: 1\ntransactions: [{id: a, writes: [x]}]\n")
    ending = sealane("node", "--workers", "0", "--abci", TCP, "--genesis", genesis)
    assert ending.code == 2
    assert "genesis" in ending.err


def test_options_say_what_the_node_knows(sealane: Callable[..., Ending]) -> None:
    """They are written down twice, so that `--help` need not import the packers."""
    assert [each.value for each in Packing] == [each.value for each in Policy]
    assert BLOCK_LIMITS == starting.BLOCK_LIMITS
    words = " ".join(sealane("node", "--help").out.split())
    assert f": {', '.join(LIMITS_BY_SIMD)};" in words


def test_limits_that_nobody_proposed_are_refused() -> None:
    ending = in_process_of_its_own("node", "--abci", TCP, "--block-limits", "0000")
    assert ending.code == 2
    assert "block_limits='0000': choose one of before-0207, 0207" in ending.err


@pytest.fixture
def of_a_node(tmp_path: Path) -> Path:
    """The store of a node whose chain has one block."""
    folder = tmp_path / "state"
    with Runtime(workers=0, store=folder) as runtime:
        node = Application(runtime)
        node.start_chain("test", app_state=APP_STATE)
        node.finalize(1, [])
        node.commit()
    return folder


@pytest.mark.parametrize(
    "command",
    [("run", "{fixture}", "--store", "{folder}"), ("state", "{folder}", "--import", "{fixture}")],
)
def test_no_other_command_commits_to_its_store(
    of_a_node: Path,
    command: tuple[str, ...],
    sealane: Callable[..., Ending],
    written: Callable[[str, str], Path],
) -> None:
    fixture = written("other.yaml", "sealane: 1\naccounts: {bob: {lamports: 7}}\n")
    before = sealane("state", of_a_node, "--json").out
    ending = sealane(*[part.format(fixture=fixture, folder=of_a_node) for part in command])
    assert ending.code == 2
    assert "is the store of a node" in ending.err
    assert f"sealane state {of_a_node} --export FILE" in ending.err
    assert sealane("state", of_a_node, "--json").out == before


def test_another_genesis_than_the_chain_s_is_refused(
    of_a_node: Path, sealane: Callable[..., Ending], written: Callable[[str, str], Path]
) -> None:
    other = written("other.yaml", "sealane: 1\naccounts: {bob: {lamports: 7}}\n")
    ending = sealane(
        *("node", "--abci", TCP, "--workers", "0", "--store", of_a_node, "--genesis", other)
    )
    assert ending.code == 2
    assert "the chain 'test' in the store began with other accounts" in ending.err

"""Nodes for tests: a server in a thread of this process, over an application that is made up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress

from sealane import Runtime
from sealane.node import Application
from sealane.node.abci.connection import ServerLimits
from sealane.node.abci.dispatch import Driven
from sealane.node.abci.endpoint import parse_endpoint
from sealane.node.abci.server import Server
from sealane.node.answers import Answer, Checked, Finalized, Info, Outcome
from sealane.node.limits import ProposalLimits
from sealane.node.observer import Observer
from sealane.primitives import Account, Pubkey, UsageError

_LOGS = (logging.getLogger("sealane.node.abci"), logging.getLogger("asyncio"))
DEADLINE_S = 30.0  # of every wait for another thread; only a test that fails waits so long


class MadeUp:
    """An application whose state is the transactions that it has seen.

    A check of b"hold" waits for `released`, having set `held`; one of an exception in `raising`
    raises it.
    """

    def __init__(self) -> None:
        self.height = 0
        self.pending: Finalized | None = None
        self.held = threading.Event()
        self.released = threading.Event()
        self.raising: dict[bytes, BaseException] = {}
        self.checked: list[bytes] = []
        self.begun: object = None
        self.threads: set[int] = set()

    def info(self) -> Info:
        return Info("1.2.3", 7, self.height, bytes([self.height % 256]) * 32)

    def start_chain(
        self,
        chain_id: str,
        accounts: Mapping[Pubkey, Account] | None = None,
        *,
        app_state: bytes = b"",
        initial_height: int = 1,
        genesis_time_ms: int = 0,
    ) -> Info:
        self.begun = (chain_id, accounts, app_state, initial_height, genesis_time_ms)
        if self.height:
            raise UsageError(f"the chain {chain_id} has begun")
        return self.info()

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        self.threads.add(threading.get_ident())
        if tx == b"hold":
            self.held.set()
            assert self.released.wait(DEADLINE_S)
        if tx in self.raising:
            raise self.raising[tx]
        self.checked.append(tx)
        return Checked(int(again), "made-up", tx.decode(errors="replace"), 9, 8, "payer")

    def prepare(self, txs: Sequence[bytes], limits: ProposalLimits) -> list[bytes]:
        return [each for each in txs if len(each) <= limits.bytes_max]

    def process(self, txs: Sequence[bytes]) -> bool:
        return b"bad" not in txs

    def finalize(self, height: int, txs: Sequence[bytes]) -> Finalized:
        if height != self.height + 1:
            raise UsageError(f"block {height} cannot follow block {self.height}")
        outcomes = tuple(Outcome(each.hex(), 0, "", "", each, 9, 5, 0) for each in txs)
        self.pending = Finalized(height, bytes([height % 256]) * 32, outcomes)
        return self.pending

    def commit(self) -> Info:
        if self.pending is None:
            raise UsageError("nothing to commit; finalize a block first")
        self.height, self.pending = self.pending.height, None
        return self.info()

    def query(self, path: str, data: bytes, *, height: int = 0, prove: bool = False) -> Answer:
        return Answer(0, "", path, data, b"value", height, b"proof" if prove else b"")


class Watching(Observer):
    """Remembers what it hears, and lets a test wait for it."""

    def __init__(self) -> None:
        self.count = 0
        self.refusals: list[str] = []
        self.failures: list[str] = []
        self._changed = threading.Condition()

    def connections(self, count: int) -> None:
        with self._changed:
            self.count = count
            self._changed.notify_all()

    def refused_message(self, reason: str) -> None:
        with self._changed:
            self.refusals.append(reason)
            self._changed.notify_all()

    def failed(self, why: str) -> None:
        self.failures.append(why)

    def wait_until(self, true: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(true, DEADLINE_S)


class Complaints(logging.Handler):
    """Warnings of the server, and of asyncio about it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


class Node:
    """A server that runs, and how it ended. `failure`: what `run` raised. `complaints`: what it
    warned of; a test that expects some clears them."""

    def __init__(self, server: Server, complaints: list[str]) -> None:
        self.complaints = complaints
        self.server = server
        self.address = server.address
        self.failure: BaseException | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            self.server.run()
        except BaseException as error:
            self.failure = error
        finally:
            self.ended.set()


@contextmanager
def running(
    application: Driven,
    address: str = "tcp://127.0.0.1:0",
    *,
    limits: ServerLimits | None = None,
    observer: Observer | None = None,
) -> Generator[Node]:
    """A node that runs until the end of the block."""
    endpoint = parse_endpoint(address)
    complaints = Complaints()
    for log in _LOGS:
        log.addHandler(complaints)
    try:
        with Server(application, endpoint, limits=limits, observer=observer) as server:
            node = Node(server, complaints.found)
            thread = threading.Thread(target=node.run)
            thread.start()
            try:
                yield node
            finally:
                server.stop()
                thread.join(DEADLINE_S)
    finally:
        for log in _LOGS:
            log.removeHandler(complaints)
    assert not thread.is_alive()
    assert complaints.found == []


class StoredNode:
    """A node of this process with a store, which can stop at any moment between two calls."""

    def __init__(self, folder: str, *, lamports_per_signature: int) -> None:
        self._folder = folder
        self._fee = lamports_per_signature
        self._stack = ExitStack()
        self.start()

    def start(self) -> None:
        self._stack = ExitStack()
        runtime = self._stack.enter_context(
            Runtime(workers=0, store=self._folder, lamports_per_signature=self._fee)
        )
        node = self._stack.enter_context(running(Application(runtime)))
        self.address = node.address

    def crash(self) -> None:
        """As after a kill: nothing is saved that was not committed."""
        with suppress(ConnectionAbortedError), self._stack:
            raise ConnectionAbortedError

    def close(self) -> None:
        self._stack.close()

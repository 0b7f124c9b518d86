"""Every legal order of calls, over sockets, held to an application that is called directly.

The grammar is the published one of ABCI 2.0 ("CometBFT's expected behavior"):

    start            = clean-start / recovery
    clean-start      = init-chain [state-sync] consensus-exec
    recovery         = info consensus-exec
    consensus-height = *consensus-round decide commit
    consensus-round  = proposer / non-proposer
    proposer         = *got-vote [prepare-proposal [process-proposal]] [extend]
    non-proposer     = *got-vote [process-proposal] [extend]
    extend           = *got-vote extend-vote *got-vote

Checks, queries, echoes and lists of snapshots come at any time, on connections of their own. The
engine or the node stops at any point, also between decide and commit; the engine then replays what
`info` lacks. Illegal calls come in between, are refused, and change nothing. Does not: stop a node
in the middle of a call; tests/cli/commands/test_node.py and test_agreement.py do.
"""

from __future__ import annotations

import shutil
import tempfile
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from sealane import Runtime
from sealane.node import Application, Finalized
from sealane.node.abci.client import Client
from sealane.node.abci.errors import RequestRefused
from sealane.node.abci.messages import (
    ApplySnapshotChunkRequest,
    ApplySnapshotChunkResponse,
    ExecTxResult,
    ExtendVoteRequest,
    ExtendVoteResponse,
    FinalizeBlockResponse,
    ListSnapshotsRequest,
    ListSnapshotsResponse,
    OfferSnapshotRequest,
    OfferSnapshotResponse,
    VerifyVoteExtensionRequest,
    VerifyVoteExtensionResponse,
)

from ..senders import ALICE, CHAIN_ID, FUNDS
from .nodes import StoredNode

FEE = 5_000
APP_STATE = f'{{"sealane": 1, "accounts": {{"{ALICE.key}": {{"lamports": {FUNDS}}}}}}}'.encode()
PICKS = st.lists(st.integers(0, 30), max_size=6)


class Decided(NamedTuple):
    """A block that was finalized and is not committed."""

    height: int
    txs: list[bytes]


class Engine(RuleBasedStateMachine):
    """An engine that takes any legal way, and the node that it drives."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.node = StoredNode(self.folder, lamports_per_signature=FEE)
        self.runtime = Runtime(workers=0, lamports_per_signature=FEE)
        self.reference = Application(self.runtime)
        self.clients: list[Client] = []
        self.pool: list[bytes] = [b"no transaction"]
        self.proposals: list[list[bytes]] = []
        self.round: list[str] = []
        self.decided: Decided | None = None
        self.initial_height = 1
        self.connect()

    def connect(self) -> None:
        """Four connections, as CometBFT opens them."""
        for each in self.clients:
            each.close()
        self.clients = [Client(self.node.address) for _ in range(4)]
        self.consensus, self.mempool, self.queries, self.snapshots = self.clients

    def teardown(self) -> None:
        for each in self.clients:
            each.close()
        self.node.close()
        self.runtime.close()
        shutil.rmtree(self.folder)

    # clean-start, recovery

    @initialize(initial_height=st.sampled_from([1, 7]))
    def clean_start(self, initial_height: int) -> None:
        self.initial_height = initial_height
        self.begin_chain()

    def begin_chain(self) -> None:
        begun = self.reference.start_chain(
            CHAIN_ID, app_state=APP_STATE, initial_height=self.initial_height
        )
        found = self.consensus.init_chain(CHAIN_ID, APP_STATE, initial_height=self.initial_height)
        assert found == begun.root

    def recover(self) -> None:
        """Handshake: ask where the node is, and replay what it lacks."""
        self.connect()
        self.round = []
        info = self.queries.info()
        assert info.last_block_height == self.reference.info().height
        assert info.last_block_app_hash == self.reference.info().root
        if info.last_block_height == 0:
            self.begin_chain()
        if self.decided is not None:
            self.finalize(self.decided)

    @rule()
    def the_node_stops(self) -> None:
        self.node.crash()
        self.node.start()
        self.reference = Application(self.runtime)  # whose mempool is empty, too
        self.recover()

    @rule()
    def the_engine_stops(self) -> None:
        self.recover()

    @precondition(lambda self: self.reference.info().height == 0 and self.decided is None)
    @rule(chunks=st.integers(0, 2))
    def state_sync(self, chunks: int) -> None:
        offer = OfferSnapshotRequest(b"hash")
        assert self.snapshots.call(offer, OfferSnapshotResponse).result == 2
        for _ in range(chunks):
            chunk = ApplySnapshotChunkRequest(b"chunk", "peer")
            assert self.snapshots.call(chunk, ApplySnapshotChunkResponse).result == 2

    # consensus-round

    @precondition(lambda self: self.decided is None and not self.round)
    @rule(picks=PICKS, len_max=st.sampled_from([0, 250, 10_000]))
    def prepare_proposal(self, picks: list[int], len_max: int) -> None:
        self.round.append("prepare")
        offered = self.pick(picks)
        proposal = list(self.consensus.prepare(self.height, offered, len_max=len_max))
        assert all(each in offered for each in proposal)
        assert sum(map(len, proposal)) <= len_max
        assert self.reference.process(proposal)
        self.proposals.append(proposal)

    @precondition(lambda self: self.decided is None and self.round[-1:] == ["prepare"])
    @rule()
    def process_own_proposal(self) -> None:
        self.round.append("process")
        assert self.consensus.process(self.height, self.proposals[-1])

    @precondition(lambda self: self.decided is None and not self.round)
    @rule(picks=PICKS)
    def process_proposal(self, picks: list[int]) -> None:
        self.round.append("process")
        proposal = self.pick(picks)
        accepted = self.consensus.process(self.height, proposal)
        assert accepted == self.reference.process(proposal)
        if accepted:
            self.proposals.append(proposal)

    @precondition(lambda self: self.decided is None and "extend" not in self.round)
    @rule()
    def extend_vote(self) -> None:
        self.round.append("extend")
        request = ExtendVoteRequest(b"hash", self.height)
        assert self.consensus.call(request, ExtendVoteResponse).vote_extension == b""

    @precondition(lambda self: self.decided is None)
    @rule(extension=st.sampled_from([b"", b"not ours"]))
    def got_vote(self, extension: bytes) -> None:
        request = VerifyVoteExtensionRequest(b"hash", b"peer", self.height, extension)
        status = self.consensus.call(request, VerifyVoteExtensionResponse).status
        assert status == (2 if extension else 1)

    @precondition(lambda self: self.decided is None and self.round)
    @rule()
    def next_round(self) -> None:
        self.round = []

    # decide, commit

    @precondition(lambda self: self.decided is None and self.proposals)
    @rule(which=st.integers(0, 30))
    def decide(self, which: int) -> None:
        txs = self.proposals[which % len(self.proposals)]
        self.finalize(Decided(self.height, txs))

    @precondition(lambda self: self.decided is None)
    @rule(picks=PICKS)
    def catch_up(self, picks: list[int]) -> None:
        """A block that others decided, of which this node has seen no proposal."""
        self.finalize(Decided(self.height, self.pick(picks)))

    def finalize(self, decided: Decided) -> None:
        self.decided = decided
        expected = self.reference.finalize(decided.height, decided.txs)
        assert self.consensus.finalize(decided.height, decided.txs) == response_to(expected)

    @precondition(lambda self: self.decided is not None)
    @rule()
    def commit(self) -> None:
        self.consensus.commit()
        self.reference.commit()
        self.decided = None
        self.proposals = []
        self.round = []

    # at any time

    @rule(lamports=st.sampled_from([1, 400, FUNDS, 2 * FUNDS]), damaged=st.booleans())
    def check(self, lamports: int, damaged: bool) -> None:
        tx = ALICE.pay(self.reference.blockhash, f"bob-{len(self.pool)}", lamports)
        if damaged:
            tx = tx[:8] + bytes([tx[8] ^ 1]) + tx[9:]
        self.same_check(tx, again=False)
        self.pool.append(tx)

    @rule(which=st.integers(0, 30))
    def check_again(self, which: int) -> None:
        self.same_check(self.pool[which % len(self.pool)], again=True)

    def same_check(self, tx: bytes, *, again: bool) -> None:
        found, expected = self.mempool.check(tx, again=again), self.reference.check(tx, again=again)
        assert (found.code, found.codespace, found.log) == (
            expected.code,
            expected.codespace,
            expected.log,
        )

    @rule()
    def ask(self) -> None:
        """What is answered is what was committed, whatever was proposed or decided since."""
        for path in ("/height", "/root", "/blockhash", "/chain"):
            assert self.queries.query(path).value == self.reference.query(path).value
        assert self.queries.echo("hello") == "hello"
        self.queries.flush()
        assert self.snapshots.call(ListSnapshotsRequest(), ListSnapshotsResponse) == ()

    @invariant()
    def the_last_committed_block_is_known(self) -> None:
        found, expected = self.queries.info(), self.reference.info()
        assert found.last_block_height == expected.height
        assert found.last_block_app_hash == expected.root

    # never

    @precondition(lambda self: self.decided is None)
    @rule()
    def commit_without_a_block(self) -> None:
        with pytest.raises(RequestRefused, match="no block was finalized"):
            self.consensus.commit()

    @rule(off=st.integers(-3, 3).filter(bool))
    def finalize_another_height(self, off: int) -> None:
        height = self.height + off
        with pytest.raises(RequestRefused, match=f"finalize block {height}, and"):
            self.consensus.finalize(height, [])

    @rule()
    def begin_another_chain(self) -> None:
        with pytest.raises(RequestRefused, match="chain"):
            self.consensus.init_chain("another", APP_STATE)

    @precondition(lambda self: self.reference.info().height > 0)
    @rule()
    def begin_twice(self) -> None:
        with pytest.raises(RequestRefused, match="its chain has begun"):
            self.consensus.init_chain(CHAIN_ID, APP_STATE, initial_height=self.initial_height)

    @property
    def height(self) -> int:
        """The one that is being decided, or was and is not committed."""
        return self.reference.next_height

    def pick(self, picks: list[int]) -> list[bytes]:
        return [self.pool[each % len(self.pool)] for each in picks]


def response_to(finalized: Finalized) -> FinalizeBlockResponse:
    results = [
        ExecTxResult(
            code=each.code,
            data=each.data,
            log=each.log,
            info=each.id,
            gas_wanted=each.compute_units_max,
            gas_used=each.compute_units,
            codespace=each.codespace,
        )
        for each in finalized.outcomes
    ]
    return FinalizeBlockResponse(tuple(results), finalized.root)


Engine.TestCase.settings = settings(max_examples=20, stateful_step_count=30)
TestEngine = pytest.mark.slow(Engine.TestCase)

"""An engine that does whatever it may, and a process that dies in between, beside a serial model.

Proposals of several rounds, repeated ones, blocks that no honest node proposes, blocks finalized
again with other transactions, crashes before and after them: the node is always where a dict of
balances is that executes transfers one by one, and gives their codes.

`SEALANE_EXAMPLES=200` runs more of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import sealane
from sealane import NothingFinalized, Pubkey, WrongHeight
from sealane.node import Application, Code

from .senders import ALICE, CAROL, CHAIN_ID, Sender, crashing

FEE = 50
PEOPLE = (ALICE, CAROL, Sender.named("dave"), Sender.named("poor"))
FUNDS: dict[Pubkey, int] = dict(
    zip([each.key for each in PEOPLE], (10_000, 900, 120, 30), strict=True)
)
GENESIS = {key: sealane.Account(lamports) for key, lamports in FUNDS.items()}
NO_ACCOUNT, TOO_POOR = 1_002, 1_004  # AccountNotFound, InsufficientFundsForFee
CANNOT_PAY = (NO_ACCOUNT, TOO_POOR, Code.FEES_EXCEED_BALANCE)
OVERDRAWN = 1  # system.ResultWithNegativeLamports
SENT_MAX = 40


class Sent(NamedTuple):
    """A transfer, or what looks like one. `bad`: the code that it has whatever the state is."""

    raw: bytes
    source: Pubkey
    destination: Pubkey
    lamports: int
    blockhash: bytes
    bad: Code | None

    @property
    def message(self) -> tuple[object, ...]:
        """What is the same however often it is signed: ML-DSA-44 never signs twice alike."""
        return (self.source, self.destination, self.lamports, self.blockhash, self.bad)


class Model:
    """Balances and what protects from replays, transaction by transaction."""

    def __init__(self, blockhash: bytes) -> None:
        self.balances: dict[Pubkey, int] = dict(FUNDS)
        self.seen: set[object] = set()
        self.blockhashes = [blockhash]

    def judge(self, sent: Sent, owed: dict[Pubkey, int], seen: set[object]) -> int:
        """The code of what cannot be executed; 0 if it can."""
        if sent.bad is Code.MALFORMED:
            return sent.bad
        if sent.blockhash not in self.blockhashes:
            return Code.BLOCKHASH_NOT_FOUND
        if sent.message in self.seen:
            return Code.ALREADY_PROCESSED
        if sent.bad is not None:
            return sent.bad
        if sent.message in seen:
            return Code.ALREADY_PROCESSED
        held = self.balances.get(sent.source, 0)
        if held == 0:
            return NO_ACCOUNT
        if held < FEE:
            return TOO_POOR
        if owed.get(sent.source, 0) + FEE > held:
            return Code.FEES_EXCEED_BALANCE
        return 0

    def run(self, block: list[Sent]) -> tuple[list[int], Model]:
        """The codes of a block, and the model after it."""
        owed: dict[Pubkey, int] = {}
        after = Model(b"")
        after.balances = dict(self.balances)
        codes: list[int] = []
        new: set[object] = set()
        listed: set[object] = set()
        executed: list[bool] = []
        for sent in block:
            code = self.judge(sent, owed, listed)
            codes.append(code)
            executed.append(code == 0)
            if code in (0, *CANNOT_PAY):
                listed.add(sent.message)
            if code == 0:
                owed[sent.source] = owed.get(sent.source, 0) + FEE
                new.add(sent.message)
        for place, sent in enumerate(block):
            if executed[place]:
                codes[place] = after.transfer(sent)
        after.seen, after.blockhashes = self.seen | new, self.blockhashes
        return codes, after

    def transfer(self, sent: Sent) -> int:
        held = self.balances.get(sent.source, 0)
        if held < FEE:
            return TOO_POOR if held else NO_ACCOUNT
        self.balances[sent.source] = held = held - FEE
        if held < sent.lamports:
            return OVERDRAWN
        self.balances[sent.source] = held - sent.lamports
        self.balances[sent.destination] = self.balances.get(sent.destination, 0) + sent.lamports
        return 0


class NodeMachine(RuleBasedStateMachine):
    """One node on a store. `model` is at its last committed block, `pending` one block further."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sealane-node-"))
        self.sent: list[Sent] = []
        self.pending: Model | None = None
        self.height = 0
        self.root = bytes(32)
        self.open()
        self.model = Model(self.node.blockhash)

    def open(self) -> None:
        self.life = ExitStack()
        runtime = self.life.enter_context(crashing(self.folder, lamports_per_signature=FEE))
        self.node = Application(runtime)
        assert self.node.info()[2:] == (self.height, self.root)
        if self.height == 0:
            self.node.start_chain(CHAIN_ID, GENESIS)

    def teardown(self) -> None:
        self.life.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin_with_a_transfer(self) -> None:
        self.keep(self.transfer(0, 1, 1, len(self.model.blockhashes) - 1, None))

    @rule(
        source=st.integers(0, 3),
        destination=st.integers(0, 3),
        lamports=st.sampled_from((0, 1, 70, 700, 9_000, 2**60)),
        age=st.integers(0, 5),
        bad=st.sampled_from((None, None, None, Code.MALFORMED, Code.INVALID_SIGNATURE)),
    )
    def send(
        self, source: int, destination: int, lamports: int, age: int, bad: Code | None
    ) -> None:
        self.keep(self.transfer(source, destination, lamports, age, bad))

    def keep(self, sent: Sent) -> None:
        if len(self.sent) < SENT_MAX:
            self.sent.append(sent)

    def transfer(
        self, source: int, destination: int, lamports: int, age: int, bad: Code | None
    ) -> Sent:
        payer, receiver = PEOPLE[source], PEOPLE[destination].key
        known = self.model.blockhashes
        blockhash = known[-1 - age] if age < len(known) else bytes(32)
        raw = payer.pay(blockhash, receiver, lamports)
        if bad is Code.MALFORMED:
            raw = raw[:-1]
        if bad is Code.INVALID_SIGNATURE:
            at = len(raw) - 1  # the amount: it is signed, and in either form the last byte
            raw = raw[:at] + bytes([raw[at] ^ 1])
        return Sent(raw, payer.key, receiver, lamports, blockhash, bad)

    def some(self, data: st.DataObject) -> list[Sent]:
        return data.draw(st.lists(st.sampled_from(self.sent), max_size=6))

    @rule(data=st.data())
    def check(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from(self.sent))
        checked = self.node.check(sent.raw)
        if checked.codespace != "mempool":
            assert checked.code == self.model.judge(sent, {}, set())

    @rule(data=st.data())
    def process(self, data: st.DataObject) -> None:
        block = self.some(data)
        owed: dict[Pubkey, int] = {}
        seen: set[object] = set()
        sound = True
        for sent in block:
            sound = sound and self.model.judge(sent, owed, seen) == 0
            owed[sent.source] = owed.get(sent.source, 0) + FEE
            seen.add(sent.message)
        codes, _ = self.model.run(block)
        sound = sound and not any(code in CANNOT_PAY for code in codes)
        assert self.node.process([sent.raw for sent in block]) == sound

    @rule(data=st.data())
    def prepare(self, data: st.DataObject) -> None:
        offered = [sent.raw for sent in self.some(data)]
        proposal = self.node.prepare(offered)
        assert set(proposal) <= set(offered)
        assert self.node.process(proposal)
        assert self.node.prepare(proposal) == proposal

    @rule(data=st.data())
    def finalize(self, data: st.DataObject) -> None:
        block = self.some(data)
        codes, after = self.model.run(block)
        finalized = self.node.finalize(self.height + 1, [sent.raw for sent in block])
        assert [outcome.code for outcome in finalized.outcomes] == codes
        assert self.node.finalize(self.height + 1, [sent.raw for sent in block]) == finalized
        self.pending, self.pending_root = after, finalized.root

    @rule(off=st.sampled_from((-1, 0, 2, 7)))
    def finalize_another_height(self, off: int) -> None:
        with pytest.raises(WrongHeight):
            self.node.finalize(self.height + off, [])

    @precondition(lambda self: self.pending is None)
    @rule()
    def commit_nothing(self) -> None:
        with pytest.raises(NothingFinalized):
            self.node.commit()

    @precondition(lambda self: self.pending is not None)
    @rule()
    def commit(self) -> None:
        assert self.pending is not None
        info = self.node.commit()
        self.height, self.root = self.height + 1, self.pending_root
        assert info[2:] == (self.height, self.root)
        self.model, self.pending = self.pending, None
        self.model.blockhashes = [*self.model.blockhashes, self.node.blockhash]

    @rule()
    def crash(self) -> None:
        """The process dies; another one goes on with what was committed."""
        self.life.close()
        self.pending = None
        self.open()
        assert self.node.blockhash == self.model.blockhashes[-1]
        for sent in self.sent:
            if sent.message in self.model.seen:
                assert self.node.check(sent.raw).code == Code.ALREADY_PROCESSED

    @invariant()
    def balances_are_those_committed(self) -> None:
        for key, lamports in self.model.balances.items():
            assert self.node.runtime.account(key).lamports == lamports
        assert self.node.query("/height").value == b"%d" % self.height


TestNodeMachine = pytest.mark.slow(NodeMachine.TestCase)
TestNodeMachine.settings = settings(
    max_examples=int(os.environ.get("SEALANE_EXAMPLES", "20")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

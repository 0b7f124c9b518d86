"""People with keys, and what they send: signed transactions, for tests of the node."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import sealane
from sealane import Account, Instruction, Pubkey, Transaction
from sealane.node import Application
from sealane.programs.library import system
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.wire import sign_transaction

FUNDS = 1_000_000_000
CHAIN_ID = "test"
FEE = 5_000  # for a signature


class Sender(NamedTuple):
    """A name with a key pair of its own, always the same."""

    keypair: Keypair

    @classmethod
    def named(cls, name: str, scheme: Scheme = Scheme.ED25519) -> Sender:
        return cls(Keypair(scheme, name.encode().ljust(32, b"\0")))

    @property
    def key(self) -> Pubkey:
        return self.keypair.address

    def send(self, blockhash: bytes, *calls: Instruction) -> bytes:
        """The bytes of a transaction of these calls, paid and signed by this sender."""
        return sign_transaction(Transaction(list(calls), payer=self.key), [self.keypair], blockhash)

    def pay(self, blockhash: bytes, to: Pubkey | str, lamports: int, *more: Instruction) -> bytes:
        transfer = system.transfer(source=self.key, destination=to, lamports=lamports)
        return self.send(blockhash, transfer, *more)


ALICE = Sender.named("alice")
CAROL = Sender.named("carol", Scheme.ML_DSA_44)
GENESIS = {ALICE.key: Account(FUNDS), CAROL.key: Account(FUNDS)}


def begin(node: Application) -> Application:
    """The node, after the beginning of a chain in which both senders have funds."""
    node.start_chain(CHAIN_ID, GENESIS)
    return node


def run_block(node: Application, *txs: bytes) -> list[int]:
    """Finalize and commit the next block; the codes of its outcomes."""
    finalized = node.finalize(node.next_height, txs)
    node.commit()
    return [outcome.code for outcome in finalized.outcomes]


def lamports(node: Application, name: str | bytes) -> int:
    return node.runtime.account(name).lamports


def pay(node: Application, amount: int = 400) -> bytes:
    """Alice pays bob."""
    return ALICE.pay(node.blockhash, "bob", amount)


class _Crash(Exception):
    pass


@contextmanager
def crashing(folder: Path, *, lamports_per_signature: int = 0) -> Generator[sealane.Runtime]:
    """A runtime on a store whose process is gone at the end: what was not committed is lost."""
    fee = lamports_per_signature
    with (
        suppress(_Crash),
        sealane.Runtime(workers=0, store=folder, lamports_per_signature=fee) as runtime,
    ):
        yield runtime
        raise _Crash

"""The contestants, and for each what it guarantees and omits."""

from __future__ import annotations

from typing import Final

from .scenario import Contestant

SEALANE: Final = Contestant(
    "sealane",
    "the outcome of file order, bit for bit, on any number of workers; Solana's rules on owners, "
    "signers, fees and conservation of lamports; a receipt each; a state root",
    "signatures are taken as valid; programs are Python, compute units are fixed prices",
)
SCHEDULER: Final = Contestant(
    "sealane.scheduler",
    "every conflict ordered, a rustworkx graph, waves",
    "nothing is executed",
)
PACKER: Final = Contestant(
    "sealane.scheduler.packing",
    "by priority, under Solana's limits on a block and each account, the same every time",
    "nothing is decoded, verified or executed",
)
VERIFIER: Final = Contestant(
    "sealane.signatures",
    "each signature by the rule of its scheme, in one library to a rule; the same answers on any "
    "number of workers",
    "nothing is decoded, scheduled or executed",
)
COMMAND: Final = Contestant(
    "the command sealane", "what a user of the shell waits for", "nothing: a new process each time"
)
LITESVM: Final = Contestant(
    "LiteSVM (solders)",
    "the Solana virtual machine in Rust, one transaction after the other: its rules, fees, logs, "
    "metered compute units; runs sBPF programs",
    "signature check, blockhash check and history are off; no parallelism, no state root",
)
LITESVM_SIGNED: Final = Contestant(
    "LiteSVM, signatures checked",
    "as LiteSVM, and every signature is verified",
    "blockhash check and history are off; no parallelism, no state root",
)
DICT_LOOP: Final = Contestant(
    "a Python loop over a dict",
    "balances come out right",
    "everything else: signers, owners, roll-back, receipts, state root, durability",
)
NETWORKX: Final = Contestant(
    "networkx",
    "the same edges, and the same waves by topological_generations",
    "nothing is executed",
)

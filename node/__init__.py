"""A chain around the runtime: an application that an ordering engine drives, as in ABCI 2.0.

    engine ── check ─────▶ may it wait in the mempool?
           ── prepare ───▶ which of those that wait, and in which order
           ── process ───▶ is this proposal one that every node accepts?
           ── finalize ──▶ executed: outcomes and state root; nothing is durable yet
           ── commit ────▶ durable

Guarantees: `process` and `finalize` depend on the state and the transactions alone; nothing lasts
before `commit`; after a crash `info` says what was committed last. Does not: agree with other
nodes on an order; that is what the engine is for.
"""

from .answers import Answer, Checked, Finalized, Info, Outcome
from .application import Application
from .chain.chain import Chain
from .chain.genesis import read_genesis
from .codes import Code
from .limits import ProposalLimits
from .observer import CommittedBlock, Observer

__all__ = [
    "Answer",
    "Application",
    "Chain",
    "Checked",
    "Code",
    "CommittedBlock",
    "Finalized",
    "Info",
    "Observer",
    "Outcome",
    "ProposalLimits",
    "read_genesis",
]

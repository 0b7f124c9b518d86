"""Application: what an ordering engine drives, call by call, as in ABCI 2.0.

    start_chain ──▶ check, check, …
                    prepare ──▶ process ──▶ finalize ──▶ commit ──▶ and so on with the next height
                        └────────◀── another round ──┘

Guarantees: `process` and `finalize` depend on the state and the transactions alone, and so are the
same on every node, for any number of workers, on any route. Nothing lasts before `commit`, which
is atomic: after a crash `info` is at the last block that was committed, and the engine replays from
there. A MachineError leaves everything as it was. Does not: agree on an order with other nodes;
share itself between threads: a server has to make one call at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final

from ..primitives import Account, NothingFinalized, Pubkey, UsageError, WrongHeight
from ..primitives.version import find_version
from ..programs.installed import add_named_programs
from ..programs.library.on_demand import ON_DEMAND
from ..runtime import Result, Runtime
from ..scheduler.packing import Policy
from .admission import Refused
from .answers import Answer, Checked, Finalized, Info
from .candidates import Executed
from .chain.chain import CHAIN_KEY, PROTOCOL, Chain, chain_of
from .chain.genesis import read_genesis
from .chain.starting import (
    BLOCK_LIMITS,
    BLOCK_TIME_MS,
    Given,
    NodeRules,
    put_in_place,
    require_genesis,
    require_no_blocks,
    require_rules,
)
from .codes import CODESPACE, OK, Code, Refusal
from .limits import ProposalLimits
from .mempool import CODESPACE as MEMPOOL_CODESPACE
from .mempool import MempoolLimits
from .observer import CommittedBlock, Observer
from .queries import Queries
from .running_chain import RunningChain
from .waiting import Waiting

_NO_LIMITS: Final = ProposalLimits()


class Application:
    """A chain of blocks over `runtime`, which stays the caller's to close; the node alone uses it.

    `signatures`: whether transactions must be signed. `block_limits`: the name of Solana's limits
    that a proposal keeps. `packing`: the policy by which this node makes its proposals. `mempool`:
    how much may wait. `observer` hears what happens.

    All nodes of a chain need the same programs, fees, rent rules, kind of state root, signatures
    and block limits, which the chain records: raises UsageError for a runtime whose state belongs
    to a chain with others.

        with sealane.Runtime(store="state", workers=2) as runtime:
            node = Application(runtime)
            node.start_chain("test", {alice: Account(lamports=1_000_000)})
            finalized = node.finalize(1, transactions)
            node.commit()

    Not thread-safe.
    """

    def __init__(
        self,
        runtime: Runtime,
        *,
        signatures: bool = True,
        block_limits: str = BLOCK_LIMITS,
        packing: Policy = Policy.GREEDY,
        mempool: MempoolLimits | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.runtime = runtime
        self.observer = Observer() if observer is None else observer
        self._rules = NodeRules(signatures, block_limits)
        self._rules.require_sound()
        self._packing = packing
        self._mempool_limits = mempool
        self._waiting: Waiting | None = None
        self._finalized: Executed | None = None
        self._chain: RunningChain | None = None
        self._queries = Queries(runtime, None, None)
        add_named_programs(runtime.programs, ON_DEMAND)
        stored = chain_of(runtime.state.get(CHAIN_KEY))
        if stored is not None:
            require_rules(stored, runtime, self._rules)
            self._go_on(stored)

    def info(self) -> Info:
        """What was committed last; all an engine needs to know where to replay from."""
        return Info(find_version(), PROTOCOL, self._queries.height, self._queries.root)

    @property
    def blockhash(self) -> bytes:
        """The newest blockhash, which new transactions should name."""
        return self._running.recent.blockhash

    @property
    def next_height(self) -> int:
        """The height of the next block."""
        return self._running.next_height

    def start_chain(
        self,
        chain_id: str,
        accounts: Mapping[Pubkey, Account] | None = None,
        *,
        app_state: bytes = b"",
        initial_height: int = 1,
        genesis_time_ms: int = 0,
        block_time_ms: int = BLOCK_TIME_MS,
    ) -> Info:
        """Begin a chain with these accounts, or those of `app_state`, a fixture's bytes; if both
        are given, they must be the same.

        Durable with the first block; until then, the same call again gives the same answer: height
        0, and as root a hash over all that the chain begins with. Raises UsageError for a state
        that has another chain or other blocks, InputError for accounts that cannot be.
        """
        # First: to read an app_state takes long, and a node that runs has other things to do.
        require_no_blocks(self.runtime)
        stated = read_genesis(app_state, self.runtime.programs)
        if accounts and stated and dict(accounts) != stated:
            raise UsageError(
                "the chain's accounts are given twice, and differ: by the caller and in app_state; "
                "leave one out"
            )
        given = Given(chain_id, initial_height, genesis_time_ms, block_time_ms)
        begun = None if self._chain is None else self._chain.chain
        chain = put_in_place(self.runtime, self._rules, begun, given, accounts or stated)
        if begun is None:
            self._go_on(chain)
        return Info(find_version(), PROTOCOL, 0, chain.genesis_hash)

    def require_genesis(self, accounts: Mapping[Pubkey, Account]) -> None:
        """Raise UsageError if the chain has begun with other accounts than these."""
        require_genesis(None if self._chain is None else self._chain.chain, accounts)

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        """Whether a transaction may wait for a block. `again`: it waits already, and a block was
        committed since."""
        began = monotonic()
        checked = self._checked(tx, again=again)
        self.observer.checked(checked.code, monotonic() - began)
        return checked

    def prepare(self, txs: Sequence[bytes], limits: ProposalLimits = _NO_LIMITS) -> list[bytes]:
        """A proposal of these transactions: what cannot be in a block is dropped, the rest ordered
        and cut to the limits. Every node accepts it: it is executed, unless nothing in it has a
        fee, and what a payer could not pay at its turn is dropped as well."""
        began = monotonic()
        chosen = self._running.propose(txs, limits, self._packing)
        self.observer.prepared(len(txs), len(chosen), monotonic() - began)
        return chosen

    def process(self, txs: Sequence[bytes]) -> bool:
        """Whether a proposal is one that every node accepts: all of it can be executed, within the
        limits of a block, and every fee is paid. It is executed to find that out, and kept for
        `finalize`."""
        began = monotonic()
        accepted = self._running.accept(txs)
        self.observer.processed(accepted=accepted, seconds=monotonic() - began)
        return accepted

    def finalize(self, height: int, txs: Sequence[bytes]) -> Finalized:
        """Execute the block of the next height; `commit` commits the one that came last.

        Transactions that cannot be executed have an outcome, and no effect on the others. Raises
        WrongHeight for any other height, and MachineError; then no block is finalized.
        """
        chain = self._running
        if height != self.next_height:
            raise WrongHeight(chain.next_height, height)
        # If this fails, what was finalized before is not what the engine decided last.
        self._finalized = None
        self._finalized = chain.execute(txs)
        return self._finalized.finalized

    def commit(self) -> Info:
        """Commit the block that was finalized last, durably. Raises NothingFinalized without one,
        and MachineError; it is still there to be committed then, unless the store is broken."""
        chain, executed = self._running, self._finalized
        if executed is None:
            raise NothingFinalized
        result = self.runtime.commit(executed.candidate)
        self._finalized = None
        chain.committed(executed)
        if self._waiting is not None:
            self._waiting.committed(executed.entry)
            self._tell_queue(self._waiting)
        self.observer.committed(_committed(executed, result))
        return self.info()

    def query(
        self, path: str, data: bytes = b"", *, height: int = 0, prove: bool = False
    ) -> Answer:
        """The answer to a question about the last committed state; see queries.py for the paths.

        `height`: the one that is asked about, 0 for the last. `prove`: with a proof.
        """
        return self._queries.answer(path, data, height, prove=prove)

    @property
    def _running(self) -> RunningChain:
        if self._chain is None:
            raise UsageError("no chain has begun; call start_chain first")
        return self._chain

    def _go_on(self, chain: Chain) -> None:
        """Go on with this chain, from the state as it is."""
        self._chain = RunningChain(chain, self.runtime)
        self._waiting = Waiting(self._chain, self._mempool_limits)
        self._queries = Queries(self.runtime, chain, self._chain.recent)

    def _checked(self, tx: bytes, *, again: bool) -> Checked:
        chain, waiting = self._chain, self._waiting
        if chain is None or waiting is None:
            return _refusal(CODESPACE, *Refusal.of(Code.CHAIN_NOT_STARTED, "no chain has begun"))
        judged = chain.admission.judge_one(tx)
        if isinstance(judged, Refused):
            return _refusal(CODESPACE, *judged.why)
        refusal = waiting.admit(judged, again=again)
        self._tell_queue(waiting)
        if refusal is not None:
            return _refusal(MEMPOOL_CODESPACE, refusal.code, f"{refusal.code.name}: {refusal.log}")
        return Checked(OK, "", "", judged.compute_units, judged.priority, str(judged.payer))

    def _tell_queue(self, waiting: Waiting) -> None:
        self.observer.queue(len(waiting), waiting.size)


def _refusal(codespace: str, code: int, log: str) -> Checked:
    return Checked(int(code), codespace, log, 0, 0, "")


def _committed(executed: Executed, result: Result) -> CommittedBlock:
    """What observers hear of a block."""
    timing = result.timing
    return CommittedBlock(
        height=executed.finalized.height,
        transactions=len(executed.finalized.outcomes),
        failed=int(result.transactions.failed.sum()),
        refused=executed.refused,
        stages={
            "signatures": executed.judged_s,
            "schedule": timing.schedule_s,
            "execute": timing.execute_s,
            "commit": timing.commit_s,
        },
        waves=len(result.dag.waves),
        total_cost=int(result.block.costs.sum()),
        critical_path_cost=result.critical_path.cost,
        workers=result.workers,
        busy_s=timing.busy_s,
        retries=tuple([each.reason.value for each in result.tries[1:]]),
        root=executed.finalized.root,
    )

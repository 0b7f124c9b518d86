"""Runtime: the object through which a caller runs blocks.

It owns the committed state, the worker pool and the folder of shared memory. It starts workers when
a block first needs them, and releases everything in reverse order when it is closed.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from time import monotonic
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..merkle import ProofDocument
from ..primitives import (
    Account,
    Pubkey,
    RuntimeBusy,
    RuntimeClosed,
    RuntimeForked,
    Transaction,
    UsageError,
)
from ..primitives.account import EMPTY_ACCOUNT
from ..primitives.one_line import counted
from ..primitives.pubkey import KeyLike
from ..programs import builtin_programs
from ..programs.kit import Layout, Program, Sysvars
from ..programs.kit.program.program_set import ProgramSet
from ..scheduler import Dag
from ..signatures.schemes import SignatureCheck
from ..signatures.verifying import checked
from .block.block import Block
from .block.block_building import build_block
from .block.limits import Limits
from .candidate import Candidate, ExecutedBlock
from .commitments.commitment import NextRoot
from .commitments.kinds import USUAL_KIND, root_kind_named
from .commitments.lattice import LatticeCommitment
from .engine.block_executor import BlockExecutor, LazyDag
from .engine.result import Result, Timing
from .engine.route_policy import RoutePolicy, policy_of
from .memory.segment import shared_memory_root, sweep_dead_owners
from .process.interrupts import held_signals, raise_if_interrupted, watched_signals
from .proving import prove_account
from .state.input_hash import NO_HASH, hash_input
from .state.native_accounts import native_accounts
from .state.placed_accounts import PlacedAccounts, placed_account, require_storable
from .state.snapshot import Snapshot
from .state.state import MemoryState, State
from .store import Store
from .svm.execution_inputs import ExecutionInputs
from .svm.receipt import Receipts
from .svm.recorder import Recorder
from .svm.tries import Route
from .workers.pool import WORKERS_MAX

_log = logging.getLogger(__package__)


class Runtime:
    """Runs blocks of transactions, one after another, on the state that it keeps.

    `workers`: the most processes that execute a block; 0 executes serially in this one; None uses
    one per core. Blocks of library programs that would not be faster on workers start none, and
    small blocks go to one worker whole. `programs`: programs that transactions may call, beside the
    built-in ones and those whose instructions were built in this process. `builtins`: whether to
    include the built-in ones. `rent`: whether a transaction that leaves an account below its
    rent-exempt minimum fails, as on chain (InsufficientFundsForRent). `adds`: whether accounts that
    instructions are known to only add to (`Credits[…]`, such as the destination of system.transfer)
    are only added to; otherwise they are locked for writing, as on Solana. Concerns blocks that
    this runtime builds. `store`: a folder for durable
    state, created if it is missing; None keeps state in memory. `expect`, "HEIGHT:ROOT": a block
    that the store must have, with that state root; an older copy of the store does not have it.
    `root`: the kind of the state root: "history", over the changes of each block; "lattice", the
    lattice hash of all accounts (needs the extra `lattice`); "merkle", of a tree over all accounts,
    see `prove`; None: that of the store, and "history" in memory and for a new store.
    `limits`: what a worker process may use. `route`: how blocks are executed: a Route for all, or a
    RoutePolicy that chooses one for each; None chooses the route that is likely to be fastest. Use
    it as a context manager.

    Not thread-safe, and not usable in a forked process: raises RuntimeBusy and RuntimeForked.
    """

    def __init__(
        self,
        *,
        store: str | os.PathLike[str] | None = None,
        expect: str | None = None,
        root: str | None = None,
        workers: int | None = None,
        programs: Iterable[Program] = (),
        sysvars: Sysvars | None = None,
        lamports_per_signature: int = 0,
        rent: bool = False,
        adds: bool = False,
        builtins: bool = True,
        limits: Limits | None = None,
        route: Route | RoutePolicy | None = None,
    ) -> None:
        self.workers = (os.cpu_count() or 1) if workers is None else workers
        if type(self.workers) is not int or not 0 <= self.workers <= WORKERS_MAX:
            raise UsageError(f"workers={workers}: choose 0 (serial) to {WORKERS_MAX}")
        policy = policy_of(route, self.workers)
        _require_flag("builtins", builtins)
        _require_flag("rent", rent)
        _require_flag("adds", adds)
        self.adds = adds
        self.programs = ProgramSet(builtin_programs() if builtins else ())
        if isinstance(programs, Program):
            raise UsageError(f"programs= takes a list: programs=[{programs.name}]")
        for program in programs:
            self.programs.add(program)
        self._sysvars = Sysvars() if sysvars is None else _checked_sysvars(sysvars)
        self.rent = rent or self._sysvars.rent.enforced
        self.lamports_per_signature = lamports_per_signature
        if limits is not None and type(limits) is not Limits:
            raise UsageError(f"limits={limits!r}: give Limits(…)")
        if store is not None and not isinstance(store, (str, os.PathLike)):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise UsageError(f"store={store!r}: name a folder")
        if expect is not None and store is None:
            raise UsageError(f"expect={expect!r} is about a store; name it with store=")
        kind = root_kind_named(USUAL_KIND if root is None else root)
        self.state: State = (
            MemoryState(kind) if store is None else Store(store, expect=expect, root_kind=root)
        )
        self._placed = PlacedAccounts()
        self.limits = Limits() if limits is None else limits
        self._executor = BlockExecutor(self.workers, self.limits, policy)
        if isinstance(self.state.commitment, LatticeCommitment):
            self.state.commitment.sum_with(self._executor.sum_accounts)
        self._closed = False
        self._owner = os.getpid()
        sweep_dead_owners(shared_memory_root())
        self._executing = threading.Lock()

    @property
    def sysvars(self) -> Sysvars:
        """The sysvars of the next block. Setting them does not change `rent`."""
        return self._sysvars

    @sysvars.setter
    def sysvars(self, sysvars: Sysvars) -> None:
        given = _checked_sysvars(sysvars)
        self._sysvars = replace(given, rent=replace(given.rent, enforced=self.rent))

    @property
    def route(self) -> RoutePolicy:
        """The policy that chooses the routes of the next blocks. May be set to a Route, too."""
        return self._executor.route

    @route.setter
    def route(self, route: Route | RoutePolicy | None) -> None:
        self._executor.route = policy_of(route, self.workers)

    @property
    def rent(self) -> bool:
        """Whether a transaction that leaves an account below its rent-exempt minimum fails."""
        return self._sysvars.rent.enforced

    @rent.setter
    def rent(self, enforced: bool) -> None:
        _require_flag("rent", enforced)
        rent = replace(self._sysvars.rent, enforced=enforced)
        self._sysvars = replace(self._sysvars, rent=rent)

    def set_account(
        self,
        key: KeyLike,
        *,
        lamports: int = 0,
        owner: KeyLike | Program | None = None,
        data: bytes | Layout = b"",
        executable: bool = False,
    ) -> Pubkey:
        """Place an account outside any block, and return its key.

        `key` and `owner` are keys or names; `data` is bytes or a layout value. The default owner is
        the program that lists the layout in `data`, otherwise the system program. With a store, it
        is committed with the next block, or when the runtime is closed. Raises UsageError for an
        invalid value, and if several programs list the layout and no owner is given.
        """
        self._require_idle()
        account_key = self.resolve(key)
        values = {"lamports": lamports, "owner": owner, "data": data, "executable": executable}
        account = placed_account(key, values, self.programs, self.resolve)
        self._placed.put(self.state, {account_key: account})
        return account_key

    def place_accounts(self, accounts: Mapping[Pubkey, Account]) -> None:
        """Place those accounts that do not exist yet, for the next block.

        So if a fixture is run as the next block of a store, it finds the accounts as earlier blocks
        left them. Raises UsageError for an invalid account; none is placed then.
        """
        self._require_idle()
        self._placed.put_new(self.state, accounts)

    def account(self, key: KeyLike) -> Account:
        """The state of an account. One that does not exist has 0 lamports and no data."""
        return self._load(self.resolve(key))

    def prove(self, key: KeyLike, *, with_data: bool = True) -> ProofDocument:
        """The proof of what is committed of an account, or that it does not exist.

        It holds for the root of the accounts' Merkle tree, which is the state root with
        `root="merkle"`, and then takes microseconds; with another kind of root, it takes 4 µs for
        each account that there is. `with_data`: whether the account's data is in it. See
        sealane.merkle for who verifies it (`verify_proof`), and how it is written
        (`proof_document`, JSON; `encode_ics23`, what an ABCI answer carries). Accounts placed since
        the last block are not committed, except in memory with root="history", where placing takes
        effect at once; those of built-in programs are no part of the state.
        """
        self._require_idle()
        return prove_account(self.state, self.resolve(key), with_data=with_data)

    def resolve(self, name: KeyLike) -> Pubkey:
        """The key that a name stands for, names of this runtime's programs included."""
        program = self.programs.named(name) if isinstance(name, str) else None
        try:
            return program.id if program is not None else Pubkey.of(name)
        except (TypeError, ValueError) as error:
            # Never a keypair's own text: it is the secret.
            said = repr(name) if isinstance(name, str | bytes) else f"this {type(name).__name__}"
            raise UsageError(f"{said} names no account: {error}") from error

    def states_of(self, block: Block) -> Sequence[Account]:
        """The committed state of every account of a block, by account id."""
        return self.state.states(block.key_column, self._unset_accounts())

    def snapshot(self) -> Snapshot:
        """The current accounts, sysvars, height and state root, for `restore`.

        `with runtime.snapshot():` restores them at its end. Raises UsageError for a runtime with a
        store, whose commits are permanent.
        """
        self._require_idle()
        if not isinstance(self.state, MemoryState):
            raise UsageError("a store keeps what was committed; copy its folder instead")
        return Snapshot(self.state.copy(), self.sysvars, self)

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot of this runtime. Raises UsageError for that of another one."""
        self._require_idle()
        if not isinstance(snapshot, Snapshot):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise UsageError(f"{snapshot!r} is no snapshot; restore what snapshot() gave")
        if not snapshot.belongs_to(self):
            raise UsageError("this snapshot is of another runtime; restore one of its own")
        self.state = snapshot.state.copy()
        self._sysvars = snapshot.sysvars  # `rent` with them

    @property
    def state_root(self) -> str:
        """The state root after the last block, 64 hex digits."""
        return self.state.root.hex()

    @property
    def root_kind(self) -> str:
        """What the state root commits to, as in `Runtime(root=…)`."""
        return self.state.commitment.KIND

    @property
    def height(self) -> int:
        """The number of blocks committed."""
        return self.state.height

    def prepare(self, transactions: Block | Sequence[Transaction]) -> Block:
        """Build a block from transactions, and register the programs that built instructions.

        Computes everything that depends on the block alone, so that `execute` need not. Raises
        InputError for a block that cannot be run.
        """
        block = self._runnable(transactions)
        block.find_out()
        return block

    def _runnable(self, transactions: Block | Sequence[Transaction]) -> Block:
        self._require_open()
        block = (
            transactions
            if isinstance(transactions, Block)
            else build_block(
                transactions,
                lamports_per_signature=self.lamports_per_signature,
                crediting=self.programs if self.adds else None,
            )
        )
        block.require_runnable()
        for program in block.programs:
            if isinstance(program, Program):
                self.programs.add(program)
        return block

    def execute(
        self,
        transactions: Block | Sequence[Transaction],
        *,
        dag: Dag | None = None,
        progress: Callable[[int], None] | None = None,
        recorder: Recorder | None = None,
        again: bool = False,
        timeline: bool = False,
    ) -> Result:
        """Execute and commit a block: transactions, or a block from `prepare`.

        A store skips a block that it has run already, with the same accounts placed before it; see
        `Result.skipped`. `again` runs it once more.

        `dag`: that of the block, if it was built already. `progress` is called with the number of
        transactions done; in lanes, that is a `Done`, which has it by lane, too. A `recorder` gets
        a recording of each transaction; the block then executes serially in this process, whatever
        `workers` is. `timeline`: measure when each transaction is executed, and by which worker;
        see `Result.timeline`. Raises InputError for a block that cannot be run, and MachineError if
        the machine fails; nothing is committed then. Failed transactions raise nothing; see their
        receipts. Ctrl-C is deferred during the commit, which is therefore complete or not begun.
        """
        with self._alone():
            started = monotonic()
            block = self._runnable(transactions)
            schedule = LazyDag(block, dag)
            input_hash = self._hash_input(block) if isinstance(self.state, Store) else NO_HASH
            earlier = None if again else self.state.find_block(input_hash)
            if earlier is not None:
                return self._skip(block, schedule(), earlier.height, monotonic() - started)
            return self._commit(
                self._execute(
                    block, schedule, input_hash, started, progress, recorder, timed=timeline
                ),
                {},
            )

    def execute_candidate(
        self,
        transactions: Block | Sequence[Transaction],
        *,
        placing: Mapping[Pubkey, Account] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Candidate:
        """Execute a block without committing it: nothing changes until it is passed to `commit`.

        Any number of candidates may be executed on one state, and dropped. `placing`: accounts to
        put in place in the same commit; the block's transactions must not change them. A store does
        not skip a block that it has run before. Raises as `execute` does.
        """
        placing = {} if placing is None else dict(placing)
        require_storable(placing)
        with self._alone():
            started = monotonic()
            block = self._runnable(transactions)
            input_hash = self._hash_input(block) if isinstance(self.state, Store) else NO_HASH
            executed = self._execute(
                block, LazyDag(block, None), input_hash, started, progress, None, timed=False
            )
            next_root = self.state.next_root(executed.changed, placing)
            return Candidate(executed, placing, next_root, self.height + 1, self._base)

    def commit(self, candidate: Candidate) -> Result:
        """Commit a candidate of this runtime: the state becomes what it says, at once.

        Raises UsageError if the state has changed since it was executed, and MachineError if the
        machine fails, as `execute` does.
        """
        if not isinstance(candidate, Candidate):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise UsageError(f"{candidate!r} is no candidate; pass what execute_candidate() gave")
        with self._alone():
            if candidate.base != self._base:
                raise UsageError(
                    f"this candidate for block {candidate.height} was executed on another state; "
                    "execute the block again"
                )
            return self._commit(candidate.executed, candidate.placing, candidate.next_root)

    @property
    def _base(self) -> object:
        """Equal as long as nothing has changed the state, not even an account placed in it."""
        return (self.state, self.state.height, self.state.root, self._placed.count)

    @contextmanager
    def _alone(self) -> Generator[None]:
        """For what executes or commits a block. Raises RuntimeBusy if something else does."""
        self._require_open()
        if not self._executing.acquire(blocking=False):
            raise RuntimeBusy
        try:
            with watched_signals():
                yield
        finally:
            self._executing.release()

    def _commit(
        self,
        executed: ExecutedBlock,
        placing: Mapping[Pubkey, Account],
        next_root: NextRoot | None = None,
    ) -> Result:
        began_s = monotonic()
        changed, summary = executed.changed, executed.summary
        with held_signals():
            raise_if_interrupted()
            root = self.state.commit(changed, summary, placing, next_root)
            self._placed.committed()
        result = executed.result(root, self.state.height, commit_began_s=began_s)
        _log.info(
            "block %d committed: %s, %d failed; %s, %s; executed in %.1f ms",
            result.height,
            counted(summary.transactions, "transaction"),
            summary.failed,
            result.route,
            counted(result.workers, "worker"),
            summary.seconds * 1000,
            extra={
                "height": result.height,
                "transactions": summary.transactions,
                "failed": summary.failed,
                "route": str(result.route),
                "workers": result.workers,
                "seconds": round(summary.seconds, 6),
            },
        )
        return result

    def _hash_input(self, block: Block) -> bytes:
        known = [key for key in block.program_ids if self.programs.get(key) is not None]
        return hash_input(block, self._placed.accounts, self.sysvars, known)

    def verify_signatures(self, checks: Iterable[SignatureCheck]) -> NDArray[np.bool_]:
        """Whether each signature counts by its scheme's rule, on the workers if there are many.

        Independent of the state, and of the number of workers. A worker that dies is replaced, and
        asked again; WorkerDied is raised the third time. Raises UsageError for what is no
        SignatureCheck, and where a library is missing: it is in the extra `signatures`.
        """
        with self._alone():
            return self._executor.verify(checked(checks))

    def close(self) -> None:
        """Stop the workers, remove the shared memory and close the store. Idempotent.

        Accounts that were set since the last block are committed first. Raises RuntimeBusy during
        the execution of a block.
        """
        self._close(save=True)

    def _close(self, *, save: bool) -> None:
        if self._owner != os.getpid():
            return  # in a fork: everything belongs to the original process
        if self._executing.locked():
            raise RuntimeBusy
        with held_signals(), ExitStack() as stack:
            closed, self._closed = self._closed, True
            stack.callback(self.state.close)
            stack.callback(self._executor.close)
            if save and not closed:
                self.state.save()

    def __repr__(self) -> str:
        closed = ", closed" if self._closed else ""
        return f"<Runtime at height {self.height}, workers={self.workers}{closed}>"

    def __enter__(self) -> Self:
        self._require_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error, state that is only partly set up must not be saved.
        self._close(save=kind is None)

    def _skip(self, block: Block, dag: Dag, height: int, schedule_s: float) -> Result:
        """The result for a block that the store ran already, at `height`."""
        self._placed.discard(self.state)
        size = counted(len(block), "transaction")
        _log.info("block of %s skipped: it is block %d", size, height)
        nothing = np.zeros(0, dtype=np.uint64)
        return Result(
            block=block,
            dag=dag,
            transactions=Receipts((), dag.waves.wave_of[:0], nothing, nothing, {}),
            accounts={},
            state_root=self.state_root,
            height=self.state.height,
            tries=(),
            timing=Timing(schedule_s=schedule_s),
            skipped_for=height,
        )

    def _execute(
        self,
        block: Block,
        dag: LazyDag,
        input_hash: bytes,
        started_s: float,
        progress: Callable[[int], None] | None,
        recorder: Recorder | None,
        *,
        timed: bool,
    ) -> ExecutedBlock:
        built_s = monotonic()
        with held_signals():  # an interrupt must not leave the state's caches incomplete
            states = self.states_of(block)
        inputs = ExecutionInputs(block, self.programs, self.sysvars, states)
        execution = self._executor.execute(inputs, dag, progress, recorder, timed=timed)
        dag()
        return ExecutedBlock(block, dag, execution, input_hash, started_s, built_s, monotonic())

    def _load(self, key: Pubkey) -> Account:
        state = self.state.get(key)
        return self._unset_accounts().get(key, EMPTY_ACCOUNT) if state is None else state

    def _unset_accounts(self) -> dict[Pubkey, Account]:
        """The accounts that exist without having been set."""
        return native_accounts(self.programs, self.sysvars)

    def _require_idle(self) -> None:
        self._require_open()
        if self._executing.locked():
            raise RuntimeBusy

    def _require_open(self) -> None:
        if self._owner != os.getpid():
            raise RuntimeForked(self._owner)
        if self._closed:
            raise RuntimeClosed


def _require_flag(name: str, value: object) -> None:
    if type(value) is not bool:
        raise UsageError(f"{name}={value!r}: say True or False")


def _checked_sysvars(sysvars: object) -> Sysvars:
    if not isinstance(sysvars, Sysvars):
        raise UsageError(f"sysvars={sysvars!r}: give Sysvars(…)")
    return sysvars

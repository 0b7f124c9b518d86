"""Runtime: the one object a caller needs to run blocks.

It owns the committed state, the worker pool and the folder of shared memory, starts workers when
a block first needs them, and releases everything in reverse when it is closed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from ..primitives import Account, Pubkey, RuntimeClosed, Transaction, UsageError
from ..primitives.account import EMPTY_ACCOUNT
from ..programs import builtin_programs
from ..programs.kit import Layout, Program, Sysvars
from ..scheduler import Dag, build_dag
from .block import Block, build_block
from .execution import Execution
from .parallel import execute_in_parallel, plan_execution
from .pool import WORKERS_MAX, WorkerPool
from .program_set import ProgramSet
from .receipt import Receipts
from .recorder import Recorder
from .result import Result, Timing
from .segment import SegmentFolder
from .serial import execute_serially
from .state import MemoryState

_U64_MAX: Final = 2**64 - 1
# Programs are accounts too: executable, and owned by the loader of built-in programs.
_LOADER_ID: Final = Pubkey.of("NativeLoader1111111111111111111111111111111")
_PROGRAM_ACCOUNT: Final = Account(1, _LOADER_ID, b"", executable=True)


class Runtime:
    """Runs blocks of transactions, one after the other, on state that it keeps.

    `workers`: how many processes execute; 0 executes serially in this one; None takes as many as
    there are cores. `programs`: programs that transactions may call, beside the built-in ones and
    those whose instructions were built in this process. `builtins`: whether the built-in ones are
    there. Not thread-safe. Use as a context manager.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        programs: Iterable[Program] = (),
        sysvars: Sysvars | None = None,
        lamports_per_signature: int = 0,
        builtins: bool = True,
    ) -> None:
        self.workers = (os.cpu_count() or 1) if workers is None else workers
        if not 0 <= self.workers <= WORKERS_MAX:
            raise UsageError(f"workers={workers}: choose 0 (serial) to {WORKERS_MAX}")
        self.programs = ProgramSet(builtin_programs() if builtins else ())
        for program in programs:
            self.programs.add(program)
        self.sysvars = Sysvars() if sysvars is None else sysvars
        self.lamports_per_signature = lamports_per_signature
        self.state = MemoryState()
        self._folder: SegmentFolder | None = None
        self._pool: WorkerPool | None = None
        self._closed = False

    def set_account(
        self,
        key: str | bytes,
        *,
        lamports: int = 0,
        owner: str | bytes | Program = "system",
        data: bytes | Layout = b"",
        executable: bool = False,
    ) -> Pubkey:
        """Put an account in place, outside any block, and return its key.

        `key` and `owner` are keys or names; `data` is bytes or a layout value.
        """
        self._require_open()
        if type(lamports) is not int or not 0 <= lamports <= _U64_MAX:
            raise UsageError(f"lamports of {key!r}: {lamports!r} is no integer in [0, 2^64)")
        owner_id = owner.id if isinstance(owner, Program) else self.resolve(owner)
        raw = data.encode() if isinstance(data, Layout) else bytes(data)
        account_key = self.resolve(key)
        self.state.set(account_key, Account(lamports, owner_id, raw, executable))
        return account_key

    def account(self, key: str | bytes) -> Account:
        """The state of an account; one that does not exist has 0 lamports and no data."""
        return self._load(self.resolve(key))

    def resolve(self, name: str | bytes) -> Pubkey:
        """The key that a name stands for, names of this runtime's programs included."""
        program = self.programs.named(name) if isinstance(name, str) else None
        return program.id if program is not None else Pubkey.of(name)

    def states_of(self, block: Block) -> list[Account]:
        """The committed state of every account of a block, by account id."""
        return [self._load(key) for key in block.keys]

    @property
    def state_root(self) -> str:
        """64 hex digits."""
        return self.state.root.hex()

    @property
    def height(self) -> int:
        """How many blocks were executed."""
        return self.state.height

    def prepare(self, transactions: Block | Sequence[Transaction]) -> Block:
        """Make a block of transactions, and learn the programs that built their instructions.

        Raises InputError for a block that cannot be run.
        """
        self._require_open()
        block = (
            transactions
            if isinstance(transactions, Block)
            else build_block(transactions, lamports_per_signature=self.lamports_per_signature)
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
    ) -> Result:
        """Execute a block and commit it: transactions, or a block prepared before.

        `dag` is the block's, if it was built already. `progress` is told how many transactions
        are done. A `recorder` gets a recording of each transaction; the block then executes
        serially in this process, whatever `workers` says. Raises InputError for a block that
        cannot be run and MachineError when the machine fails; nothing is committed then. Failed
        transactions raise nothing: see their receipts.
        """
        self._require_open()
        started = perf_counter()
        block = self.prepare(transactions)
        dag = build_dag(block.access) if dag is None else dag
        scheduled = perf_counter()
        execution = self._execute(block, dag, progress, recorder)
        executed = perf_counter()
        changed = {block.keys[account]: state for account, state in execution.changed.items()}
        root = self.state.commit(changed)
        timing = Timing(0.0, scheduled - started, executed - scheduled, perf_counter() - executed)
        return Result(
            block=block,
            dag=dag,
            transactions=Receipts(
                block.ids,
                dag.waves.wave_of,
                execution.fees,
                execution.compute_units,
                execution.details,
            ),
            accounts=changed,
            state_root=root.hex(),
            height=self.state.height,
            workers=self.workers,
            timing=timing,
        )

    def close(self) -> None:
        """Stop the workers and remove the shared memory. Safe to call twice."""
        self._closed = True
        pool, self._pool = self._pool, None
        folder, self._folder = self._folder, None
        try:
            if pool is not None:
                pool.close()
        finally:
            if folder is not None:
                folder.close()

    def __enter__(self) -> Self:
        self._require_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _execute(
        self,
        block: Block,
        dag: Dag,
        progress: Callable[[int], None] | None,
        recorder: Recorder | None,
    ) -> Execution:
        states = self.states_of(block)
        if self.workers == 0 or recorder is not None:
            return execute_serially(
                block,
                states,
                self.programs,
                self.sysvars,
                progress=progress,
                recorder=recorder,
            )
        plan = plan_execution(block, dag, self.workers)
        pool, folder = self._started()
        try:
            return execute_in_parallel(
                block, states, plan, pool, self.programs, self.sysvars, folder, progress=progress
            )
        except BaseException:
            # Workers may be in the middle of anything: the next block gets new ones.
            self._pool = None
            pool.close()
            raise

    def _started(self) -> tuple[WorkerPool, SegmentFolder]:
        if self._folder is None:
            self._folder = SegmentFolder()
        if self._pool is None:
            self._pool = WorkerPool(self.workers)
        return self._pool, self._folder

    def _load(self, key: Pubkey) -> Account:
        state = self.state.get(key)
        if state is not None:
            return state
        if self.programs.get(key) is not None:
            return _PROGRAM_ACCOUNT
        return self.sysvars.accounts().get(key, EMPTY_ACCOUNT)

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeClosed

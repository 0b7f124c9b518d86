"""The inputs of executing a block, as one value that every route passes on.

    BlockEnvironment   block, programs, sysvars      input of the transaction executors
    ExecutionInputs    the same, and the states      input of the routes

Compare `BlockEnvironment` in ethereum/execution-specs and `TransactionProcessingEnvironment` in
Agave's SVM. A worker process builds the same value from its messages. Where an executor keeps
accounts while it runs (a list, shared memory) is not part of this; each executor decides that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ...primitives import Account
from ...programs.kit import Rent, Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ..block.block import Block


@dataclass(frozen=True, eq=False)
class BlockEnvironment:
    """Everything but the accounts that determines what each transaction of a block does.

    `programs`: those that transactions may call. `sysvars`: what programs can read about the
    block, and the rent that accounts must hold.
    """

    block: Block
    programs: ProgramSet
    sysvars: Sysvars

    @property
    def rent(self) -> Rent:
        """The rent-exempt minimums, and whether they are enforced."""
        return self.sysvars.rent

    @cached_property
    def payer_owners(self) -> tuple[bytes, ...]:
        """The programs whose accounts may pay fees, 32 bytes each."""
        return tuple(bytes(program.id) for program in self.programs if program.pays_fees)


@dataclass(frozen=True, eq=False)
class ExecutionInputs(BlockEnvironment):
    """All inputs of executing a block. `states`: the state of each account before it, in the
    order of `block.keys`.

        ExecutionInputs(block, runtime.programs, runtime.sysvars, runtime.states_of(block))
    """

    states: Sequence[Account]

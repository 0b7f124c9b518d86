"""What executing a block takes, as one value that every route hands on.

    BlockEnvironment   block, programs, sysvars      what the executors of its transactions take
    ExecutionInputs    the same, and the states      what the routes take: the whole of it

As `BlockEnvironment` of ethereum/execution-specs and `TransactionProcessingEnvironment` of Agave's
SVM. A worker process makes the same value of its messages. Where an executor reads and writes
accounts meanwhile (a list, shared memory) is its own affair, and stands beside this.
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
    """What decides, with the accounts, what each transaction of a block does.

    `programs`: those that transactions may call. `sysvars`: what programs read of the block, and
    the rent that accounts must hold.
    """

    block: Block
    programs: ProgramSet
    sysvars: Sysvars

    @property
    def rent(self) -> Rent:
        """What accounts must hold, and whether that is enforced."""
        return self.sysvars.rent

    @cached_property
    def payer_owners(self) -> tuple[bytes, ...]:
        """The programs whose accounts may pay fees, 32 bytes each."""
        return tuple(bytes(program.id) for program in self.programs if program.pays_fees)


@dataclass(frozen=True, eq=False)
class ExecutionInputs(BlockEnvironment):
    """All that executing a block takes. `states`: what each account id holds before it, in the
    order of `block.keys`.

        ExecutionInputs(block, runtime.programs, runtime.sysvars, runtime.states_of(block))
    """

    states: Sequence[Account]

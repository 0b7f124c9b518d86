"""A fixture file as it was written: names and values, checked, not yet built into a block.

Guarantees: every value has the right type and range, ids are unique, and each part can be traced
back to its line. Does not: know programs, layouts or keys; ingest/build.py resolves those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from .document import Document, Value
from .workload import WorkloadSpec

FORMAT_VERSION: Final = 1


class LayoutData(NamedTuple):
    """Account data given as the fields of a layout, `program.Layout`. `layout` may be left out in
    expectations, where the account's own is meant."""

    program: str | None
    layout: str | None
    fields: Mapping[str, Value]


AccountData: TypeAlias = bytes | LayoutData


class AccountSpec(NamedTuple):
    """An account before the block. `data` is None where it has none."""

    lamports: int = 0
    owner: str = "system"
    data: AccountData | None = None
    executable: bool = False


class MetaSpec(NamedTuple):
    """One account of a raw instruction."""

    key: str
    signer: bool = False
    writable: bool = False


class RawInstruction(NamedTuple):
    """An instruction in its wire encoding."""

    program: str
    accounts: tuple[MetaSpec, ...]
    data: bytes


class Call(NamedTuple):
    """An instruction by name, `program.instruction: {arguments and accounts by parameter}`."""

    program: str
    instruction: str
    arguments: Mapping[str, Value]


InstructionSpec: TypeAlias = RawInstruction | Call


class Outcome(NamedTuple):
    """How a transaction must end. `program` is None for the runtime's own errors.

    `ok` false without `error` means any failure.
    """

    ok: bool
    program: str | None = None
    error: str | None = None


class TransactionSpec(NamedTuple):
    """A transaction as written. `instructions` is None for one that can be planned, not run."""

    id: str
    payer: str | None = None
    instructions: tuple[InstructionSpec, ...] | None = None
    fee: int | None = None
    cost: int | None = None
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    expect: Outcome | None = None


class ExpectedAccount(NamedTuple):
    """What an account must look like after the block; None: not compared.

    `data` empty means that the account must have none.
    """

    lamports: int | None = None
    owner: str | None = None
    data: AccountData | None = None
    executable: bool | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """What must hold after the block; None: not compared."""

    accounts: dict[str, ExpectedAccount]
    waves: tuple[tuple[str, ...], ...] | None
    lamports_conserved: bool | None


@dataclass(frozen=True, slots=True)
class FixtureFile:
    """A whole fixture. Either `transactions` or `generate` says what runs."""

    document: Document
    why: str | None
    accounts: dict[str, AccountSpec]
    transactions: list[TransactionSpec]
    generate: WorkloadSpec | None
    expect: Expectations
    lamports_per_signature: int

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def transaction_count(self) -> int:
        return self.generate.n if self.generate else len(self.transactions)

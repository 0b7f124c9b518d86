"""Builds a block and its starting accounts from a fixture and a set of programs.

Guarantees: unknown names, calls and layouts raise InputError with file and line before anything
runs. Does not: run anything or read a store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...primitives import Account, AccountMeta, Instruction, Pubkey, Transaction
from ...programs.kit import Clock, Sysvars
from ...programs.kit.program.program_set import ProgramSet
from ...runtime import Block, build_block
from ...runtime.block.path_block import over_paths
from ..files.document import ValidationError, shown
from ..files.values import at, suggestion
from ..fixture.model import (
    AccountData,
    AccountSpec,
    Call,
    Expectations,
    ExpectedAccount,
    FixtureFile,
    InstructionSpec,
    LayoutData,
    Outcome,
    TransactionSpec,
)
from ..fixture.names import Names
from ..fixture.workload import Workload, generate
from .call_builder import build_call, build_layout, known_layout, known_program
from .needed_programs import add_needed
from .signed.fixture_signatures import FixtureSignatures, SignatureReader
from .workload_block import build_workload_block, workload_accounts


@dataclass(frozen=True, slots=True)
class BuiltFixture:
    """A fixture resolved against a set of programs.

    `accounts`: the accounts that the file defines, in file order. `names`: its names of keys;
    `by_key` holds every account named anywhere in the file. `signatures`: those that it gives.
    """

    fixture: FixtureFile
    block: Block
    accounts: dict[Pubkey, Account]
    names: Names
    signatures: FixtureSignatures

    def sysvars(self, others: Sysvars) -> Sysvars:
        """The sysvars of the block: these, but for the clock if the file has one."""
        spec = self.fixture.clock
        if spec is None:
            return others
        clock = Clock().at_slot(spec.slot)
        epoch = clock.epoch if spec.epoch is None else spec.epoch
        now_s = clock.unix_timestamp if spec.unix_timestamp is None else spec.unix_timestamp
        return replace(others, clock=replace(clock, epoch=epoch, unix_timestamp=now_s))

    def require_runnable(self) -> None:
        """Raise InputError if a transaction is plan-only."""
        for position, spec in enumerate(self.fixture.transactions):
            if spec.instructions is None:
                invalid = ValidationError(
                    f"'{shown(spec.id)}' names only its locks: it can be planned, not run; "
                    "give it `instructions`",
                    "transactions",
                    position,
                )
                raise self.fixture.document.fault(invalid)


def build_fixture(fixture: FixtureFile, programs: ProgramSet) -> BuiltFixture:
    """Resolve every name of the fixture against the programs. Raises InputError.

    Adds to `programs` those that the fixture names, of the library and of installed packages.
    """
    add_needed(programs, fixture)
    try:
        return _Build(fixture, programs).built()
    except ValidationError as invalid:
        raise fixture.document.fault(invalid) from invalid


class BuiltTransactions(NamedTuple):
    """The transactions of a fixture as objects, and its names of keys."""

    transactions: list[Transaction]
    names: Names


def build_transactions(fixture: FixtureFile, programs: ProgramSet) -> BuiltTransactions:
    """As `build_fixture`, but only the transactions, and whatever signatures they have."""
    add_needed(programs, fixture)
    try:
        return _Build(fixture, programs).transactions()
    except ValidationError as invalid:
        raise fixture.document.fault(invalid) from invalid


class _Build:
    """The state of building one fixture."""

    def __init__(self, fixture: FixtureFile, programs: ProgramSet) -> None:
        self._fixture = fixture
        self._programs = programs
        self._names = Names(programs)
        self._signatures = SignatureReader(fixture, self._names)

    def built(self) -> BuiltFixture:
        fixture = self._fixture
        self._bind()
        accounts = at("accounts", self._accounts, fixture.accounts)
        workload = None if fixture.generate is None else generate(fixture.generate)
        block = self._block() if workload is None else self._generated(workload, accounts)
        at("expect", self._expect, fixture.expect)
        return BuiltFixture(fixture, block, accounts, self._names, self._signatures.all())

    def transactions(self) -> BuiltTransactions:
        self._bind()
        at("accounts", self._accounts, self._fixture.accounts)
        return BuiltTransactions(list(self._transactions()), self._names)

    def _bind(self) -> None:
        self._signatures.bind_keys()
        at("accounts", self._bind_addresses, self._fixture.accounts)

    def _bind_addresses(self, specs: Mapping[str, AccountSpec]) -> None:
        for word, spec in specs.items():
            if spec.address is None:
                continue
            try:
                self._names.bind(word, spec.address)
            except ValidationError as invalid:
                raise invalid.under(word, "address") from None

    def _accounts(self, specs: Mapping[str, AccountSpec]) -> dict[Pubkey, Account]:
        accounts: dict[Pubkey, Account] = {}
        for word, spec in specs.items():
            key = at(word, self._names.account, word)
            if key in accounts:
                taken = self._names.shown(key)
                raise ValidationError(
                    f"this is the same account as '{shown(taken)}'; keep one of the two", word
                )
            accounts[key] = at(word, self._account, spec)
        return accounts

    def _account(self, spec: AccountSpec) -> Account:
        data = at("data", self._data, spec.data)
        return Account(spec.lamports, self._names.program(spec.owner), data, spec.executable)

    def _data(self, data: AccountData | None) -> bytes:
        if isinstance(data, LayoutData):
            return build_layout(data, self._programs, self._names.mentioned).encode()
        return data or b""

    def _generated(self, workload: Workload, accounts: dict[Pubkey, Account]) -> Block:
        for key, word, account in workload_accounts(workload):
            self._names.by_key.setdefault(key, word)
            accounts.setdefault(key, account)
        assert self._fixture.generate is not None  # there is a workload
        return build_workload_block(
            self._fixture.generate.program,
            workload,
            self._programs,
            lamports_per_signature=self._fixture.lamports_per_signature,
            adds=self._fixture.adds,
        )

    def _block(self) -> Block:
        fee = self._fixture.lamports_per_signature
        crediting = self._programs if self._fixture.adds else None
        block = build_block(
            self._signed_transactions(), lamports_per_signature=fee, crediting=crediting
        )
        return self._over_paths(block) if self._fixture.paths else block

    def _over_paths(self, block: Block) -> Block:
        names = self._names
        try:
            return over_paths(block, [names.shown(key) for key in block.keys], names.account)
        except ValueError as error:
            raise ValidationError(str(error), "transactions") from None

    def _transactions(self) -> Iterator[Transaction]:
        for position, spec in enumerate(self._fixture.transactions):
            try:
                yield self._transaction(spec)
            except ValidationError as invalid:
                raise invalid.under("transactions", position) from invalid

    def _signed_transactions(self) -> Iterator[Transaction]:
        specs = self._fixture.transactions
        for position, made in enumerate(self._transactions()):
            try:
                self._signatures.read(position, specs[position], made)
            except ValidationError as invalid:
                raise invalid.under("transactions", position) from invalid
            yield made

    def _transaction(self, spec: TransactionSpec) -> Transaction:
        if spec.expect is not None:
            try:
                self._check_outcome(spec.expect)
            except ValidationError as invalid:
                raise invalid.under("expect", "error") from None
        account = self._names.account
        # The payer before the instructions: names are remembered in the file's order.
        payer = None if spec.payer is None else account(spec.payer)
        instructions: list[Instruction] = []
        for position, instruction in enumerate(spec.instructions or ()):
            try:
                instructions.append(self._instruction(instruction))
            except ValidationError as invalid:
                raise invalid.under("instructions", position) from invalid
        return Transaction(
            instructions,
            payer=payer,
            id=spec.id,
            fee=spec.fee,
            cost=spec.cost,
            writes=[account(word) for word in spec.writes],
            reads=[account(word) for word in spec.reads],
            adds=[account(word) for word in spec.adds],
        )

    def _instruction(self, spec: InstructionSpec) -> Instruction:
        if isinstance(spec, Call):
            return build_call(spec, self._programs, self._names.mentioned)
        metas = [
            AccountMeta(self._names.account(meta.key), meta.signer, meta.writable, meta.adds)
            for meta in spec.accounts
        ]
        return Instruction(self._names.program(spec.program), tuple(metas), spec.data)

    def _check_outcome(self, outcome: Outcome) -> None:
        """Refuse an expected error that the program does not declare: it could never occur."""
        if outcome.program is None or outcome.error is None:
            return
        program = known_program(outcome.program, self._programs)
        errors = [] if program.errors is None else list(program.errors.__members__)
        if outcome.error not in errors:
            raise ValidationError(
                f"the program {program.name} has no error '{shown(outcome.error)}' (the "
                f"runtime's are written without a program){suggestion(outcome.error, errors)}"
            )

    def _expect(self, expect: Expectations) -> None:
        at("accounts", self._expected_accounts, expect.accounts)

    def _expected_accounts(self, accounts: Mapping[str, ExpectedAccount]) -> None:
        for word, account in accounts.items():
            self._names.account(word)
            at(word, self._expected_account, account)

    def _expected_account(self, account: ExpectedAccount) -> None:
        if isinstance(account.data, LayoutData) and account.data.layout is not None:
            at("data", self._expected_layout, account.data)

    def _expected_layout(self, data: LayoutData) -> None:
        known_layout(data, self._programs)

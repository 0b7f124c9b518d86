"""A block loaded from a file: the result of `sealane.load`, and the input of the commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os.path import basename
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..primitives import Account, InputError, Pubkey, UsageError
from ..primitives.account import EMPTY_ACCOUNT
from ..primitives.one_line import counted, in_one_line, shortened
from ..programs import builtin_programs
from ..programs.kit import Program
from ..programs.kit.program.program_set import ProgramSet
from ..runtime import Block
from ..scheduler.schedule.about import About
from ..signatures.block_signatures import BlockSignatures
from .building.about_block import about_fixture
from .building.account_names import AccountNames
from .building.build import BuiltFixture, build_fixture
from .building.known_labels import known_labels
from .building.recording import (
    GRANULARITIES,
    Beside,
    Reading,
    Recording,
    Select,
    require_alone,
)
from .building.selection import Selection
from .building.typos import name_warnings
from .chosen_case import chosen_blocks, chosen_case
from .files.labels import Labels, given_labels
from .files.opening import Source, source_name
from .fixture.model import FixtureFile
from .read_input import read_content, read_input

if TYPE_CHECKING:
    from ..runtime import Runtime
    from ..scheduler import Schedule

FIXTURE: Final = "fixture"  # the `chain` of a fixture
WITH_FILES_MAX: Final = 16  # what can be asked about a block is less than that
_NAME_LEN_MAX = 24


@dataclass(frozen=True, repr=False, eq=False)
class LoadedBlock:
    """A block loaded from a file, to be planned and, if it is a fixture's, run.

    `path`: the file, `-`, or `<bytes>`. `block`: the transactions, as a Runtime executes them;
    those of a recorded block can only be planned. `accounts`: a fixture's accounts before the
    block. `account_names`: the file's name of each account, by dense id. `notes`: caveats about
    figures of the block. `is_recorded`: whether it is a block recorded by a node, not a fixture;
    `recorded` is then what the node recorded. `about`: what transactions and accounts are called
    and belong to. `chain`: "solana", "ethereum", "sei", or "fixture". `case`: its name among the
    blocks of its file, if that can have several. `slot` and `height`: its place in the chain, where
    recorded. What is pickled is without the recording, and cannot be run.

    >>> import sealane
    >>> pay = b"{system.transfer: {source: alice, destination: bob, lamports: 4}}"
    >>> loaded = load(
    ...     b"{sealane: 1, accounts: {alice: {lamports: 9}},"
    ...     b"transactions: [{id: pay, instructions: [%b]}]}" % pay
    ... )
    >>> loaded.schedule().waves
    [['pay']]
    >>> with sealane.Runtime(workers=0) as runtime:
    ...     runtime.place_accounts(loaded.accounts)
    ...     runtime.execute(loaded.block).ok
    True
    """

    path: str
    block: Block
    accounts: Mapping[Pubkey, Account]
    account_names: Sequence[str]
    notes: tuple[str, ...]
    selection: Select
    is_recorded: bool
    about: About
    chain: str
    case: str | None = None
    slot: int | None = None
    height: int | None = None
    recorded: Recording | None = None
    _fixture: BuiltFixture | None = None
    _programs: ProgramSet | None = None

    @property
    def ids(self) -> Sequence[str]:
        """The transactions' ids, in file order."""
        return self.block.ids

    @cached_property
    def warnings(self) -> list[str]:
        """Probable typos among a fixture's names, one line each."""
        return [] if self._fixture is None else name_warnings(self._fixture)

    def schedule(self) -> Schedule:
        """Schedule the block: waves, dependencies and bottlenecks. Runs nothing."""
        # Imported here: to run a block takes no simulator, and none of what explains it.
        from ..scheduler import Schedule

        return Schedule(
            self.block.access,
            self.block.costs,
            ids=self.block.ids,
            names=self.account_names,
            source=self.path,
            notes=self.notes,
            select=self.selection,
            about=self.about,
        )

    def signatures(self) -> BlockSignatures:
        """Who has to have signed which transaction; `verified()` says which signatures count.

        Raises UsageError for a pickled block.

        >>> load(b"{sealane: 1, transactions: []}").signatures().verified()
        SignatureReport(verified=0, wrong=(), unchecked=())
        """
        if self.recorded is not None:
            return self.recorded.signatures()
        if self._fixture is None:
            raise UsageError("a pickled block is without its signatures; load the file again")
        return self._fixture.signatures.of_block(self.block)

    def runtime(self, *, workers: int | None = None) -> Runtime:
        """A runtime in the state before a fixture's block, with its programs and its rules.

        Raises UsageError for a recorded block, which can only be planned, and for a pickled one.

        >>> loaded = load(b"{sealane: 1, accounts: {alice: {lamports: 9}}, transactions: []}")
        >>> with loaded.runtime(workers=0) as runtime:
        ...     runtime.execute(loaded.block).ok, runtime.account("alice").lamports
        (True, 9)
        """
        from ..runtime import Runtime

        if self.is_recorded:
            raise UsageError(
                "a recorded block names only its locks: it can be planned, not run; "
                "`sealane replay FILE` runs its recorded balances"
            )
        if self._fixture is None or self._programs is None:
            raise UsageError("a pickled block is without its programs; load the file again")
        rent = self._fixture.fixture.rent
        runtime = Runtime(workers=workers, programs=self._programs, builtins=False, rent=rent)
        runtime.sysvars = self._fixture.sysvars(runtime.sysvars)
        existing = {k: account for k, account in self.accounts.items() if account != EMPTY_ACCOUNT}
        runtime.place_accounts(existing)
        return runtime

    def in_names(self, text: str) -> str:
        """The text with the file's names in place of keys in base58."""
        return text if self._fixture is None else self._fixture.names.in_text(text)

    def name_of(self, key: Pubkey) -> str:
        """The file's name of a key, of an account that no transaction locks, too; else base58."""
        return str(key) if self._fixture is None else self._fixture.names.shown(key)

    def __getstate__(self) -> dict[str, Any]:
        # What was built or recorded is large or cannot be pickled; its warnings are still of use.
        dropped = {"recorded": None, "_fixture": None, "_programs": None}
        return {**self.__dict__, "warnings": self.warnings, **dropped}

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.block)

    def __repr__(self) -> str:
        kind = "recorded block" if self.is_recorded else "fixture"
        return in_one_line(
            f"LoadedBlock {shortened(basename(self.path), _NAME_LEN_MAX)}: {kind} of "
            f"{counted(len(self), 'transaction')}, {counted(len(self.block.keys), 'account')}"
        )


def load(
    source: Source,
    *,
    programs: Iterable[Program] = (),
    no_votes: bool = False,
    labels: Labels | None = None,
    case: str | int | None = None,
    granularity: str = "slot",
    with_files: Iterable[Source] = (),
) -> LoadedBlock:
    """Load a fixture or a recorded block, as the commands do.

    `source`: a path (`-` is standard input), the content as bytes, or a file open in binary or text
    mode, which stays open. gzip is unpacked; the content decides the format. `programs`: programs
    whose instructions and layouts a fixture may name, besides the built-in and the installed ones.
    `no_votes` leaves out the vote transactions of a Solana block. `labels`: what people call its
    accounts and programs, by name or key: a mapping, or a file as `--labels` takes it.
    `case`: which of the blocks in the file, by name or number from 0; `load_all` loads each.
    `granularity`: what counts as one account of Ethereum: "slot", each key; or "account", an
    address with all its keys. `with_files`: other files about the same Ethereum block. Raises
    InputError, with path and line, for any other content and for invalid content, and UsageError if
    the file has several blocks and none is named.

    >>> block = load(b"{sealane: 1, transactions: [{id: pay, writes: [bob]}]}")
    >>> block
    <LoadedBlock <bytes>: fixture of 1 transaction, 1 account>
    >>> block.schedule().waves
    [['pay']]

    A fixture whose transactions have instructions is run by these two lines; see LoadedBlock:

    >>> import sealane
    >>> loaded = load(b"{sealane: 1, accounts: {alice: {lamports: 9}}, transactions: []}")
    >>> with sealane.Runtime(workers=0) as runtime:
    ...     runtime.place_accounts(loaded.accounts)
    ...     runtime.execute(loaded.block).ok
    True
    """
    _require_path(source)
    reading = reading_of(not no_votes, granularity, with_files)
    given = given_labels(labels)
    return load_block(source, programs=programs, reading=reading, labels=given, case=case)


def load_all(
    source: Source,
    *,
    programs: Iterable[Program] = (),
    no_votes: bool = False,
    labels: Labels | None = None,
    granularity: str = "slot",
    with_files: Iterable[Source] = (),
) -> list[LoadedBlock]:
    """Load each block of a file, in its order. As `load`.

    A file of test cases, of Ethereum or of Sei, has several blocks; any other has one.

    >>> [block.ids for block in load_all(b"{sealane: 1, transactions: [{id: a, writes: [x]}]}")]
    [('a',)]
    """
    _require_path(source)
    reading = reading_of(not no_votes, granularity, with_files)
    return load_blocks(source, programs=programs, reading=reading, labels=given_labels(labels))


def _require_path(source: Source) -> None:
    if isinstance(source, str) and "\n" in source:
        raise UsageError("text names a path, and this is content: load(text.encode()) reads it")


def reading_of(votes: bool, granularity: str, with_files: Iterable[Source]) -> Reading:
    """How to read a block. Raises UsageError for bad options, InputError for a file beside it."""
    if granularity not in GRANULARITIES:
        known = " or ".join(GRANULARITIES)
        raise UsageError(f"granularity {granularity!r}: choose {known}")
    sources = (with_files,) if isinstance(with_files, str | bytes) else tuple(with_files)
    if len(sources) > WITH_FILES_MAX:
        raise UsageError(f"{len(sources)} files beside a block; at most {WITH_FILES_MAX} are read")
    beside = tuple(Beside(source_name(each), read_content(each)) for each in sources)
    return Reading(votes=votes, granularity=granularity, beside=beside)


def load_block(
    source: Source,
    *,
    programs: Iterable[Program],
    reading: Reading,
    labels: Mapping[str, str] | None = None,
    case: str | int | None = None,
) -> LoadedBlock:
    """As `load`, for commands: their text is always a path, as no one types content."""
    found, path = read_input(source, reading), source_name(source)
    if isinstance(found, FixtureFile):
        chosen_case([None], case, path)
        return _load_fixture(found, programs, reading, labels or {})
    chosen = chosen_case([recorded.case for recorded in found], case, path)
    return _of_recorded(found[chosen], path, labels or {})


def load_blocks(
    source: Source,
    *,
    programs: Iterable[Program],
    reading: Reading,
    labels: Mapping[str, str] | None = None,
    case: str | int | None = None,
) -> list[LoadedBlock]:
    """As `load_all`, for commands: their text is always a path. With `case`, only that block."""
    found, path = read_input(source, reading), source_name(source)
    if isinstance(found, FixtureFile):
        chosen_case([None], case, path)
        return [_load_fixture(found, programs, reading, labels or {})]
    chosen = chosen_blocks(found, case, path)
    return [_of_recorded(recorded, path, labels or {}) for recorded in chosen]


def _load_fixture(
    fixture: FixtureFile, programs: Iterable[Program], reading: Reading, given: Mapping[str, str]
) -> LoadedBlock:
    require_alone(reading, fixture.path)
    return _of_fixture(fixture, ProgramSet([*builtin_programs(), *programs]), given)


def _of_recorded(recorded: Recording, path: str, given: Mapping[str, str]) -> LoadedBlock:
    try:
        described = recorded.describe(given)
    except InputError as error:  # what a chain reads only when it is asked for
        raise type(error)(error.message, path=path) from error
    return LoadedBlock(
        path,
        described.block,
        {},
        recorded.names,
        described.notes,
        described.select,
        is_recorded=True,
        about=described.about,
        chain=recorded.chain,
        case=recorded.case,
        slot=recorded.slot,
        height=recorded.height,
        recorded=recorded,
    )


def _of_fixture(
    fixture: FixtureFile, programs: ProgramSet, given: Mapping[str, str]
) -> LoadedBlock:
    built = build_fixture(fixture, programs)
    keys = {program.name: program.id for program in programs}
    no_votes = np.zeros(len(built.block), dtype=np.bool_)
    shown = {key: name for name, key in keys.items()} | built.names.by_key
    labels = known_labels(given, shown)
    selection = Selection(built.block, no_votes, by_locks=False, program_keys=keys, labels=labels)
    names = AccountNames(built.block.keys, shown)
    return LoadedBlock(
        fixture.path,
        built.block,
        built.accounts,
        names,
        (),
        selection,
        is_recorded=False,
        about=about_fixture(built, programs, shown, names, labels),
        chain=FIXTURE,
        _fixture=built,
        _programs=programs,
    )

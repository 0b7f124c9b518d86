"""The interface behind which each chain stands, and what the rest of Sealane asks of it.

A chain is a folder beside this one. Its `Chain` recognises content and reads it into recordings,
one for each block in it; a `Recording` describes itself in the terms that all commands share:
access lists, costs, names. Nothing behind that knows any chain, except for replay and lint, which
are a chain's own. CONTRIBUTING.md, "Add a chain", says how.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, TypeAlias

from ...primitives import UsageError
from ...signatures.block_signatures import BlockSignatures, Unchecked

if TYPE_CHECKING:
    # A command that completes an id reads a block, and needs none of these.
    import numpy as np
    from numpy.typing import NDArray

    from ...runtime import Block
    from ...scheduler.schedule.about import About

# A document parsed from JSON; or the bytes of a file that is no text, or nothing but hex digits.
Content: TypeAlias = object
# Which transactions a word selects ("votes", "program:NAME"): bool[n], None if there are none.
Select: TypeAlias = Callable[[str], "NDArray[np.bool_] | None"]


class Beside(NamedTuple):
    """What another file says of the same block. `path`: for messages."""

    path: str
    content: Content


class Reading(NamedTuple):
    """How to read what was recorded, as options of commands say. A chain takes what concerns it.

    `votes`: whether to keep Solana's vote transactions. `granularity`: what counts as one account
    of Ethereum: "slot", each key; or "account", an address with all its keys. `beside`: what
    other files say of the same block. `path`: the file's, for messages.
    """

    votes: bool = True
    granularity: str = "slot"
    beside: tuple[Beside, ...] = ()
    path: str = ""


AS_IT_STANDS: Final = Reading()
GRANULARITIES: Final = ("slot", "account")


def require_alone(reading: Reading, path: str) -> None:
    """Raise UsageError for options that concern only chains with several answers about a block."""
    if reading.beside or reading.granularity != AS_IT_STANDS.granularity:
        option = "--with" if reading.beside else "--granularity"
        raise UsageError(f"{option} is for blocks of Ethereum; leave it out", path=path)


class Described(NamedTuple):
    """A recorded block in the terms of the scheduler.

    `block`: can only be planned. `notes`: caveats about figures.
    """

    block: Block
    about: About
    select: Select
    notes: tuple[str, ...]


class Recording(ABC):
    """A block as nodes of some chain recorded it."""

    chain: ClassVar[str]

    @property
    def case(self) -> str | None:
        """Its name among the blocks of its file; None where a file can only have one."""
        return None

    @property
    def slot(self) -> int | None:
        """Its slot, where the chain has slots and it is recorded."""
        return None

    @property
    def height(self) -> int | None:
        """Its height (Ethereum: its number), where recorded."""
        return None

    @property
    @abstractmethod
    def ids(self) -> Sequence[str]:
        """Of its transactions, in block order."""

    @property
    @abstractmethod
    def names(self) -> Sequence[str]:
        """Of its accounts, by their ids in the block."""

    def signatures(self) -> BlockSignatures:
        """Who signed which transaction, to be verified, as far as the recording shows it."""
        reason = f"a block of {self.chain.capitalize()} is read without its signatures"
        return BlockSignatures(unchecked=tuple([Unchecked(each, reason) for each in self.ids]))

    @abstractmethod
    def describe(self, labels: Mapping[str, str]) -> Described:
        """The block to plan. `labels`: what people call its accounts and programs, by any name."""


@dataclass(frozen=True)
class Chain:
    """How blocks of a chain are recognised and read.

    `recognises` is asked of any content: it is quick, and raises nothing. `read` gives the blocks,
    at least one, and raises InputError for content that it recognises and cannot read.
    `expected`: what it reads, as a message names it. `joins_files`: whether it takes what other
    files say of the same block, and a granularity.
    """

    name: str
    expected: str
    recognises: Callable[[Content], bool]
    read: Callable[[Content, Reading], Sequence[Recording]]
    joins_files: bool = False

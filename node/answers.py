"""What an application answers its ordering engine: plain values, in the order of a block's life.

Guarantees: nothing here knows how it travels; abci/ turns it into messages.
"""

from __future__ import annotations

from typing import NamedTuple


class Info(NamedTuple):
    """`height` and `root` (32 bytes) of the last committed block; 0 and 32 zeros before the first.

    `version`: of Sealane. `protocol`: of the application; nodes of one chain must have the same.
    """

    version: str
    protocol: int
    height: int
    root: bytes


class Checked(NamedTuple):
    """Whether a transaction may wait. `code`: 0 if so, otherwise why not, with `codespace` and
    `log`, which says it in words. `compute_units`: the most it may use. `priority`: lamports for
    a million compute units. `payer`: in base58, for engines that limit senders."""

    code: int
    codespace: str
    log: str
    compute_units: int
    priority: int
    payer: str

    @property
    def ok(self) -> bool:
        return self.code == 0


class Outcome(NamedTuple):
    """What became of one transaction of a block. `code`: 0 for success, otherwise of the error,
    whose name begins `log`; `codespace` is the program's name, or "sealane" for its own errors.
    `data`: the return data. `compute_units_max`: how many it might use, beside those it used."""

    id: str
    code: int
    codespace: str
    log: str
    data: bytes
    compute_units_max: int
    compute_units: int
    fee: int


class Finalized(NamedTuple):
    """A block that was executed, and is what `commit` commits. `root`: the state root, 32 bytes."""

    height: int
    root: bytes
    outcomes: tuple[Outcome, ...]


class Answer(NamedTuple):
    """The answer to a query. `code`: 0 if there is one. `value`: its bytes. `height`: of the state
    that was asked. `proof`: serialized, where one was asked for; empty otherwise."""

    code: int
    codespace: str
    log: str
    key: bytes
    value: bytes
    height: int
    proof: bytes

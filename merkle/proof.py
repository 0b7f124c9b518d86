"""What a proof consists of. Plain values: `proving` makes them, `verification` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from ..primitives import Pubkey

MERKLE_KIND: Final = "merkle"  # of state roots that are roots of this tree


@dataclass(frozen=True, slots=True)
class Existence:
    """A leaf, and the digests beside the way from it up to the root, 32 bytes each.

    `value`: 81 bytes; AccountContent says what they mean. The sides are those of the path: the last
    of n siblings stands on the other side than bit 0 of the path leads to, the first on the other
    side than bit n - 1. So no side has to be named, and none can be named wrongly.
    """

    key: Pubkey
    value: bytes
    siblings: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An account is in the tree. `data`: its data, if the proof carries it."""

    existence: Existence
    data: bytes | None = None

    @property
    def key(self) -> Pubkey:
        return self.existence.key


@dataclass(frozen=True, slots=True)
class Absence:
    """An account is not in the tree: `left` and `right` are, with nothing between them.

    One of them is None where `key` is before the first or behind the last leaf; both only if the
    tree is empty.
    """

    key: Pubkey
    left: Existence | None
    right: Existence | None


Proof: TypeAlias = Inclusion | Absence


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """A proof, and what it is said to belong to: its verifier believes none of the latter.

    `root`: of the tree, 32 bytes. `height`: the block after which the tree was so. `root_kind`:
    what the chain's state roots are; only for MERKLE_KIND is `root` the state root itself.
    """

    proof: Proof
    root: bytes
    height: int
    root_kind: str

"""What a proof consists of. Plain values: `proving` makes them, `verification` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from ..primitives import Pubkey

MERKLE_KIND: Final = "merkle"  # of state roots that are roots of this tree


@dataclass(frozen=True, slots=True)
class Existence:
    """A leaf, and the sibling digests from it up to the root, 32 bytes each.

    `value`: 81 bytes; AccountContent says what they mean. The path gives the sides: the last of n
    siblings is on the side opposite to bit 0 of the path, the first opposite to bit n - 1. So no
    side has to be named, and none can be named wrongly.
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

    One of them is None where the path of `key` comes before the first leaf or after the last; both
    only if the tree is empty.
    """

    key: Pubkey
    left: Existence | None
    right: Existence | None


Proof: TypeAlias = Inclusion | Absence


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """A proof, and claims about where it belongs, none of which its verifier relies on.

    `root`: of the tree, 32 bytes. `height`: of the block after which the tree had this root.
    `root_kind`: the kind of the chain's state roots; only for MERKLE_KIND is `root` the state root
    itself.
    """

    proof: Proof
    root: bytes
    height: int
    root_kind: str

"""The kinds of state roots, by name."""

from __future__ import annotations

from typing import Final

from ...primitives import UsageError
from .commitment import Commitment
from .history import HistoryCommitment
from .lattice import LatticeCommitment
from .merkle import MerkleCommitment

ROOT_KINDS: Final[dict[str, type[Commitment]]] = {
    kind.KIND: kind for kind in (HistoryCommitment, LatticeCommitment, MerkleCommitment)
}
USUAL_KIND: Final = HistoryCommitment.KIND


def root_kind_named(name: object) -> type[Commitment]:
    """The kind of this name. Raises UsageError."""
    kind = ROOT_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UsageError(f"root={name!r}: choose one of {', '.join(ROOT_KINDS)}")
    return kind

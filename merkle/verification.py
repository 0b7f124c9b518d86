"""Whether a proof proves what it says, given nothing but the root.

The rules are those of ICS-23 for its SmtSpec, in both kinds of proof. Where that spec reads the
side of a sibling from the proof, here the path says it, so a leaf can only stand where its key puts
it. Absence: both neighbours are in the tree, the path lies strictly between theirs, and from where
they part, nothing but empty subtrees is between them. One case is beyond ICS-23: that an account is
not in an empty tree, which has no neighbours to show; its root alone proves it.

Guarantees: never raises for a proof of the right types, whatever it holds; time and memory are
bounded by DEPTH_MAX. Does not: know whether the root is the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..primitives import Pubkey, UsageError
from ..primitives.literals import LiteralError, read_hex
from ..primitives.pubkey import KeyLike
from .account_content import AccountContent
from .hashing import (
    DEPTH_MAX,
    EMPTY,
    EMPTY_ROOT,
    HASH_LEN,
    bit_of,
    leaf_digest,
    node_digest,
    path_of_key,
    shared_bits,
)
from .proof import Absence, Existence, Inclusion, Proof, ProofDocument


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a verification; true if the proof holds.

    `reason` says why not, "" if it holds. `key`: the account it is about. `content`: what the
    account holds, None if it is proven not to exist, and for a proof that does not hold. `data`:
    the account's data where the proof carries it.
    """

    key: Pubkey
    reason: str = ""
    content: AccountContent | None = None
    data: bytes | None = None

    @property
    def holds(self) -> bool:
        return not self.reason

    def __bool__(self) -> bool:
        return self.holds


def verify_proof(
    proof: Proof | ProofDocument,
    root: bytes | str,
    key: KeyLike | None = None,
    *,
    path_of: Callable[[bytes], bytes] = path_of_key,
) -> Verdict:
    """Whether the proof holds for this root of a tree, 32 bytes or 64 hex digits.

    `key`: the account that it has to be about; None takes any. Raises UsageError for a root or a
    key that is none. `path_of` is for tests.
    """
    bare = proof.proof if isinstance(proof, ProofDocument) else proof
    wanted = None if key is None else _key_of(key)
    if wanted is not None and wanted != bare.key:
        return Verdict(bare.key, f"it is about account {bare.key}, not {wanted}")
    judge = _Judge(root_bytes(root), path_of)
    if isinstance(bare, Inclusion):
        return judge.inclusion(bare)
    return Verdict(bare.key, judge.absence(bare))


def root_bytes(root: bytes | str) -> bytes:
    """A root, 32 bytes, from them or 64 hex digits. Raises UsageError."""
    raw = b""
    if isinstance(root, str):
        with suppress(LiteralError):
            raw = read_hex(root)
    elif isinstance(root, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raw = root  # of a number, bytes(32), it would be the root of an empty tree
    if len(raw) != HASH_LEN:
        raise UsageError(f"root={root!r}: a root is {2 * HASH_LEN} hex digits")
    return raw


def _key_of(key: KeyLike) -> Pubkey:
    try:
        return Pubkey.of(key)
    except (TypeError, ValueError) as error:
        raise UsageError(f"key={key!r} names no account: {error}") from error


class _Judge:
    """Judges proofs against one root. Reasons are "" where nothing is wrong."""

    def __init__(self, root: bytes, path_of: Callable[[bytes], bytes]) -> None:
        self._root = root
        self._path_of = path_of

    def inclusion(self, proof: Inclusion) -> Verdict:
        reason = self._existence(proof.existence)
        if reason:
            return Verdict(proof.key, reason)
        content, data = AccountContent.read(proof.existence.value), proof.data
        if content is None:
            return Verdict(proof.key, "its value is not one of an account")
        if data is not None and not content.has_data(data):
            return Verdict(proof.key, "the data is not the account's: its length or hash differs")
        return Verdict(proof.key, "", content, data)

    def absence(self, proof: Absence) -> str:
        path = self._path_of(proof.key)
        left, right = proof.left, proof.right
        for side, existence in (("left", left), ("right", right)):
            reason = "" if existence is None else self._existence(existence)
            if reason:
                return f"{side} neighbour {existence.key if existence else ''}: {reason}"
        if left is not None and not self._path_of(left.key) < path:
            return f"account {left.key} is not left of {proof.key}"
        if right is not None and not path < self._path_of(right.key):
            return f"account {right.key} is not right of {proof.key}"
        if left is None and right is None:
            return "" if self._root == EMPTY_ROOT else "it has no neighbours; the tree is not empty"
        if not self._are_neighbours(left, right):
            return "between its neighbours, or beside them, other accounts may be"
        return ""

    def _existence(self, existence: Existence) -> str:
        """Why this leaf is not in the tree of this root."""
        siblings = existence.siblings
        if len(siblings) > DEPTH_MAX:
            return f"it has {len(siblings)} siblings, {DEPTH_MAX} at most"
        path = self._path_of(existence.key)
        digest = leaf_digest(path, existence.value)
        for depth, sibling in zip(reversed(range(len(siblings))), siblings, strict=True):
            sides = (sibling, digest) if bit_of(path, depth) else (digest, sibling)
            digest = node_digest(*sides)
        if digest == self._root:
            return ""
        return f"it leads to root {digest.hex()}, not {self._root.hex()}"

    def _are_neighbours(self, left: Existence | None, right: Existence | None) -> bool:
        """Whether no leaf stands between two that are in the tree; None is the tree's edge.

        Both ways are longer than the bits that the paths share: if not, a leaf would have the
        digest of a node.
        """
        parting = -1
        if left is not None and right is not None:
            parting = shared_bits(self._path_of(left.key), self._path_of(right.key))
        return (left is None or self._is_outermost(left, 1, parting + 1)) and (
            right is None or self._is_outermost(right, 0, parting + 1)
        )

    def _is_outermost(self, existence: Existence, side: int, top: int) -> bool:
        """Whether a leaf is the last (side 1) or first (0) of its subtree at depth `top`."""
        path, siblings = self._path_of(existence.key), existence.siblings
        return all(
            bit_of(path, depth) == side or _at_depth(siblings, depth) == EMPTY
            for depth in range(top, len(siblings))
        )


def _at_depth(siblings: Sequence[bytes], depth: int) -> bytes:
    return siblings[len(siblings) - 1 - depth]

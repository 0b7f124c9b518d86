"""The tree: a value that never changes. A change gives another tree, which shares what it can.

            Branch                  a node with more than BUCKET_MAX leaves below it
           ╱      ╲
      Bucket      Branch            a subtree with so few is a run of records:
                 ╱      ╲           its nodes are hashed again when one of them changes
            Bucket      nothing

So a candidate's root costs nothing to drop, several can be made of one tree, and a snapshot is a
reference. The upper levels are hashed once for all changes of a block. A bucket is one string, as
an object for each leaf would take three times the memory. Guarantees: the same leaves give the same
root, whatever came before. No step of an update takes longer than the depth allows, however the
keys were chosen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..primitives import Account, Pubkey
from .account_content import exists, value_of
from .hashing import EMPTY, bit_of, leaf_digest, node_digest, path_of_key
from .records import RECORD_LEN, digest_of, first_right, path_in, siblings_in, split_records

BUCKET_MAX: Final = 8  # leaves. More: less memory, more hashing for each change.


class Bucket:
    """A subtree with 1 to BUCKET_MAX leaves: their records, sorted and joined."""

    __slots__ = ("digest", "joined")

    def __init__(self, digest: bytes, joined: bytes) -> None:
        self.digest = digest
        self.joined = joined

    @property
    def count(self) -> int:
        return len(self.joined) // RECORD_LEN


class Branch:
    """A subtree with more leaves. One of its sides may hold nothing."""

    __slots__ = ("count", "digest", "left", "right")

    def __init__(self, left: Node | None, right: Node | None, count: int) -> None:
        self.digest = node_digest(_digest(left), _digest(right))
        self.count = count
        self.left = left
        self.right = right


Node = Bucket | Branch
Change = tuple[bytes, bytes | None]  # path, and the new record, None for a leaf that is gone


class MerkleTree:
    """A tree of records. Make one with `of`, or from another with `changed`."""

    __slots__ = ("_top",)

    def __init__(self) -> None:
        self._top: Node | None = None

    @classmethod
    def of(cls, records: Iterable[bytes]) -> MerkleTree:
        """The tree of these records, in any order, no path twice."""
        ordered = sorted(records)
        tree = cls()
        tree._top = _build(ordered, 0, len(ordered), 0)
        return tree

    @classmethod
    def of_accounts(cls, accounts: Iterable[tuple[Pubkey, Account]]) -> MerkleTree:
        """The tree of these accounts, in any order. Takes 4 µs for each."""
        made = (record_of(key, account) for key, account in accounts)
        return cls.of(record for record in made if record is not None)

    def changed(self, records: Mapping[bytes, bytes | None]) -> MerkleTree:
        """The tree with these records by path instead; None where there is no leaf any more."""
        changes = sorted(records.items())
        tree = MerkleTree()
        paths = [path for path, _ in changes]
        tree._top = _Update(paths, changes).of(self._top, 0, len(changes), 0)
        return tree

    @property
    def digest(self) -> bytes:
        """The root, 32 bytes."""
        return _digest(self._top)

    def __len__(self) -> int:
        return _count(self._top)

    def __repr__(self) -> str:
        return f"<MerkleTree of {len(self):,} leaves, root {self.digest.hex()[:12]}…>"

    def __iter__(self) -> Iterator[bytes]:
        """All records, in the order of their paths."""
        below: list[Node | None] = [self._top]
        while below:
            node = below.pop()
            if isinstance(node, Branch):
                below += (node.right, node.left)
            elif node is not None:
                yield from split_records(node.joined)

    def find(self, path: bytes) -> bytes | None:
        """The record with this path."""
        bucket, _ = self._descend(path)
        for record in () if bucket is None else split_records(bucket.joined):
            if path_in(record) == path:
                return record
        return None

    def siblings(self, path: bytes) -> list[bytes]:
        """The digests beside the way from the root to a leaf that is there, from the leaf up."""
        bucket, above = self._descend(path)
        assert bucket is not None, "the caller has found the leaf"
        beside = [
            _digest(node.left if bit_of(path, depth) else node.right)
            for depth, node in enumerate(above)
        ]
        beside += siblings_in(split_records(bucket.joined), path, len(above))
        return beside[::-1]

    def neighbours(self, path: bytes) -> tuple[bytes | None, bytes | None]:
        """The records directly left and right of a path that is not in the tree."""
        bucket, above = self._descend(path)
        records = [] if bucket is None else split_records(bucket.joined)
        at = bisect_left(records, path)
        left = records[at - 1] if at else None
        right = records[at] if at < len(records) else None
        for depth in reversed(range(len(above))):
            side = bit_of(path, depth)
            if side and left is None:
                left = _outermost(above[depth].left, last=True)
            elif not side and right is None:
                right = _outermost(above[depth].right, last=False)
        return left, right

    def _descend(self, path: bytes) -> tuple[Bucket | None, list[Branch]]:
        """The bucket that the path leads to, and the branches above it, from the root."""
        above: list[Branch] = []
        node = self._top
        while isinstance(node, Branch):
            above.append(node)
            node = node.right if bit_of(path, len(above) - 1) else node.left
        return node, above


class _Update:
    """Changes, sorted by path, and the nodes that they make of those before."""

    def __init__(self, paths: Sequence[bytes], changes: Sequence[Change]) -> None:
        self._paths = paths
        self._changes = changes

    def of(self, node: Node | None, low: int, high: int, depth: int) -> Node | None:
        """What becomes of a subtree at this depth, to which the changes [low, high) belong."""
        if low == high:
            return node
        if not isinstance(node, Branch):
            records = self._merged(node, low, high)
            return _build(records, 0, len(records), depth)
        middle = first_right(self._paths, low, high, depth)
        left = self.of(node.left, low, middle, depth + 1)
        right = self.of(node.right, middle, high, depth + 1)
        if left is node.left and right is node.right:
            return node
        return _joined(left, right)

    def _merged(self, bucket: Bucket | None, low: int, high: int) -> list[bytes]:
        """The records of a bucket after these changes, sorted."""
        before = () if bucket is None else split_records(bucket.joined)
        after: dict[bytes, bytes | None] = {path_in(record): record for record in before}
        after.update(self._changes[low:high])
        return sorted(record for record in after.values() if record is not None)


def _build(records: Sequence[bytes], low: int, high: int, depth: int) -> Node | None:
    """The subtree at this depth of the sorted records [low, high)."""
    if high - low <= BUCKET_MAX:
        if low == high:
            return None
        return Bucket(digest_of(records, low, high, depth), b"".join(records[low:high]))
    middle = first_right(records, low, high, depth)
    left = _build(records, low, middle, depth + 1)
    right = _build(records, middle, high, depth + 1)
    return Branch(left, right, high - low)


def _joined(left: Node | None, right: Node | None) -> Node | None:
    """The node above two sides, of which each is what it has to be."""
    count = _count(left) + _count(right)
    if count > BUCKET_MAX:
        return Branch(left, right, count)
    sides = [side for side in (left, right) if isinstance(side, Bucket)]
    if not sides:
        return None
    if count == 1:
        return sides[0]
    digest = node_digest(_digest(left), _digest(right))
    return Bucket(digest, b"".join(side.joined for side in sides))


def _digest(node: Node | None) -> bytes:
    return EMPTY if node is None else node.digest


def _count(node: Node | None) -> int:
    return 0 if node is None else node.count


def _outermost(node: Node | None, *, last: bool) -> bytes | None:
    """The first or last record of a subtree."""
    while isinstance(node, Branch):
        near, far = (node.right, node.left) if last else (node.left, node.right)
        node = far if near is None else near
    if node is None:
        return None
    return node.joined[-RECORD_LEN:] if last else node.joined[:RECORD_LEN]


def record_of(
    key: Pubkey, account: Account, path_of: Callable[[bytes], bytes] = path_of_key
) -> bytes | None:
    """The record of an account; None if it does not exist. `path_of` is for tests."""
    if not exists(account):
        return None
    path = path_of(key)
    return path + key + leaf_digest(path, value_of(account))

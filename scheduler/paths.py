"""Paths: names of a hierarchy, with parts between `/`; their ids, and the parent of each.

A path stands for itself and all below it. `*` as the last part is its parent: `bank/*` is `bank`;
`*` alone is the root, above everything. Ancestors have ids, too, also if nobody names them.

>>> table = PathTable()
>>> [table.id_of(path) for path in ("bank/alice", "bank/*", "pool")]
[1, 0, 2]
>>> table.names, table.parents().tolist()
(['bank', 'bank/alice', 'pool'], [-1, 0, -1])
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .hierarchy import NO_PARENT

SEPARATOR: Final = "/"
WILDCARD: Final = "*"
# Such a path has as many ancestors as ANCESTORS_MAX allows, for the root lies above its first part.
PARTS_MAX: Final = 64
# A name is kept for each ancestor: with both limits, all names are some 500 MB at most.
PATH_LEN_MAX: Final = 1024
PATHS_MAX: Final = 1 << 20


def path_parts(path: str) -> tuple[str, ...]:
    """The parts of a path, without a last `*`; of the root, none.

    Raises ValueError for empty parts, a `*` anywhere else, more than PARTS_MAX parts, and more
    than PATH_LEN_MAX characters.
    """
    if len(path) > PATH_LEN_MAX:
        raise ValueError(
            f"a path of {len(path):,} characters, but the limit is {PATH_LEN_MAX:,}; shorten it"
        )
    parts = path.split(SEPARATOR)
    if parts[-1] == WILDCARD:
        parts.pop()
    if "" in parts:
        raise ValueError(f"the path {path!r} has an empty part; write a name between the slashes")
    if any(WILDCARD in part for part in parts):
        raise ValueError(f"the path {path!r} has a * inside; a * stands alone, as the last part")
    if len(parts) > PARTS_MAX:
        raise ValueError(f"a path of {len(parts)} parts, but the limit is {PARTS_MAX}: {path!r}")
    return tuple(parts)


def path_name(path: str) -> str:
    """The one spelling of a path: without a last `*`, but for the root. Raises ValueError."""
    return SEPARATOR.join(path_parts(path)) or WILDCARD


class PathTable:
    """Ids of paths, by first appearance, an ancestor before what is below it.

    `names` by id: each path without a last `*`, and `*` for the root.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._ids: dict[str, int] = {}
        self._parents: list[int] = []

    def __len__(self) -> int:
        """How many paths there are, with all ancestors."""
        return len(self.names)

    def id_of(self, path: str) -> int:
        """The id of a path, a new one if need be.

        Raises ValueError as `path_parts` does, and for more than PATHS_MAX paths.
        """
        known = self._ids.get(path)
        if known is not None:
            return known
        found, name = NO_PARENT, ""
        for part in path_parts(path):
            name = f"{name}{SEPARATOR}{part}" if name else part
            found = self._interned(name, found)
        return found if name else self._interned(WILDCARD, NO_PARENT)

    def _interned(self, name: str, parent: int) -> int:
        found = self._ids.get(name)
        if found is None:
            if len(self.names) >= PATHS_MAX:
                raise ValueError(
                    f"more than {PATHS_MAX:,} paths, with those above them; split the block"
                )
            found = self._ids[name] = len(self.names)
            self.names.append(name)
            self._parents.append(parent)
        return found

    def parents(self) -> NDArray[np.int64]:
        """int64[len]: the parent of each, NO_PARENT at the top; the root's, if somebody names it.

        Without the root, nothing is above the first parts.
        """
        found = np.array(self._parents, dtype=np.int64)
        root = self._ids.get(WILDCARD)
        if root is not None:
            found[found == NO_PARENT] = root
            found[root] = NO_PARENT
        return found

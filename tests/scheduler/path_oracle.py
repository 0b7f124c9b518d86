"""What must hold of blocks over paths, worked out from the texts of the paths, pair by pair.

Two paths are related if one is the other, or its beginning up to a slash. Takes nothing from the
code under test.
"""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import strategies as st

PathBlock = list[list[tuple[str, str]]]
"""For each transaction, (kind, path) of each access as it might be written; "R", "W" or "A"."""


@st.composite
def path_blocks(draw: st.DrawFn, transactions_max: int = 12) -> PathBlock:
    """Up to three parts of two or three names, wildcards and the root; some without adds."""
    parts = draw(st.sampled_from(["ab", "abc"]))
    kinds = draw(st.sampled_from(["RWA", "RW", "RRRW", "WA", "RA", "W"]))
    plain = st.lists(st.sampled_from(parts), min_size=1, max_size=3).map("/".join)
    path = st.one_of(plain, plain, plain, plain.map(lambda each: f"{each}/*"), st.just("*"))
    if draw(st.booleans()):
        path = plain
    access = st.tuples(st.sampled_from(kinds), path)
    return draw(st.lists(st.lists(access, max_size=4), max_size=transactions_max))


def plain(path: str) -> str:
    """Without a wildcard; the root is `*`."""
    return path if path == "*" else path.removesuffix("/*")


def is_below(path: str, above: str) -> bool:
    """Whether a path is another one, or below it."""
    return path == above or above == "*" or path.startswith(f"{above}/")


def related(one: str, other: str) -> bool:
    return is_below(one, other) or is_below(other, one)


def merged(transaction: list[tuple[str, str]]) -> dict[str, str]:
    """One kind for each path: a write where there are several."""
    found: dict[str, str] = {}
    for kind, path in transaction:
        name = plain(path)
        found[name] = kind if found.get(name, kind) == kind else "W"
    return found


def given(block: PathBlock) -> list[tuple[list[str], list[str], list[str]]]:
    """As AccessLists.from_paths takes it."""
    return [
        (
            [p for k, p in row if k == "R"],
            [p for k, p in row if k == "W"],
            [p for k, p in row if k == "A"],
        )
        for row in block
    ]


def conflicts(earlier: dict[str, str], later: dict[str, str]) -> set[tuple[str, str, str]]:
    """(lower path, upper path, kinds of the earlier and of the later one)."""
    found: set[tuple[str, str, str]] = set()
    for (one, before), (other, after) in product(earlier.items(), later.items()):
        if related(one, other) and (before != after or before == "W"):
            lower, upper = (one, other) if is_below(one, other) else (other, one)
            found.add((lower, upper, before + after))
    return found


def conflicting_pairs(rows: list[dict[str, str]]) -> list[tuple[int, int]]:
    pairs = combinations(range(len(rows)), 2)
    return [(i, j) for i, j in pairs if conflicts(rows[i], rows[j])]


def levels(rows: list[dict[str, str]]) -> list[int]:
    """The longest path to each transaction over all conflicting pairs."""
    found = [0] * len(rows)
    for i, j in sorted(conflicting_pairs(rows), key=lambda pair: pair[1]):
        found[j] = max(found[j], found[i] + 1)
    return found


def longest(rows: list[dict[str, str]]) -> int:
    """How many transactions the longest chain of conflicts has."""
    return max(levels(rows), default=-1) + 1

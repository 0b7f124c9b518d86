"""What-ifs in words: what is left out of a block, and which accounts are locked differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ...primitives import UsageError
from ..access import AccessLists
from ..hierarchy import with_descendants
from ..paths import PATHS_MAX, SEPARATOR, WILDCARD
from ..what_if import commutative, ordinary, read_only, split
from .named_dag import NamedDag

SPLIT_MAX: Final = 4096  # parts of one account: a read must lock each of them
_DIGITS_MAX: Final = 9
Splits = Mapping[str, int] | Iterable[str]


class Changes(NamedTuple):
    """What is different in a block, in the words of its file.

    `without`: accounts, "program:NAME", "votes", or transaction ids that are not there. `split`:
    accounts and into how many parts. `commutative`: accounts that are only added to where they
    were written. `read_only`: accounts that are only read. `ordinary`: accounts that are written
    where they were only added to. Of an account in several, the last of ordinary, read-only and
    commutative counts.
    """

    without: tuple[str, ...] = ()
    split: tuple[tuple[str, int], ...] = ()
    commutative: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    ordinary: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(self)

    def texts(self) -> list[str]:
        """A line for each change, as the options of `sealane simulate` spell it."""
        return [
            *(f"without {word}" for word in self.without),
            *(f"split {account}={parts}" for account, parts in self.split),
            *(f"commutative {account}" for account in self.commutative),
            *(f"read-only {account}" for account in self.read_only),
            *(f"ordinary {account}" for account in self.ordinary),
        ]


def read_changes(
    without: str | Iterable[str] = (),
    split: str | Splits = (),
    commutative: str | Iterable[str] = (),
    read_only: str | Iterable[str] = (),
    ordinary: str | Iterable[str] = (),
) -> Changes:
    """The changes as a user gives them; of `split`, a mapping or texts "ACCOUNT=K".

    Raises UsageError for a split that is no such text, or not into 1 to SPLIT_MAX parts.
    """
    if isinstance(split, Mapping):
        given = cast("Mapping[str, int]", split)
        parts = [(account, _checked_parts(account, number)) for account, number in given.items()]
    else:
        parts = [_read_split(word) for word in _words(split)]
    return Changes(
        _words(without), tuple(parts), _words(commutative), _words(read_only), _words(ordinary)
    )


def _words(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _read_split(word: str) -> tuple[str, int]:
    if not isinstance(word, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raise UsageError(f"split {word!r}: give ACCOUNT=K as text, not {type(word).__name__}")
    account, equals, parts = word.rpartition("=")  # a name may have a = in it
    if not (account and equals and parts.isascii() and parts.isdigit()):
        raise UsageError(f"split {word!r}: write ACCOUNT=K, such as vault=8")
    if len(parts) > _DIGITS_MAX:
        raise UsageError(f"split {account!r}: 1 to {SPLIT_MAX:,} parts are possible, not {parts}")
    return account, _checked_parts(account, int(parts))


def _checked_parts(account: str, parts: int) -> int:
    if isinstance(parts, bool) or not isinstance(parts, int):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raise UsageError(f"split {account!r}: {parts!r} is no number of parts")
    if not 1 <= parts <= SPLIT_MAX:
        raise UsageError(f"split {account!r} into {parts} parts: 1 to {SPLIT_MAX:,} are possible")
    return parts


def part_names(taken: Sequence[str], account: str, parts: int) -> list[str]:
    """Names for the new parts of an account, none of them `taken`: vault#1, vault#2, …"""
    known = set(taken)
    free = (name for n in count(1) if (name := f"{account}#{n}") not in known)
    return list(islice(free, parts - 1))


def relocked(
    block: NamedDag, access: AccessLists, changes: Changes
) -> tuple[AccessLists, Sequence[str]]:
    """Some of this block's access lists with other locks, and the names of all accounts.

    Raises UsageError for an account that is not there.
    """
    access = ordinary(access, _accounts(block, changes.ordinary))
    access = read_only(access, _accounts(block, changes.read_only))
    access = commutative(access, _accounts(block, changes.commutative))
    names = block.names
    for account, parts in changes.split:
        chosen = block.account_id(account)
        names = [*names, *_names_of_parts(access, names, chosen, parts)]
        access = split(access, chosen, parts)
    return access, names


def _names_of_parts(
    access: AccessLists, names: Sequence[str], account: int, parts: int
) -> Iterator[str]:
    """Names for the new parts of an account, and of all that is below it: vault#1/alice.

    Raises UsageError for more than PATHS_MAX of them.
    """
    top = names[account]
    is_split = np.zeros(access.account_count, dtype=np.bool_)
    is_split[account] = True
    whole = np.flatnonzero(with_descendants(access.parents, is_split)).tolist()
    if len(whole) * parts > PATHS_MAX:
        raise UsageError(
            f"split {top!r} into {parts}: with all below it, these are {len(whole) * parts:,} "
            f"paths, and {PATHS_MAX:,} are possible; choose fewer parts"
        )
    tops = part_names(names, top, parts)
    for each in whole:
        below = "" if each == account else f"{SEPARATOR}{_within(names[each], top)}"
        yield from (f"{part}{below}" for part in tops)


def _within(name: str, top: str) -> str:
    """A path as seen from one above it, which may be the root."""
    return name if top == WILDCARD else name.removeprefix(f"{top}{SEPARATOR}")


def _accounts(block: NamedDag, words: Iterable[str]) -> NDArray[np.bool_]:
    chosen = np.zeros(block.access.account_count, dtype=np.bool_)
    chosen[[account for word in words for account in block.account_ids(word)]] = True
    return chosen

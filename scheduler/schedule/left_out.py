"""Which transactions and accounts a user means: those to leave out, those that call a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import UsageError
from .about import About
from .lookup import nearest
from .named_dag import NamedDag

Selector = Callable[[str], "NDArray[np.bool_] | None"]
PROGRAM: Final = "program:"
VOTES: Final = "votes"


class LeftOut(NamedTuple):
    """`transactions` bool[n] and `accounts` bool[account_count]: whether each is left out."""

    transactions: NDArray[np.bool_]
    accounts: NDArray[np.bool_]


def find_left_out(block: NamedDag, select: Selector | None, words: Sequence[str]) -> LeftOut:
    """What the words stand for: an account, "program:NAME", "votes", a label, a group of accounts,
    a transaction's id.

    The first of these that a word names counts. `select` answers for programs and votes: bool[n],
    or None for what it does not know. Raises UsageError.
    """
    found = LeftOut(
        np.zeros(len(block), dtype=np.bool_), np.zeros(block.access.account_count, dtype=np.bool_)
    )
    for word in words:
        if not isinstance(word, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
            raise UsageError(f"without {word!r}: give words, not {type(word).__name__}")
        chosen = select(word) if select is not None and _is_selection(word) else None
        name = block.spelled(word)
        if name in block.names:
            found.accounts[block.names.index(name)] = True
        elif chosen is not None:
            found.transactions[chosen] = True
        elif (account := block.labelled(word)) is not None:
            found.accounts[account] = True
        elif (group := block.group(word)) is not None:
            found.accounts[list(group)] = True
        elif _is_selection(word):
            raise UsageError(_unknown(word), path=block.source or None)
        else:
            found.transactions[block.position(word)] = True
    return found


def find_callers(
    block: NamedDag, about: About, select: Selector | None, program: str
) -> NDArray[np.bool_]:
    """bool[n]: who calls the program of this name, key or label. Raises UsageError if nobody."""
    wanted = program.removeprefix(PROGRAM)
    called = list(about.called.program_names)
    labels = list(map(about.accounts.called, called))
    name = called[labels.index(wanted)] if wanted in labels else wanted
    found = None if select is None else select(f"{PROGRAM}{name}")
    if found is None or not found.any():
        message = f"no transaction calls {wanted!r}{nearest(labels, wanted, 'calls')}"
        raise UsageError(message, path=block.source or None)
    return found


def _is_selection(word: str) -> bool:
    return word == VOTES or word.startswith(PROGRAM)


def _unknown(word: str) -> str:
    if word == VOTES:
        return "without votes: nothing says which transactions are votes; name their ids"
    return f"without {word}: no transaction of this block calls that program; see its accounts"


def select_among(kept: NDArray[np.bool_], select: Selector, word: str) -> NDArray[np.bool_] | None:
    """What `select` finds, among the transactions that were kept."""
    found = select(word)
    return None if found is None else found[kept]

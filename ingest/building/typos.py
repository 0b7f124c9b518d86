"""Detects probable typos: names one letter away from a name in the file or in a program.

Accounts need no declaration and any name stands for a key, so a typo silently creates an account.
Guarantees: fast for files of any size, since at most NAMES_MAX names of each side are compared.
Does not: refuse anything, or report numbered names (`a1`, `a2`) and names that differ in a suffix
(`mint_a`, `mint_b`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ...primitives import Pubkey
from ...programs.kit.program.program_set import ProgramSet
from ..files.document import shown
from .build import BuiltFixture

NAMES_MAX: Final = 2_000
_LEN_MIN: Final = 4  # short names are often one letter apart on purpose
_KEY_LEN_MIN: Final = 32
# Looks like a base58 key, even with letters that base58 leaves out; words do not.
_KEY_LIKE: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[0-9A-Za-z]{42,45}", re.ASCII)


def name_warnings(built: BuiltFixture) -> list[str]:
    """One line for every probable typo, with the nearest known name."""
    known = dict.fromkeys(islice(_known_names(built), NAMES_MAX))
    declared = {**built.fixture.accounts, **built.fixture.keys}
    doubtful = (word for word in built.names.words if not (word in known or word in declared))
    words = list(islice(doubtful, NAMES_MAX)) if known else []
    if not words or built.fixture.generate is not None:
        return []
    index = _by_omission(known)
    warnings: list[str] = []
    for word in words:
        near = next((other for other in _candidates(word, index) if is_typo(word, other)), None)
        if near is not None:
            warnings.append(
                f"'{shown(word)}' is neither declared nor a program; did you mean '{near}'?"
            )
        elif _KEY_LIKE.fullmatch(word) and not _is_key(word):
            warnings.append(
                f"'{shown(word)}' looks like a base58 key and is none, so it stands for a key "
                "derived from it as a name; check it letter by letter"
            )
    return [f"{built.fixture.path}: {warning}" for warning in warnings]


def _known_names(built: BuiltFixture) -> Iterator[str]:
    if built.fixture.paths:  # these transactions call no program
        yield from built.fixture.accounts
        return
    programs: ProgramSet = built.names.programs
    for name in programs.names():
        yield name
        program = programs.named(name)
        if program is not None:
            yield str(program.id)
    yield from built.fixture.accounts
    yield from built.fixture.keys


def is_typo(word: str, other: str) -> bool:
    """Whether one letter was changed, added or left out, or two adjacent letters were swapped.

    >>> is_typo("alcie", "alice"), is_typo("alise", "alice"), is_typo("user_2", "user_1")
    (True, True, False)
    """
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(word), len(other)) - start and word[-1 - end] == other[-1 - end]:
        end += 1
    ours, theirs = word[start : len(word) - end], other[start : len(other) - end]
    shorter = min(len(word), len(other))
    if len(ours) == len(theirs) == 2:
        return ours == theirs[::-1] and (ours.isalpha() or shorter >= _KEY_LEN_MIN)
    if max(len(ours), len(theirs)) > 1 or shorter < _LEN_MIN:
        return False
    if shorter >= _KEY_LEN_MIN:
        return True
    before, after = word[:start][-1:], word[len(word) - end :][:1]
    return not _counts(ours + theirs, before, after)


def _counts(letters: str, before: str, after: str) -> bool:
    """Whether letters at this place number or mark a name on purpose, as `2`, `_b` or `B` do."""
    if any(letter.isdigit() or not letter.isalnum() for letter in letters):
        return True
    is_part = not before.isalpha() and not after.isalpha()
    is_capital_end = letters.isupper() and before.islower() and not after
    return is_part or is_capital_end


def _by_omission(names: Iterable[str]) -> dict[str, list[str]]:
    """An index of names by themselves and by every string with one letter left out."""
    index: dict[str, list[str]] = {}
    for name in names:
        for part in _omissions(name):
            index.setdefault(part, []).append(name)
    return index


def _candidates(word: str, index: dict[str, list[str]]) -> Iterator[str]:
    for part in _omissions(word):
        yield from index.get(part, ())


def _omissions(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_key(word: str) -> bool:
    try:
        Pubkey.from_base58(word)
    except ValueError:
        return False
    return True

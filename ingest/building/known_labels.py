"""The labels of a block: those that people gave, over those that everybody knows."""

from __future__ import annotations

from collections.abc import Mapping

from ...primitives import Pubkey
from .well_known import WELL_KNOWN


def known_labels(given: Mapping[str, str], shown: Mapping[Pubkey, str]) -> dict[str, str]:
    """Labels by the names that the block shows.

    `given`: by any word that names an account or program. `shown`: the block's names of keys; what
    has none is shown as base58. Words that the block does not have do no harm.
    """
    found = dict(WELL_KNOWN)
    for word, label in given.items():
        key = Pubkey.of(word)
        found[word] = found[shown.get(key) or str(key)] = label
    return found

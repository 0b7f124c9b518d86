"""Notes about costs, told apart from other notes."""

from __future__ import annotations


class CostNote(str):
    """A note that tells of costs which stand in for missing ones; it goes when they do."""

    __slots__ = ()

"""A sequence whose items are made when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar, overload

Item = TypeVar("Item")


class LazySequence(Sequence[Item]):
    """`item` makes the item at an index; a slice is a list. It is pickled as a list."""

    @abstractmethod
    def item(self, index: int) -> Item:
        """The item at an index, which may count from the end. Raises IndexError."""

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return [self.item(place) for place in range(*index.indices(len(self)))]
        return self.item(index)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

"""A block of Sei behind the interface of all chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from ..building.recording import Described, Recording
from .block import SeiBlock

if TYPE_CHECKING:
    from .operation_graph import OperationGraph
    from .paths import PathColumns

SEI: Final = "sei"


@dataclass(frozen=True, eq=False)
class SeiRecording(Recording):
    """`block`: what was declared, message by message."""

    chain: ClassVar[str] = SEI

    block: SeiBlock

    @property
    def case(self) -> str | None:
        return self.block.case

    @property
    def height(self) -> int | None:
        return self.block.height

    @property
    def ids(self) -> Sequence[str]:
        return self.block.ids

    @property
    def names(self) -> Sequence[str]:
        return self.columns.names

    @cached_property
    def columns(self) -> PathColumns:
        """The accesses of its transactions to paths."""
        from .paths import path_columns

        return path_columns(self.block)

    def operation_graph(self) -> OperationGraph:
        """Who waits for whom between its operations, as Sei builds it.

        Raises UsageError for a block that Sei builds none for, and for one with too many edges.
        """
        from .operation_graph import operation_graph

        return operation_graph(self.block.nodes())

    def describe(self, labels: Mapping[str, str]) -> Described:
        from .described import described

        return described(self.block, self.columns, labels)

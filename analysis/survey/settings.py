"""How the blocks of a survey are read: the same for all of them, in every process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...programs.kit import Program


@dataclass(frozen=True, slots=True)
class Settings:
    """`no_votes` leaves out a Solana block's votes. Fixtures may call `programs`, besides those
    that are built in or installed. `labels`: what people call accounts and programs."""

    no_votes: bool = False
    programs: tuple[Program, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

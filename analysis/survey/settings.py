"""How the blocks of a survey are read: the same for all of them, in every process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
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

    def words(self) -> list[str]:
        """What makes the rows of one survey differ from those of another, for a journal.

        A program counts by its name and key: what it says of its instructions is not looked at.
        """
        votes = ["no votes"] if self.no_votes else []
        programs = sorted(f"program {program.name} {program.id}" for program in self.programs)
        if not self.labels:
            return votes + programs
        text = repr(sorted(self.labels.items()))
        digest = sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
        return [*votes, *programs, f"labels {digest}"]

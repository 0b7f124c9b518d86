"""Which signatures of a block a command verifies, before it does anything with the block."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from ...signatures.block_signatures import BlockSignatures, SignatureReport, Verify


class SignatureMode(StrEnum):
    """`recorded`: what nodes recorded must be right, as far as they show it. `on`: all of it, and
    every transaction must have been checked."""

    off = "off"
    recorded = "recorded"
    on = "on"


Signatures = Annotated[
    SignatureMode,
    typer.Option(
        "--signatures",
        help="Verify signatures first: those that a node recorded; or on, of every transaction.",
    ),
]


def verified(
    mode: SignatureMode, signatures: Callable[[], BlockSignatures], by: Verify
) -> SignatureReport | None:
    """What came of verifying a block, None where it is off."""
    return None if mode is SignatureMode.off else signatures().verified(by)


def fails(mode: SignatureMode, report: SignatureReport | None) -> bool:
    """Whether a command has to end as for a check that failed."""
    if report is None:
        return False
    return not report.ok or (mode is SignatureMode.on and bool(report.unchecked))

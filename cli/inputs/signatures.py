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


class FixtureSignatureMode(StrEnum):
    """As SignatureMode, for fixtures, of which no node recorded anything."""

    off = "off"
    on = "on"


# `on` differs: fixtures say who has to sign, and of recorded blocks some signatures are not shown.
SignaturesOfFixtures = Annotated[
    FixtureSignatureMode,
    typer.Option(
        "--signatures",
        help="on: execute only what is signed by all who have to sign.",
    ),
]
RecordedSignatures = Annotated[
    SignatureMode,
    typer.Option(
        "--signatures",
        help="recorded: verify those that the block shows; on: fail for one that it does not show, "
        "too.",
    ),
]
Signatures = Annotated[
    SignatureMode,
    typer.Option(
        "--signatures",
        help="recorded: verify those that a recorded block shows; on: fail for one that it does "
        "not show, too, and for an account that has to sign a fixture and has not.",
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

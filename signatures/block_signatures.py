"""The signatures of a block, and which of them count.

Guarantees: for every transaction of the block, either all its signers are checked, or it is listed
as unchecked, with the reason. Does not: know where a block comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from .schemes import SignatureCheck
from .verifying import verify

Verify = Callable[[Sequence[SignatureCheck]], Iterable[bool]]


class SignerChecks(NamedTuple):
    """Whether `signer` signed `transaction`, an id: it did if one of the `alternatives` counts.

    There are several where the source leaves open which message was signed, and none where there
    is nothing to verify, such as for a missing signature, which therefore never counts.
    """

    transaction: str
    signer: str
    alternatives: tuple[SignatureCheck, ...]


class WrongSignature(NamedTuple):
    """A signature that does not count: its transaction, by id, and its signer."""

    transaction: str
    signer: str


class Unchecked(NamedTuple):
    """A transaction whose signatures cannot be checked, and why."""

    transaction: str
    reason: str


class SignatureReport(NamedTuple):
    """The result of verifying a block. `verified`: how many signatures count."""

    verified: int
    wrong: tuple[WrongSignature, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def ok(self) -> bool:
        """Whether no signature is wrong; some may not have been checked."""
        return not self.wrong


@dataclass(frozen=True, slots=True)
class BlockSignatures:
    """What to verify of a block, in block order."""

    signers: tuple[SignerChecks, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    def verified(self, by: Verify = verify) -> SignatureReport:
        """Verify them, in this process, or `by` another function: Runtime.verify_signatures."""
        pending = list(range(len(self.signers)))
        # One message is nearly always the right one: others are tried only if it is not.
        attempt = 0
        while tried := [n for n in pending if attempt < len(self.signers[n].alternatives)]:
            answers = by([self.signers[n].alternatives[attempt] for n in tried])
            counting = {n for n, counts in zip(tried, answers, strict=True) if counts}
            pending = [n for n in pending if n not in counting]
            attempt += 1
        wrong = tuple([WrongSignature(*self.signers[n][:2]) for n in pending])
        return SignatureReport(len(self.signers) - len(wrong), wrong, self.unchecked)


NO_SIGNATURES: Final = BlockSignatures()

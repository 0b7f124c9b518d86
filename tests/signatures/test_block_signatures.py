"""Which signatures of a block count: any alternative will do, and those without one never do."""

from __future__ import annotations

from collections.abc import Sequence

from sealane.signatures.block_signatures import (
    NO_SIGNATURES,
    BlockSignatures,
    SignerChecks,
    Unchecked,
    WrongSignature,
)
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme, SignatureCheck

RIGHT = Keypair(Scheme.ED25519, bytes(32)).check(b"pay 5")
WRONG = RIGHT._replace(message=b"pay 6")
BLOCK = BlockSignatures(
    (
        SignerChecks("a", "alice", (RIGHT,)),
        SignerChecks("b", "alice", (WRONG, WRONG, RIGHT)),
        SignerChecks("b", "bob", (WRONG, WRONG)),
        SignerChecks("c", "carol", ()),
    ),
    (Unchecked("d", "it is not shown"),),
)


def test_one_alternative_is_enough_and_none_is_too_few() -> None:
    found = BLOCK.verified()
    assert found.verified == 2
    assert found.wrong == (WrongSignature("b", "bob"), WrongSignature("c", "carol"))
    assert found.unchecked == BLOCK.unchecked
    assert not found.ok


def test_only_what_still_may_count_is_verified() -> None:
    asked: list[list[SignatureCheck]] = []

    def by(checks: Sequence[SignatureCheck]) -> list[bool]:
        asked.append(list(checks))
        return [check == RIGHT for check in checks]

    BLOCK.verified(by)
    assert asked == [[RIGHT, WRONG, WRONG], [WRONG, WRONG], [RIGHT]]


def test_a_block_without_signatures() -> None:
    assert NO_SIGNATURES.verified() == (0, (), ())
    assert NO_SIGNATURES.verified().ok

"""Verifying 4,000 signatures, one of each transaction: on two workers, and in one process.

Each scheme is measured by its rule's library: the rate of one process is what that costs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from ...primitives.extras import how_to_install
from ...runtime import Runtime
from ...signatures import Keypair, Scheme, SignatureCheck
from ..measure.contestants import VERIFIER
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..peers.presence import why_absent

_KEYS: Final = 100
_MESSAGE_LEN: Final = 200  # of a transfer on Solana, about
_DIGEST_LEN: Final = 32
_AT_LEAST: Final = 1.7
_SIDES: Final = (("2 workers", 2), ("1 worker", 1))
_LIBRARIES: Final = {
    Scheme.ED25519: "solders.keypair",
    Scheme.ED25519_ZIP215: "ed25519_zebra",
    Scheme.ML_DSA_44: "cryptography.hazmat.primitives.asymmetric.mldsa",
    Scheme.SECP256K1: "wallycore",
}


def signatures() -> tuple[Scenario, ...]:
    """Target 16."""
    return tuple(
        Scenario(
            f"signatures-{scheme}",
            f"verify 4,000 signatures of {scheme}",
            partial(_verifying, scheme),
            (Target(16, _SIDES[0][0], _SIDES[1][0], at_least=_AT_LEAST),),
        )
        for scheme in Scheme
    )


@contextmanager
def _verifying(scheme: Scheme, scale: Scale) -> Generator[Sequence[Side]]:
    # All but zebra's sign with solders, cryptography or wallycore, too.
    needed = {_LIBRARIES[scheme], _LIBRARIES[Scheme.ED25519]}
    if any(why_absent(library, how_to_install("signatures")) is not None for library in needed):
        yield ()
        return
    checks = checks_of(scheme, scale.signed)
    with ExitStack() as stack:
        yield tuple(
            Side(
                name,
                VERIFIER,
                Unit.RATE,
                "checks in memory → whether each counts",
                _measured(stack.enter_context(Runtime(workers=workers)), checks),
            )
            for name, workers in _SIDES
        )


def checks_of(scheme: Scheme, count: int) -> list[SignatureCheck]:
    """Signatures that all count, of different messages by some keys."""
    keys = [Keypair(scheme, bytes((n + 1,)) * 32) for n in range(min(count, _KEYS))]
    length = _DIGEST_LEN if scheme is Scheme.SECP256K1 else _MESSAGE_LEN
    return [keys[n % len(keys)].check(n.to_bytes(length, "big")) for n in range(count)]


def _measured(runtime: Runtime, checks: Sequence[SignatureCheck]) -> Callable[[], float]:
    return rate(len(checks), lambda: checks, runtime.verify_signatures)

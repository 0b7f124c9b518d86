"""Where the two rules of Ed25519 part: small order, mixed order, encodings that are not reduced.

Signatures are made on purpose, and what each rule must say of them is computed from its definition.
"""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.signatures import ed25519_strict
from sealane.signatures.schemes import Scheme, SignatureCheck
from sealane.signatures.verifying import verify

from . import ed25519_oracle as oracle
from .ed25519_oracle import (
    BASE,
    NEUTRAL,
    TORSION,
    L,
    P,
    Point,
    decoded,
    encoded,
    encodings,
    plus,
    times,
)
from .vectors import speccheck, wycheproof

RULES = {Scheme.ED25519: oracle.strict, Scheme.ED25519_ZIP215: oracle.zip215}
SMALL_ORDER = [raw for point in TORSION for raw in encodings(point)]
MESSAGE = b"Zcash"


def counts(scheme: Scheme, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """What the library says, after the definition was asked, too."""
    (found,) = verify([SignatureCheck(scheme, public_key, message, signature)])
    assert found is RULES[scheme](public_key, message, signature)
    return found


def forged(secret: int, nonce: int, key_torsion: Point, torsion: Point) -> tuple[bytes, bytes]:
    """A key and a signature of MESSAGE, each with a point of small order added to it."""
    key = encoded(plus(times(secret, BASE), key_torsion))
    commitment = encoded(plus(times(nonce, BASE), torsion))
    digest = hashlib.sha512(commitment + key + MESSAGE).digest()
    k = int.from_bytes(digest, "little") % L
    return key, commitment + ((nonce + k * secret) % L).to_bytes(32, "little")


def test_the_oracle_knows_the_curve() -> None:
    assert times(L, BASE) == NEUTRAL
    assert len(set(TORSION)) == 8
    assert len(SMALL_ORDER) == 14  # as ZIP-215 counts them, 6 of them not canonical
    for raw in SMALL_ORDER:
        assert decoded(raw) in TORSION
    seed = bytes(range(32))
    key, signature = ed25519_strict.public_key_of(seed), ed25519_strict.sign(seed, MESSAGE)
    assert oracle.strict(key, MESSAGE, signature)
    assert oracle.zip215(key, MESSAGE, signature)
    assert not oracle.zip215(key, MESSAGE + b"!", signature)


@pytest.mark.parametrize("key", SMALL_ORDER, ids=bytes.hex)
def test_a_key_and_a_commitment_of_small_order(key: bytes) -> None:
    # The 196 vectors of ZIP-215: with S = 0, the equation holds once the cofactor is multiplied.
    for commitment in SMALL_ORDER:
        signature = commitment + bytes(32)
        assert counts(Scheme.ED25519_ZIP215, key, MESSAGE, signature)
        assert not counts(Scheme.ED25519, key, MESSAGE, signature)


@pytest.mark.parametrize("key_torsion", range(8))
@pytest.mark.parametrize("torsion", range(8))
def test_points_of_mixed_order(key_torsion: int, torsion: int) -> None:
    key, signature = forged(1234567, 7654321, TORSION[key_torsion], TORSION[torsion])
    assert counts(Scheme.ED25519_ZIP215, key, MESSAGE, signature)
    # Strict only where what was added happens to cancel out, which the definition tells.
    counts(Scheme.ED25519, key, MESSAGE, signature)


def test_the_strict_rule_passes_points_of_mixed_order_that_cancel_out() -> None:
    passed = [
        counts(Scheme.ED25519, key, MESSAGE, signature)
        for nonce in range(1, 17)
        for key, signature in [forged(99, nonce, TORSION[4], TORSION[4])]
    ]
    assert {True, False} == set(passed)  # k is odd or even


def test_a_key_or_a_commitment_alone_of_small_order() -> None:
    for index in range(8):
        key, signature = forged(0, 77, TORSION[index], NEUTRAL)
        assert counts(Scheme.ED25519_ZIP215, key, MESSAGE, signature)
        assert not counts(Scheme.ED25519, key, MESSAGE, signature)
        key, signature = forged(77, 0, NEUTRAL, TORSION[index])
        assert counts(Scheme.ED25519_ZIP215, key, MESSAGE, signature)
        assert not counts(Scheme.ED25519, key, MESSAGE, signature)


@pytest.mark.parametrize("scheme", RULES)
def test_s_is_below_the_group_order(scheme: Scheme) -> None:
    key, signature = forged(5, 6, NEUTRAL, NEUTRAL)
    commitment, s = signature[:32], int.from_bytes(signature[32:], "little")
    assert counts(scheme, key, MESSAGE, signature)
    for multiple in range(1, 16):
        if s + multiple * L < 1 << 256:
            larger = (s + multiple * L).to_bytes(32, "little")
            assert not counts(scheme, key, MESSAGE, commitment + larger)


@pytest.mark.parametrize("excess", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_a_y_that_is_not_reduced(excess: int, sign: int) -> None:
    raw = (P + excess | sign << 255).to_bytes(32, "little")
    for scheme in RULES:
        counts(scheme, raw, MESSAGE, raw + bytes(32))
        key, signature = forged(5, 6, NEUTRAL, NEUTRAL)
        assert not counts(scheme, raw, MESSAGE, signature)
        assert not counts(scheme, key, MESSAGE, raw + signature[32:])


def test_bytes_that_are_no_point() -> None:
    chance = random.Random(215)
    key, signature = forged(5, 6, NEUTRAL, NEUTRAL)
    nowhere = [raw for raw in (chance.randbytes(32) for _ in range(40)) if decoded(raw) is None]
    assert len(nowhere) > 5
    for raw in nowhere:
        for scheme in RULES:
            assert not counts(scheme, raw, MESSAGE, signature)
            assert not counts(scheme, key, MESSAGE, raw + signature[32:])


@pytest.mark.parametrize("scheme", RULES)
def test_every_shared_vector_is_as_the_definition_says(scheme: Scheme) -> None:
    checks = [check for _, check, _ in wycheproof("wycheproof_ed25519_test.json", scheme)]
    for _, public_key, message, signature, _ in checks + speccheck(scheme):
        counts(scheme, public_key, message, signature)


@given(
    secret=st.integers(0, L - 1),
    nonce=st.integers(0, L - 1),
    torsions=st.tuples(st.sampled_from(TORSION), st.sampled_from(TORSION)),
)
def test_what_the_strict_rule_accepts_zip_215_accepts(
    secret: int, nonce: int, torsions: tuple[Point, Point]
) -> None:
    key, signature = forged(secret, nonce, *torsions)
    assert counts(Scheme.ED25519_ZIP215, key, MESSAGE, signature)
    counts(Scheme.ED25519, key, MESSAGE, signature)

"""Every scheme against public vectors, and what is refused whatever the scheme."""

from __future__ import annotations

import random
import re
import sys
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mldsa

from sealane.primitives import UsageError
from sealane.primitives.extras import how_to_install
from sealane.signatures import ed25519_strict, ed25519_zip215, ml_dsa, secp256k1
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import PUBLIC_KEY_LEN, SIGNATURE_LEN, Scheme, SignatureCheck
from sealane.signatures.verifying import verify

from .vectors import SPECCHECK, speccheck, vector_document, wycheproof

SEED = bytes(range(32))
MESSAGE = bytes(range(100, 132))


@pytest.mark.parametrize(
    ("name", "scheme", "count"),
    [
        ("wycheproof_ed25519_test.json", Scheme.ED25519, 151),
        ("wycheproof_mldsa_44_verify_test.json", Scheme.ML_DSA_44, 60),
    ],
)
def test_wycheproof(name: str, scheme: Scheme, count: int) -> None:
    cases = list(wycheproof(name, scheme))
    assert len(cases) >= count
    found = verify([check for _, check, _ in cases])
    both = zip(cases, found, strict=True)
    assert [what for (what, _, counts), passes in both if counts is not passes] == []


def test_wycheproof_by_the_rule_of_zip_215() -> None:
    cases = list(wycheproof("wycheproof_ed25519_test.json", Scheme.ED25519_ZIP215))
    found = verify([check for _, check, _ in cases])
    both = list(zip(cases, found, strict=True))
    assert all(passes for (_, _, counts), passes in both if counts)
    # Wycheproof follows RFC 8032, where x = 0 with a sign is no point; in ZIP-215 it is one.
    accepted = [what for (what, _, counts), passes in both if passes and not counts]
    assert all("sign" in what for what in accepted), accepted


@pytest.mark.parametrize(
    ("scheme", "library"), [(Scheme.ED25519, "solders"), (Scheme.ED25519_ZIP215, "zebra")]
)
def test_edge_cases_of_ed25519(scheme: Scheme, library: str) -> None:
    expected = vector_document(SPECCHECK)["measured_here_V_accepts_x_rejects"][library]
    found = "".join("V" if passes else "x" for passes in verify(speccheck(scheme)))
    assert found == expected


@pytest.mark.parametrize("scheme", Scheme)
def test_a_signature_counts_for_its_message_and_key_alone(scheme: Scheme) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    other = Keypair(scheme, bytes(31) + b"\1").check(MESSAGE)
    assert verify(
        [
            check,
            other,
            check._replace(public_key=other.public_key),
            check._replace(message=MESSAGE[::-1]),
            check._replace(signature=other.signature),
        ]
    ) == [True, True, False, False, False]


@pytest.mark.parametrize("scheme", Scheme)
def test_each_flipped_bit_is_refused(scheme: Scheme) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    chance = random.Random(15)
    flipped: list[SignatureCheck] = []
    for part in ("public_key", "message", "signature"):
        value = getattr(check, part)
        bits = range(8 * len(value))
        for bit in bits if len(bits) <= 520 else chance.sample(bits, 300):
            altered = int.from_bytes(value, "big") ^ 1 << bit
            flipped.append(check._replace(**{part: altered.to_bytes(len(value), "big")}))
    assert verify([check]) == [True]
    assert not any(verify(flipped))


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("part", ["public_key", "signature"])
def test_another_length_is_refused_and_never_an_error(scheme: Scheme, part: str) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    value: bytes = getattr(check, part)
    values = [b"", b"\0", value[:-1], value + b"\0", value * 2, bytes(1 << 16)]
    assert not any(verify([check._replace(**{part: altered}) for altered in values]))


@pytest.mark.parametrize("scheme", Scheme)
def test_arbitrary_bytes_are_refused_and_never_an_error(scheme: Scheme) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    chance = random.Random(15)
    for fill in (0, 0xFF, None):
        for part, lens in (("public_key", PUBLIC_KEY_LEN), ("signature", SIGNATURE_LEN)):
            count = lens[scheme]
            value = chance.randbytes(count) if fill is None else bytes([fill]) * count
            assert verify([check._replace(**{part: value})]) == [False]


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_digest_has_32_bytes(length: int) -> None:
    check = Keypair(Scheme.SECP256K1, SEED).check(MESSAGE)
    assert verify([check._replace(message=bytes(length))]) == [False]


@pytest.mark.parametrize("length", [0, 1, 1232, 100_000])
@pytest.mark.parametrize("scheme", [Scheme.ED25519, Scheme.ED25519_ZIP215, Scheme.ML_DSA_44])
def test_a_message_has_any_length(scheme: Scheme, length: int) -> None:
    assert verify([Keypair(scheme, SEED).check(bytes(length))]) == [True]


def test_a_context_is_signed_with_the_message() -> None:
    alice = Keypair(Scheme.ML_DSA_44, SEED)
    check = alice.check(MESSAGE, b"payments")
    longest = alice.check(MESSAGE, bytes(255))
    assert verify(
        [
            check,
            longest,
            check._replace(context=b""),
            check._replace(context=b"payment"),
            longest._replace(context=bytes(256)),
        ]
    ) == [True, True, False, False, False]


@pytest.mark.parametrize("scheme", [Scheme.ED25519, Scheme.ED25519_ZIP215, Scheme.SECP256K1])
def test_other_schemes_have_no_context(scheme: Scheme) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    assert verify([check, check._replace(context=b"x")]) == [True, False]


def test_answers_come_in_order_whatever_the_schemes() -> None:
    checks = [Keypair(scheme, SEED).check(MESSAGE) for scheme in Scheme]
    wrong = [check._replace(message=bytes(32)) for check in checks]
    assert verify([]) == []
    mixed = [check for pair in zip(checks, wrong, strict=True) for check in pair]
    assert verify(mixed) == [True, False] * len(Scheme)


def test_an_unknown_scheme_is_the_callers_fault() -> None:
    check = Keypair(Scheme.ED25519, SEED).check(MESSAGE)
    with pytest.raises(
        UsageError, match="check 1: 'rsa' is no signature scheme; there are ed25519, "
    ):
        verify([check, check._replace(scheme="rsa")])  # pyright: ignore[reportArgumentType]


def test_what_is_no_check_is_the_callers_fault() -> None:
    check: Any = Keypair(Scheme.ED25519, SEED).check(MESSAGE)
    bare: Any = tuple(check)
    with pytest.raises(UsageError, match="check 0: expected a SignatureCheck, found tuple"):
        verify([bare])
    for part in ("public_key", "message", "signature", "context"):
        with pytest.raises(UsageError, match=f"check 0: {part}: expected bytes, found str"):
            verify([check._replace(**{part: "00"})])


@pytest.mark.parametrize(
    ("scheme", "module", "library"),
    [
        (Scheme.ED25519, ed25519_strict, "solders.keypair"),
        (Scheme.ED25519_ZIP215, ed25519_zip215, "ed25519_zebra"),
        (Scheme.ML_DSA_44, ml_dsa, "cryptography.hazmat.primitives.asymmetric.mldsa"),
        (Scheme.SECP256K1, secp256k1, "wallycore"),
    ],
)
def test_a_missing_library_names_the_extra(
    scheme: Scheme, module: object, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Keypair(scheme, SEED).check(MESSAGE)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr(module, "_library", module._library.__wrapped__)  # pyright: ignore
    with pytest.raises(UsageError, match=re.escape(how_to_install("signatures"))):
        verify([check])


def test_a_library_that_was_built_without_the_scheme_is_as_good_as_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check = Keypair(Scheme.ML_DSA_44, SEED).check(MESSAGE)

    def refuse(_: bytes) -> None:
        raise UnsupportedAlgorithm("ML-DSA-44 is not supported by this backend.")

    monkeypatch.setattr(mldsa.MLDSA44PublicKey, "from_public_bytes", refuse)
    monkeypatch.setattr(ml_dsa, "_library", ml_dsa._library.__wrapped__)  # pyright: ignore
    with pytest.raises(UsageError, match="not supported by this backend"):
        verify([check])

"""Keys: the same from a seed each time, and a secret that shows nowhere."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from sealane.primitives import Pubkey, UsageError
from sealane.signatures.keypair import SEED_LEN, Keypair
from sealane.signatures.schemes import PUBLIC_KEY_LEN, SIGNATURE_LEN, Scheme, address_of
from sealane.signatures.secp256k1 import GROUP_ORDER, S_MAX
from sealane.signatures.verifying import verify

SEED = bytes(range(100, 132))
DIGEST = bytes(range(32))


def test_ed25519_of_rfc_8032() -> None:
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    pair = Keypair(Scheme.ED25519, seed)
    key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert pair.public_key.hex() == key
    assert pair.address == Pubkey.from_base58(str(Pubkey(bytes.fromhex(key))))
    assert pair.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_secp256k1_has_the_address_of_ethereum() -> None:
    # The first address of web3 examples: that of the private key 1.
    pair = Keypair(Scheme.SECP256K1, bytes(31) + b"\1")
    assert pair.public_key.hex() == "7e5f4552091a69125d5dfcb7b8c2659029395bdf"


@pytest.mark.parametrize("scheme", Scheme)
def test_a_seed_gives_the_same_key_each_time(scheme: Scheme) -> None:
    one, same, other = (Keypair(scheme, seed) for seed in (SEED, SEED, SEED[::-1]))
    assert one == same != other
    assert hash(one) == hash(same)
    assert one != SEED
    assert one.seed == SEED
    assert one.public_key == same.public_key != other.public_key
    assert one.address == address_of(scheme, one.public_key)
    assert len(one.public_key) == PUBLIC_KEY_LEN[scheme]
    assert len(one.sign(DIGEST)) == SIGNATURE_LEN[scheme]


def test_a_key_of_another_scheme_is_another_key() -> None:
    assert Keypair(Scheme.ED25519, SEED) != Keypair(Scheme.ED25519_ZIP215, SEED)
    addresses = [Keypair(scheme, SEED).address for scheme in Scheme]
    assert len(set(addresses)) == len(Scheme) - 1  # both rules of Ed25519 have the same accounts


@pytest.mark.parametrize("scheme", Scheme)
def test_generated_keys_sign(scheme: Scheme) -> None:
    pairs = [Keypair.generate(scheme) for _ in range(3)]
    assert len(set(pairs)) == 3
    assert verify([pair.check(DIGEST) for pair in pairs]) == [True] * 3


@pytest.mark.parametrize("scheme", Scheme)
def test_the_secret_shows_nowhere(scheme: Scheme) -> None:
    pair = Keypair(scheme, SEED)
    shown = f"{pair!r} {pair} {[pair]}"
    assert scheme in shown
    assert str(pair.address) in shown
    for spelling in (SEED.hex(), str(SEED), str(list(SEED)), str(Pubkey(SEED))):
        assert spelling not in shown
    assert not hasattr(pair, "__dict__")


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_keypair_is_not_copied_by_accident(copied: Any) -> None:
    with pytest.raises(TypeError, match="holds a secret") as raised:
        copied([Keypair(Scheme.ED25519, SEED)]) if copied is not copy.copy else copied(
            Keypair(Scheme.ED25519, SEED)
        )
    assert SEED.hex() not in str(raised.value)


@pytest.mark.parametrize("length", [0, SEED_LEN - 1, SEED_LEN + 1, 64])
@pytest.mark.parametrize("scheme", Scheme)
def test_a_seed_has_32_bytes(scheme: Scheme, length: int) -> None:
    with pytest.raises(UsageError, match=f"a seed has 32 bytes, this has {length}"):
        Keypair(scheme, bytes(length))


@pytest.mark.parametrize("number", [0, GROUP_ORDER, GROUP_ORDER + 1, 2**256 - 1])
def test_a_number_that_is_no_private_key(number: int) -> None:
    with pytest.raises(UsageError, match="no private key of secp256k1") as raised:
        Keypair(Scheme.SECP256K1, number.to_bytes(32, "big"))
    assert number.to_bytes(32, "big").hex() not in str(raised.value)


@pytest.mark.parametrize("number", [1, 2, GROUP_ORDER - 1])
def test_the_first_and_last_private_keys(number: int) -> None:
    pair = Keypair(Scheme.SECP256K1, number.to_bytes(32, "big"))
    assert verify([pair.check(DIGEST)]) == [True]


def test_signatures_of_secp256k1_have_a_low_s() -> None:
    pair = Keypair(Scheme.SECP256K1, SEED)
    for number in range(50):
        signature = pair.sign(number.to_bytes(32, "big"))
        assert 0 < int.from_bytes(signature[32:64], "big") <= S_MAX


@pytest.mark.parametrize("length", [0, 31, 33])
def test_secp256k1_signs_a_digest(length: int) -> None:
    with pytest.raises(UsageError, match=f"a digest of 32 bytes, this has {length}"):
        Keypair(Scheme.SECP256K1, SEED).sign(bytes(length))


def test_a_context_is_at_most_255_bytes_long() -> None:
    pair = Keypair(Scheme.ML_DSA_44, SEED)
    assert len(pair.sign(DIGEST, bytes(255))) == SIGNATURE_LEN[Scheme.ML_DSA_44]
    with pytest.raises(UsageError, match="ml-dsa-44 has 255 at most"):
        pair.sign(DIGEST, bytes(256))
    with pytest.raises(UsageError, match="ed25519 has 0 at most"):
        Keypair(Scheme.ED25519, SEED).sign(DIGEST, b"x")


def test_an_unknown_scheme() -> None:
    with pytest.raises(UsageError, match="'rsa' is no signature scheme"):
        Keypair("rsa", SEED)  # pyright: ignore[reportArgumentType]
    assert Keypair("ed25519", SEED).scheme is Scheme.ED25519  # pyright: ignore[reportArgumentType]

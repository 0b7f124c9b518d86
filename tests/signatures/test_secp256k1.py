"""Recovery on secp256k1 by Ethereum's rule: a low s, a recovery id of 0 or 1, and no other."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme
from sealane.signatures.secp256k1 import GROUP_ORDER, S_MAX, recover_address
from sealane.signatures.verifying import verify

ALICE = Keypair(Scheme.SECP256K1, bytes(range(1, 33)))
DIGEST = bytes(range(32))
SIGNATURE = ALICE.sign(DIGEST)
FIELD = 2**256 - 2**32 - 977


def signature(r: int, s: int, recovery_id: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([recovery_id])


R, S, ID = (
    int.from_bytes(SIGNATURE[:32], "big"),
    int.from_bytes(SIGNATURE[32:64], "big"),
    SIGNATURE[64],
)


def test_the_signature_itself() -> None:
    assert signature(R, S, ID) == SIGNATURE
    assert recover_address(DIGEST, SIGNATURE) == ALICE.public_key


def test_a_high_s_is_refused_though_it_would_recover_the_same_key() -> None:
    # n - s with the other recovery id signs the same, before EIP-2.
    assert recover_address(DIGEST, signature(R, GROUP_ORDER - S, 1 - ID)) is None


def test_the_largest_s_and_one_past_it() -> None:
    assert recover_address(DIGEST, signature(R, S_MAX, ID)) is not None
    assert recover_address(DIGEST, signature(R, S_MAX + 1, ID)) is None


@pytest.mark.parametrize("s", [0, GROUP_ORDER, GROUP_ORDER + 1, 2**256 - 1])
def test_an_s_out_of_range(s: int) -> None:
    assert recover_address(DIGEST, signature(R, s, ID)) is None


@pytest.mark.parametrize("r", [0, GROUP_ORDER, GROUP_ORDER + 1, FIELD, 2**256 - 1])
def test_an_r_out_of_range(r: int) -> None:
    for recovery_id in (0, 1):
        assert recover_address(DIGEST, signature(r, S, recovery_id)) is None


def test_an_r_that_is_the_coordinate_of_no_point() -> None:
    def on_curve(x: int) -> bool:
        return pow(x**3 + 7, (FIELD - 1) // 2, FIELD) == 1

    for r in range(1, 20):
        for recovery_id in (0, 1):
            found = recover_address(DIGEST, signature(r, S, recovery_id))
            assert (found is not None) is on_curve(r)


def test_every_other_recovery_id_is_refused() -> None:
    found = [recover_address(DIGEST, signature(R, S, number)) for number in range(256)]
    assert found[ID] == ALICE.public_key
    assert found[1 - ID] not in (None, ALICE.public_key)  # a signature, but of another key
    assert set(found[2:]) == {None}


@given(seed=st.integers(1, GROUP_ORDER - 1), digest=st.binary(min_size=32, max_size=32))
def test_whatever_is_signed_is_recovered(seed: int, digest: bytes) -> None:
    pair = Keypair(Scheme.SECP256K1, seed.to_bytes(32, "big"))
    assert recover_address(digest, pair.sign(digest)) == pair.public_key
    assert verify([pair.check(digest)]) == [True]


def test_warnings_as_errors_do_not_take_the_process_down() -> None:
    # SWIG 4.3's types do, both when they are imported and when Python ends.
    code = (
        "from sealane.signatures.keypair import Keypair\n"
        "print(Keypair('secp256k1', bytes(31) + b'\\1').public_key.hex())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout[:8], ended.stderr) == (0, "7e5f4552", "")

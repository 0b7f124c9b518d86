"""Names of methods: their four bytes are computed from the signature."""

from __future__ import annotations

from sealane.ingest.ethereum.planning.known_methods import SIGNATURES, method_name
from sealane.primitives.keccak import keccak_hex


def test_the_selector_is_the_hash_of_the_signature() -> None:
    for selector, signature in SIGNATURES.items():
        assert keccak_hex(signature.encode())[:10] == selector, signature


def test_a_method_is_shown_with_its_selector() -> None:
    assert method_name("0xa9059cbb") == "transfer 0xa9059cbb"
    assert method_name("0x12345678") == "0x12345678"

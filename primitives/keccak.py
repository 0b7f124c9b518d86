"""Keccak-256, the hash that Ethereum uses: SHA-3 as it was before its padding was standardised."""

from __future__ import annotations


def keccak(data: bytes) -> bytes:
    """The 32 bytes of the hash.

    >>> keccak(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    # Here, since few blocks need it, and the library takes 10 ms to import.
    from Crypto.Hash import keccak as library

    return library.new(digest_bits=256, data=data).digest()


def keccak_hex(data: bytes) -> str:
    """The hash as `0x` and 64 digits."""
    return "0x" + keccak(data).hex()

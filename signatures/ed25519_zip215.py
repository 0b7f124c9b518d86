"""Ed25519 by the rule of ZIP-215; the library is ed25519-zebra.

A signature R ‖ S of message M by the key A counts when all of this holds:

- S is below the group order L;
- A and R decode to points of the curve, of any order; `y` need not be reduced modulo p, and x = 0
  may have either sign;
- [8][S]B = [8]R + [8][k]A, with the cofactor, where k = SHA-512(R ‖ A ‖ M) modulo L, over the bytes
  as they were given.

So it accepts all that the strict rule accepts, and gives the same answer for signatures verified
one by one and in batches. Source: https://zips.z.cash/zip-0215. Does not: check lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from .libraries import needed_library
from .schemes import Scheme


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature counts, for 32 and 64 bytes."""
    return _library()(signature, message, public_key)


@cache
def _library() -> Callable[[bytes, bytes, bytes], bool]:
    with needed_library("py-ed25519-zebra-bindings", Scheme.ED25519_ZIP215):
        from ed25519_zebra import ed_verify  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] - it has no types
    return ed_verify  # pyright: ignore[reportUnknownVariableType]

"""ECDSA on secp256k1 with recovery, by Ethereum's rule; the library is wallycore (libsecp256k1).

A signature r ‖ s ‖ recovery id of a digest counts for an address when all of this holds:

- 0 < r < n and 0 < s ≤ n/2 (EIP-2: with a larger s, anybody could alter it into another one);
- the recovery id is 0 or 1 (Ethereum's `v` has no place for others);
- the key that it recovers has that address, the last 20 bytes of its Keccak-256.

Does not: hash messages, or check lengths.
"""

from __future__ import annotations

import atexit
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ..primitives.keccak import keccak
from .libraries import needed_library
from .schemes import Scheme

if TYPE_CHECKING:
    from types import ModuleType

GROUP_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
S_MAX: Final = GROUP_ORDER // 2
ADDRESS_LEN: Final = 20
_SCALAR_LEN: Final = 32
# What libwally puts before r ‖ s: 27 and the recovery id, and 4 where the key is compressed.
_HEADER: Final = 31
_RECOVERY_IDS: Final = (0, 1)
# Python warns of types that SWIG makes, and where warnings are errors the process would end with a
# segmentation fault (swig/swig#3061).
_SWIG_WARNINGS: Final[Any] = {"message": "builtin type [sS]wig", "category": DeprecationWarning}


def recover_address(digest: bytes, signature: bytes) -> bytes | None:
    """The address that signed a digest of 32 bytes; None if these 65 bytes are no signature."""
    recovery_id = signature[-1]
    s = int.from_bytes(signature[_SCALAR_LEN : 2 * _SCALAR_LEN], "big")
    if recovery_id not in _RECOVERY_IDS or not 0 < s <= S_MAX:
        return None
    wally = _library()
    try:
        key = wally.ec_sig_to_public_key(digest, bytes([_HEADER + recovery_id]) + signature[:-1])
    except ValueError:
        return None  # r is 0, too large, or the first coordinate of no point
    return _address(wally, key)


def verify(address: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the signature counts, for 20, 32 and 65 bytes."""
    return recover_address(digest, signature) == address


def is_private_key(seed: bytes) -> bool:
    """Whether these 32 bytes are a private key: a number above 0 and below the group order."""
    return 0 < int.from_bytes(seed, "big") < GROUP_ORDER


def address_of_private_key(seed: bytes) -> bytes:
    """The Ethereum address of a private key."""
    wally = _library()
    return _address(wally, wally.ec_public_key_from_private_key(seed))


def sign(seed: bytes, digest: bytes) -> bytes:
    """r ‖ s ‖ recovery id, by the nonce of RFC 6979: the same each time, and s is low."""
    wally = _library()
    flags = wally.EC_FLAG_ECDSA | wally.EC_FLAG_RECOVERABLE
    signed = bytes(wally.ec_sig_from_bytes(seed, digest, flags))
    return signed[1:] + bytes([signed[0] - _HEADER])


def _address(wally: Any, key: bytes) -> bytes:
    point = bytes(wally.ec_public_key_decompress(key))
    return keccak(point[1:])[-ADDRESS_LEN:]


@cache
def _library() -> Any:
    with needed_library("wallycore", Scheme.SECP256K1), warnings.catch_warnings():
        warnings.filterwarnings("ignore", **_SWIG_WARNINGS)
        import wallycore  # pyright: ignore[reportMissingImports]
    # SWIG 4.3 makes its types once more when Python ends.
    atexit.register(warnings.filterwarnings, "ignore", **_SWIG_WARNINGS)
    library: ModuleType = wallycore
    return library

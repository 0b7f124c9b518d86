"""The accounts that a Solana transaction locks for writing: declared writable and not demoted.

Guarantees: follows the node's rule (primitives/reserved_keys.py). Newer reserved keys are reserved
in every block, as in the node's own `jsonParsed` output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...primitives import Pubkey
from ...primitives.known_keys import UPGRADEABLE_LOADER
from ...primitives.reserved_keys import RESERVED_KEYS
from ...wire.decoding import MessageHeader


def declared_writable(
    header: MessageHeader, static_count: int, loaded_writable: int, loaded_readonly: int
) -> list[bool]:
    """The rights that a message declares, one flag per account: static keys, then loaded ones."""
    required, readonly_signed, readonly_unsigned = header
    writable_signed = required - readonly_signed
    writable_unsigned = static_count - required - readonly_unsigned
    return (
        [True] * writable_signed
        + [False] * readonly_signed
        + [True] * writable_unsigned
        + [False] * readonly_unsigned
        + [True] * loaded_writable
        + [False] * loaded_readonly
    )


def demote_writes(
    keys: Sequence[Pubkey], declared: Sequence[bool], invoked: Iterable[int]
) -> list[bool]:
    """The flags after demotion. `invoked`: positions in `keys` that are called as programs.

    Idempotent, so flags recorded after demotion are fine.
    """
    writable = [flag and key not in RESERVED_KEYS for key, flag in zip(keys, declared, strict=True)]
    if UPGRADEABLE_LOADER not in keys:
        for position in invoked:
            writable[position] = False
    return writable

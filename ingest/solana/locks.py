"""Which accounts a Solana transaction locks for writing: what it declares, less what is demoted.

Guarantees: the node's own rule (primitives/reserved_keys.py). Newer reserved keys count as reserved
in every block, as they do in the node's own `jsonParsed` output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...primitives import Pubkey
from ...primitives.known_keys import UPGRADEABLE_LOADER
from ...primitives.reserved_keys import RESERVED_KEYS
from .wire import MessageHeader


def declared_writable(
    header: MessageHeader, static_count: int, loaded_writable: int, loaded_readonly: int
) -> list[bool]:
    """What a message declares, one flag an account: static keys, then the loaded ones."""
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
    """The flags that the node locks with. `invoked`: positions in `keys` called as programs.

    Idempotent, so flags that were demoted before they were recorded do no harm.
    """
    writable = [flag and key not in RESERVED_KEYS for key, flag in zip(keys, declared, strict=True)]
    if UPGRADEABLE_LOADER not in keys:
        for position in invoked:
            writable[position] = False
    return writable

"""Write locks: what a header declares, and what the node takes back."""

from __future__ import annotations

import pytest

from sealane.ingest.solana.locks import declared_writable, demote_writes
from sealane.primitives import Pubkey
from sealane.primitives.known_keys import UPGRADEABLE_LOADER
from sealane.primitives.reserved_keys import RESERVED_KEYS
from sealane.wire.decoding import MessageHeader

ALICE, BOB, PROGRAM = (Pubkey.of(name) for name in ("alice", "bob", "a user's program"))


def test_a_header_divides_the_static_keys_and_the_loaded_ones_follow() -> None:
    # 3 signers (1 read-only), 4 others (2 read-only); then 1 writable and 2 read-only loaded.
    flags = declared_writable(MessageHeader(3, 1, 2), 7, 1, 2)
    assert flags == [True, True, False, True, True, False, False, True, False, False]


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS), ids=str)
def test_a_reserved_key_is_never_locked_for_writing(key: Pubkey) -> None:
    assert demote_writes([ALICE, key], [True, True], []) == [True, False]


def test_the_reserved_keys_are_those_of_the_node() -> None:
    assert len(RESERVED_KEYS) == 31
    assert Pubkey.of("clock") in RESERVED_KEYS
    assert Pubkey.of("token") not in RESERVED_KEYS
    assert Pubkey.from_base58("1nc1nerator11111111111111111111111111111111") not in RESERVED_KEYS


def test_an_invoked_program_is_demoted() -> None:
    assert demote_writes([ALICE, BOB, PROGRAM], [True, False, True], [2, 2]) == [
        True,
        False,
        False,
    ]


def test_a_program_that_is_not_invoked_stays_writable() -> None:
    assert demote_writes([ALICE, PROGRAM], [True, True], []) == [True, True]


def test_the_upgradeable_loader_keeps_an_invoked_program_writable() -> None:
    keys = [ALICE, PROGRAM, UPGRADEABLE_LOADER]
    assert demote_writes(keys, [True, True, True], [1, 2]) == [True, True, False]

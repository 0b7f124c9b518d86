"""The accounts that a chain begins with, from a fixture.

Guarantees: only accounts; a file with transactions, a clock or expectations of its own is refused,
and so is one that names a program which this node does not have. Raises InputError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...ingest.building.build import build_fixture
from ...ingest.files.opening import Source, source_name
from ...ingest.fixture.model import FixtureFile
from ...ingest.read_input import read_input
from ...primitives import Account, InputError, Pubkey
from ...programs.kit.program.program_set import ProgramSet
from .recent_blocks import RESERVED

# What engines give for a chain without a state of its application.
_NO_STATE: Final = frozenset((b"", b"{}", b"null", b'""'))


def read_genesis(source: Source, programs: ProgramSet) -> dict[Pubkey, Account]:
    """The accounts of a fixture: a path, its bytes, or an open file. Empty JSON has none.

    `programs`: what the node knows; it is not changed.
    """
    if isinstance(source, bytes | bytearray | memoryview) and bytes(source).strip() in _NO_STATE:
        return {}
    path = source_name(source)
    fixture = read_input(source)
    if not isinstance(fixture, FixtureFile):
        raise InputError("a recorded block is no genesis; give a fixture's accounts", path=path)
    if fixture.transaction_count:
        raise InputError("a genesis has accounts only; take its transactions out", path=path)
    known = ProgramSet(programs)
    built = build_fixture(fixture, known)
    for program in known:
        if programs.get(program.id) is None:
            raise InputError(
                f"the genesis names the program {program.name!r}, which this node does not have; "
                "pass it to the runtime",
                path=path,
            )
    require_free(built.accounts)
    return built.accounts


def require_free(accounts: Mapping[Pubkey, Account]) -> None:
    """Raise InputError if one of these accounts is the node's own."""
    for key in accounts:
        if key in RESERVED:
            raise InputError(f"account {key} is the node's own; leave it out of the genesis")

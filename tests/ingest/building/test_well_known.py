"""The keys that have names: each a key, each of one name, and none of the chain's own left out."""

from __future__ import annotations

from sealane.ingest.building.well_known import INCIDENTAL, WELL_KNOWN
from sealane.primitives import Pubkey
from sealane.primitives.known_keys import INCINERATOR_ID
from sealane.primitives.reserved_keys import RESERVED_KEYS
from sealane.programs import builtin_programs


def test_each_is_the_one_spelling_of_a_key() -> None:
    assert [str(Pubkey.from_base58(key)) for key in WELL_KNOWN] == list(WELL_KNOWN)


def test_no_two_have_one_name() -> None:
    assert len(set(WELL_KNOWN.values())) == len(WELL_KNOWN)


def test_all_that_the_chain_reserves_and_all_that_we_run_have_names() -> None:
    ours = {program.id for program in builtin_programs()}
    keys = RESERVED_KEYS | ours | {INCINERATOR_ID, Pubkey.of("native_mint")}
    assert [str(key) for key in keys if str(key) not in WELL_KNOWN] == []


def test_what_tells_little_is_named_as_files_name_it() -> None:
    names = {program.name for program in builtin_programs()}
    assert all(name in WELL_KNOWN or name in names for name in INCIDENTAL)

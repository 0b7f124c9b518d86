"""Exported and imported, a store's accounts are the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.primitives import Account, InputError, Pubkey
from sealane.programs import builtin_programs
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.runtime import Store
from sealane.testing.checked_runs.store_fixture import export_store, import_fixture

keys = st.binary(min_size=32, max_size=32).map(Pubkey)
accounts = st.builds(
    Account, st.integers(0, 2**64 - 1), keys, st.binary(max_size=50), st.booleans()
)


@pytest.mark.slow
@given(st.dictionaries(keys, accounts, max_size=8))
def test_there_and_back(states: dict[Pubkey, Account]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "a") as store:
        store.commit(states)
        path = str(Path(folder) / "all.json")
        assert export_store(store, path) == len(states)
        fixture = read_input(path)
        assert isinstance(fixture, FixtureFile)
        with Store(Path(folder) / "b") as copy:
            import_fixture(copy, fixture, ProgramSet(builtin_programs()))
        with Store(Path(folder) / "b") as copy:
            assert dict(copy.accounts()) == states


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with Store(tmp_path / "state") as store, pytest.raises(InputError, match="taken"):
        export_store(store, str(tmp_path / "taken"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state", "taken"]

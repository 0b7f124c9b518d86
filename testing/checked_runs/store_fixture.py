"""Exports a store's accounts as a fixture, and imports a fixture's accounts into a store.

Guarantees: exporting and then importing into a new store gives identical accounts; the file is
written atomically. Does not: keep height, roots or the log of blocks, which a fixture cannot hold.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...ingest.building.build import build_fixture
from ...ingest.files.writing import whole_file
from ...ingest.fixture.model import FORMAT_VERSION, FixtureFile
from ...primitives import SYSTEM_PROGRAM_ID, Account, InputError, Pubkey
from ...primitives.exact_integers import exact_integer
from ...programs.kit.program.program_set import ProgramSet
from ...runtime import Store
from ...runtime.state.placed_accounts import PlacedAccounts


def export_store(store: Store, path: str) -> int:
    """Write a store's accounts as a JSON fixture; returns their number. Raises InputError."""
    with suppress(OSError):
        if os.path.samefile(Path(path).parent, store.folder):
            raise InputError(
                f"lies in the store's own folder, {store.folder}; write elsewhere", path=path
            )
    with whole_file(path) as file:
        file.writelines(fixture_lines(store.accounts(), f"block {store.height} of a store"))
    return len(store)


def import_fixture(store: Store, fixture: FixtureFile, programs: ProgramSet) -> int:
    """Put a fixture's accounts into a store, replacing those with the same keys; returns their
    number. Raises InputError for a fixture with transactions: those are run, not imported.
    """
    if fixture.transaction_count:
        raise InputError(
            f"the fixture has transactions, {fixture.transaction_count:,} in all, which an import "
            "would not run; use `sealane run --store`",
            path=fixture.path,
        )
    accounts = build_fixture(fixture, programs).accounts
    PlacedAccounts().put(store, accounts)
    store.save()
    return len(accounts)


def fixture_lines(accounts: Iterable[tuple[Pubkey, Account]], why: str) -> Iterator[str]:
    """The fixture as JSON text, one account per line."""
    yield f'{{"sealane": {FORMAT_VERSION}, "why": {json.dumps(why)}, "accounts": {{'
    before = "\n"
    for key, account in accounts:
        yield f'{before}"{key}": {json.dumps(_described(account))}'
        before = ",\n"
    yield "\n}}\n"


def _described(account: Account) -> dict[str, Any]:
    parts: dict[str, Any] = {"lamports": exact_integer(account.lamports)}
    if account.owner != SYSTEM_PROGRAM_ID:
        parts["owner"] = str(account.owner)
    if account.data:
        parts["data"] = "base64:" + b64encode(account.data).decode()
    if account.executable:
        parts["executable"] = True
    return parts

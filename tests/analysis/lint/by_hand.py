"""Blocks of the probe program as fixtures, and fixtures mended by hand, as a user would."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sealane
from sealane.analysis.lint import Finding, Kind

from .probe import LETTERS, probe

Document = dict[str, Any]
Deeds = Sequence[tuple[str, int]]
HELD: Final = {"lamports": 1, "owner": "probe", "data": "hex:05"}


def fixture(*transactions: Document, **changes: Any) -> Document:
    """A fixture in which each letter is an account of the probe program."""
    accounts = dict.fromkeys(LETTERS, HELD)
    named = [{"id": f"t{n}", **each} for n, each in enumerate(transactions)]
    return {"sealane": 1, "accounts": accounts, "transactions": named, **changes}


def acting(declared: Mapping[str, bool], deeds: Deeds, *, tag: int = 0) -> Document:
    """A transaction that declares these letters, whether for writing, and does these deeds."""
    data = bytes(byte for letter, deed in deeds for byte in (LETTERS.index(letter), deed))
    return {"instructions": [raw(declared, bytes((tag,)) + data)]}


def raw(declared: Mapping[str, bool], data: bytes) -> Document:
    metas = [{"key": key, "writable": writable} for key, writable in declared.items()]
    return {"program": "probe", "accounts": metas, "data": f"hex:{data.hex()}"}


def loaded(document: Document) -> sealane.LoadedBlock:
    return sealane.load(json.dumps(document).encode(), programs=[probe])


def mended(document: Document, findings: Iterable[Finding]) -> Document:
    """The fixture with other declarations: flags and accounts of raw instructions."""
    changed = copy.deepcopy(document)
    by_id = {each["id"]: each["instructions"] for each in changed["transactions"]}
    for finding in findings:
        for instruction in by_id[finding.transaction]:
            _mend(instruction["accounts"], finding)
    return changed


def _mend(metas: list[Document], finding: Finding) -> None:
    own = [meta for meta in metas if meta["key"] == finding.account]
    if finding.kind is Kind.UNNEEDED_ACCOUNT:
        metas[:] = [meta for meta in metas if meta not in own]
        return
    if not own:
        own = [Document(key=finding.account)]
        metas += own
    for meta in own:
        meta["writable"] = finding.kind is Kind.UNDECLARED_WRITE


def planned(document: Document) -> tuple[int, int]:
    """Waves, and the cost of the critical path, as `sealane plan` prints them."""
    plan = loaded(document).schedule().to_dict()
    return len(plan["waves"]), plan["critical_path"]["cost"]


def executed(document: Document) -> tuple[str, list[Any]]:
    """The state root, and the receipts without their waves."""
    block = loaded(document)
    with block.runtime(workers=0) as runtime:
        result = runtime.execute(block.block)
        receipts = [
            (each.id, each.error, each.compute_units, each.fee, each.logs, each.return_data)
            for each in result.transactions
        ]
        return result.state_root, receipts

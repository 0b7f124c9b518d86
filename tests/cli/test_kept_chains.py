"""The blocks in fixtures/chains, of Ethereum and Sei: unchanged, and as parallel as they should be.

Waves are worked out anew here, from the recorded JSON and by comparing all pairs.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from ..real_data import REPOSITORY, SHARED
from .command import Ending

Run = Callable[..., Ending]
CHAINS: Final = REPOSITORY / "fixtures" / "chains"
TRACE: Final = CHAINS / "ethereum_19807080.json.gz"
ORIGINAL: Final = SHARED / "ethereum" / "traces" / "b19807080_main.json"
READ, WRITE, ADD = "read", "write", "add"


def accesses(trace: dict[str, Any], coinbase: str) -> Iterator[tuple[str, str]]:
    """(key, kind) of all that one transaction did."""
    for address, found in trace.items():
        for field in ("balance", "nonce"):
            if field in found:
                paid = (address, field) == (coinbase, "balance") and "nonce" not in found
                yield f"{address}:{field}", ADD if paid else WRITE
        for slot in found.get("storage_read", ()):
            yield f"{address}:{slot}", READ
        for slot in found.get("storage_written", {}):
            yield f"{address}:{slot}", WRITE
        if "code_usage" in found:
            yield f"{address}:code", WRITE if "write" in found["code_usage"] else READ


def strongest(kinds: Iterator[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, kind in kinds:
        found[key] = kind if found.get(key, kind) == kind else WRITE
    return found


def conflict(one: dict[str, str], other: dict[str, str]) -> bool:
    return any(key in other and (kind != other[key] or kind == WRITE) for key, kind in one.items())


def test_the_trace_has_as_many_waves_as_all_pairs_say(sealane: Run) -> None:
    document = json.loads(gzip.decompress(TRACE.read_bytes()))
    coinbase = document["block"]["block_beneficiary"]
    touched = [strongest(accesses(each["traces"], coinbase)) for each in document["txs"]]
    waves: list[int] = []
    for position, mine in enumerate(touched):
        before = [waves[p] for p in range(position) if conflict(touched[p], mine)]
        waves.append(max(before, default=-1) + 1)
    plan = sealane("plan", TRACE, "--json").document
    found = {id_: number for number, wave in enumerate(plan["waves"]) for id_ in wave}
    assert len(found) == len(waves) == 9
    by_wave = [[p for p, wave in enumerate(waves) if wave == w] for w in range(max(waves) + 1)]
    assert [len(wave) for wave in plan["waves"]] == [len(wave) for wave in by_wave]


@pytest.mark.parametrize("workers", [0, 2])
def test_the_trace_replays(workers: int, sealane: Run) -> None:
    ending = sealane("replay", TRACE, "--json", "--workers", workers)
    assert (ending.code, ending.document["mismatches"]) == (0, [])
    assert ending.document["checked"] > 0


def test_the_payments_of_sei_wait_for_what_has_no_mapping(sealane: Run) -> None:
    plan = sealane("plan", CHAINS / "sei_payments.json", "--json").document
    assert plan["waves"] == [
        ["vote-1", "vote-2", "pay-1", "pay-3"],
        ["pay-2"],
        ["pay-4"],
        ["claim"],
        ["pay-5", "vote-3"],
    ]


@pytest.mark.skipif(not ORIGINAL.is_file(), reason="what the trace was copied from is not here")
def test_nothing_of_the_trace_was_changed() -> None:
    assert gzip.decompress(TRACE.read_bytes()) == ORIGINAL.read_bytes()

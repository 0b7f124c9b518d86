"""Real blocks beside each other: how parallel each could be, and what winning would take.

Reads the recorded blocks in fixtures/blocks, or the files that are given. For each: the speed-up
that no number of workers exceeds, that of eight workers, and what it would be if the accounts at
the top of the list were locked by nobody.

It prints:

devnet_147078734_base64: 25 transactions, at most 1.4 x, 1.4 x by 8 workers; 1.5 x without 2Kgowxog
devnet_270893658: 57 transactions, at most 1.5 x, 1.5 x by 8 workers; 5.2 x without HUZu4xMS
devnet_314167369: 18 transactions, at most 1.3 x, 1.3 x by 8 workers
mainnet_254170887: 602 transactions, at most 7.9 x, 7.6 x by 8 workers; 9.4 x without So111111
"""

from __future__ import annotations

import sys
from pathlib import Path

import sealane

BLOCKS = Path(__file__).resolve().parent.parent / "fixtures" / "blocks"
WORKERS = 8


def main(files: list[str]) -> None:
    paths = [Path(file) for file in files] or sorted(BLOCKS.glob("*[0-9].json.gz"))
    for path in paths:
        print(f"{path.name.removesuffix('.json.gz')}: {in_short(sealane.load(path))}")


def in_short(block: sealane.LoadedBlock) -> str:
    """What a reader wants to know first."""
    schedule = block.schedule()
    (eight,) = schedule.simulate(WORKERS, policies=["dataflow"]).policies["dataflow"]
    line = (
        f"{len(block)} transactions, at most {schedule.parallelism:.1f} x, "
        f"{eight.speed_up:.1f} x by {WORKERS} workers"
    )
    if not schedule.hot_groups:
        return line
    group = schedule.hot_groups[0]
    return f"{line}; {group.parallelism_without:.1f} x without {group.accounts[0][:8]}"


if __name__ == "__main__":
    main(sys.argv[1:])

"""docs/packing.md has every limit of the mempool and every refusal as they are."""

from __future__ import annotations

import re
from pathlib import Path

import sealane
from sealane.node.mempool import MempoolLimits, RefusalCode
from sealane.node.mempool.limits import REPLACEMENT_BUMP_PERCENT

PAGE = (Path(sealane.__file__).parent / "docs" / "packing.md").read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_mempool() -> None:
    limits = MempoolLimits()
    for words in (
        f"bounded: {limits.transactions_max:,} transactions and {limits.bytes_max >> 20} MiB, "
        f"{limits.transactions_of_payer_max} of one payer",
        f"{limits.transactions_of_payer_max} of its payer wait: wait for a block",
        f"most {limits.evicted_max} for one newcomer",
        f"a priority that is {REPLACEMENT_BUMP_PERCENT} % higher",
    ):
        assert words in PAGE


def test_every_refusal_has_its_row() -> None:
    rows = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert rows == [(str(code.value), code.name) for code in RefusalCode]

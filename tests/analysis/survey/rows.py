"""Rows of made-up blocks, and small fixtures to survey."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from sealane.analysis.survey import SPEED_UP_WORKERS, Figures, HottestGroup, Row

_COUNTS = st.integers(0, 2**63)
_SHARES = st.floats(0, 1)
_TEXTS = st.text(max_size=8)
GROUPS = st.builds(
    HottestGroup,
    accounts=st.lists(_TEXTS, min_size=1, max_size=3).map(tuple),
    label=st.none() | _TEXTS,
    program=st.none() | _TEXTS,
    transactions=_COUNTS,
    critical_path_share=_SHARES,
    parallelism_without=st.floats(1, 1e6),
)
FIGURES = st.builds(
    Figures,
    chain=st.sampled_from(["solana", "fixture"]),
    slot=st.none() | _COUNTS,
    height=st.none() | _COUNTS,
    transactions=_COUNTS,
    votes=st.none() | _COUNTS,
    failed=st.none() | _COUNTS,
    accounts=_COUNTS,
    conflicts=_COUNTS,
    waves=_COUNTS,
    total_cost=st.integers(0, 2**90),
    critical_path_cost=_COUNTS,
    hottest_group=st.none() | GROUPS,
    speed_up=st.fixed_dictionaries({workers: st.floats(1, 64) for workers in SPEED_UP_WORKERS}),
    notes=st.lists(_TEXTS, max_size=2).map(tuple),
)
ROWS = st.builds(Row, file=_TEXTS, figures=FIGURES, case=st.none() | _TEXTS) | st.builds(
    Row, file=_TEXTS, error=_TEXTS
)

# a: W x ── b: W x ── c: W x           a chain of so many, and one that waits for nobody
CHAIN = """\
sealane: 1
transactions:
  - {id: alone, writes: [y], cost: 2}
"""


def write_chains(folder: Path, *lengths: int) -> list[str]:
    """A fixture for each length: a chain of so many transactions of cost 1, and one of cost 2."""
    files: list[str] = []
    for length in lengths:
        steps = "".join(f"  - {{id: t{n}, writes: [x]}}\n" for n in range(length))
        path = folder / f"chain_{length}.yaml"
        path.write_text(CHAIN + steps)
        files.append(str(path))
    return files

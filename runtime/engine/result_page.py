"""The display of a result in notebooks."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...primitives import Failure
from ...primitives.html_table import html_table
from ..svm.receipt import Receipts

_RECEIPTS_SHOWN_MAX: Final = 10
_HEADER: Final = ("transaction", "wave", "status", "error", "units", "fee")


def receipts_html(caption: str, receipts: Receipts) -> str:
    """A table with a row for each of the first receipts, failed ones first. All text is escaped."""
    failed_first: list[int] = np.argsort(~receipts.failed, kind="stable").tolist()
    shown = [receipts[position] for position in failed_first[:_RECEIPTS_SHOWN_MAX]]
    hidden = len(receipts) - len(shown)
    rows = [(r.id, r.wave, r.status, _error(r.error), r.compute_units, r.fee) for r in shown]
    return html_table(caption, _HEADER, rows, f"… {hidden:,} more" if hidden else "")


def _error(error: Failure | None) -> str:
    return "" if error is None else f"{error.full_name}: {error.message}"

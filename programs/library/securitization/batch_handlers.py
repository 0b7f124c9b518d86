"""Batch handlers of what a deal is called for most: payments, and transfers of notes.

The scalar handlers hold for columns as they stand.
"""

from __future__ import annotations

from .notes import transfer_notes
from .receivables import collect

transfer_notes.batch(transfer_notes.handler)
collect.batch(collect.handler)

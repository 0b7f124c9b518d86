"""Pools on the curves of SPL token-swap: constant product, constant price, offset."""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import collecting as collecting
from . import deposits as deposits
from . import pools as pools
from . import quotes as quotes
from . import swaps as swaps
from . import withdrawals as withdrawals

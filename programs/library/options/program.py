"""The options program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .errors import OptionsError
from .state import Expiry, Product, Series, Vault

_COMPUTE_UNITS: Final = 5_000  # an estimate, without the transfers

options = Program(
    "options",
    errors=OptionsError,
    layouts=[Product, Expiry, Series, Vault],
    compute_units=_COMPUTE_UNITS,
    about="covered, spread and naked options: written from vaults, settled in cash at expiry",
    trusted=True,
)

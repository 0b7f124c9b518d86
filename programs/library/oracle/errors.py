"""Errors of the oracle."""

from __future__ import annotations

from ...kit import Errors


class OracleError(Errors):
    """What the oracle refuses."""

    WrongAuthority = 1, "the signer is not this feed's authority"
    TimeBackwards = 2, "a price cannot be published before the one it replaces"
    FromTheFuture = 3, "a price cannot be published at a time yet to come"

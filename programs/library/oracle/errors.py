"""Errors of the oracle."""

from __future__ import annotations

from ...kit import Errors


class OracleError(Errors):
    """What the oracle refuses."""

    WrongAuthority = 1, "the signer is not this feed's authority"
    TimeBackwards = 2, "a price cannot be published before the one it replaces"
    FromTheFuture = 3, "a price cannot be published at a time yet to come"
    WrongPublisher = 4, "the signer is not this publisher"
    WrongPublishers = 5, "pass the account of each publisher of the feed, once"
    TooManyPublishers = 6, "a feed has at most 32 publishers"
    HasPublishers = 7, "publishers make the price of this feed"
    TooFewPrices = 8, "too few publishers have a price that is fresh and can be used"
    Unchanged = 9, "the price has changed too little to be a new one"
    InvalidConfig = 10, "a feed needs one publisher at least, and an exponent from -18 to 18"

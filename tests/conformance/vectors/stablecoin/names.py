"""Our errors by the references' own names for them."""

from __future__ import annotations

from typing import Any, Final

# Of each the first is told, unless the row expects one of the others.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "NotLive": ("not-live",),
    "NotAllowed": ("not-allowed", "not-allowed-u", "not-allowed-v", "not-allowed-w"),
    "CeilingExceeded": ("ceiling-exceeded",),
    "NotSafe": ("not-safe", "not-safe-src", "not-safe-dst"),
    "DebtTooSmall": ("dust", "dust-src", "dust-dst"),
    "RateNotUpdated": ("rho-not-updated",),
    "InvalidTime": ("invalid-now",),
    "InvalidPrice": ("zero-top-price", "invalid-price"),
    "StalePrice": ("invalid-price",),
    "StillSafe": ("not-unsafe",),
    "LiquidationLimitHit": ("liquidation-limit-hit",),
    "NothingToAuction": ("null-auction", "zero-tab", "zero-lot", "zero-usr"),
    "AuctionTooSmall": ("dusty-auction-from-partial-liquidation",),
    "Stopped": ("stopped-incorrect",),
    "NoAuction": ("not-running-auction", "guy-not-set"),
    "NeedsReset": ("needs-reset",),
    "NoReset": ("cannot-reset",),
    "TooExpensive": ("too-expensive",),
    "NoPartialPurchase": ("no-partial-purchase",),
    "BidExpired": ("already-finished-tic", "already-finished-end"),
    "LotMismatch": ("lot-not-matching",),
    "BidMismatch": ("not-matching-bid",),
    "BidTooHigh": ("higher-than-tab",),
    "BidNotHigher": ("bid-not-higher", "insufficient-increase"),
    "NotFullyBid": ("tend-not-finished",),
    "LotNotLower": ("lot-not-lower", "insufficient-decrease"),
    "NotFinished": ("not-finished",),
    "AlreadyBid": ("bid-already-placed",),
    "FullyBid": ("already-dent-phase",),
    # The references' subtraction and multiplication fail without a name.
    "InsufficientCollateral": ("underflow", "overflow"),
    "InsufficientCoins": ("underflow", "overflow"),
    "InsufficientDebt": ("underflow", "overflow"),
    "ArithmeticOverflow": ("overflow", "underflow"),
}
# What a row says where its reference only checks that the call fails.
_UNNAMED: Final = ("fails", "fail", "revert", "reverts")


def reference_name(error: str, expected: Any) -> Any:
    """The reference's name for our error, as the row writes it."""
    names = _NAMES.get(error, ())
    if expected in _UNNAMED and names:
        return expected
    bare = str(expected).rpartition("/")[2]
    if bare in names:
        return expected
    return names[0] if names else error

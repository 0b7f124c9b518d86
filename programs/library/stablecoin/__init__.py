"""The stablecoin: coins drawn against collateral, savings, liquidation and redemption.

>>> from sealane.programs.library.stablecoin import stablecoin
>>> call = stablecoin.lock(
...     collateral_type="gold", position="mine", balance="my_gold", holder="ann", amount=10**18
... )
>>> [meta.writable for meta in call.accounts]
[False, True, True, False]
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from ..units import WAD
from . import administration as administration
from . import balances as balances
from . import batch_handlers as batch_handlers
from . import gates as gates
from . import positions as positions
from . import redemption as redemption
from . import savings as savings
from . import setup as setup
from .auctions import bid_auctions as bid_auctions
from .auctions import houses as houses
from .auctions import liquidation as liquidation
from .auctions import price_auctions as price_auctions
from .auctions.houses import BidTerms, PriceTerms
from .auctions.price_auctions import AuctionQuote
from .auctions.state import (
    BidAuction,
    BidHouse,
    Curve,
    LiquidationLimit,
    PriceAuction,
    PriceHouse,
)
from .errors import StablecoinError
from .events import Adjusted, Bought, Liquidated, Redeemed
from .program import stablecoin
from .redemption import RedemptionQuote
from .rules.fixed_point import RAD, RAY
from .stability import pool as pool
from .stability.state import StabilityDeposit, StabilityGains, StabilityPool
from .state import (
    STABLECOIN_ID,
    CoinBalance,
    CollateralBalance,
    CollateralType,
    DebtShard,
    Engine,
    Permission,
    Position,
    Redemptions,
    SavingsAccount,
    SavingsPot,
    SavingsShard,
)

__all__ = [
    "RAD",
    "RAY",
    "STABLECOIN_ID",
    "WAD",
    "Adjusted",
    "AuctionQuote",
    "BidAuction",
    "BidHouse",
    "BidTerms",
    "Bought",
    "CoinBalance",
    "CollateralBalance",
    "CollateralType",
    "Curve",
    "DebtShard",
    "Engine",
    "Liquidated",
    "LiquidationLimit",
    "Permission",
    "Position",
    "PriceAuction",
    "PriceHouse",
    "PriceTerms",
    "Redeemed",
    "RedemptionQuote",
    "Redemptions",
    "SavingsAccount",
    "SavingsPot",
    "SavingsShard",
    "StabilityDeposit",
    "StabilityGains",
    "StabilityPool",
    "StablecoinError",
    "stablecoin",
]

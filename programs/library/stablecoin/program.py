"""The stablecoin program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from ...kit import Program
from .auctions.state import (
    BidAuction,
    BidHouse,
    LiquidationLimit,
    PriceAuction,
    PriceHouse,
)
from .errors import StablecoinError
from .stability.state import StabilityDeposit, StabilityGains, StabilityPool
from .state import (
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

stablecoin = Program(
    "stablecoin",
    errors=StablecoinError,
    layouts=[
        Engine,
        CollateralType,
        DebtShard,
        Position,
        CollateralBalance,
        CoinBalance,
        Permission,
        SavingsPot,
        SavingsShard,
        SavingsAccount,
        Redemptions,
        LiquidationLimit,
        PriceHouse,
        PriceAuction,
        BidHouse,
        BidAuction,
        StabilityPool,
        StabilityGains,
        StabilityDeposit,
    ],
    about="a stablecoin: collateralized debt, savings, liquidation auctions, redemption",
    trusted=True,
)

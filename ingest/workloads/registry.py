"""Which instructions of the library have a generated workload, and where it is made.

Guarantees: a generator is imported only when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from .market import Generator

# By instruction: the module in this folder, and the function that generates.
_GENERATORS: Final[dict[str, tuple[str, str]]] = {
    "amm.swap": ("amm", "swaps"),
    "amm.swap_hops": ("amm", "hops"),
    "clmm.increase_liquidity": ("clmm", "deposits"),
    "clmm.swap": ("clmm", "swaps"),
    "lending.borrow": ("lending", "loans"),
    "lending.mix": ("lending", "mix"),
    "lending.repay": ("lending", "repayments"),
    "lending.supply": ("lending", "supplies"),
    "market.day": ("day", "day"),
    "options.redeem": ("options", "redemptions"),
    "options.write": ("options", "writings"),
    "oracle.publish": ("oracle", "prices"),
    "orderbook.place_order": ("orderbook", "orders"),
    "orderbook.place_orders": ("orderbook", "quotes"),
    "perpetuals.deposit": ("perpetuals", "deposits"),
    "perpetuals.trade": ("perpetuals", "trades"),
    "securitization.collect": ("securitization", "collections"),
    "securitization.transfer_notes": ("securitization", "transfers"),
    "stablecoin.adjust": ("stablecoin", "adjustments"),
    "stablecoin.repay": ("stablecoin", "repayments"),
    "staking.claim": ("staking", "claims"),
    "staking.deposit_stake": ("staking", "deposits"),
    "staking.queue_deposit": ("staking", "queued"),
    "staking.stake": ("staking", "stakes"),
    "token.transfer": ("payments", "payments"),
    "vault.claim_rewards": ("vault", "claims"),
    "vault.deposit": ("vault", "moves"),
    "vault.request": ("vault", "requests"),
}

MARKET_INSTRUCTIONS: Final = tuple(_GENERATORS)


def generator_of(instruction: str) -> Generator:
    """The generator for `program.instruction`, one of MARKET_INSTRUCTIONS."""
    module, function = _GENERATORS[instruction]
    return cast("Generator", getattr(import_module(f".{module}", __package__), function))

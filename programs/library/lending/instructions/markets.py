"""Setting up markets, reserves, obligations and positions, in new accounts of this program."""

from __future__ import annotations

from ....kit import Arg, Context, Mut, Signer, UncheckedAccount, require
from ...authorities import found_authority
from ...oracle import Feed
from ...token import Mint
from ...units import WAD
from ..accruing import accrue, set_rates
from ..errors import LendingError
from ..figures.seizure import BONUS_MAX
from ..program import lending
from ..state import (
    LiquidationRule,
    Market,
    MarketConfig,
    Obligation,
    Position,
    Reserve,
    ReserveConfig,
    Totals,
)

MINT_DECIMALS_MAX = 30


@lending.instruction(tag=1)
def initialize_market(
    market: Mut[UncheckedAccount], authority: Signer, config: Arg[MarketConfig]
) -> None:
    """Make a market; `authority` sets its terms."""
    require(config.close_factor <= WAD, LendingError.InvalidConfig)
    Market.view(market).initialize(authority=authority.key, config=config)


@lending.instruction(tag=2)
def initialize_reserve(
    ctx: Context,
    market: Market,
    reserve: Mut[UncheckedAccount],
    totals: Mut[UncheckedAccount],
    mint: Mint,
    feed: Feed,
    authority: Signer,
    config: Arg[ReserveConfig],
) -> None:
    """Add a token to a market. Its vaults are token accounts of the reserve's authority."""
    _require_authority(market, authority)
    require_valid(config, market.config.rule)
    require(mint.decimals <= MINT_DECIMALS_MAX, LendingError.InvalidConfig, account=mint)
    vault_authority, bump = found_authority(reserve.key, ctx.program_id)
    Totals.view(totals).initialize(reserve=reserve.key)
    Reserve.view(reserve).initialize(
        market=market.key,
        mint=mint.key,
        totals=totals.key,
        feed=feed.key,
        authority=vault_authority,
        bump=bump,
        mint_decimals=mint.decimals,
        last_slot=ctx.clock.slot,
        borrow_index=WAD,
        supply_price=WAD,
        config=config,
    )
    set_rates(Reserve.view(reserve), Totals.view(totals), config)


@lending.instruction(tag=3)
def configure_reserve(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    authority: Signer,
    config: Arg[ReserveConfig],
) -> None:
    """Change a reserve's terms from now on; interest so far is at the old rate."""
    _require_authority(market, authority)
    require(reserve.market == market.key, LendingError.WrongMarket, account=reserve)
    require_valid(config, market.config.rule)
    accrue(reserve, totals, reserve.config, ctx.clock.slot)
    reserve.config = config
    set_rates(reserve, totals, config)


@lending.instruction(tag=4)
def initialize_obligation(market: Market, obligation: Mut[UncheckedAccount], owner: Signer) -> None:
    """Make a user's obligation in a market."""
    Obligation.view(obligation).initialize(market=market.key, owner_key=owner.key)


@lending.instruction(tag=5)
def initialize_position(
    obligation: Obligation, reserve: Reserve, position: Mut[UncheckedAccount], owner: Signer
) -> None:
    """Make an obligation's position in a reserve. It counts as collateral once it is entered."""
    require(obligation.owner_key == owner.key, LendingError.WrongAuthority, account=owner)
    require(reserve.market == obligation.market, LendingError.WrongMarket, account=reserve)
    Position.view(position).initialize(
        obligation=obligation.key, owner_key=owner.key, reserve=reserve.key
    )


@lending.instruction(tag=6)
def mark_closeable(
    market: Market, obligation: Mut[Obligation], authority: Signer, closeable: bool
) -> None:
    """Allow liquidation of a healthy obligation, without bonus: to wind a market down."""
    _require_authority(market, authority)
    require(obligation.market == market.key, LendingError.WrongMarket, account=obligation)
    obligation.closeable = closeable


def require_valid(config: ReserveConfig, rule: LiquidationRule) -> None:
    """Require terms that fit together: Solend's validate_reserve_config, and rates that exist."""
    parts = (config.reserve_factor, config.host_part, config.protocol_seize_share)
    require(all(part <= WAD for part in parts), LendingError.InvalidConfig)
    require(config.borrow_fee < WAD, LendingError.InvalidConfig)
    require(config.flash_loan_fee < WAD, LendingError.InvalidConfig)
    lines = (config.loan_to_value, config.liquidation_threshold, config.max_liquidation_threshold)
    require(lines[0] <= lines[1] <= lines[2] <= WAD, LendingError.InvalidConfig)
    bonuses = (config.liquidation_bonus, config.max_liquidation_bonus)
    require(bonuses[0] <= bonuses[1], LendingError.InvalidConfig)
    most = config.max_liquidation_bonus + config.protocol_liquidation_fee
    capped = rule is LiquidationRule.Bonus
    require(not capped or most <= BONUS_MAX, LendingError.InvalidConfig)
    require(config.rates.blocks_per_year > 0, LendingError.InvalidConfig)
    isolated = config.isolated_debt and config.liquidation_threshold > 0
    require(not isolated, LendingError.InvalidConfig)


def _require_authority(market: Market, authority: Signer) -> None:
    require(market.authority == authority.key, LendingError.WrongAuthority, account=authority)

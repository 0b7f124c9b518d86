"""What an obligation may borrow, and when it may be liquidated.

Each entered position counts with what its reserve stores: the supply at its least price, the debt
at its exact index. Prices come from feeds of the oracle, fresh and certain enough, or it fails. The
worse of price and moving average decides what may be borrowed, as in Solend; the price alone, what
may be liquidated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...kit import Context, Errors, ProgramFailure, UncheckedAccount, div_up, fail, require
from ..oracle import Feed, Price, fresh_price
from ..oracle.reading import shifted
from .errors import LendingError
from .figures import accrual
from .figures.wad import times
from .state import Market, Obligation, Position, Reserve, ReserveConfig, Standing

Change = tuple[int, int, int]  # place among the entered, shares redeemed, tokens borrowed
NO_CHANGE: Final[Change] = (0, 0, 0)
_ACCOUNTS_EACH: Final = 3  # position, reserve, feed


@dataclass(frozen=True, slots=True)
class Part:
    """An entered position, its reserve and its feed."""

    position: Position
    reserve: Reserve
    config: ReserveConfig
    feed: UncheckedAccount


@dataclass(frozen=True, slots=True)
class Entry:
    """A position's values, in the market's unit: supplies rounded down, debts up."""

    position: Position
    reserve: Reserve
    config: ReserveConfig
    price: Price
    supplied: int
    supplied_at_least: int
    owed: int
    owed_at_most: int
    redeemed: int = 0


def require_covered(
    ctx: Context,
    market: Market,
    obligation: Obligation,
    entered: list[UncheckedAccount],
    error: Errors,
) -> None:
    """Fail with `error` unless the collateral allows the debts. No debts need no prices."""
    parts = parts_of(ctx, obligation, entered)
    owing = [part for part in parts if part.position.debt_shares > 0]
    if not owing:
        return
    isolated = any(part.config.isolated_debt for part in owing)
    require(not isolated or len(owing) == 1, LendingError.IsolatedDebt, account=obligation)
    standing = standing_of([_entry(ctx, market, part, 0, 0) for part in parts])
    require(standing.shortfall == 0, error, account=obligation)
    _require_booked(obligation, parts, standing.owed_at_most)


def _require_booked(obligation: Obligation, parts: list[Part], owed: int) -> None:
    """Of isolated collateral there is no other, and no more is owed than is booked on it."""
    pledged = [part for part in parts if part.position.supply_shares > 0]
    isolated = [part.reserve for part in pledged if part.config.debt_ceiling > 0]
    if isolated:
        require(len(pledged) == 1, LendingError.IsolatedCollateral, account=obligation)
        booked = obligation.booked if obligation.booked_on == isolated[0].key else 0
        require(owed <= booked, LendingError.DebtNotBooked, account=obligation)


def parts_of(ctx: Context, obligation: Obligation, entered: list[UncheckedAccount]) -> list[Part]:
    """All entered positions of an obligation, each of which must be there, once."""
    count = _ACCOUNTS_EACH * obligation.entered
    require(len(entered) == count, LendingError.WrongPositions, account=obligation)
    each = iter(entered)
    parts = [_part(ctx, obligation, *triple) for triple in zip(each, each, each, strict=True)]
    keys = {part.position.key for part in parts}
    require(len(keys) == len(parts), LendingError.WrongPositions, account=obligation)
    return parts


def entries_of(
    ctx: Context,
    market: Market,
    obligation: Obligation,
    entered: list[UncheckedAccount],
    change: Change = NO_CHANGE,
    *,
    lenient: bool = False,
) -> list[Entry]:
    """The values of all entered positions; as they would be after a change to one of them.

    `lenient`: those that count for nothing need no price.
    """
    require(obligation.market == market.key, LendingError.WrongMarket, account=obligation)
    place, redeem, borrow = change
    changes = {place: (redeem, borrow)}
    return [
        _entry(ctx, market, part, *changes.get(number, (0, 0)), lenient=lenient)
        for number, part in enumerate(parts_of(ctx, obligation, entered))
    ]


def standing_of(entries: list[Entry]) -> Standing:
    """The sums. Each collateral is weighed and rounded by itself, as in Compound."""
    power = sum(times(e.supplied_at_least, e.config.loan_to_value) for e in entries)
    owed_at_most = sum(e.owed_at_most for e in entries)
    needed = owed_at_most + sum(times(e.redeemed, e.config.loan_to_value) for e in entries)
    return Standing(
        supplied=sum(e.supplied for e in entries),
        power=power,
        line=sum(times(e.supplied, e.config.liquidation_threshold) for e in entries),
        last_line=sum(times(e.supplied, e.config.max_liquidation_threshold) for e in entries),
        owed=sum(e.owed for e in entries),
        owed_at_most=owed_at_most,
        liquidity=max(power - needed, 0),
        shortfall=max(needed - power, 0),
    )


def _part(
    ctx: Context,
    obligation: Obligation,
    position_account: UncheckedAccount,
    reserve_account: UncheckedAccount,
    feed: UncheckedAccount,
) -> Part:
    for account in (position_account, reserve_account):
        mine = account.owner == ctx.program_id
        require(mine, LendingError.WrongPositions, account=account)
    try:
        position, reserve = Position.view(position_account), Reserve.view(reserve_account)
        part = position.obligation == obligation.key and position.entered
    except ProgramFailure as failure:
        fail(LendingError.WrongPositions, failure.detail, account=position_account)
    require(part, LendingError.WrongPositions, account=position)
    require(position.reserve == reserve.key, LendingError.WrongPositions, account=reserve)
    require(feed.key == reserve.feed, LendingError.WrongFeed, account=feed)
    return Part(position, reserve, reserve.config, feed)


def _entry(
    ctx: Context, market: Market, part: Part, redeem: int, borrow: int, *, lenient: bool = False
) -> Entry:
    position, reserve, feed = part.position, part.reserve, Feed.view(part.feed)
    supplied = accrual.worth(position.supply_shares, reserve.supply_price)
    redeemed = accrual.worth(redeem, reserve.supply_price)
    blocks = ctx.clock.slot - reserve.last_slot
    index = accrual.index_at(reserve.borrow_index, reserve.borrow_rate, blocks)
    owed = accrual.owed(position.debt_shares, index) + borrow
    price = _price(ctx, part, feed, lenient=lenient)
    average = feed.ema_price if feed.ema_price > 0 else price.value
    digits = price.exponent + market.config.quote_decimals - reserve.mint_decimals
    return Entry(
        position,
        reserve,
        part.config,
        price,
        supplied=shifted(supplied * price.value, digits),
        supplied_at_least=shifted(supplied * min(price.value, average), digits),
        owed=_shifted_up(owed * price.value, digits),
        owed_at_most=_shifted_up(owed * max(price.value, average), digits),
        redeemed=shifted(redeemed * min(price.value, average), digits),
    )


def _price(ctx: Context, part: Part, feed: Feed, *, lenient: bool) -> Price:
    """The feed's price; if lenient, nothing where there is none and nothing depends on it.

    Otherwise whoever enters a position where the feed has ended could not be liquidated.
    """
    position, config = part.position, part.config
    pledged = position.supply_shares > 0 and config.max_liquidation_threshold > 0
    try:
        return fresh_price(
            feed,
            ctx.clock,
            config.price_age_max_s,
            stale=LendingError.PriceStale,
            invalid=LendingError.PriceInvalid,
            confidence_max_bps=config.confidence_max_bps,
        )
    except ProgramFailure:
        if pledged or position.debt_shares > 0 or not lenient:
            raise
        return Price(0, 0, 0)


def _shifted_up(value: int, digits: int) -> int:
    return value * 10**digits if digits >= 0 else div_up(value, 10**-digits)

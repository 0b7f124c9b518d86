"""Which positions count: those that are entered in an obligation, as with Compound's markets.

A position that is not entered earns interest, but is no collateral, and its withdrawal depends on
nothing else. A debt needs an entered position.
"""

from __future__ import annotations

from typing import Final

from ....kit import Context, Mut, Signer, UncheckedAccount, require
from ..errors import LendingError
from ..power import require_covered
from ..program import lending
from ..state import Market, Obligation, Position, Reserve

# A liquidation names three accounts for each, and ten more: a transaction may lock 64. Without a
# limit, who enters more cannot be liquidated.
ENTERED_MAX: Final = 16


@lending.instruction(tag=10)
def enter(obligation: Mut[Obligation], position: Mut[Position], owner: Signer) -> None:
    """Let a position count, as collateral and for debts."""
    require(position.owner_key == owner.key, LendingError.WrongAuthority, account=owner)
    require(position.obligation == obligation.key, LendingError.WrongMarket, account=position)
    require(not position.entered, LendingError.AlreadyEntered, account=position)
    room = obligation.entered < ENTERED_MAX
    require(room, LendingError.TooManyPositions, account=obligation)
    position.entered = True
    obligation.entered += 1


@lending.instruction(tag=11)
def leave(
    ctx: Context,
    market: Market,
    obligation: Mut[Obligation],
    position: Mut[Position],
    owner: Signer,
    entered: list[UncheckedAccount],
) -> None:
    """Let a position count no longer, if the rest covers the debts and it has none itself."""
    require(position.owner_key == owner.key, LendingError.WrongAuthority, account=owner)
    require_part(position, obligation, market)
    require(position.entered, LendingError.NotEntered, account=position)
    require(position.debt_shares == 0, LendingError.PositionInUse, account=position)
    position.entered = False
    obligation.entered -= 1
    require_covered(ctx, market, obligation, entered, LendingError.WithdrawTooLarge)


def require_own(position: Position, reserve: Reserve, owner: UncheckedAccount) -> None:
    """Require the signer's position in this reserve."""
    require(position.owner_key == owner.key, LendingError.WrongAuthority, account=owner)
    require(position.reserve == reserve.key, LendingError.WrongReserve, account=position)


def require_part(position: Position, obligation: Obligation, market: Market) -> None:
    """Require a position of this obligation, in this market."""
    require(position.obligation == obligation.key, LendingError.WrongMarket, account=position)
    require(obligation.market == market.key, LendingError.WrongMarket, account=obligation)

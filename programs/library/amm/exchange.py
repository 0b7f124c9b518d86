"""The exchange: who decides on fee tiers and on the protocol's part of the fees.

Swaps never read these accounts; deposits and withdrawals read the exchange.
"""

from __future__ import annotations

from typing import Annotated

from ...kit import COption, HasOne, Mut, Pubkey, Signer, UncheckedAccount, u64
from .errors import AmmError
from .fraction import Fraction, require_fee
from .program import amm
from .state import Exchange, FeeTier

Governed = Annotated[Exchange, HasOne("authority", error=AmmError.WrongAuthority)]


@amm.instruction(tag=0)
def initialize_exchange(exchange: Mut[UncheckedAccount], authority: Signer) -> None:
    """Set up an exchange; the protocol's part of the fees is off."""
    Exchange.view(exchange).initialize(authority=authority.key, fee_to=None)


@amm.instruction(tag=1)
def set_fee_to(exchange: Mut[Governed], authority: Signer, fee_to: COption[Pubkey]) -> None:
    """Say who owns the token accounts that the protocol's part is minted to; None turns it off.

    Shares that are not collected yet go to the new owner.
    """
    del authority
    exchange.fee_to = fee_to


@amm.instruction(tag=2)
def open_fee_tier(
    exchange: Governed,
    tier: Mut[UncheckedAccount],
    authority: Signer,
    fee_numerator: u64,
    fee_denominator: u64,
) -> None:
    """Allow pools with this fee. 3/1000 is Uniswap v2's."""
    del authority
    require_fee(Fraction(fee_numerator, fee_denominator))
    FeeTier.view(tier).initialize(
        exchange=exchange.key, fee_numerator=fee_numerator, fee_denominator=fee_denominator
    )

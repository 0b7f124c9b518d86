"""Layouts of stake pools: pooled lamports, a token on them, and validators that they are staked to.

Reserve and validators are accounts of the program that hold lamports, beside their rent.
"""

from __future__ import annotations

from typing import Final

from ....kit import Layout, Pubkey, u8, u32, u64

POOL_SEED: Final = b"stake pool"


class Fee(Layout):
    """A share; none if the denominator is 0."""

    numerator: u64
    denominator: u64


class FutureFee(Layout):
    """A fee that begins after so many updates in later epochs; none is on its way at 0."""

    fee: Fee
    updates_left: u8


class StakePool(Layout, discriminator=b"stk:spol"):
    """What all pool tokens together are worth, and the fees.

    `total_lamports` and `supply` are as of the last call; rewards of validators join at an update.
    Bonds of their operators are no part of it.
    """

    manager: Pubkey
    slasher: Pubkey
    mint: Pubkey
    reserve: Pubkey
    fee_account: Pubkey
    authority: Pubkey
    bump: u8
    total_lamports: u64
    supply: u64
    last_update_epoch: u64
    last_epoch_lamports: u64
    last_epoch_supply: u64
    validators: u32
    referral_percent: u8
    epoch_fee: Fee
    deposit_fee: Fee
    withdrawal_fee: Fee
    next_epoch_fee: FutureFee
    next_withdrawal_fee: FutureFee


class Reserve(Layout, discriminator=b"stk:resv"):
    """The lamports of a pool that are not staked."""

    pool: Pubkey


class Validator(Layout, discriminator=b"stk:vali"):
    """Lamports of a pool that are staked to one validator, and its operator's bond.

    The account holds both. `bond` counts the operator's; the rest, beside rent, is the pool's.
    """

    pool: Pubkey
    operator: Pubkey
    bond: u64
    number: u32


class Queue(Layout, discriminator=b"stk:queu"):
    """Deposits that wait for the next settlement. They only add to it, so they run in parallel."""

    pool: Pubkey
    round: u32
    incoming: u64


class Round(Layout, discriminator=b"stk:roun"):
    """One settlement of a queue: the pool tokens that all of its lamports are worth."""

    queue: Pubkey
    number: u32
    deposited: u64
    tokens: u64


class Ticket(Layout, discriminator=b"stk:tick"):
    """What one holder put into a queue in one round."""

    queue: Pubkey
    holder: Pubkey
    round: u32
    deposited: u64

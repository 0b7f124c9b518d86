"""What the lending program reports by `ctx.emit`."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64, u128


class Borrowed(Layout, program="lending", discriminator=b"borrowed"):
    """A loan: `amount` was received, `amount + fee` is owed, `host_fee` of it went to the host."""

    position: Pubkey
    amount: u64
    fee: u64
    host_fee: u64


class Liquidated(Layout, program="lending", discriminator=b"seized"):
    """A liquidation: `settled` has 18 decimals; of the shares seized, the protocol's are apart."""

    debt_position: Pubkey
    collateral_position: Pubkey
    repaid: u64
    settled: u128
    seized: u64
    protocol_shares: u64
    reserves_added: u64


class WrittenOff(Layout, program="lending", discriminator=b"loss"):
    """A debt nobody will pay: the protocol's reserves bear `from_reserves` of it (18 decimals)."""

    position: Pubkey
    loss: u128
    from_reserves: u128


class FlashLent(Layout, program="lending", discriminator=b"flash"):
    """A flash loan that has been repaid."""

    reserve: Pubkey
    amount: u64
    fee: u64

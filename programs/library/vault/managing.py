"""A vault's opening, its terms, gifts to its holders, and what its admin takes out."""

from __future__ import annotations

from typing import Annotated

from ...kit import (
    Context,
    HasOne,
    Mut,
    Option,
    Signer,
    UncheckedAccount,
    require,
    u8,
    u16,
    u32,
    u64,
)
from ..authorities import authority_seeds, found_authority
from ..token import Mint, TokenAccount
from ..token_moves import mint_out, move_in, move_out
from ..units import BASIS_POINTS
from .accounts import Authority, require_same, require_share_mint, require_tokens
from .errors import VaultError
from .program import VAULT_ID
from .program import vault as program
from .state import OFFSET_MAX, UNLOCK_S_MAX, Vault

Governed = Annotated[Vault, HasOne("admin", error=VaultError.NotAdmin)]


@program.instruction(tag=0)
def open_vault(
    vault: Mut[UncheckedAccount],
    asset_mint: Mint,
    share_mint: Mint,
    idle_vault: TokenAccount,
    admin: Signer,
    offset: Option[u8],
    assets_max: u64,
) -> None:
    """Open a vault without fees; shares have `offset` more decimals than assets.

    None leaves out virtual shares, as solmate does: whoever deposits first can then inflate the
    price against those who come next. `assets_max`: the most that it may hold, 2^64 - 1 for no
    limit.
    """
    require(asset_mint.key != share_mint.key, VaultError.InvalidShareMint, account=share_mint)
    require(offset is None or offset <= OFFSET_MAX, VaultError.InvalidParameter)
    authority, bump = found_authority(vault.key, VAULT_ID)
    require_tokens(idle_vault, asset_mint.key, authority)
    require_share_mint(share_mint, authority)
    Vault.view(vault).initialize(
        admin=admin.key,
        asset_mint=asset_mint.key,
        share_mint=share_mint.key,
        idle_vault=idle_vault.key,
        bump=bump,
        assets_max=assets_max,
        virtual_shares=0 if offset is None else 10**offset,
        virtual_assets=0 if offset is None else 1,
    )


@program.instruction(tag=1)
def set_terms(
    vault: Mut[Governed],
    admin: Signer,
    entry_fee_bps: u16,
    exit_fee_bps: u16,
    performance_fee_bps: u16,
    unlock_s: u32,
    assets_max: u64,
) -> None:
    """Set fees, how long gains take to count, and the most that the vault may hold."""
    del admin
    highest = max(entry_fee_bps, exit_fee_bps, performance_fee_bps)
    require(highest <= BASIS_POINTS and unlock_s <= UNLOCK_S_MAX, VaultError.InvalidParameter)
    vault.entry_fee_bps, vault.exit_fee_bps = entry_fee_bps, exit_fee_bps
    vault.performance_fee_bps = performance_fee_bps
    vault.unlock_s, vault.assets_max = unlock_s, assets_max


@program.instruction(tag=2)
def donate(
    ctx: Context,
    vault: Mut[Vault],
    idle_vault: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    donor: Signer,
    assets: u64,
) -> None:
    """Give assets to all who hold shares. They count at once."""
    require_same(idle_vault, vault.idle_vault)
    vault.idle += assets
    move_in(ctx, source, idle_vault, donor, assets)


@program.instruction(tag=3)
def collect_fees(
    ctx: Context,
    vault: Mut[Governed],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    assets_to: Mut[UncheckedAccount],
    shares_to: Mut[UncheckedAccount],
    admin: Signer,
) -> None:
    """Pay the admin the fees of deposits and withdrawals, and mint what gains have earned."""
    del admin
    require_same(idle_vault, vault.idle_vault)
    require_same(share_mint, vault.share_mint)
    assets, shares = vault.fees_owed, vault.fee_shares
    require(assets + shares > 0, VaultError.NothingOwed, account=vault)
    vault.fees_owed = vault.fee_shares = 0
    seeds = authority_seeds(vault.key, vault.bump)
    move_out(ctx, idle_vault, assets_to, authority, seeds, assets)
    mint_out(ctx, share_mint, shares_to, authority, seeds, shares)

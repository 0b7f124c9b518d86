"""Which accounts belong together, and who may act for whom."""

from __future__ import annotations

from ...kit import Pubkey, Signer, UncheckedAccount, require
from .errors import StablecoinError
from .state import STABLECOIN_ID, CollateralType, DebtShard, Engine, Permission, Position


def require_key(stored: Pubkey, account: UncheckedAccount) -> None:
    """Require an account to be the one whose key is stored elsewhere."""
    require(stored == account.key, StablecoinError.WrongAccount, account=account)


def require_engine(stored: Pubkey, engine: Engine, account: UncheckedAccount) -> None:
    """Require an account that stores its engine's key to be of this one."""
    require(stored == engine.key, StablecoinError.WrongAccount, account=account)


def require_type(stored: Pubkey, kind: CollateralType, account: UncheckedAccount) -> None:
    """Require an account that stores its collateral type's key to be of this one."""
    require(stored == kind.key, StablecoinError.WrongAccount, account=account)


def require_live(engine: Engine) -> None:
    """Require that the engine has not been shut down."""
    require(engine.live, StablecoinError.NotLive, account=engine)


def require_admin(engine: Engine, admin: Signer) -> None:
    """Require the signature of the engine's admin."""
    require(engine.admin == admin.key, StablecoinError.NotAdmin, account=admin)


def require_position(
    engine: Engine, kind: CollateralType, shard: DebtShard, position: Position
) -> None:
    """Require a position, its shard, its collateral type and its engine to belong together."""
    require_engine(kind.engine, engine, kind)
    require_type(shard.collateral_type, kind, shard)
    require(position.shard == shard.key, StablecoinError.WrongAccount, account=position)


def consents(
    owner: Pubkey, caller: Signer, engine: Engine, permissions: list[UncheckedAccount]
) -> bool:
    """Whether the owner is the caller, or one of the permissions is theirs for the caller."""
    if owner == caller.key:
        return True
    held = (Permission.view(account) for account in permissions if is_permission(account))
    return any(
        permission.grantor == owner
        and permission.grantee == caller.key
        and permission.engine == engine.key
        and permission.allowed
        for permission in held
    )


def is_permission(account: UncheckedAccount) -> bool:
    """Whether an account passed along is a permission of this program."""
    return account.owner == STABLECOIN_ID and Permission.matches(bytes(account.data))


def require_consent(
    owner: Pubkey, caller: Signer, engine: Engine, permissions: list[UncheckedAccount]
) -> None:
    """Require the caller to be the owner, or to be permitted to act for it."""
    allowed = consents(owner, caller, engine, permissions)
    require(allowed, StablecoinError.NotAllowed, account=caller)

"""A vault in a runtime, as rows have it: in any state, with holders of tokens and shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sealane import Instruction, Receipt
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.token import AccountState, Mint, TokenAccount, TokenError
from sealane.programs.library.vault import (
    NO_LIMIT,
    Limits,
    Operation,
    Quote,
    Vault,
    Worth,
    authority_of,
    vault,
)
from sealane.testing import Vm

U64_MAX: Final = 2**64 - 1
_TOO_WIDE: Final = frozenset({TokenError.Overflow.name, "ArithmeticOverflow", "RangeError"})


@dataclass(frozen=True)
class State:
    """A vault before a row. `offset`: None for one without virtual shares."""

    offset: int | None = 0
    assets: int = 0
    shares: int = 0
    assets_max: int = NO_LIMIT
    entry_fee_bps: int = 0
    exit_fee_bps: int = 0

    @property
    def virtual_shares(self) -> int:
        return 0 if self.offset is None else 10**self.offset

    @property
    def virtual_assets(self) -> int:
        return 0 if self.offset is None else 1

    @property
    def narrow(self) -> bool:
        """All of it fits 64 bits."""
        return max(self.assets, self.shares, self.virtual_shares) <= U64_MAX


class Refused(Exception):
    """The program refused an operation; `too_wide`: an amount did not fit 64 bits."""

    def __init__(self, receipt: Receipt) -> None:
        assert receipt.error is not None
        super().__init__(receipt.error.name)
        self.name = receipt.error.name
        self.own = receipt.error.program in ("vault", "token")
        self.too_wide = self.name in _TOO_WIDE


class Chain:
    """A chain of one vault, and people who call it."""

    def __init__(self, vm: Vm, state: State) -> None:
        self.vm = vm
        authority, bump = found_authority(vm.key("savings"), vault.id)
        books = Vault(
            admin="admin",
            asset_mint="asset",
            share_mint="share",
            idle_vault="idle",
            bump=bump,
            assets_max=state.assets_max,
            virtual_shares=state.virtual_shares,
            virtual_assets=state.virtual_assets,
            entry_fee_bps=state.entry_fee_bps,
            exit_fee_bps=state.exit_fee_bps,
            idle=state.assets,
            shares=state.shares,
        )
        vm.set_account("savings", owner=vault, data=books)
        for mint, minter, supply in (("asset", "admin", 0), ("share", authority, state.shares)):
            data = Mint(mint_authority=minter, supply=supply, is_initialized=True)
            vm.set_account(mint, owner="token", data=data)
        self._put_tokens("idle", "asset", authority_of("savings"), state.assets)

    def join(self, who: str, tokens: int, shares: int = 0) -> None:
        """Somebody with tokens and shares."""
        self.vm.airdrop(who, 1)
        self._put_tokens(f"{who}_asset", "asset", who, tokens)
        self._put_tokens(f"{who}_share", "share", who, shares)

    def move(self, operation: Operation, who: str, amount: int) -> tuple[Quote, int]:
        """What an operation was quoted at, and the assets that moved; may raise Refused."""
        quoted = Quote.decode(self._returned(self._quote(operation, amount)))
        before = self.tokens(f"{who}_asset")
        self._send(self._call(operation, who, amount))
        return quoted, abs(self.tokens(f"{who}_asset") - before)

    def donate(self, who: str, amount: int) -> None:
        source = f"{who}_asset"
        call = vault.donate(
            vault="savings", idle_vault="idle", source=source, donor=who, assets=amount
        )
        self._send(call)

    def limits(self, who: str) -> Limits:
        return Limits.decode(self._returned(vault.limits(vault="savings", held=f"{who}_share")))

    def worth(self, shares: int, assets: int) -> Worth:
        call = vault.convert(vault="savings", shares=shares, assets=assets)
        return Worth.decode(self._returned(call))

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def fees(self) -> int:
        return self.vm.read("savings", Vault).fees_owed

    def _quote(self, operation: Operation, amount: int) -> Instruction:
        return vault.quote(vault="savings", operation=operation, amount=amount)

    def _call(self, operation: Operation, who: str, amount: int) -> Instruction:
        tokens, shares = f"{who}_asset", f"{who}_share"
        entering = operation in (Operation.Deposit, Operation.Mint)
        accounts = {
            "vault": "savings",
            "idle_vault": "idle",
            "share_mint": "share",
            "owner": who,
            "source": tokens if entering else shares,
            "destination": shares if entering else tokens,
        }
        match operation:
            case Operation.Deposit:
                return vault.deposit(**accounts, assets=amount, shares_min=0)
            case Operation.Mint:
                return vault.mint(**accounts, shares=amount, assets_max=U64_MAX)
            case Operation.Withdraw:
                return vault.withdraw(**accounts, assets=amount, shares_max=U64_MAX)
            case Operation.Redeem:
                return vault.redeem(**accounts, shares=amount, assets_min=0)

    def _returned(self, call: Instruction) -> bytes:
        data = self._send(call).return_data
        assert data is not None
        return data

    def _send(self, call: Instruction) -> Receipt:
        receipt = self.vm.try_send(call)
        if receipt.error is not None:
            raise Refused(receipt)
        return receipt

    def _put_tokens(self, name: str, mint: str, owner: object, amount: int) -> None:
        held = TokenAccount(
            mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized
        )
        self.vm.set_account(name, owner="token", data=held)

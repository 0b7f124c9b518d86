"""A stake pool with two validators; `ann` and `ben` deposit. Pool tokens are in `NAME_tokens`.

The manager gets 10 % of rewards and 1 % of deposits and withdrawals, of which a referrer half.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sealane import Instruction, Pubkey
from sealane.programs.library.staking import FeeKind, Reserve, StakePool, Validator, staking
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

AUTHORITY: Final = Pubkey.find_program_address([b"stake pool", Pubkey.of("pool")], staking.id)[0]
PEOPLE: Final = ("ann", "ben")
VALIDATORS: Final = ("validator0", "validator1")
STARTING: Final = 10**9


class Lake:
    """Sends what people do with the pool."""

    def __init__(self, vm: Vm) -> None:
        self.vm = vm
        mint = Mint(is_initialized=True, decimals=9, mint_authority=AUTHORITY)
        vm.set_account("mint", owner="token", data=mint)
        for owner in (*PEOPLE, "manager", "referrer"):
            data = TokenAccount(mint="mint", owner=owner, state=AccountState.Initialized)
            vm.set_account(f"{owner}_tokens", owner="token", data=data)
        for name in PEOPLE:
            vm.airdrop(name, STARTING)
        vm.airdrop("operator", STARTING)
        vm.set_account("lost", lamports=1)
        for name, layout in (("pool", StakePool), ("reserve", Reserve)):
            self.allot(name, layout.layout_size)
        vm.send(self.initialize())
        for name in VALIDATORS:
            self.allot(name, Validator.layout_size)
            vm.send(
                staking.add_validator(
                    pool="pool", validator=name, operator="operator", manager="manager"
                )
            )

    def initialize(self, epoch: int = 10, **other: str) -> Instruction:
        accounts = {
            "pool": "pool",
            "reserve": "reserve",
            "mint": "mint",
            "fee_account": "manager_tokens",
        }
        return staking.initialize_stake_pool(
            **accounts | other,
            manager="manager",
            slasher="slasher",
            epoch_fee_numerator=epoch,
            epoch_fee_denominator=100,
            deposit_fee_numerator=1,
            deposit_fee_denominator=100,
            withdrawal_fee_numerator=1,
            withdrawal_fee_denominator=100,
            referral_percent=50,
        )

    def next_epoch(self) -> None:
        self.vm.clock = replace(self.vm.clock, epoch=self.vm.clock.epoch + 1)

    # Calls

    def deposit(self, who: str, lamports: int, least: int = 0, **other: str) -> Instruction:
        accounts = self._exchange() | {
            "authority": AUTHORITY,
            "depositor": who,
            "pool_tokens": f"{who}_tokens",
            "referrer_tokens": "referrer_tokens",
        }
        return staking.deposit_stake(**accounts | other, lamports=lamports, least_tokens=least)

    def withdraw(self, who: str, tokens: int, least: int = 0, **other: str) -> Instruction:
        accounts = self._exchange() | {
            "holder": who,
            "pool_tokens": f"{who}_tokens",
            "destination": who,
        }
        return staking.withdraw_stake(**accounts | other, tokens=tokens, least_lamports=least)

    def delegate(self, validator: str, lamports: int, by: str = "manager") -> Instruction:
        return staking.delegate(**self._managed(validator, by), lamports=lamports)

    def undelegate(self, validator: str, lamports: int) -> Instruction:
        return staking.undelegate(**self._managed(validator, "manager"), lamports=lamports)

    def post_bond(self, validator: str, lamports: int, by: str = "operator") -> Instruction:
        return staking.post_bond(validator=validator, operator=by, lamports=lamports)

    def withdraw_bond(self, validator: str, lamports: int) -> Instruction:
        return staking.withdraw_bond(
            validator=validator, operator="operator", destination="operator", lamports=lamports
        )

    def slash(
        self, validator: str, numerator: int, denominator: int, by: str = "slasher"
    ) -> Instruction:
        return staking.slash(
            pool="pool",
            validator=validator,
            destination="lost",
            slasher=by,
            numerator=numerator,
            denominator=denominator,
        )

    def update(self, validators: tuple[str, ...] = VALIDATORS, **other: str) -> Instruction:
        accounts = self._exchange() | {"authority": AUTHORITY}
        return staking.update_stake_pool(**accounts | other, validators=list(validators))

    def set_fee(
        self, kind: FeeKind, numerator: int, denominator: int, by: str = "manager"
    ) -> Instruction:
        return staking.set_fee(
            pool="pool", manager=by, kind=kind, numerator=numerator, denominator=denominator
        )

    # What is there

    def pool(self) -> StakePool:
        return self.vm.read("pool", StakePool)

    def tokens(self, who: str) -> int:
        return self.vm.read(f"{who}_tokens", TokenAccount).amount

    def supply(self) -> int:
        return self.vm.read("mint", Mint).supply

    def validator(self, name: str) -> Validator:
        return self.vm.read(name, Validator)

    def lamports(self, name: str) -> int:
        return self.vm.account(name).lamports

    def allot(self, name: str, size: int) -> None:
        self.vm.set_account(name, owner=staking, data=bytes(size))

    def _exchange(self) -> dict[str, str | Pubkey]:
        return {
            "pool": "pool",
            "reserve": "reserve",
            "mint": "mint",
            "fee_account": "manager_tokens",
        }

    def _managed(self, validator: str, by: str) -> dict[str, str]:
        return {"pool": "pool", "reserve": "reserve", "validator": validator, "manager": by}

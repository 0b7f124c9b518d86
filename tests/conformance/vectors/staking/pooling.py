"""Rows of stake-pool's suites, of the price of pool tokens and of fees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.staking import Fee, FeeKind, Reserve, StakePool, staking
from sealane.programs.library.staking.figures.pool_tokens import YIELD_ONE
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

from ..rows import CannotPlay, Played, Row

AUTHORITY: Final = Pubkey.find_program_address([b"stake pool", Pubkey.of("pool")], staking.id)[0]
_EPOCHS_PER_YEAR: Final = Fraction(86_400 * 36_525, 100) / 172_800


class _Pool:
    """A pool as a row says. `ann` holds all pool tokens that the manager does not."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.vm = Vm()
        total, supply = _int(inputs, "total_lamports"), _int(inputs, "pool_token_supply")
        last = _int(inputs, "last_epoch_total_lamports")
        state = StakePool(
            manager="manager",
            slasher="slasher",
            mint="mint",
            reserve="reserve",
            fee_account="fees",
            authority=AUTHORITY,
            bump=Pubkey.find_program_address([b"stake pool", Pubkey.of("pool")], staking.id)[1],
            total_lamports=total,
            supply=supply,
            last_epoch_lamports=last,
            last_epoch_supply=_int(inputs, "last_epoch_pool_token_supply"),
            epoch_fee=_fee(inputs, "epoch_fee"),
            deposit_fee=_fee(inputs, "deposit_fee", "sol_deposit_fee", "stake_deposit_fee"),
            withdrawal_fee=_fee(inputs, "withdrawal_fee", "sol_withdrawal_fee", "old_fee"),
            referral_percent=_int(inputs, "referral_fee"),
            last_update_epoch=self.vm.clock.epoch,
        )
        self.vm.set_account("pool", data=state)
        data = Mint(is_initialized=True, supply=supply, decimals=9, mint_authority=AUTHORITY)
        self.vm.set_account("mint", owner="token", data=data)
        self._put_tokens("ann_tokens", "ann", supply)
        self._put_tokens("fees", "manager", 0)
        self._put_tokens("referrer", "ref", 0)
        self.vm.set_account("reserve", data=Reserve(pool="pool"))
        self.add_lamports("reserve", total)
        self.vm.set_account("out", lamports=1)

    def add_lamports(self, name: str, lamports: int) -> None:
        if lamports:
            self.vm.airdrop(name, lamports)

    @property
    def state(self) -> StakePool:
        return self.vm.read("pool", StakePool)

    def deposit(self, lamports: int) -> int:
        """The pool tokens for a deposit."""
        before = self.tokens("ann_tokens")
        self.add_lamports("ann", lamports + 1)
        self.done(
            staking.deposit_stake(
                pool="pool",
                reserve="reserve",
                mint="mint",
                authority=AUTHORITY,
                depositor="ann",
                pool_tokens="ann_tokens",
                fee_account="fees",
                referrer_tokens="referrer",
                lamports=lamports,
                least_tokens=0,
            )
        )
        return self.tokens("ann_tokens") - before

    def withdraw(self, tokens: int, source: str = "ann") -> int:
        """The lamports for pool tokens; 0 where they are too few to be withdrawn."""
        before = self.vm.account("out").lamports
        own = source == "manager"
        error = self.send(
            staking.withdraw_stake(
                pool="pool",
                reserve="reserve",
                mint="mint",
                holder=source,
                pool_tokens="fees" if own else "ann_tokens",
                fee_account="fees",
                destination="out",
                tokens=tokens,
                least_lamports=0,
            )
        )
        assert error in (None, "WithdrawalTooSmall"), error
        return self.vm.account("out").lamports - before

    def update(self, reward: int) -> int:
        """The pool tokens minted for the fee on a reward."""
        self.add_lamports("reserve", reward)
        before = self.tokens("fees")
        self.done(
            staking.update_stake_pool(
                pool="pool",
                reserve="reserve",
                mint="mint",
                authority=AUTHORITY,
                fee_account="fees",
                validators=[],
            )
        )
        return self.tokens("fees") - before

    def set_withdrawal_fee(self, fee: Fee) -> str | None:
        return self.send(
            staking.set_fee(
                pool="pool",
                manager="manager",
                kind=FeeKind.Withdrawal,
                numerator=fee.numerator,
                denominator=fee.denominator,
            )
        )

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def send(self, call: Instruction) -> str | None:
        receipt = self.vm.try_send(call, payer="payer")
        if receipt.error is None:
            return None
        assert receipt.error.program == "staking", receipt.report()
        return receipt.error.name

    def done(self, call: Instruction) -> None:
        error = self.send(call)
        assert error is None, error

    def _put_tokens(self, name: str, owner: str, amount: int) -> None:
        data = TokenAccount(mint="mint", owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, owner="token", data=data)


def _int(inputs: Mapping[str, Any], key: str, otherwise: int = 0) -> int:
    return int(inputs.get(key, otherwise))


def _fee(inputs: Mapping[str, Any], *keys: str) -> Fee:
    """A fee given as "1/10", as a pair or by its parts; none if it is not given."""
    given: Any = next((inputs[key] for key in keys if key in inputs), "0/0")
    if isinstance(given, str):
        given = given.split("/")
    elif "numerator" in given:
        given = (given["numerator"], given["denominator"])
    return Fee(numerator=int(given[0]), denominator=int(given[1]))


def _deposit(row: Row) -> dict[str, Any]:
    pool = _Pool(row.inputs)
    tokens = pool.deposit(int(row.inputs.get("deposit", row.inputs.get("lamports", 0))))
    return {"pool_tokens": tokens}


def _withdraw(row: Row) -> dict[str, Any]:
    given: Any = row.inputs.get("pool_tokens", row.inputs.get("withdraw", 0))
    pool = _Pool(row.inputs)
    amounts: list[Any] = [given] if isinstance(given, int | str) else given
    paid = [pool.withdraw(int(amount)) for amount in amounts]
    left = pool.state.total_lamports
    total = {"lamports": sum(paid), "withdrawn": sum(paid), "amounts": paid, "paid": paid}
    return total | {"left": left, "total_lamports": left, "supply": pool.state.supply}


def _deposit_and_withdraw(row: Row) -> dict[str, Any]:
    pool = _Pool(row.inputs)
    tokens = pool.deposit(int(row.inputs["deposit"]))
    paid = pool.withdraw(int(row.inputs.get("withdraw_tokens", tokens)))
    return {"pool_tokens": tokens, "lamports": paid, "withdrawn": paid}


def _epoch_fee(row: Row) -> dict[str, Any]:
    reward = next((int(row.inputs[k]) for k in _REWARDS if k in row.inputs), 0)
    pool = _Pool(row.inputs)
    fee = pool.update(reward)
    tokens = dict.fromkeys(("pool_token_fee", "pool_tokens", "fee", "fee_pool_tokens"), fee)
    return tokens | {"fee_lamports": pool.withdraw(fee, "manager")}


def _fee_change(row: Row) -> dict[str, Any]:
    new = _fee(row.inputs, "new_fee", "fee")
    error = _Pool(row.inputs).set_withdrawal_fee(new)
    return {"ok": True} if error is None else {"error": error}


def _yield(row: Row) -> dict[str, Any]:
    pool = _Pool(row.inputs)
    receipt = pool.vm.send(staking.epoch_yield(pool="pool"), payer="payer")
    assert receipt.return_data is not None
    gained = int.from_bytes(receipt.return_data, "little", signed=True)
    epoch = Fraction(gained, YIELD_ONE)
    yearly = epoch * _EPOCHS_PER_YEAR
    return {"epoch_rate": epoch, **dict.fromkeys(("yearly_rate", "apr"), yearly)}


_REWARDS: Final = ("reward_lamports", "rewards", "reward")
_BY_OP: Final[dict[str, Callable[[Row], dict[str, Any]]]] = {
    "pool_tokens_for_deposit": _deposit,
    "calc_pool_tokens_for_deposit": _deposit,
    "deposit": _deposit,
    "withdraw_sequence": _withdraw,
    "withdraw": _withdraw,
    "withdraw_all": _withdraw,
    "lamports_withdraw_amount": _withdraw,
    "calc_lamports_withdraw_amount": _withdraw,
    "lamports_for_withdrawal": _withdraw,
    "deposit_and_withdraw": _deposit_and_withdraw,
    "split_withdrawal": _deposit_and_withdraw,
    "epoch_fee": _epoch_fee,
    "epoch_fee_amount": _epoch_fee,
    "calc_epoch_fee_amount": _epoch_fee,
    "fee_calculation": _epoch_fee,
    "check_withdrawal": _fee_change,
    "check_withdrawal_fee": _fee_change,
    "set_fee": _fee_change,
    "set_withdrawal_fee": _fee_change,
    "apr": _yield,
    "approximate_apr": _yield,
}


# Where the op has another name: by an input that only this kind of case has.
_BY_INPUT: Final[dict[str, Callable[[Row], dict[str, Any]]]] = {
    "new_fee": _fee_change,
    "last_epoch_total_lamports": _yield,
    **dict.fromkeys(_REWARDS, _epoch_fee),
    "withdraw_tokens": _deposit_and_withdraw,
    "deposit": _deposit,
    "pool_tokens": _withdraw,
}


def play(row: Row) -> Played:
    """By its `op`, else by what it gives."""
    op = row.inputs.get("op")
    found = (player for key, player in _BY_INPUT.items() if key in row.inputs)
    player = _BY_OP.get(str(op)) or next(found, None)
    if player is None:
        raise CannotPlay(f"unknown op: {op!r}")
    tolerance = row.expect.get("tolerance", 0)
    rates: dict[str, Any] = dict.fromkeys(("yearly_rate", "apr", "epoch_rate"), tolerance)
    return Played(player(row), tolerances=rates)

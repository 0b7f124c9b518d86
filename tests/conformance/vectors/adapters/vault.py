"""Plays rows of OpenZeppelin's and solmate's ERC-4626 vaults through the program `vault`.

Amounts of tokens of 18 decimals often do not fit 64 bits; those rows are played by the functions
that the instructions call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane.primitives import ProgramFailure
from sealane.programs.library.token import TokenError
from sealane.programs.library.vault import Operation, VaultError
from sealane.programs.library.vault.pricing import (
    Book,
    Move,
    deposit_move,
    mint_move,
    redeem_move,
    withdraw_move,
)
from sealane.testing import Vm

from ..rows import CannotPlay, Played, Row, Way
from ..vault.chain import U64_MAX, Chain, Refused, State

_MOVES: Final[Mapping[Operation, Callable[[Book, int], Move]]] = {
    Operation.Deposit: deposit_move,
    Operation.Mint: mint_move,
    Operation.Withdraw: withdraw_move,
    Operation.Redeem: redeem_move,
}
_SOLMATE: Final = "erc4626_no_virtual_shares"
_MODELS: Final = frozenset({"erc4626", "erc4626_fees", _SOLMATE})
# The reference's vault with an exit fee has as many shares as assets, more than any row moves.
_PLENTY: Final = 10**18
_LIMIT: Final = 10**12  # rows say only `max`, whatever it is
_SOLMATE_NAMES: Final = {
    VaultError.ZeroShares: "ZERO_SHARES",
    VaultError.ZeroAssets: "ZERO_ASSETS",
    # Its tokens fail by an underflow, of which a transfer makes this.
    TokenError.InsufficientFunds: "TRANSFER_FROM_FAILED",
}


def play(row: Row) -> Played:
    """Raises CannotPlay for a model or an operation that is not known."""
    if row.inputs.get("model") not in _MODELS:
        raise CannotPlay(f"no model {row.inputs.get('model')!r}")
    return _scenario(row) if "steps" in row.inputs else _operation(row)


def _operation(row: Row) -> Played:
    operation, state = _named(row.inputs["op"]), _state(row)
    wide = not state.narrow or _number(row.inputs, "amount", 0) > U64_MAX
    if not wide:
        with Vm() as vm:
            try:
                return Played(_moved(Chain(vm, state), row, operation, state))
            except Refused as refusal:
                if not refusal.too_wide:
                    return Played({"error": _reference_name(row, refusal.name)})
    book = Book(
        state.assets,
        state.shares,
        state.virtual_assets,
        state.virtual_shares,
        state.entry_fee_bps,
        state.exit_fee_bps,
    )
    try:
        move = _MOVES[operation](book, _number(row.inputs, "amount", 0))
    except ProgramFailure as failure:
        return Played({"error": _reference_name(row, failure.error.name)}, Way.FUNCTIONS)
    return Played(move._asdict(), Way.FUNCTIONS)


def _moved(chain: Chain, row: Row, operation: Operation, state: State) -> dict[str, Any]:
    held = _number(row.inputs, "holder_shares", _number(row.inputs, "shares", state.shares))
    funds = _number(row.inputs, "balance", U64_MAX - state.assets)
    chain.join("holder", min(funds, _number(row.inputs, "approved", funds)), held)
    if "deposited" in row.inputs:
        chain.move(Operation.Deposit, "holder", _number(row.inputs, "deposited", 0))
    shares, fees = chain.tokens("holder_share"), chain.fees()
    quoted, assets = chain.move(operation, "holder", _amount(chain, row, operation))
    fee = chain.fees() - fees
    moved = abs(chain.tokens("holder_share") - shares)
    assert (quoted.assets, quoted.shares, quoted.fee) == (assets, moved, fee)
    return {"assets": assets, "shares": moved, "fee": fee}


def _amount(chain: Chain, row: Row, operation: Operation) -> int:
    amount = row.inputs["amount"]
    if isinstance(amount, str) and amount.startswith("max"):
        most = getattr(chain.limits("holder"), operation.name.lower())
        return most + int(amount.removeprefix("max") or 0)
    return int(amount)


def _scenario(row: Row) -> Played:
    steps: list[dict[str, Any]] = row.inputs["steps"]
    people = sorted({step["who"] for step in steps if "who" in step})
    start: Mapping[str, Any] = row.inputs.get("start", {})
    with Vm() as vm:
        chain = Chain(vm, _state(row))
        for who in people:
            chain.join(who, _number(start, who, _PLENTY))
        chain.join("donor", _PLENTY)
        try:
            after = [_step(chain, step, people) for step in steps]
        except Refused as refusal:
            return Played({"error": _reference_name(row, refusal.name)})
    return Played({"after": after} | after[-1])


def _step(chain: Chain, step: Mapping[str, Any], people: list[str]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    if "yield" in step:
        chain.donate("donor", int(step["yield"]))
    else:
        (name,) = step.keys() - {"who"}
        quoted, _ = chain.move(_named(name), step["who"], int(step[name]))
        by_shares = _named(name) in (Operation.Mint, Operation.Redeem)
        figures["counter_amount"] = quoted.assets if by_shares else quoted.shares
    for who in people:
        shares = chain.tokens(f"{who}_share")
        figures[f"{who}_shares"] = shares
        figures[f"{who}_assets"] = chain.worth(shares, 0).assets
        figures[f"{who}_underlying"] = chain.tokens(f"{who}_asset")
    worth = chain.worth(0, chain.worth(0, 0).total_assets)
    figures |= {"total_supply": worth.total_shares, "total_assets": worth.total_assets}
    return figures | {"shares_of_all_assets": worth.shares}


def _state(row: Row) -> State:
    inputs = row.inputs
    fee = int(inputs.get("fee_bps", 0))
    plenty = _PLENTY if inputs.get("on") == "exit" else 0
    limited = str(inputs.get("amount", "")).startswith("max")
    virtual = inputs["model"] != _SOLMATE
    return State(
        offset=int(inputs.get("offset", 0)) if virtual else None,
        assets=_number(inputs, "total_assets", plenty),
        shares=_number(inputs, "total_supply", plenty),
        entry_fee_bps=fee if inputs.get("on") in ("entry", "both") else 0,
        exit_fee_bps=fee if inputs.get("on") in ("exit", "both") else 0,
        **({"assets_max": _LIMIT} if limited else {}),
    )


def _named(name: object) -> Operation:
    try:
        return Operation[str(name).capitalize()]
    except KeyError:
        raise CannotPlay(f"no operation {name!r}") from None


def _number(inputs: Mapping[str, Any], key: str, default: int) -> int:
    value = inputs.get(key, default)
    return 0 if str(value).startswith("max") else int(value)


def _reference_name(row: Row, name: str) -> str:
    if row.inputs["model"] == _SOLMATE:
        return {error.name: word for error, word in _SOLMATE_NAMES.items()}.get(name, name)
    return f"ERC4626{name}" if name.startswith("ExceededMax") else name

"""Flash loans: lent and repaid within one instruction, or not at all.

The loan goes to `destination`, then `receiver`, a program, is called with the accounts and data
that the caller gave; when it returns, the vault must have loan and fee. While it runs it cannot
call this program, so nothing is supplied or borrowed with tokens that are not there.
"""

from __future__ import annotations

from .....primitives import AccountMeta
from ....kit import (
    Adds,
    Context,
    Instruction,
    Mut,
    ProgramAccount,
    UncheckedAccount,
    require,
    u64,
)
from ....kit import Rest as Payload
from ...token import TokenAccount
from ...units import WAD
from ..errors import LendingError
from ..events import FlashLent
from ..figures.fees import Fee, fee_of
from ..program import lending
from ..state import Reserve, Totals
from ..vaults import pay_out, require_vault


@lending.instruction(tag=15)
def flash_loan(
    ctx: Context,
    reserve: Reserve,
    totals: Adds[Totals],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    host: Mut[UncheckedAccount] | None,
    vault_authority: UncheckedAccount,
    receiver: ProgramAccount,
    handed_on: list[UncheckedAccount],
    amount: u64,
    data: Payload,
) -> None:
    """Lend tokens until `receiver` returns; it must pay loan and fee into the vault."""
    require(amount > 0, LendingError.AmountIsZero)
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    # It could supply the loan, which would then be repaid and be a claim.
    another = receiver.key != ctx.program_id
    require(another, LendingError.ReceiverIsLender, account=receiver)
    require_vault(vault, reserve)
    before = TokenAccount.view(vault).amount
    config = reserve.config
    part = 0 if host is None else config.host_part
    fee = fee_of(amount * WAD, config.flash_loan_fee, part)
    pay_out(ctx, reserve, vault, destination, vault_authority, amount)
    ctx.invoke(_call(receiver, [ctx.account(account.key) for account in handed_on], data))
    require_vault(vault, reserve)
    repaid = TokenAccount.view(vault).amount >= before + fee.total
    require(repaid, LendingError.FlashLoanNotRepaid, account=vault)
    _keep(totals, fee)
    if host is not None and fee.host:
        pay_out(ctx, reserve, vault, host, vault_authority, fee.host)
    ctx.emit(FlashLent(reserve=reserve.key, amount=amount, fee=fee.total))


def handing_on(loan: Instruction, call: Instruction) -> Instruction:
    """The loan, with the accounts and the data of the call that repays it."""
    return Instruction(loan.program_id, (*loan.accounts, *call.accounts), loan.data + call.data)


def _keep(totals: Totals, fee: Fee) -> None:
    totals.cash += fee.protocol
    totals.reserves += fee.protocol * WAD


def _call(receiver: ProgramAccount, accounts: list[UncheckedAccount], data: bytes) -> Instruction:
    metas = tuple(AccountMeta(a.key, a.is_signer, a.is_writable) for a in accounts)
    return Instruction(receiver.key, metas, bytes(data))

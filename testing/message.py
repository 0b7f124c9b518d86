"""Builds the transaction for `vm.send`."""

from __future__ import annotations

from collections.abc import Sequence

from ..primitives import Instruction, Pubkey, Transaction, UsageError
from ..primitives.pubkey import name_of


def message_of(
    message: Sequence[Instruction | Transaction],
    payer: Pubkey | None,
    signers: Sequence[Pubkey] | None,
) -> Transaction:
    """One transaction of these instructions; a single Transaction is returned unchanged.

    If `signers` is given, exactly these and the payer sign. Raises UsageError for other values.
    """
    instructions: list[Instruction] = []
    for part in message:
        if isinstance(part, Transaction):
            if len(message) > 1 or payer is not None or signers is not None:
                raise UsageError(
                    "a Transaction is sent alone and as it is: give it its payer and "
                    "instructions when you make it"
                )
            return part
        instructions.append(part)
    if not instructions:
        raise UsageError("nothing to send: give at least one instruction")
    if signers is not None:
        instructions = _signed_by(instructions, {*signers} | ({payer} if payer else set()))
        _require_named(instructions, signers)
        payer = payer or (signers[0] if signers else None)
    return Transaction(instructions, payer=payer)


def _signed_by(instructions: Sequence[Instruction], signers: set[Pubkey]) -> list[Instruction]:
    return [
        Instruction(
            instruction.program_id,
            tuple(m._replace(signer=m.key in signers) for m in instruction.accounts),
            instruction.data,
            instruction.program,
        )
        for instruction in instructions
    ]


def _require_named(instructions: Sequence[Instruction], signers: Sequence[Pubkey]) -> None:
    named = {meta.key for instruction in instructions for meta in instruction.accounts}
    for signer in signers:
        if signer not in named:
            raise UsageError(
                f"no instruction names the signer {name_of(signer) or signer}, so there is "
                "nothing for it to sign"
            )

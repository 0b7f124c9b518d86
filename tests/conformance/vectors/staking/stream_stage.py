"""A stream in a runtime, in which alice has 100 units and no stake."""

from __future__ import annotations

from sealane import Pubkey
from sealane.programs.library.staking import Flow, Kind, Pool, Position, staking
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm


def move(op: str, amount: int) -> str | None:
    """Stake or withdraw; the name of the program's error, if it fails."""
    authority, bump = Pubkey.find_program_address([b"stakes", Pubkey.of("pool")], staking.id)
    with Vm() as vm:
        vm.set_account("mint", owner="token", data=Mint(is_initialized=True))
        for name, owner, held in (("alice_tokens", "alice", 100), ("stakes", authority, 0)):
            data = TokenAccount(
                mint="mint", owner=owner, amount=held, state=AccountState.Initialized
            )
            vm.set_account(name, owner="token", data=data)
        pool = Pool(
            admin="admin",
            stake_mint="mint",
            flow="flow",
            kind=Kind.Stream,
            authority=authority,
            bump=bump,
            accepts_stakes=True,
            precision=10**18,
            refreshed_slot=vm.clock.slot,
        )
        vm.set_account("pool", data=pool)
        vm.set_account("flow", data=Flow(pool="pool"))
        vm.set_account("position", data=Position(pool="pool", holder="alice"))
        shared = {"pool": "pool", "flow": "flow", "position": "position", "vault": "stakes"}
        into = staking.stake(**shared, source="alice_tokens", holder="alice", amount=amount)
        out = staking.withdraw(
            **shared,
            authority=authority,
            destination="alice_tokens",
            holder="alice",
            amount=amount,
        )
        receipt = vm.try_send(into if op == "stake" else out, payer="payer")
    return receipt.error.name if receipt.error else None

"""Reserved keys and called programs are read-only, whatever an instruction declares."""

from __future__ import annotations

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Runtime, Transaction, build_block
from sealane.primitives.known_keys import UPGRADEABLE_LOADER
from sealane.primitives.reserved_keys import RESERVED_KEYS
from sealane.programs import Context, InstructionErrors, Mut, Program, UncheckedAccount, require
from sealane.programs.library.system import system

looker = Program("looker")
other = Program("other")


@looker.instruction(tag=0)
def see(accounts: list[Mut[UncheckedAccount]], writable: bool) -> None:
    for account in accounts:
        require(account.is_writable == writable, InstructionErrors.InvalidArgument)


@looker.instruction(tag=1)
def pass_on(ctx: Context, account: Mut[UncheckedAccount]) -> None:
    """A nested call claims the right to write that its own instruction declared."""
    ctx.invoke(Instruction(other.id, (AccountMeta(account.key, writable=True),), b"\0"))


@other.instruction(tag=0)
def take(account: UncheckedAccount) -> None: ...


def writable(call: Instruction, *names: str | Pubkey) -> Instruction:
    """The same instruction with these as additional accounts, declared writable."""
    keys = [Pubkey.of(name) for name in names]
    kept = tuple(meta for meta in call.accounts if meta.key not in keys)
    metas = kept + tuple(AccountMeta(key, writable=True) for key in keys)
    return Instruction(call.program_id, metas, call.data, call.program)


def transfer(source: str) -> Instruction:
    return system.transfer(source=source, destination=f"{source}'s friend", lamports=1)


@pytest.mark.parametrize("shared", ["system", "looker", "clock", "native_mint"])
def test_transactions_that_only_share_a_program_do_not_wait(runtime: Runtime, shared: str) -> None:
    # t0 and t1 name it writable beside their own accounts; the native mint is no reserved key.
    block = [
        Transaction([writable(transfer(name), shared), see(accounts=[], writable=True)])
        for name in ("alice", "bob")
    ]
    for name in ("alice", "bob"):
        runtime.set_account(name, lamports=1)
    result = runtime.execute(block)
    assert result.ok
    assert len(result.waves) == (2 if shared == "native_mint" else 1)


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS), ids=str)
def test_the_handler_sees_a_reserved_key_read_only(runtime: Runtime, key: Pubkey) -> None:
    assert runtime.execute([Transaction([writable(see(writable=False), key)])]).ok


@pytest.mark.parametrize("beside", [(), ("other",)])
def test_a_program_is_read_only_where_it_is_invoked(
    runtime: Runtime, beside: tuple[str, ...]
) -> None:
    invoked = [writable(see(writable=False), "looker", *beside)]
    invoked += [take(account="anybody")] if beside else []
    elsewhere = [writable(see(writable=True), "other", "somebody")]
    upgrade = [
        writable(see(writable=True), "looker", "other"),
        take(account=UPGRADEABLE_LOADER),
    ]
    block = [Transaction(calls) for calls in (invoked, elsewhere, upgrade)]
    result = runtime.execute(block)
    assert [receipt.error for receipt in result.transactions] == [None] * 3
    # invoked (reads) ──▶ elsewhere (writes other) ──▶ upgrade (writes both)
    assert len(result.waves) == (3 if beside else 2)


def test_demotion_keeps_the_signer_right(runtime: Runtime) -> None:
    call = see(accounts=["looker"], writable=False)
    signed = tuple(meta._replace(signer=True, writable=True) for meta in call.accounts)
    block = runtime.prepare(
        [Transaction([Instruction(call.program_id, signed, call.data, looker)], payer="alice")]
    )
    assert block.instructions.account_flags.tolist() == [1]
    assert runtime.execute(block).ok


def test_a_demoted_account_cannot_be_passed_on_as_writable(runtime: Runtime) -> None:
    for name, error in (("system", "PrivilegeEscalation"), ("anybody", None)):
        call = writable(pass_on(account=name), name)
        (receipt,) = runtime.execute([Transaction([call, take(account="x")])]).transactions
        assert (receipt.error and receipt.error.name) == error


def test_a_plan_only_transaction_keeps_its_locks() -> None:
    assert build_block([Transaction([], payer="alice")]).access.writes.tolist() == [True]
    beside = Transaction([take(account="x")], writes=["clock"])
    assert build_block([beside]).access.writes.tolist() == [False, True]


@pytest.mark.parametrize("loader_too", [False, True])
def test_a_called_loader_counts_as_an_account(loader_too: bool) -> None:
    """Every key of a transaction counts, including those of the programs that it calls."""
    calls = [Instruction(looker.id, (AccountMeta(looker.id, writable=True),), b"")]
    calls += [Instruction(UPGRADEABLE_LOADER, (), b"")] if loader_too else []
    block = build_block([Transaction(calls)], lamports_per_signature=0)
    assert block.access.writes.tolist() == [loader_too]

"""Associated token accounts: made at their address, made once, and dug out when nested."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Receipt, Runtime, Transaction
from sealane.programs import Context, Program, UncheckedAccount
from sealane.programs.library import associated_token
from sealane.programs.library.associated_token import associated_token_address
from sealane.programs.library.token import AccountState, TokenAccount

RENT = 2_039_280
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]
HERE = associated_token_address("wallet", "usdc")


@pytest.fixture(autouse=True)
def accounts(runtime: Runtime, put_mint: Put) -> None:
    runtime.set_account("rich", lamports=10 * RENT)
    put_mint()


def create(*, again: bool = False, wallet: str = "wallet", **accounts: str) -> Instruction:
    build = associated_token.create_idempotent if again else associated_token.create
    return build(payer="rich", wallet=wallet, mint="usdc", **accounts)


def changed(call: Instruction, data: bytes | None = None, **names: str) -> Instruction:
    keys = {Pubkey.of(old): Pubkey.of(new) for old, new in names.items()}
    metas = tuple(meta._replace(key=keys.get(meta.key, meta.key)) for meta in call.accounts)
    return Instruction(call.program_id, metas, call.data if data is None else data)


def test_the_address_is_the_one_that_wallets_derive() -> None:
    # The pair that the JavaScript client of SPL Token is tested with.
    wallet = "B8UwBUUnKwCyKuGMbFKWaG7exYdDk2ozZrPg72NyVbfj"
    mint = "7o36UsWR1JQLpZ9PE2gn9L4SQ69CNNiWAXd4Jt7rqz9Z"
    address = associated_token_address(wallet, mint)
    assert str(address) == "DShWnroshVbeUp28oopA3Pu7oFPDBtC1DBmPECXXAQ9n"


@pytest.mark.parametrize("again", [False, True])
def test_create(again: bool, runtime: Runtime, error_of: Error) -> None:
    assert error_of(create(again=again)) is None
    made = runtime.account(HERE)
    assert (made.lamports, made.owner) == (RENT, Pubkey.of("token"))
    expected = TokenAccount(mint="usdc", owner="wallet", state=AccountState.Initialized)
    assert made.data == expected.encode()
    assert runtime.account("rich").lamports == 9 * RENT
    assert error_of(create()) == "IllegalOwner"
    assert error_of(create(again=True)) is None
    assert runtime.account("rich").lamports == 9 * RENT


def test_empty_data_means_create(runtime: Runtime, error_of: Error) -> None:
    assert error_of(changed(create(), b"")) is None
    assert runtime.account(HERE).lamports == RENT


@pytest.mark.parametrize("data", [b"\x03", b"\x00\x00", b"\x01\x00", b"\xff"])
def test_other_data_is_no_instruction(data: bytes, error_of: Error) -> None:
    assert error_of(changed(create(), data)) == "InvalidInstructionData"


@pytest.mark.parametrize("there", [1, RENT - 1, RENT, RENT + 5])
def test_lamports_that_are_there_already_count(
    there: int, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account(HERE, lamports=there)
    assert error_of(create()) is None
    assert runtime.account(HERE).lamports == max(RENT, there)
    assert runtime.account("rich").lamports == 10 * RENT - max(0, RENT - there)


def test_create_checks(runtime: Runtime, error_of: Error, put_mint: Put) -> None:
    assert error_of(create(account="elsewhere")) == "InvalidSeeds"
    silent = tuple(meta._replace(signer=False) for meta in create().accounts)
    unsigned = Instruction(create().program_id, silent, create().data)
    assert error_of(unsigned) == "PrivilegeEscalation"
    assert error_of(Instruction(create().program_id, silent[:5], b"\0")) == "NotEnoughAccountKeys"
    runtime.set_account("rich", lamports=RENT - 1)
    assert error_of(create()) == "ResultWithNegativeLamports"
    put_mint(is_initialized=False)
    assert error_of(create()) == "InvalidMint"
    runtime.set_account(HERE, lamports=1, owner="memo")
    assert error_of(create()) == "IllegalOwner"


def test_what_is_there_must_be_the_wallets(error_of: Error, put_tokens: Put) -> None:
    put_tokens(HERE, owner="thief")
    assert error_of(create(again=True)) == "InvalidOwner"
    put_tokens(HERE, owner="wallet", mint="other")
    assert error_of(create(again=True)) == "InvalidAccountData"
    put_tokens(HERE, state=AccountState.Uninitialized)
    assert error_of(create(again=True)) == "IllegalOwner"


def test_a_token_program_that_the_runtime_does_not_know(error_of: Error) -> None:
    assert error_of(create(token_program="token_2022")) == "UnsupportedProgramId"


odd = Program("odd", trusted=True)


@odd.instruction(tag=21)
def get_account_data_size(ctx: Context, mint: UncheckedAccount) -> None:
    """Answers with whatever the mint's data is; with nothing when it is empty."""
    if mint.data_len:
        ctx.set_return_data(bytes(mint.data))


@pytest.mark.parametrize("answer", [b"", b"\xa5", bytes(9)])
def test_a_token_program_that_answers_nonsense(answer: bytes, runtime: Runtime) -> None:
    runtime.programs.add(odd)
    runtime.set_account("usdc", data=answer)
    call = create(token_program="odd")
    receipt = runtime.execute([Transaction([call], payer="payer")]).transactions[0]
    assert receipt.error is not None
    assert receipt.error.name == "InvalidInstructionData"


def test_logs(send: Callable[..., Receipt], nested: None) -> None:
    assert send(create(again=True)).logs == ("Program log: CreateIdempotent",)
    assert send(recover()).logs == ("Program log: RecoverNested",)
    assert send(create(wallet="other")).logs == (
        "Program log: Create",
        "Program log: Initialize the associated token account",
        "Program log: Please upgrade to SPL Token 2022 for immutable owner support",
    )


NESTED = associated_token_address(HERE, "eurc")
TARGET = associated_token_address("wallet", "eurc")


@pytest.fixture
def nested(put_mint: Put, put_tokens: Put) -> None:
    """The wallet's usdc account owns a eurc account, by mistake."""
    put_mint("eurc")
    put_tokens(HERE, owner="wallet")
    put_tokens(NESTED, owner=HERE, mint="eurc", amount=7)
    put_tokens(TARGET, owner="wallet", mint="eurc", amount=1)


def recover(**accounts: str) -> Instruction:
    return associated_token.recover_nested(
        nested_mint="eurc", owner_mint="usdc", wallet="wallet", **accounts
    )


def test_recover_nested(runtime: Runtime, error_of: Error, nested: None) -> None:
    assert error_of(recover()) is None
    assert TokenAccount.decode(runtime.account(TARGET).data).amount == 8
    assert runtime.account("wallet").lamports == RENT
    assert runtime.account(NESTED).lamports == 0


@pytest.mark.parametrize("name", ["nested", "destination", "owner_account"])
def test_recovery_derives_every_address(name: str, error_of: Error, nested: None) -> None:
    right = {"nested": NESTED, "destination": TARGET, "owner_account": HERE}
    wrong = right | {name: Pubkey.of("elsewhere")}
    assert error_of(recover(**{key: str(value) for key, value in wrong.items()})) == "InvalidSeeds"


def test_recovery_checks(
    runtime: Runtime, error_of: Error, nested: None, put_mint: Put, put_tokens: Put
) -> None:
    put_mint(owner="memo")
    assert error_of(recover()) == "IllegalOwner"
    put_mint()
    put_mint("eurc", owner="memo")
    assert error_of(recover()) == "IllegalOwner"
    put_mint("eurc")
    put_tokens(NESTED, owner="wallet", mint="eurc")
    assert error_of(recover()) == "InvalidOwner"
    put_tokens(NESTED, owner=HERE, program="memo")
    assert error_of(recover()) == "IllegalOwner"
    put_tokens(HERE, owner="thief")
    assert error_of(recover()) == "InvalidOwner"
    runtime.set_account(HERE)
    assert error_of(recover()) == "IllegalOwner"
    call = recover()
    metas = tuple(meta._replace(signer=False) for meta in call.accounts)
    unsigned = Instruction(call.program_id, metas, call.data)
    assert error_of(unsigned) == "MissingRequiredSignature"


@pytest.mark.parametrize("again", [False, True])
def test_the_system_program_must_be_among_the_accounts(again: bool, error_of: Error) -> None:
    call = changed(create(again=again), system="rich")
    assert error_of(call) == "MissingAccount"
    # Where it stands does not matter.
    metas = (*call.accounts, AccountMeta(Pubkey.of("system")))
    assert error_of(Instruction(call.program_id, metas, call.data)) is None
